"""How sure a classifier is, and whether it is right to be: entropies, temperature, calibration.

Probabilities are arrays whose last axis runs over the classes. Several answers to the same
examples, from the passes of Monte-Carlo dropout or from several nets, are stacked along a first
axis: shape ``(n_passes, n, n_classes)``. Entropies are in nats.

Examples
--------
Two passes that contradict each other, and two that both do not know, have the same mean. Its
entropy cannot tell them apart; the disagreement can.

>>> contradict = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
>>> both_unsure = np.full((2, 1, 2), 0.5)
>>> [entropy(passes.mean(axis=0)).round(3).item() for passes in (contradict, both_unsure)]
[0.693, 0.693]
>>> [disagreement(passes).round(3).item() for passes in (contradict, both_unsure)]
[0.693, 0.0]
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import entr

from dropoutlab.checks import describe, float_array, positive_integer

__all__ = [
    "Reliability",
    "calibration_error",
    "disagreement",
    "entropy",
    "fit_temperature",
    "reliability",
    "tempered",
]

_Floats = NDArray[np.float64]
HOTTEST = 100.0  # no temperature above it, nor below its inverse, is looked for
LEAST = 1e-30  # a probability of 0 would have no logarithm


def entropy(q: ArrayLike) -> _Floats:
    r"""Return the entropy of predictions: 0 for one class, ln k for k equal ones.

    .. math:: H(q) = -\sum_j q_j \ln q_j

    Parameters
    ----------
    q : array_like of floats, shape (..., n_classes)
        Probabilities.

    Returns
    -------
    ndarray of float64, shape (...)
        In nats.

    Raises
    ------
    TypeError, ValueError
        These are no probabilities.

    Examples
    --------
    >>> entropy([[1.0, 0.0], [0.5, 0.5]]).round(3)
    array([0.   , 0.693])
    """
    total: _Floats = entr(_probabilities("q", q)).sum(axis=-1)
    return total


def disagreement(passes: ArrayLike) -> _Floats:
    r"""Return how much passes contradict one another: the mutual information.

    The entropy of the mean prediction falls into two parts, what the passes are unsure of
    each by itself, and what they disagree about:

    .. math:: H(\bar q) = \frac{1}{T} \sum_t H(q_t) + I, \qquad \bar q = \frac{1}{T} \sum_t q_t

    Parameters
    ----------
    passes : array_like of floats, shape (n_passes, ..., n_classes)
        Probabilities.

    Returns
    -------
    ndarray of float64, shape (...)
        I, in nats; 0 where all passes agree.

    Raises
    ------
    TypeError, ValueError
        These are no probabilities, or not of several passes.

    Notes
    -----
    Source: Depeweg, Hernández-Lobato, Doshi-Velez & Udluft, "Decomposition of Uncertainty in
    Bayesian Deep Learning" (2018), section 3. Also called epistemic uncertainty, which says
    what it is meant to measure.

    Examples
    --------
    >>> disagreement([[[0.9, 0.1]], [[0.9, 0.1]]]).round(3)
    array([0.])
    """
    q = _probabilities("passes", passes)
    if q.ndim < 2:
        raise ValueError(f"passes must have an axis of passes first, got shape {q.shape}")
    parts: _Floats = entropy(q.mean(axis=0)) - entropy(q).mean(axis=0)
    return np.maximum(parts, np.zeros_like(parts))  # rounding can leave it below


def tempered(q: ArrayLike, temperature: float) -> _Floats:
    r"""Return predictions at another temperature: surer below 1, less sure above.

    .. math:: q_j^{1/T} \Big/ \sum_i q_i^{1/T}

    which is the softmax of the logits divided by T. The order of the classes stays.

    Parameters
    ----------
    q : array_like of floats, shape (..., n_classes)
        Probabilities.
    temperature : float
        T, positive.

    Returns
    -------
    ndarray of float64, shape (..., n_classes)

    Raises
    ------
    TypeError, ValueError
        These are no probabilities, or T is not positive.

    Examples
    --------
    >>> tempered([0.9, 0.1], 2.0).round(2)
    array([0.75, 0.25])
    """
    if not 0 < temperature < math.inf:
        raise ValueError(f"temperature must be positive and finite, got {temperature!r}")
    logs = np.log(np.maximum(_probabilities("q", q), LEAST)) / temperature
    powers = np.exp(logs - logs.max(axis=-1, keepdims=True))
    scaled: _Floats = powers / powers.sum(axis=-1, keepdims=True)
    return scaled


def fit_temperature(q: ArrayLike, y: ArrayLike) -> float:
    """Return the temperature at which predictions have the lowest loss on these labels.

    One number, to be found on validation examples, never on those that trained the net.

    Parameters
    ----------
    q : array_like of floats, shape (n, n_classes)
        Probabilities.
    y : array_like of int, shape (n,)
        Classes from 0.

    Returns
    -------
    float
        Between 1/100 and 100.

    Raises
    ------
    TypeError, ValueError
        These are no probabilities, or the labels do not fit them.

    Notes
    -----
    Source: Guo, Pleiss, Sun & Weinberger, "On Calibration of Modern Neural Networks" (2017),
    section 4.2.

    Examples
    --------
    Sure to 0.9, right in three of four:

    >>> q = np.array([[0.9, 0.1]] * 4)
    >>> round(fit_temperature(q, [0, 0, 0, 1]), 2)
    2.0
    """
    chances, labels = _with_labels(q, y)
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        right = tempered(chances, math.exp(log_temperature))[rows, labels]
        return float(-np.log(np.maximum(right, LEAST)).mean())

    ends = (-math.log(HOTTEST), math.log(HOTTEST))
    best = minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-6})
    return math.exp(float(best.x))


class Reliability(NamedTuple):
    """How often predictions are right, by how sure they are; one entry a bin.

    Attributes
    ----------
    n : ndarray of int
        Predictions in the bin.
    n_right : ndarray of int
        How many of them name the right class.
    sure : ndarray of float64
        Their mean largest probability; 0 where the bin is empty.
    """

    n: NDArray[np.intp]
    n_right: NDArray[np.intp]
    sure: _Floats


def reliability(q: ArrayLike, y: ArrayLike, *, n_bins: int = 10) -> Reliability:
    """Sort predictions into bins of equal width by their largest probability.

    Parameters
    ----------
    q : array_like of floats, shape (n, n_classes)
        Probabilities.
    y : array_like of int, shape (n,)
        Classes from 0.
    n_bins : int, default 10
        Between 0 and 1; a bin holds its upper end.

    Returns
    -------
    Reliability

    Raises
    ------
    TypeError, ValueError
        These are no probabilities, the labels do not fit them, or ``n_bins`` is no count.

    Examples
    --------
    >>> bins = reliability([[0.9, 0.1], [0.8, 0.2], [0.45, 0.55]], [0, 1, 1], n_bins=2)
    >>> bins.n, bins.n_right
    (array([0, 3]), array([0, 2]))
    """
    chances, labels = _with_labels(q, y)
    n_bins = positive_integer("n_bins", n_bins)
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == labels
    place = np.clip(np.ceil(sure * n_bins).astype(int) - 1, 0, n_bins - 1)
    n, n_right, total = (
        np.bincount(place, weights, minlength=n_bins) for weights in (None, right, sure)
    )
    return Reliability(n, n_right.astype(int), total / np.maximum(n, 1))


def calibration_error(q: ArrayLike, y: ArrayLike, *, n_bins: int = 10) -> float:
    r"""Return how far predictions are from being as often right as they are sure.

    .. math:: \sum_b \frac{n_b}{n} \left| \text{right}_b - \text{sure}_b \right|

    the mean over the bins of `reliability`, each with its share. Also called expected
    calibration error (ECE). It is above 0 by chance alone, the more so the fewer examples.

    Parameters
    ----------
    q, y, n_bins
        As for `reliability`.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As for `reliability`.

    Notes
    -----
    Source: Guo et al. (2017), equation (3).

    Examples
    --------
    Sure to 0.9, right in three of four:

    >>> round(calibration_error([[0.9, 0.1]] * 4, [0, 0, 0, 1]), 2)
    0.15
    """
    bins = reliability(q, y, n_bins=n_bins)
    gaps = np.abs(bins.n_right - bins.n * bins.sure)
    return float(gaps.sum() / bins.n.sum())


def _probabilities(name: str, q: ArrayLike) -> _Floats:
    array = float_array(name, q).astype(np.float64)
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name} must hold probabilities of classes, got shape {array.shape}")
    sums = array.sum(axis=-1)
    if not (np.all(array >= 0) and np.allclose(sums, 1, atol=1e-4)):
        raise ValueError(
            f"{name} must hold probabilities that are not negative and add up to 1 along the "
            "last axis; logits become some through nn.softmax"
        )
    return array


def _with_labels(q: ArrayLike, y: ArrayLike) -> tuple[_Floats, NDArray[np.intp]]:
    chances, labels = _probabilities("q", q), np.asarray(y)
    if chances.ndim != 2:
        raise ValueError(f"q must have shape (n, n_classes), got shape {chances.shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"y must hold integer labels, got {describe(labels)}")
    n, n_classes = chances.shape
    if labels.shape != (n,):
        raise ValueError(f"y must hold a label for each row of q, {n}, got {describe(labels)}")
    if not np.all((labels >= 0) & (labels < n_classes)):
        raise ValueError(f"y must hold classes from 0 to {n_classes - 1}")
    return chances, labels.astype(np.intp)
