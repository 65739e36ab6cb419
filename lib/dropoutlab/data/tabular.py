"""Two small tables that come with scikit-learn: one to classify, one to regress."""

import numpy as np
from numpy.typing import DTypeLike

from dropoutlab.data.dataset import Dataset
from dropoutlab.data.splits import Split, split, standardised

__all__ = ["breast_cancer", "diabetes"]


def breast_cancer(
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    dtype: DTypeLike = np.float32,
) -> Split:
    """Draw disjoint, stratified parts from the Wisconsin breast cancer data.

    569 tumours, 212 of them malignant, described by 30 measurements of their cell nuclei.

    Parameters
    ----------
    n_train, n_validation, n_test : int
        Numbers of tumours, together at most 569.
    seed : int
        Equal seeds give equal parts.
    dtype : dtype, default float32
        Of the measurements.

    Returns
    -------
    Split
        ``x`` of shape ``(n, 30)``, standardised with means and deviations of the training
        part only; ``y`` 0 for malignant, 1 for benign, int64.

    Raises
    ------
    TypeError, ValueError
        As `dropoutlab.data.split_rows`.

    Notes
    -----
    Source: Street, Wolberg & Mangasarian, "Nuclear feature extraction for breast tumor
    diagnosis" (1993), by way of `sklearn.datasets.load_breast_cancer`.

    Examples
    --------
    >>> parts = breast_cancer(n_train=300, n_test=200, seed=0)
    >>> parts.train
    Dataset(300 examples, 30 features, float32; targets int64)
    """
    from sklearn.datasets import load_breast_cancer

    x, y = load_breast_cancer(return_X_y=True)
    parts = split(
        Dataset(x, y.astype(np.int64)),
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
        stratify=True,
    )
    return standardised(parts).map(lambda part: Dataset(part.x.astype(dtype), part.y))


def diabetes(
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    dtype: DTypeLike = np.float64,
) -> Split:
    """Draw disjoint parts from the diabetes data, a regression problem.

    442 patients, described by 10 measurements (age, sex, body mass index, blood pressure
    and six of blood serum); the target is the progress of the disease a year later.

    Parameters
    ----------
    n_train, n_validation, n_test : int
        Numbers of patients, together at most 442.
    seed : int
        Equal seeds give equal parts.
    dtype : dtype, default float64
        Of measurements and targets: least squares needs the digits.

    Returns
    -------
    Split
        ``x`` of shape ``(n, 10)``, standardised with means and deviations of the training
        part only (the copy that scikit-learn offers ready scaled was scaled with those of
        all patients); ``y`` the score of progress, from 25 to 346, as it is.

    Raises
    ------
    TypeError, ValueError
        As `dropoutlab.data.split_rows`.

    Notes
    -----
    Source: Efron, Hastie, Johnstone & Tibshirani, "Least angle regression" (2004), by way
    of `sklearn.datasets.load_diabetes`.

    Examples
    --------
    >>> parts = diabetes(n_train=300, n_test=142, seed=0)
    >>> parts.test
    Dataset(142 examples, 10 features, float64; targets float64)
    """
    from sklearn.datasets import load_diabetes

    x, y = load_diabetes(return_X_y=True, scaled=False)
    parts = split(
        Dataset(x, y),
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
        stratify=False,
    )
    return standardised(parts).map(
        lambda part: Dataset(part.x.astype(dtype), part.y.astype(dtype))
    )
