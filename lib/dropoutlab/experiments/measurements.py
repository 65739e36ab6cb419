"""What a run may return, and the one form in which it is kept: numbers by metric."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe
from dropoutlab.history import History

__all__ = ["Measurement", "measurements", "metrics"]


@dataclass(frozen=True)
class Measurement:
    """The values of one metric in one run.

    Attributes
    ----------
    values : tuple of float
        Finite; one an epoch, or a single one.
    epochs : tuple of int or None
        The epochs of the values; None for a number that belongs to no epoch.
    """

    values: tuple[float, ...]
    epochs: tuple[int, ...] | None


def metrics(history: History) -> dict[str, NDArray[np.float64]]:
    """Return the curves of a history by metric: ``"test loss"``, ``"test error"``, ….

    For runs that measure something besides: ``return {**metrics(history), "norm": norm}``.

    Examples
    --------
    >>> from dropoutlab.history import Evaluation
    >>> history = History({"test": [Evaluation(2.3, 0.9), Evaluation(0.5, 0.1)]}, n_epochs=1)
    >>> metrics(history)
    {'test loss': array([2.3, 0.5]), 'test error': array([0.9, 0.1])}
    """
    curves = {}
    for name in history:
        curves[f"{name} loss"] = history[name].loss
        curves[f"{name} error"] = history[name].error
    return curves


def measurements(returned: Any) -> dict[str, Measurement]:
    """Bring what a run returned into the form that is kept, sorted by metric.

    Parameters
    ----------
    returned : History or mapping
        A mapping has metrics as keys. A number belongs to no epoch; in a sequence, the
        first number belongs to epoch 0, and so on.

    Returns
    -------
    dict of str to Measurement

    Raises
    ------
    TypeError
        It is something else, or holds something that is not a real number.
    ValueError
        A number is NaN or infinite, or there is none.

    Examples
    --------
    >>> measurements({"error": [0.5, 0.25], "parameters": 12})
    {'error': Measurement(values=(0.5, 0.25), epochs=(0, 1)),
     'parameters': Measurement(values=(12.0,), epochs=None)}
    """
    if isinstance(returned, History):
        returned = metrics(returned)
    if not isinstance(returned, Mapping):
        raise TypeError(
            "the run must return a History, or a mapping of metrics to numbers or to "
            f"sequences of numbers, got {describe(returned)}"
        )
    for metric in returned:
        if not isinstance(metric, str) or not metric.strip():
            raise TypeError(f"a metric must have a name to read, got {describe(metric)}")
    if not returned:
        raise ValueError("the run must return at least one metric, got none")
    return {metric: _measurement(metric, returned[metric]) for metric in sorted(returned)}


def _measurement(metric: str, value: Any) -> Measurement:
    if isinstance(value, str | bytes | Mapping | bool | np.bool_):
        raise _not_numbers(metric, value)
    if isinstance(value, Real):
        return Measurement((_finite(metric, float(value)),), epochs=None)
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):  # ragged lists, tensors with gradients
        raise _not_numbers(metric, value) from None
    if array.dtype.kind not in "iuf" or array.ndim > 1:
        raise _not_numbers(metric, value)
    if array.size == 0:
        raise ValueError(f"{metric!r} must hold at least one number, got none")
    values = tuple(_finite(metric, float(number)) for number in array.ravel())
    return Measurement(values, epochs=tuple(range(len(values))) if array.ndim else None)


def _not_numbers(metric: str, value: Any) -> TypeError:
    return TypeError(
        f"{metric!r} must be a number or a one-dimensional sequence of numbers, got "
        f"{describe(value)}"
    )


def _finite(metric: str, number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{metric!r} must be finite, got {number}")
    return number
