"""What an object consists of, for objects of any type."""

import functools
import types
from collections.abc import Iterator
from typing import Any

__all__ = ["contents"]


def contents(value: Any) -> list[Any]:
    """Take an object apart, into values from which an equal one could be made.

    Wrappers of functions give what they wrap, everything else what it would be pickled as.

    Raises
    ------
    TypeError
        The object is tied to this process: an open file, a lock, a generator.

    Examples
    --------
    >>> contents(slice(1, 5))
    [<class 'slice'>, (1, 5, None)]
    """
    match value:
        case types.MethodType() | classmethod() | staticmethod():
            return [value.__func__, getattr(value, "__self__", None)]
        case property():
            return [value.fget, value.fset, value.fdel]
        case functools.cached_property():
            return [value.func]
        case types.BuiltinFunctionType():
            return [value.__qualname__, value.__self__]
        case _ if hasattr(value, "__wrapped__"):  # functools.cache
            return [value.__wrapped__]
        case _ if type(value).__module__.startswith("torch") and hasattr(value, "detach"):
            return [value.detach().cpu().numpy()]  # pickles of a tensor differ each time
        case _:
            return _reduced(value)


def _reduced(value: Any) -> list[Any]:
    try:
        reduced = value.__reduce_ex__(4)
    except Exception as error:
        raise TypeError(f"cannot pickle {type(value).__name__}: {error}") from error
    if isinstance(reduced, str):  # the name of something that its module has
        return [type(value), reduced]
    return [list(part) if isinstance(part, Iterator) else part for part in reduced]
