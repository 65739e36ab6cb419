"""Spoilt labels: what a net can only get right by memorising."""

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe, generator, real_number
from dropoutlab.data.dataset import Dataset

__all__ = ["random_labels", "wrong_labels"]


def wrong_labels(
    dataset: Dataset, fraction: float, *, rng: np.random.Generator
) -> tuple[Dataset, NDArray[np.bool_]]:
    """Replace a fraction of the labels by wrong ones.

    Parameters
    ----------
    dataset : Dataset
        With integer labels of at least two classes; unchanged.
    fraction : float
        In ``[0, 1]``. Exactly ``round(fraction * n)`` labels are replaced.
    rng : numpy.random.Generator
        Chooses the examples, and for each a class other than its own, all others in
        ``dataset`` being equally likely.

    Returns
    -------
    Dataset
        The same inputs with the new labels.
    ndarray of bool, shape (n,)
        True where the label is now wrong.

    Raises
    ------
    TypeError
        The targets are not integers, or ``fraction`` is not a number.
    ValueError
        ``fraction`` is outside ``[0, 1]``, or there is only one class.

    Examples
    --------
    >>> clean = Dataset(np.zeros((4, 1)), [0, 1, 2, 1])
    >>> noisy, is_wrong = wrong_labels(clean, 0.5, rng=np.random.default_rng(0))
    >>> is_wrong.sum(), np.array_equal(noisy.y != clean.y, is_wrong)
    (np.int64(2), True)
    """
    classes, codes = _classes(dataset)
    fraction = real_number("fraction", fraction, "a fraction in [0, 1]", lambda f: 0 <= f <= 1)
    n, k = len(dataset), len(classes)
    chosen = generator(rng).choice(n, size=round(fraction * n), replace=False)
    # A shift by 1 to k − 1 places around the circle of classes reaches each of the others.
    codes[chosen] = (codes[chosen] + rng.integers(1, k, size=len(chosen))) % k
    is_wrong = np.zeros(n, dtype=bool)
    is_wrong[chosen] = True
    return Dataset(dataset.x, classes[codes]), is_wrong


def random_labels(dataset: Dataset, *, rng: np.random.Generator) -> Dataset:
    """Replace all labels by draws that know nothing of the inputs.

    Parameters
    ----------
    dataset : Dataset
        With integer labels of at least two classes; unchanged.
    rng : numpy.random.Generator
        Draws the labels, all classes in ``dataset`` being equally likely. By chance, one
        in k stays as it was.

    Returns
    -------
    Dataset
        The same inputs with the new labels.

    Raises
    ------
    TypeError
        The targets are not integers.
    ValueError
        There is only one class.

    Notes
    -----
    The experiment is that of Zhang, Bengio, Hardt, Recht & Vinyals, "Understanding deep
    learning requires rethinking generalization" (2017), section 2.

    Examples
    --------
    >>> clean = Dataset(np.zeros((6, 1)), [0, 0, 1, 1, 2, 2])
    >>> random_labels(clean, rng=np.random.default_rng(0)).y
    array([2, 1, 1, 0, 0, 0])
    """
    classes, _ = _classes(dataset)
    return Dataset(dataset.x, generator(rng).choice(classes, size=len(dataset)))


def _classes(dataset: Dataset) -> tuple[NDArray[np.integer], NDArray[np.intp]]:
    """Return the classes there are, and for each example the position of its own."""
    if not isinstance(dataset, Dataset):
        raise TypeError(f"dataset must be a Dataset, got {describe(dataset)}")
    if dataset.y.dtype.kind == "f":
        raise TypeError(f"dataset must have integer labels, got {describe(dataset.y)}")
    classes, codes = np.unique(dataset.y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"dataset must have at least two classes, got only {classes[0]}")
    return classes, codes
