"""Row numbers of parts that do not overlap."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe, positive_integer

__all__ = ["disjoint_rows", "enough", "split_rows"]


def split_rows(
    n: int,
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    labels: NDArray[np.integer] | None = None,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Draw the row numbers of the three parts of a set of ``n``.

    The test part is cut off first and the validation part next. For one ``seed`` and
    ``n_test``, the test part is therefore the same whatever the other sizes, and a larger
    training part contains the smaller ones: what an experiment on the amount of data needs.

    Parameters
    ----------
    n : int
        Number of rows there are.
    n_train, n_validation, n_test : int
        Numbers of rows wanted; at least 1, for ``n_validation`` at least 0. They need not
        use up the whole.
    seed : int
        Equal seeds give equal parts; at least 0.
    labels : ndarray of int, shape (n,), optional
        With labels, each part has the classes in the proportions of the whole, as nearly
        as whole numbers allow.

    Returns
    -------
    train, validation, test : ndarray of int
        Disjoint, each in random order.

    Raises
    ------
    TypeError
        A size or the seed is not an integer.
    ValueError
        A size is too small, or they sum to more than there is.

    Examples
    --------
    >>> train, validation, test = split_rows(10, n_train=4, n_test=6, seed=0)
    >>> len(validation), sorted([*train, *test]) == list(range(10))
    (0, True)
    """
    n = positive_integer("n", n)
    sizes = {
        "n_train": positive_integer("n_train", n_train),
        "n_validation": positive_integer("n_validation", n_validation, minimum=0),
        "n_test": positive_integer("n_test", n_test),
    }
    enough(n, **sizes)
    if labels is not None:
        labels = np.asarray(labels)
        if labels.shape != (n,) or labels.dtype.kind not in "iu":
            raise ValueError(f"labels must be {n:,} integers, got {describe(labels)}")
    rng = np.random.default_rng(positive_integer("seed", seed, minimum=0))
    test, validation, train = disjoint_rows(n, (n_test, n_validation, n_train), rng, labels)
    return train, validation, test


def enough(n: int, **sizes: int) -> None:
    """Refuse sizes that sum to more than there is.

    Examples
    --------
    >>> enough(10, n_train=8, n_test=4)
    Traceback (most recent call last):
    ValueError: n_train + n_test must be at most 10, the number of examples there are, got
    8 + 4 = 12
    """
    asked = sum(sizes.values())
    if asked > n:
        terms = " + ".join(f"{size:,}" for size in sizes.values())
        raise ValueError(
            f"{' + '.join(sizes)} must be at most {n:,}, the number of examples there are, "
            f"got {terms}" + (f" = {asked:,}" if len(sizes) > 1 else "")
        )


def disjoint_rows(
    n: int,
    sizes: Sequence[int],
    rng: np.random.Generator,
    labels: NDArray[np.integer] | None = None,
) -> list[NDArray[np.intp]]:
    """Draw disjoint parts of the rows 0 to n − 1, the first part first.

    Parameters
    ----------
    n : int
        Number of rows there are, at least the sum of ``sizes``.
    sizes : sequence of int
        Number of rows in each part. A part does not depend on the sizes of later ones,
        and the last part contains every smaller one that could be in its place.
    rng : numpy.random.Generator
        Draws the rows and their order.
    labels : ndarray of int, shape (n,), optional
        With labels, each part has the classes in the proportions of the whole.

    Examples
    --------
    >>> few, many = disjoint_rows(100, (10, 50), np.random.default_rng(0))
    >>> len(few), len(many), len(np.intersect1d(few, many))
    (10, 50, 0)
    """
    order = rng.permutation(n) if labels is None else _interleaved(labels, rng)
    parts = np.split(order, np.cumsum(sizes))[:-1]
    # An interleaved order is regular. Shuffled in turn, so that a part stays the same when
    # later ones change.
    return [rng.permutation(part) for part in parts]


def _interleaved(labels: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.intp]:
    """Return all row numbers in an order of which every run has the classes in proportion.

    The members of a class, shuffled, are spread evenly over [0, 1), each class with an
    offset of its own; sorting all of them by place interleaves the classes.
    """
    classes = np.unique(labels)
    place = np.empty(len(labels))
    for label, offset in zip(classes, rng.permutation(len(classes)), strict=True):
        members = rng.permutation(np.flatnonzero(labels == label))
        place[members] = (np.arange(len(members)) + offset / len(classes)) / len(members)
    return np.argsort(place, kind="stable")
