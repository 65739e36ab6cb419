"""What came back, in the few words that a sentence for a learner has room for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.harmless import one_line
from grading.running.calls import Opaque
from grading.running.remote import is_array

__all__ = ["apart", "brief", "first_off", "shape_of"]


def shape_of(x: Any) -> str:
    """Return shape and dtype of an array.

    Examples
    --------
    >>> shape_of(np.zeros((2, 3), np.float32))
    'shape (2, 3) and dtype float32'
    """
    return f"shape {x.shape} and dtype {x.dtype}"


def brief(value: Any) -> str:
    """Return what a value is, in a few words.

    Examples
    --------
    >>> brief(None), brief([1, 2]), brief("lower"), brief(0.5), brief(np.zeros(3))
    ('None', 'a list of 2', "'lower'", '0.5', 'an array of shape (3,) and dtype float64')
    """
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, Opaque):
        return f"a {one_line(value.type, 80) or 'value'}"
    if is_array(value):
        if value.ndim == 0:
            return brief(value.item())
        return f"an array of {shape_of(value)}"
    if isinstance(value, (list, tuple, dict)):
        kind = "dictionary" if isinstance(value, dict) else type(value).__name__
        return f"a {kind} of {len(value)}"
    if isinstance(value, (int, float)):
        return f"{value:.6g}"
    return repr(one_line(value, 40)) if isinstance(value, str) else f"a {type(value).__name__}"


def first_off(
    got: NDArray[Any], wanted: NDArray[Any], close: NDArray[np.bool_], what: str
) -> str:
    """Return the first place where an array is not what it should be, with both numbers.

    Examples
    --------
    >>> got, wanted = np.array([1.0, 2.5]), np.array([1.0, 2.0])
    >>> first_off(got, wanted, got == wanted, "out")
    'out[1] is 2.5 where 2 is expected'
    """
    place = tuple(int(i) for i in np.argwhere(~np.asarray(close))[0])
    at = f"[{', '.join(map(str, place))}]" if place else ""
    came, right = apart(np.asarray(got)[place], np.asarray(wanted)[place])
    return f"{what}{at} is {came} where {right} is expected"


def apart(came: Any, right: Any) -> tuple[str, str]:
    """Return two numbers with as few digits as show that they differ.

    Examples
    --------
    >>> apart(1.0, 1.25), apart(1.0, 1 + 1e-8)
    (('1', '1.25'), ('1', '1.00000001'))
    """
    came, right = came + 0, right + 0  # a −0 becomes 0
    for digits in (6, 9, 17):
        both = f"{came:.{digits}g}", f"{right:.{digits}g}"
        if both[0] != both[1]:
            break
    return both
