"""What bad input is told: which argument, what was expected, what came.

Every check returns the value in the form that the caller computes with, and raises
before anything has been drawn or stored, so that a bad call changes nothing.
"""

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = [
    "describe",
    "float_array",
    "float_type",
    "generator",
    "instance",
    "positive_integer",
    "real_number",
    "same_dtype",
    "same_shape",
]


def describe(value: Any) -> str:
    """Name a value in a few words, for the end of an error message.

    Examples
    --------
    >>> describe("half"), describe(np.zeros((2, 3), dtype=int))
    ("'half'", 'an int64 array of shape (2, 3)')
    """
    if isinstance(value, np.ndarray):
        article = "an" if value.dtype.name[0] in "aeiou" else "a"
        return f"{article} {value.dtype} array of shape {value.shape}"
    text = " ".join(repr(value).splitlines())
    return text if len(text) <= 60 else f"{text[:57]}..."


def float_array(name: str, value: ArrayLike) -> NDArray[np.floating]:
    """Return ``value`` as an array of float32 or float64, uncopied where it is one already.

    Raises
    ------
    TypeError
        The values are of another kind: integers, booleans, text, ragged lists. Whole numbers
        are not converted silently, because most often they are labels or raw pixels that got
        into the wrong place. Nor is float16, in which Adam's 1e-8 and 1 - p near 1 are 0.

    Examples
    --------
    >>> float_array("x", [1, 2])
    Traceback (most recent call last):
    TypeError: x must be an array of floats (float32 or float64), got an int64 array of
    shape (2,); convert it with np.asarray(x, dtype=np.float32)
    """
    try:
        array = np.asarray(value)
    except ValueError:  # NumPy refuses ragged nested lists
        raise TypeError(
            f"{name} must be an array of floats, got {describe(value)}, "
            "whose rows differ in length"
        ) from None
    if array.dtype.type not in (np.float32, np.float64):
        raise TypeError(
            f"{name} must be an array of floats (float32 or float64), got "
            f"{describe(array)}; convert it with np.asarray({name}, dtype=np.float32)"
        )
    return array


def float_type(dtype: DTypeLike) -> np.dtype[Any]:
    """Return ``dtype`` if it is float32 or float64.

    Examples
    --------
    >>> float_type(np.float16)
    Traceback (most recent call last):
    TypeError: dtype must be float32 or float64, got float16
    """
    if np.dtype(dtype).type not in (np.float32, np.float64):
        raise TypeError(f"dtype must be float32 or float64, got {np.dtype(dtype)}")
    return np.dtype(dtype)


def instance(name: str, value: Any, kind: type | tuple[type, ...], expected: str) -> None:
    """Refuse what is not of a kind, and say where a thing of the same name comes from.

    Examples
    --------
    >>> from fractions import Fraction
    >>> instance("net", Fraction(1, 2), dict, "a dict")
    Traceback (most recent call last):
    TypeError: net must be a dict, got Fraction(1, 2) of fractions
    """
    if not isinstance(value, kind):
        module = type(value).__module__
        origin = "" if module in ("builtins", "numpy") else f" of {module}"
        raise TypeError(f"{name} must be {expected}, got {describe(value)}{origin}")


def real_number(
    name: str, value: Any, expected: str, is_valid: Callable[[float], bool]
) -> float:
    """Return a number as a Python float, which leaves the dtype of arrays alone.

    ``is_valid`` states the range positively, so that NaN, for which every comparison is
    false, is refused with everything else outside it.

    Raises
    ------
    TypeError
        ``value`` is not a real number; True and False are not numbers here.
    ValueError
        ``is_valid(value)`` is false.

    Examples
    --------
    >>> real_number("lr", float("nan"), "a positive number", lambda lr: lr > 0)
    Traceback (most recent call last):
    ValueError: lr must be a positive number, got nan
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name} must be {expected}, got {describe(value)}")
    number = float(value)
    if not is_valid(number):
        raise ValueError(f"{name} must be {expected}, got {describe(value)}")
    return number


def positive_integer(name: str, value: Any, *, minimum: int = 1) -> int:
    """Return a whole number of at least ``minimum`` as a Python int.

    Raises
    ------
    TypeError
        ``value`` is not an integer; 3.0 and True are not.
    ValueError
        ``value`` is below ``minimum``.

    Examples
    --------
    >>> positive_integer("n_epochs", 0)
    Traceback (most recent call last):
    ValueError: n_epochs must be an integer of at least 1, got 0
    """
    message = f"{name} must be an integer of at least {minimum}, got {describe(value)}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(message)
    if not int(value) >= minimum:
        raise ValueError(message)
    return int(value)


def generator(rng: Any) -> np.random.Generator:
    """Return ``rng`` if it is a NumPy generator.

    Raises
    ------
    TypeError
        It is anything else: a seed, None, the module ``np.random``, a `RandomState`.

    Examples
    --------
    >>> generator(42)
    Traceback (most recent call last):
    TypeError: rng must be a numpy.random.Generator, got 42; make one with
    rng = np.random.default_rng(seed)
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, got {describe(rng)}; "
            "make one with rng = np.random.default_rng(seed)"
        )
    return rng


def same_shape(name: str, array: NDArray[Any], shape: tuple[int, ...], of: str) -> None:
    """Refuse an array whose shape is not that ``of`` another.

    Examples
    --------
    >>> same_shape("mask", np.ones((4, 2), dtype=bool), (4, 3), of="x")
    Traceback (most recent call last):
    ValueError: mask must have the shape of x, (4, 3), got shape (4, 2)
    """
    if array.shape != shape:
        raise ValueError(
            f"{name} must have the shape of {of}, {shape}, got shape {array.shape}"
        )


def same_dtype(name: str, array: NDArray[Any], dtype: np.dtype[Any], of: str) -> None:
    """Refuse an array whose dtype is not that ``of`` another: nothing is cast silently.

    Examples
    --------
    >>> same_dtype("x", np.ones(2), np.dtype(np.float32), of="the layer's weights")
    Traceback (most recent call last):
    TypeError: x must have the dtype of the layer's weights, float32, got float64; convert it
    with x.astype(np.float32)
    """
    if array.dtype.type is not dtype.type:  # the order of the bytes is no difference
        raise TypeError(
            f"{name} must have the dtype of {of}, {dtype}, got {array.dtype}; convert it with "
            f"{name}.astype(np.{dtype})"
        )
