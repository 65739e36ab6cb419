"""Calls what a learner's cells define: the side that is not trusted.

Started by :mod:`grading.running.sandbox` as a plain script, it knows two things: how to run
cells and how to answer on the pipe. It holds no test, and there is no ``dropoutlab`` to import.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
from collections.abc import Callable
from typing import Any

import numpy as np
from cells import described, run_cell
from confinement import confine, stand_ins
from wire import Packer, Unpacker, read_message, write_message

NAMESPACE: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
PROBES: dict[str, Any] = {"__name__": "probes", "np": np}
KEPT: list[Any] = []
RETURNED: list[tuple[Any, Any]] = []  # arrays that came back, and their copies
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "F": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim else x,
    "reversed": lambda x: x[..., ::-1].copy()[..., ::-1] if x.ndim else x,
}


class Each(list):  # type: ignore[type-arg]
    """One value for each repetition of a call."""


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
    if parts is not None:
        value = _unpacked(value, len(parts))
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
    if request["fresh"]:
        reply["old"] = _old(value, arguments)
    reply["echo"] = [packer.pack(arguments[index]) for index in request["echo"]]
    return reply


def _old(value: Any, arguments: list[Any]) -> str:
    """Return in a word why the arrays of a result are not new; empty if they are."""
    changed = any(now.tobytes() != then.tobytes() for now, then in RETURNED)
    parts = value if isinstance(value, (tuple, list)) else [value]
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    inside = [each if isinstance(each, tuple) else (each,) for each in arguments]
    given = [each for part in inside for each in part if isinstance(each, np.ndarray)]
    before = [] if changed else RETURNED[-8:]
    RETURNED[:] = [*before, *((each, each.copy()) for each in arrays)]
    if changed:
        return "changed"
    return "shared" * any(np.may_share_memory(a, b) for a in arrays for b in given)


def _unpacked(value: Any, count: int) -> Any:
    """Return a tuple of what Python would unpack into so many names; else the value."""
    if isinstance(value, (tuple, list, str, bytes, dict)) or not hasattr(value, "__iter__"):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value
    items = tuple(itertools.islice(value, count + 1))
    return items if len(items) == count else value


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
        RETURNED.clear()
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
    main()
