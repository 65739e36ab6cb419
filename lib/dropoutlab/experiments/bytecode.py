"""What a function's compiled code says, apart from where in which file it stands."""

import dis
from collections.abc import Iterator
from types import CodeType
from typing import Any, NamedTuple

__all__ = ["Instruction", "global_names", "imports", "instructions", "signature"]

# What a class statement records about its place and its text.
UNIMPORTANT = {"__doc__", "__firstlineno__", "__qualname__", "__static_attributes__"}
LOADS_GLOBAL = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


class Instruction(NamedTuple):
    """An instruction of Python's virtual machine, with its argument as a value."""

    name: str
    argument: Any


def instructions(code: CodeType) -> Iterator[Instruction]:
    """Yield the instructions of a function, without line numbers and names of files.

    Constants appear where they are loaded. The docstring, which nothing loads, does not.

    Examples
    --------
    >>> def double(x):
    ...     "Twice."
    ...     return 2 * x
    >>> [argument for name, argument in instructions(double.__code__) if "LOAD" in name]
    [2, 'x']
    """
    before: Instruction | None = None
    for found in dis.get_instructions(code):
        stores_unimportant = found.opname == "STORE_NAME" and found.argval in UNIMPORTANT
        if before is not None and not stores_unimportant:
            yield before
        before = None if stores_unimportant else Instruction(found.opname, found.argval)
    if before is not None:
        yield before


def signature(code: CodeType) -> tuple[object, ...]:
    """Return what else makes up a function: its arguments, flags and ``except`` ranges."""
    n_arguments = code.co_argcount + code.co_kwonlyargcount
    return (
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_varnames[:n_arguments],
        code.co_flags,
        code.co_exceptiontable,
    )


def global_names(code: CodeType) -> set[str]:
    """Return the names that a function, or a function inside it, looks up globally.

    Examples
    --------
    >>> sorted(global_names((lambda x: [abs(y + offset) for y in x]).__code__))
    ['abs', 'offset']
    """
    names = {a for name, a in _all_instructions(code) if name in LOADS_GLOBAL}
    return names - {"__name__"}  # where a class statement finds the name of its module


def imports(code: CodeType) -> set[str]:
    """Return the modules that a function imports when it runs.

    Examples
    --------
    >>> def roots():
    ...     import math
    ...     from numpy.linalg import eigvals
    >>> sorted(imports(roots.__code__))
    ['math', 'numpy.linalg']
    """
    return {a for name, a in _all_instructions(code) if name == "IMPORT_NAME"}


def _all_instructions(code: CodeType) -> Iterator[Instruction]:
    yield from instructions(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_instructions(constant)
