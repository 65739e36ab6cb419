"""Masks: how they are drawn from a probability, and checked where they are given."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import describe, real_number, same_shape

__all__ = ["Drops", "block_rate", "checked_mask", "draw_mask", "resolution", "training_only"]


class Drops:
    """What has a probability of dropping, which is checked whenever it is set.

    Examples
    --------
    >>> Drops().p = 1.0
    Traceback (most recent call last):
    ValueError: p must be a probability of dropping in [0, 1), got 1.0
    """

    @property
    def p(self) -> float:
        """Probability of dropping, in ``[0, 1)``."""
        return self._p

    @p.setter
    def p(self, p: float) -> None:
        self._p = real_number(
            "p", p, "a probability of dropping in [0, 1)", lambda p: 0 <= p < 1
        )


def draw_mask(rng: np.random.Generator, p: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Draw a mask of independent entries, each False with probability p.

    A mask is cut from 16 random bits an entry, four entries to a word of the generator,
    where a uniform double takes a word each. So p is rounded to a multiple of 1/65536. With
    p very near 1 (above about 0.992) that could move the mean of a layer's output by more
    than 0.1 %; there, 32 or 64 bits are used.

    Examples
    --------
    >>> draw_mask(np.random.default_rng(1), 0.5, (4,))
    array([ True, False,  True,  True])
    """
    bits, threshold = resolution(p)
    n, draws_per_word = math.prod(shape), 8 // np.dtype(bits).itemsize
    words = rng.integers(2**64, size=-(-n // draws_per_word), dtype=np.uint64)
    return (words.view(bits)[:n] >= threshold).reshape(shape)


def resolution(p: float) -> tuple[type[np.unsignedinteger[Any]], int]:
    """Choose how many random bits decide over an entry, and how many draws mean "drop".

    Of the 2ᵇ equally likely draws, the lowest ``threshold`` drop. The fewest bits are taken
    for which the mean of an output, (1 − threshold / 2ᵇ) / (1 − p) times the input, is
    within 0.1 % of the input.

    Examples
    --------
    >>> resolution(0.25), resolution(0.999)
    ((<class 'numpy.uint16'>, 16384), (<class 'numpy.uint32'>, 4290672329))
    """
    for bits in (np.uint16, np.uint32, np.uint64):
        n_draws = 256 ** np.dtype(bits).itemsize
        threshold = round(p * n_draws)
        if abs((n_draws - threshold) / n_draws - (1 - p)) <= 1e-3 * (1 - p):
            break
    return bits, threshold


def block_rate(p: float, block: int) -> float:
    """Return how probable it must be that a dropped block begins at a place.

    Every number lies in ``block²`` blocks. It is kept if none of them is dropped, so that it is
    dropped with probability p at every place, at the edge as well. (Ghiasi et al. divide p by
    ``block²``, which comes near it where blocks seldom overlap, and let no block reach over the
    edge.)

    Examples
    --------
    >>> block_rate(0.5, 1)
    0.5
    >>> round(1 - (1 - block_rate(0.5, 3)) ** 9, 6)
    0.5
    """
    return float(1 - (1 - p) ** (1 / block**2))


def checked_mask(
    mask: ArrayLike, shape: tuple[int, ...], *, of: str, training: bool
) -> NDArray[np.bool_]:
    """Copy a given mask after checking it, so that the caller's stays the caller's.

    Examples
    --------
    >>> checked_mask([1, 0], (2,), of="x", training=True)
    Traceback (most recent call last):
    TypeError: mask must be a boolean array, True = kept, got an int64 array of shape (2,)
    """
    copied = np.array(mask)
    training_only(copied, training)
    if copied.dtype != bool:
        raise TypeError(f"mask must be a boolean array, True = kept, got {describe(copied)}")
    same_shape("mask", copied, shape, of=of)
    return copied


def training_only(mask: NDArray[Any], training: bool) -> None:
    """Refuse a mask in evaluation mode, where it would have no effect.

    Examples
    --------
    >>> training_only(np.ones(2, dtype=bool), training=False)
    Traceback (most recent call last):
    ValueError: mask must be None in evaluation mode, where nothing is dropped, got a bool
    array of shape (2,); call layer.train() first
    """
    if not training:
        raise ValueError(
            "mask must be None in evaluation mode, where nothing is dropped, got "
            f"{describe(mask)}; call layer.train() first"
        )
