"""The division of a set into parts that do not overlap, and what may pass between them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dropoutlab.checks import describe
from dropoutlab.data.dataset import Dataset
from dropoutlab.data.disjoint import split_rows

__all__ = ["Split", "split", "standardised"]


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
    if not isinstance(dataset, Dataset):
        raise TypeError(f"dataset must be a Dataset, got {describe(dataset)}")
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
    if not isinstance(parts, Split):
        raise TypeError(f"parts must be a Split, got {describe(parts)}")
    x = parts.train.x.astype(np.float64)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation[np.ptp(x, axis=0) == 0] = 1
    return parts.map(
        lambda part: Dataset(((part.x - mean) / deviation).astype(part.x.dtype), part.y)
    )
