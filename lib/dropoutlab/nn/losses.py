"""What training makes small: cross-entropy for classes, squared error for numbers."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import describe, float_array, same_dtype, same_shape

__all__ = ["MeanSquaredError", "SoftmaxCrossEntropy", "softmax"]

NO_LOSS = "{}.backward was called before any loss was computed: call criterion({}) first"


def softmax(logits: ArrayLike) -> NDArray[np.floating]:
    r"""Turn logits into probabilities, along the last axis.

    .. math:: q_j = \frac{e^{z_j}}{\sum_k e^{z_k}}

    The largest logit is subtracted first, which changes nothing but keeps the exponentials
    from overflowing.

    Parameters
    ----------
    logits : array_like of float, shape (..., k)
        Unbounded scores.

    Returns
    -------
    ndarray, shape (..., k)
        Positive, summing to 1 over the last axis; a new array of the same dtype.

    Raises
    ------
    TypeError
        The logits are not floating-point.
    ValueError
        They have no axis, or an empty last one.

    Examples
    --------
    >>> softmax([0.0, np.log(3.0)])
    array([0.25, 0.75])
    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    logits = float_array("logits", logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(
            f"logits must have shape (..., k) with k of at least 1, got shape {logits.shape}"
        )
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    exponentials /= exponentials.sum(axis=-1, keepdims=True)
    return exponentials


class SoftmaxCrossEntropy:
    r"""The mean surprise, in nats, at the true classes.

    .. math:: L = -\frac{1}{n} \sum_{i=1}^{n} \log q_{i, y_i}, \qquad
              q = \operatorname{softmax}(z), \qquad
              \frac{\partial L}{\partial z_{ij}} = \frac{q_{ij} - [j = y_i]}{n}

    Called as ``criterion(logits, labels)``. Guessing among k classes costs log k: 2.303
    for ten digits.

    Parameters
    ----------
    logits : array_like of float, shape (n, k)
        Outputs of the net, n of at least 1.
    labels : array_like of int, shape (n,)
        True classes, from 0 to k − 1.

    Raises
    ------
    TypeError
        ``logits`` are not floating-point, or ``labels`` are not integers.
    ValueError
        A shape is wrong, the batch is empty, or a label is out of range; the message shows
        the first such label and where it stands.

    Examples
    --------
    >>> criterion = SoftmaxCrossEntropy()
    >>> loss = criterion(np.array([[0.0, np.log(3.0)]]), np.array([1]))
    >>> round(loss, 4)  # -log(0.75)
    0.2877
    >>> criterion.backward()
    array([[ 0.25, -0.25]])
    """

    def __init__(self) -> None:
        self._probabilities: NDArray[np.floating] | None = None
        self._labels: NDArray[np.integer] | None = None

    def __call__(self, logits: ArrayLike, labels: ArrayLike) -> float:
        """Return the mean cross-entropy in nats, as a Python float."""
        logits = float_array("logits", logits)
        labels = _checked(labels, logits)
        shifted = logits - logits.max(axis=1, keepdims=True)
        at_label = shifted[np.arange(len(labels)), labels]
        exponentials = np.exp(shifted, out=shifted)
        normaliser = exponentials.sum(axis=1, keepdims=True)
        # From the logarithm of the sum, not of the probability: that may round to zero.
        loss = np.mean(np.log(normaliser[:, 0]) - at_label)
        exponentials /= normaliser
        self._probabilities, self._labels = exponentials, labels
        return float(loss)

    def backward(self) -> NDArray[np.floating]:
        """Return the gradient with respect to the logits, shape (n, k), a new array.

        Raises
        ------
        RuntimeError
            No loss has been computed yet.
        """
        if self._probabilities is None or self._labels is None:
            raise RuntimeError(NO_LOSS.format("SoftmaxCrossEntropy", "logits, labels"))
        n = len(self._labels)
        grad = self._probabilities.copy()
        grad[np.arange(n), self._labels] -= 1
        grad /= n
        return grad

    def __repr__(self) -> str:
        return "SoftmaxCrossEntropy()"


class MeanSquaredError:
    r"""The mean squared difference from the targets, over all N entries of the batch.

    .. math:: L = \frac{1}{N} \sum_{i} (y_i - t_i)^2, \qquad
              \frac{\partial L}{\partial y_i} = \frac{2}{N} (y_i - t_i)

    Called as ``criterion(prediction, target)``. The mean is over rows *and* columns, as in
    PyTorch's ``MSELoss``; there is no factor 1/2.

    Parameters
    ----------
    prediction : array_like of float
        Outputs of the net, any shape, at least one entry.
    target : array_like of float
        Of exactly that shape and dtype. Nothing is broadcast: a target of shape ``(n,)``
        beside a prediction of shape ``(n, 1)`` would make n² differences.

    Raises
    ------
    TypeError
        One of them is not floating-point, or their dtypes differ.
    ValueError
        Their shapes differ, or they are empty.

    Examples
    --------
    >>> criterion = MeanSquaredError()
    >>> criterion(np.array([[1.0], [5.0]]), np.array([[1.0], [3.0]]))
    2.0
    >>> criterion.backward()
    array([[0.],
           [2.]])
    """

    def __init__(self) -> None:
        self._residual: NDArray[np.floating] | None = None

    def __call__(self, prediction: ArrayLike, target: ArrayLike) -> float:
        """Return the mean squared difference, as a Python float."""
        prediction = float_array("prediction", prediction)
        target = float_array("target", target)
        same_shape("target", target, prediction.shape, of="prediction")
        same_dtype("target", target, prediction.dtype, of="prediction")
        if prediction.size == 0:
            raise ValueError(
                f"prediction must have at least one entry, got shape {prediction.shape}"
            )
        self._residual = prediction - target
        return float(np.mean(np.square(self._residual)))

    def backward(self) -> NDArray[np.floating]:
        """Return the gradient with respect to the prediction, a new array of its shape.

        Raises
        ------
        RuntimeError
            No loss has been computed yet.
        """
        if self._residual is None:
            raise RuntimeError(NO_LOSS.format("MeanSquaredError", "prediction, target"))
        return np.asarray(self._residual * (2 / self._residual.size))

    def __repr__(self) -> str:
        return "MeanSquaredError()"


def _checked(labels: ArrayLike, logits: NDArray[np.floating]) -> NDArray[np.integer]:
    """Return labels that fit the logits, copied."""
    if logits.ndim != 2 or 0 in logits.shape:
        raise ValueError(
            "logits must have shape (n, k) with at least one row and one class, got shape "
            f"{logits.shape}"
        )
    labels = np.array(labels)
    n, k = logits.shape
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be an array of integers, got {describe(labels)}")
    if labels.shape != (n,):
        raise ValueError(
            f"labels must have shape (n,) = ({n},), one for each row of logits, got shape "
            f"{labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= k:
        row = int(np.argmax((labels < 0) | (labels >= k)))
        raise ValueError(
            f"labels must lie between 0 and {k - 1}, since logits have {k} columns, got "
            f"{labels[row]} in row {row}"
        )
    return labels
