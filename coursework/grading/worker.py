"""Runs a learner's cells, and calls what they define: the side that is not trusted.

Started by :mod:`grading.sandbox` as a plain script, it knows two things: how to run cells and
how to answer on the pipe. It holds no test, and there is no ``dropoutlab`` to import.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
from wire import Packer, Unpacker, read_message, write_message

NAMESPACE: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
PROBES: dict[str, Any] = {"__name__": "probes", "np": np}
KEPT: list[Any] = []
RAN: set[str] = set()  # names of the cells
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "F": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim else x,
    "reversed": lambda x: x[..., ::-1].copy()[..., ::-1] if x.ndim else x,
}


class Each(list):  # type: ignore[type-arg]
    """One value for each repetition of a call."""


def plain(source: str) -> str:
    """Return the cell without what only IPython understands.

    ``%magic``, ``!command`` and ``help?`` become ``pass``; a cell that is a magic as a whole
    keeps its body where that is Python (``%%time``), else nothing of it.
    """
    first, _, rest = source.lstrip("\n").partition("\n")
    if first.startswith("%%"):
        source = rest if re.match(r"%%(time|timeit|capture|prun)\b", first) else ""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        lines = source.split("\n")
    for number, line in enumerate(lines):
        code = line.lstrip()
        space = line[: len(line) - len(code)]
        assigned = re.match(r"([\w, ]+=)\s*[%!]", code)
        if assigned:
            lines[number] = f"{space}{assigned[1]} None"
        elif code.startswith(("%", "!", "?")) or re.fullmatch(r"[\w.]+\?{1,2}", code.rstrip()):
            lines[number] = f"{space}pass"
    return "\n".join(lines)


def run_cell(name: str, source: str, namespace: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a cell statement by statement, and return what failed.

    A plot or a print that fails does not take the functions beside it along.
    """
    RAN.add(name)
    try:
        tree = ast.parse(plain(source), filename=name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [described(error, name)]
    failures = []
    for statement in tree.body:
        try:
            exec(compile(ast.Module([statement], []), name, "exec"), namespace)
        except BaseException as error:
            failures.append(described(error, name) | {"at": statement.lineno})
    return failures


def described(error: BaseException, cell: str = "") -> dict[str, Any]:
    """Return type, message and line of an exception, as far as it will say."""
    try:
        message = str(error)[:300]
    except BaseException:
        message = ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename in RAN]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    return {"type": type(error).__name__[:80], "message": message, "line": line, "cell": cell}


def keep(value: Any) -> int:
    """Keep ``value`` in the worker and return its number."""
    KEPT.append(value)
    return len(KEPT) - 1


def kept(tag: dict[str, Any]) -> Any:
    """Return what a tag of the judge stands for."""
    if "object" in tag:
        return KEPT[tag["object"]]
    if "probe" in tag:
        return PROBES[tag["probe"]]
    if "generator" in tag:
        seeds, kind = tag["generator"]
        made = [np.random.Generator(getattr(np.random, kind)(seed)) for seed in seeds]
        return made[0] if len(made) == 1 else Each(made)
    if tag["name"] not in NAMESPACE:
        raise NameError(f"no cell defines {tag['name']}")
    return NAMESPACE[tag["name"]]


def call(request: dict[str, Any], unpack: Any) -> Any:
    """Call a function or a method and describe what it returned."""
    arguments = [unpack(item) for item in request["args"]]
    for index, layout in request["layouts"]:
        arguments[index] = LAYOUTS[layout](arguments[index])
    for index in request["readonly"]:
        arguments[index].setflags(write=False)
    options = {key: unpack(item) for key, item in request["kwargs"].items()}
    target = unpack(request["target"])
    for attribute in request["path"]:
        target = getattr(target, attribute)
    if not request["call"]:
        return target, arguments
    times = request["times"]
    if times == 1:
        return target(*arguments, **options), arguments
    results = []
    for number in range(times):
        now = [a[number] if isinstance(a, Each) else _fresh(a) for a in arguments]
        results.append(np.asarray(target(*now, **options)[0]).copy())
    return (np.stack(results), None), arguments


def _fresh(value: Any) -> Any:
    """Return a copy of an array: what one call does to it is not the next one's fault."""
    return value.copy() if isinstance(value, np.ndarray) else value


def answer(request: dict[str, Any], value: Any, arguments: list[Any], packer: Packer) -> Any:
    """Pack what the request asks to see of the value; the rest stays here."""
    reply: dict[str, Any] = {}
    parts = request["parts"]
    if parts is None:
        reply["value"] = packer.pack(value)
    elif not isinstance(value, (tuple, list)) or len(value) != len(parts):
        reply["misshapen"] = _shape_of(value)
    else:
        pairs = zip(value, parts, strict=True)
        reply["parts"] = [
            packer.pack(v) if shown else {"object": keep(v), "type": type(v).__name__[:80]}
            for v, shown in pairs
        ]
        reply["kept"] = [keep(v) for v in value]
    if request["keep"]:
        reply["object"] = keep(value)
    reply["echo"] = [packer.pack(arguments[index]) for index in request["echo"]]
    return reply


def _shape_of(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"{len(value)} values"
    return "nothing (None)" if value is None else f"one {type(value).__name__[:80]}"


def serve(request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Do what one message asks and return the reply."""
    packer = Packer(keep)
    if request["do"] == "cell":
        failures = run_cell(request["name"], request["source"], NAMESPACE)
        return {"failures": failures, "names": _defined()}, []
    if request["do"] == "probe":
        exec(compile(request["source"], "<probe>", "exec"), PROBES)
        return {}, []
    if request["do"] == "forget":
        KEPT.clear()
        return {}, []
    unpack = Unpacker(request["arrays"], body, kept, scalars=True).unpack
    replies = []
    for single in request["calls"]:
        try:
            value, arguments = call(single, unpack)
            replies.append(answer(single, value, arguments, packer))
        except BaseException as error:
            replies.append({"error": described(error)})
            break
    return {"replies": replies, "arrays": packer.arrays}, packer.bodies


def _defined() -> list[str]:
    return [str(name)[:100] for name in list(NAMESPACE)[:2000]]


def confine(limits: dict[str, int], user: int | None) -> None:
    """Give up what the learner's code must not have: resources first, then the user.

    The limit of memory is for what is added to the packages, which are in place already.
    """
    import resource

    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is not None:
            value += _address_space() if name == "RLIMIT_AS" else 0
            ceiling = resource.getrlimit(number)[1]
            value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
            # At the lower of two limits of time comes the signal that says so.
            more = 1 if name == "RLIMIT_CPU" and value < ceiling else 0
            resource.setrlimit(number, (value, value + more))
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def _address_space() -> int:
    """Return how many bytes this process maps; 0 where there is no ``/proc`` to tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def stand_ins() -> None:
    """Define what a notebook has and a script has not."""
    import builtins

    class Shell:
        def __getattr__(self, name: str) -> Any:
            return lambda *args, **kwargs: None

    for name, value in {"display": print, "get_ipython": Shell, "input": None}.items():
        setattr(builtins, name, value)


def main() -> None:
    """Confine this process, then answer requests until the pipe closes."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    request, answers = os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")

    def read(size: int) -> bytes:
        data = request.read(size)
        if len(data) < size:
            os._exit(0)
        return data

    header, _ = read_message(read)
    for package in header["packages"]:
        if importlib.util.find_spec(package):  # some modules have other names
            importlib.import_module(package)
    confine(header["limits"], header["user"])
    stand_ins()
    write_message(answers, {"ready": True}, [])
    for stream in (0, 1, 2):  # what is printed goes nowhere
        os.dup2(nothing, stream)
    while True:
        header, body = read_message(read)
        reply, bodies = serve(header, body)
        write_message(answers, reply, bodies)


if __name__ == "__main__":
    sys.modules["worker"] = sys.modules["__main__"]
    NAMESPACE = {"__name__": "__main__", "__builtins__": __builtins__}
    main()
