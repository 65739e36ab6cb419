"""The backward pass of a net or layer, beside what differences say."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import describe
from dropoutlab.gradcheck.differences import double, numerical_gradient, relative_error
from dropoutlab.nn import Parameter, SoftmaxCrossEntropy

__all__ = ["GradientMismatch", "check_gradients"]

# Central differences of a function of size 1 with step 1e-6 are off by some 1e-10 from
# rounding alone. Gradients below this size are therefore compared absolutely.
FLOOR = 1e-3

Objective = Callable[[NDArray[Any]], float]
Gradient = Callable[[NDArray[Any]], NDArray[Any]]


class GradientMismatch(AssertionError):
    """An analytic gradient that the numerical one contradicts.

    The message names the array, the place of the largest difference, and both values.
    """


def check_gradients(
    net: Any,
    x: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    masks: NDArray[Any] | Sequence[NDArray[Any]] | None = None,
    tolerance: float = 1e-6,
    step: float = 1e-6,
) -> dict[str, float]:
    """Compare ``net.backward`` with central differences, for the input and all parameters.

    Dropout is checked with its masks held fixed: those given, or else those that the first
    forward pass drew.

    Parameters
    ----------
    net : Module, or any object with ``net(x)`` and ``net.backward(grad_output)``
        A net or one layer. If it has dropout, it must take ``mask=`` (a layer) or
        ``masks=`` (a `Sequential`), and keep what it drew in ``mask``. Parameters are
        those that its ``named_parameters`` yields; without that method, only the gradient
        for the input is checked. They end as they began.
    x : array_like of float64
        A batch, small: every entry costs two forward passes. Unchanged.
    labels : array_like of int, shape (n,), optional
        With labels, the loss is the softmax cross-entropy. Without, it is the sum of all
        outputs, each times a fixed number of its own.
    masks : ndarray, or a sequence of them, optional
        One mask for a layer, a sequence for a `Sequential`. True = kept.
    tolerance : float, default 1e-6
        Largest `relative_error` accepted (gradients smaller than 0.001 are compared
        absolutely).
    step : float, default 1e-6
        Of the differences. No ReLU may change sign within it: draw ``x`` at random, and
        where dropout precedes, the biases too, since a row of which everything is dropped
        puts the next ReLU exactly on its kink if the biases are zero.

    Returns
    -------
    dict of str to float
        The relative error of ``"input"`` and of each parameter, by name.

    Raises
    ------
    GradientMismatch
        An error is above ``tolerance`` or NaN, or a gradient has the wrong shape.
    TypeError
        ``x`` or a parameter is not float64, or ``net`` has no backward pass.
    ValueError
        The forward pass is random, and there are no masks that would hold it still.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> rng = np.random.default_rng(0)
    >>> net = nn.Sequential(nn.Linear(3, 2, rng=rng, dtype=float), nn.Dropout(0.5, rng=rng))
    >>> errors = check_gradients(net, rng.standard_normal((4, 3)))
    >>> list(errors), max(errors.values()) < 1e-6
    (['input', '0.weight', '0.bias'], True)
    """
    if not callable(net) or not hasattr(net, "backward"):
        raise TypeError(
            "net must have a forward pass, net(x), and net.backward(grad_output), as what "
            f"dropoutlab.nn offers, got {describe(net)}"
        )
    x = double("x", x)
    parameters = dict(net.named_parameters()) if hasattr(net, "named_parameters") else {}
    for name, parameter in parameters.items():
        double(f"parameter {name}", parameter.data)
    forward = _still(net, x, masks)
    loss, grad_loss = _objective(labels)

    analytic = {"input": net.backward(grad_loss(forward(x)))}
    analytic |= {name: parameter.grad.copy() for name, parameter in parameters.items()}
    numeric = {"input": numerical_gradient(lambda moved: loss(forward(moved)), x, step=step)}
    for name, parameter in parameters.items():
        numeric[name] = _parameter_gradient(lambda: loss(forward(x)), parameter, step)
    return {name: _compare(name, analytic[name], numeric[name], tolerance) for name in numeric}


def _still(net: Any, x: NDArray[Any], masks: Any) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Return the forward pass with its masks held, on a copy of whatever it is given."""
    if masks is None:
        net(x.copy())
        masks = _drawn(net)
    if masks is None:
        options = {}
    else:
        options = {"mask" if isinstance(masks, np.ndarray) else "masks": masks}

    def forward(values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(net(values.copy(), **options))

    if not np.array_equal(forward(x), forward(x), equal_nan=True):
        raise ValueError(
            "net gave two different outputs for the same x, so differences mean nothing; "
            "pass masks= to hold its dropout still"
        )
    return forward


def _drawn(net: Any) -> NDArray[Any] | list[NDArray[Any]] | None:
    """Return the masks of the last forward pass, None if nothing was drawn."""
    if not hasattr(net, "dropouts"):
        return getattr(net, "mask", None)
    masks = [dropout.mask for dropout in net.dropouts]
    return None if any(mask is None for mask in masks) else masks


def _objective(
    labels: ArrayLike | None,
) -> tuple[Objective, Gradient]:
    """Return the scalar to differentiate, and its gradient, as functions of the output."""
    if labels is not None:
        criterion = SoftmaxCrossEntropy()

        def grad_loss(output: NDArray[Any]) -> NDArray[Any]:
            criterion(output, labels)
            return criterion.backward()

        return lambda output: criterion(output, labels), grad_loss

    # All different, so that no two outputs can be confused or cancel.
    def weights(output: NDArray[Any]) -> NDArray[np.float64]:
        return np.cos(np.arange(output.size)).reshape(output.shape)

    return lambda output: float(np.sum(weights(output) * output)), weights


def _parameter_gradient(
    loss: Callable[[], float], parameter: Parameter, step: float
) -> NDArray[np.float64]:
    """Differentiate with respect to a parameter in its place, and put it back."""
    before = parameter.data.copy()

    def loss_with(values: NDArray[Any]) -> float:
        parameter.data[...] = values
        return loss()

    try:
        return numerical_gradient(loss_with, before, step=step)
    finally:
        parameter.data[...] = before


def _compare(name: str, analytic: ArrayLike, numeric: NDArray[Any], tolerance: float) -> float:
    """Return the relative error, or raise with the worst place in sight."""
    analytic = np.asarray(analytic)
    if analytic.shape != numeric.shape:
        raise GradientMismatch(
            f"gradient of {name}: backward gave shape {analytic.shape}, but {name} has "
            f"shape {numeric.shape}"
        )
    error = relative_error(analytic, numeric, floor=FLOOR)
    if not error <= tolerance:
        worst = np.unravel_index(np.argmax(np.abs(analytic - numeric)), numeric.shape)
        raise GradientMismatch(
            f"gradient of {name}: relative error {error:.2g}, above the tolerance "
            f"{tolerance:.2g}; worst at index {tuple(map(int, worst))}, where backward gives "
            f"{analytic[worst]:.10g} and central differences give {numeric[worst]:.10g}"
        )
    return error
