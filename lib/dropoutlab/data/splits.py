"""The division of a set into parts that do not overlap, and what may pass between them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dropoutlab.data.dataset import Dataset
from dropoutlab.nn.validation import positive_integer

__all__ = ["Split", "split", "split_rows", "standardised"]


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of one set that share no example.

    Attributes
    ----------
    train : Dataset
        To fit on.
    validation : Dataset or None
        To choose settings on. None where none was asked for.
    test : Dataset
        To look at once, at the end.
    """

    train: Dataset
    validation: Dataset | None
    test: Dataset

    def map(self, change: Callable[[Dataset], Dataset]) -> "Split":
        """Return a split whose parts are ``change(part)``."""
        validation = None if self.validation is None else change(self.validation)
        return Split(change(self.train), validation, change(self.test))


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
    n_train = positive_integer("n_train", n_train)
    n_validation = positive_integer("n_validation", n_validation, minimum=0)
    n_test = positive_integer("n_test", n_test)
    asked = n_train + n_validation + n_test
    if asked > n:
        raise ValueError(
            f"n_train + n_validation + n_test must be at most {n:,}, the number of examples "
            f"there are, got {n_train:,} + {n_validation:,} + {n_test:,} = {asked:,}"
        )
    rng = np.random.default_rng(positive_integer("seed", seed, minimum=0))
    order = rng.permutation(n) if labels is None else _interleaved(labels, rng)
    cuts = np.cumsum([n_test, n_validation, n_train])
    test, validation, train, _ = np.split(order, cuts)
    # An interleaved order is regular; shuffled in the order of the cuts, so that the test
    # part stays the same when the others change.
    return tuple(rng.permutation(part) for part in (test, validation, train))[::-1]


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


def split(
    dataset: Dataset,
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    stratify: bool,
) -> Split:
    """Divide a dataset at random into parts that do not overlap.

    Parameters
    ----------
    dataset : Dataset
        The whole.
    n_train, n_validation, n_test, seed : int
        As for `split_rows`, which says what stays the same when a size changes.
    stratify : bool
        True keeps the proportions of the classes (integer targets only).

    Returns
    -------
    Split
        Copies. ``validation`` is None where ``n_validation`` is 0.

    Raises
    ------
    TypeError, ValueError
        As `split_rows`; TypeError also where ``stratify`` meets float targets.

    Examples
    --------
    >>> whole = Dataset(np.arange(10.0)[:, None], np.arange(10) % 2)
    >>> parts = split(whole, n_train=4, n_test=4, seed=0, stratify=True)
    >>> np.bincount(parts.train.y), np.bincount(parts.test.y)
    (array([2, 2]), array([2, 2]))
    """
    if stratify and dataset.y.dtype.kind == "f":
        raise TypeError("stratify must be False for float targets, got True")
    train, validation, test = split_rows(
        len(dataset),
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
        labels=dataset.y if stratify else None,
    )
    return Split(
        train=dataset.subset(train),
        validation=dataset.subset(validation) if n_validation else None,
        test=dataset.subset(test),
    )


def standardised(parts: Split) -> Split:
    """Shift and scale every feature to mean 0 and standard deviation 1 *on the training part*.

    The same numbers are applied to the other parts: what is known of the test inputs must
    not reach the training. A feature that is constant on the training part is only shifted.

    Examples
    --------
    >>> part = Dataset([[1.0], [3.0]], [0, 1])
    >>> standardised(Split(part, None, Dataset([[5.0]], [0]))).test.x
    array([[3.]])
    """
    x = parts.train.x.astype(np.float64)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation[np.ptp(x, axis=0) == 0] = 1
    return parts.map(
        lambda part: Dataset(((part.x - mean) / deviation).astype(part.x.dtype), part.y)
    )
