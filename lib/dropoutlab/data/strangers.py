"""Images of 28 × 28 that are no digits: what a net that reads digits has never seen."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe, generator, positive_integer
from dropoutlab.data.dataset import Dataset

__all__ = ["STRANGERS", "strangers"]

#: The kinds of `strangers`.
STRANGERS = ("photographs", "inverted", "shuffled", "turned", "two in one")

SIDE = 28
_Images = NDArray[np.floating]


def strangers(kind: str, n: int, digits: Dataset, *, rng: np.random.Generator) -> _Images:
    """Make images that belong to no class, of the size and brightness range of digits.

    Parameters
    ----------
    kind : one of `STRANGERS`
        "photographs": crops of the two photographs that come with scikit-learn, grey, from
        28 to 112 pixels wide. "inverted": digits, black for white. "shuffled": digits whose
        pixels changed places, all in the same way. "turned": digits lying on their side, a
        quarter turn to the left; a few read as others do. "two in one": two digits of
        different classes, one over the other.
    n : int
        Number of images, at least 1.
    digits : Dataset
        Digits of shape ``(m, 784)`` to make them from, unchanged. Photographs take only
        their dtype.
    rng : numpy.random.Generator
        Draws which digits, crops and places.

    Returns
    -------
    ndarray of the dtype of ``digits``, shape (n, 784)
        From 0 to 1.

    Raises
    ------
    TypeError, ValueError
        An argument is of another kind, or out of range.

    Examples
    --------
    >>> from dropoutlab import data
    >>> test = data.digits(n_train=10, n_test=50, seed=0).test
    >>> strangers("photographs", 3, test, rng=np.random.default_rng(0)).shape
    (3, 784)
    """
    if kind not in STRANGERS:
        raise ValueError(f"kind must be one of {', '.join(STRANGERS)}, got {describe(kind)}")
    if not isinstance(digits, Dataset) or digits.x.shape[1:] != (SIDE**2,):
        raise TypeError(f"digits must be a Dataset of 784 pixels, got {describe(digits)}")
    n, rng = positive_integer("n", n), generator(rng)
    if kind == "photographs":
        return _crops(n, rng, digits.x.dtype)
    drawn = rng.integers(len(digits), size=n)
    x: _Images = digits.x[drawn]
    if kind == "inverted":
        x = 1 - x
    elif kind == "shuffled":
        x = x[:, rng.permutation(SIDE**2)]
    elif kind == "turned":
        x = np.rot90(x.reshape(n, SIDE, SIDE), axes=(1, 2)).reshape(n, SIDE**2)
    else:
        x = np.maximum(x, digits.x[_of_other_classes(digits.y, drawn, rng)])
    return x


def _of_other_classes(
    y: NDArray[np.generic], drawn: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return for each drawn example one of another class."""
    if len(np.unique(y)) < 2:
        raise ValueError("digits must have two classes at least, to put two in one")
    return np.array([rng.choice(np.flatnonzero(y != y[one])) for one in drawn])


def _crops(n: int, rng: np.random.Generator, dtype: np.dtype[Any]) -> _Images:
    from scipy import ndimage

    crops = np.empty((n, SIDE**2), dtype)
    for row in crops:
        photograph = _photographs()[rng.integers(2)]
        width = rng.integers(SIDE, 4 * SIDE, endpoint=True)
        top, left = (rng.integers(size - width, endpoint=True) for size in photograph.shape)
        crop = photograph[top : top + width, left : left + width]
        row[:] = ndimage.zoom(
            crop, SIDE / width, order=1, grid_mode=True, mode="nearest"
        ).ravel()
    return crops.clip(0, 1)


@cache
def _photographs() -> list[NDArray[np.float64]]:
    """Return the two photographs, grey, from 0 to 1."""
    from sklearn.datasets import load_sample_image

    return [load_sample_image(name).mean(axis=2) / 255 for name in ("china.jpg", "flower.jpg")]
