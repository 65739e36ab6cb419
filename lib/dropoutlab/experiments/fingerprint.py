"""Tell whether a function would still compute what it computed before.

The fingerprint of a function covers its code and everything of the user's that the code
reaches: default and closure values, global names, and so on through the functions,
classes and modules found there. What installed packages and this library contain appears
by name alone; `dropoutlab.experiments.conditions` stands for its content.
"""

import hashlib
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dropoutlab.checks import describe
from dropoutlab.experiments.bytecode import global_names, imports, instructions, signature
from dropoutlab.experiments.contents import contents
from dropoutlab.experiments.library import imported
from dropoutlab.experiments.modules import (
    installed_name,
    is_installed,
    module_named,
    user_modules,
)

__all__ = ["NoFingerprint", "fingerprint", "trace"]

PLAIN = (type(None), type(...), type(NotImplemented), bool, int, float, complex, str, bytes)
DESCRIPTORS = (
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
)
# They draw for all runs from one sequence, wherever it has come to.
GENERATORS = (np.random.Generator, np.random.BitGenerator, np.random.RandomState)
# What a class has besides what was written into it.
CLASS_RECORDS = {
    *("__dict__", "__weakref__", "__module__", "__doc__", "__qualname__", "__annotations__"),
    *("__firstlineno__", "__static_attributes__", "__annotate_func__", "_abc_impl"),
}


class NoFingerprint(TypeError):
    """A function uses something whose value cannot be compared between two processes."""


def fingerprint(function: Callable[..., Any]) -> str:
    """Return a name for everything that could change what ``function`` computes.

    Moving the function within a file, to another cell or file, or editing its comments
    and docstring leaves the name as it is.

    Parameters
    ----------
    function : callable
        Written in Python. What it reaches through `getattr` with a computed name, `eval`
        or files it opens cannot be seen.

    Returns
    -------
    str
        16 hexadecimal digits.

    Raises
    ------
    NoFingerprint
        It uses an open file, a lock, a random generator made outside or the like. The
        message says by which names.

    Examples
    --------
    >>> offset = 1
    >>> def shifted(x):
    ...     return x + offset
    >>> before = fingerprint(shifted)
    >>> offset = 2
    >>> fingerprint(shifted) == before
    False
    """
    return trace(function)[0]


def trace(function: Callable[..., Any]) -> tuple[str, set[str]]:
    """Return the fingerprint of a function, and the names by which others' code appears in it.

    Examples
    --------
    >>> sorted(trace(lambda seed: np.random.default_rng(seed).random())[1])
    ['numpy']
    """
    walk = _Walk()
    token = walk.token(function, getattr(function, "__name__", "function"))
    return token[:16], walk.installed


class _Walk:
    """One walk through everything that a function reaches."""

    def __init__(self) -> None:
        self.installed: set[str] = set()
        self._names: list[str] = []
        self._open: list[Any] = []
        # The objects are held beside their tokens, so that no other takes over their id.
        self._done: dict[int, tuple[Any, str]] = {}

    def token(self, value: Any, name: str) -> str:
        """Return a digest of ``value``, which the user knows as ``name``."""
        if type(value) in PLAIN:
            return _digest(type(value).__name__, repr(value))
        if id(value) in self._done:
            return self._done[id(value)][1]
        depth = next((i for i, other in enumerate(self._open) if other is value), None)
        if depth is not None:
            return _digest("the value that contains this one, at depth", str(depth))
        with self._inside(value, name):
            token = _digest(type(value).__qualname__, *self._parts(value))
        if isinstance(value, types.FunctionType | type | np.ndarray):
            self._done[id(value)] = value, token
        return token

    @contextmanager
    def _inside(self, value: Any, name: str) -> Iterator[None]:
        self._names.append(name)
        self._open.append(value)
        yield
        self._names.pop()
        self._open.pop()

    def _parts(self, value: Any) -> Iterable[str]:
        """Yield the tokens of what ``value`` consists of."""
        kinds: list[tuple[Any, Callable[[Any], Iterable[str]]]] = [
            (tuple | list, lambda v: (self.token(item, f"[{i}]") for i, item in enumerate(v))),
            (set | frozenset, lambda v: sorted(self.token(item, "an element") for item in v)),
            (dict | types.MappingProxyType, self._items),
            (np.ndarray, self._array),
            (types.ModuleType, self._module),
            (types.CodeType, self._code),
            (DESCRIPTORS, lambda v: [v.__name__]),
        ]
        for kind, parts in kinds:
            if isinstance(value, kind):
                return parts(value)
        name = installed_name(value)
        if name is not None:
            self.installed.add(name)
            return [name]
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        return self._object(value)

    def _items(self, value: Any) -> Iterator[str]:
        for key, item in value.items():
            yield self.token(key, "a key")
            yield self.token(item, f"[{key!r}]")

    def _named(self, values: dict[str, Any]) -> Iterator[str]:
        for name in sorted(values):
            yield name
            yield self.token(values[name], name)

    def _array(self, array: Any) -> Iterator[str]:
        yield f"{array.dtype.descr} {array.shape}"
        if array.dtype.hasobject:
            yield self.token(array.tolist(), "its elements")
        else:
            yield hashlib.sha256(array.tobytes()).hexdigest()

    def _module(self, module: types.ModuleType) -> Iterator[str]:
        if is_installed(module):
            self.installed.add(module.__name__)
            yield module.__name__
        for own in user_modules(module):
            file = getattr(own, "__file__", None)
            source = Path(file).read_bytes() if file else b""
            found = {name: module_named(name.partition(".")[0]) for name in imported(source)}
            self.installed |= {
                name for name, root in found.items() if root and is_installed(root)
            }
            yield own.__name__
            yield hashlib.sha256(source).hexdigest()

    def _function(self, function: types.FunctionType) -> Iterator[str]:
        code = function.__code__
        yield self.token(code, "its code")
        yield self.token(function.__defaults__, "its defaults")
        yield from self._named(function.__kwdefaults__ or {})
        for name, content in zip(code.co_freevars, function.__closure__ or (), strict=True):
            yield self.token(_content(content), name)
        yield from self._named(vars(function))
        yield from self._globals(function)

    def _globals(self, function: types.FunctionType) -> Iterator[str]:
        owner = sys.modules.get(function.__globals__.get("__name__") or "")
        is_users = (
            owner is None or vars(owner) is not function.__globals__ or not is_installed(owner)
        )
        for name in sorted(global_names(function.__code__)):
            yield name
            if name not in function.__globals__:
                yield "built in, or not defined"
            elif is_users:
                yield self.token(function.__globals__[name], name)
        for name in sorted(imports(function.__code__)):
            module = module_named(name)
            yield name if module is None else self.token(module, name)

    def _code(self, code: types.CodeType) -> Iterator[str]:
        yield self.token(signature(code), "its signature")
        for name, argument in instructions(code):
            yield name
            yield self.token(argument, "a constant")

    def _class(self, cls: type) -> Iterator[str]:
        yield self.token(cls.__bases__, "its bases")
        own = {name: v for name, v in vars(cls).items() if name not in CLASS_RECORDS}
        yield from self._named(own)

    def _object(self, value: Any) -> list[str]:
        path = " → ".join(self._names)
        if isinstance(value, GENERATORS):
            raise NoFingerprint(
                f"{path} is a random generator that all runs share, so that what a run draws "
                "would depend on the runs before it. Make one inside the function, from the "
                "seed: np.random.default_rng(seed). Or keep nothing: run(…, store=False)"
            )
        try:
            parts = contents(value)
        except TypeError:
            raise NoFingerprint(
                f"{path} is {describe(value)}. Whether that stays the same from one process "
                "to the next cannot be told, so runs that use it cannot be kept. Make it "
                "inside the function, or keep nothing: run(…, store=False)"
            ) from None
        return [self.token(part, "its content") for part in parts]


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return "not assigned yet"


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)} {part}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
