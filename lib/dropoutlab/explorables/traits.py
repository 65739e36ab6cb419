"""What the state of an explorable may be: numbers within bounds, one of a few values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import traitlets

__all__ = ["Bounded", "OneOf", "place_of"]


class Bounded(traitlets.Float[float, float]):
    """A number within bounds, both included; NaN is outside.

    Parameters
    ----------
    default, low, high : float
    **options
        For `traitlets.Float`.
    """

    def __init__(self, default: float, low: float, high: float, **options: Any) -> None:
        super().__init__(default, min=low, max=high, **options)

    def validate(self, obj: Any, value: Any) -> float:
        """Return the number if it is one and within the bounds."""
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not (is_number and self.min <= value <= self.max):
            raise traitlets.TraitError(
                f"{self.name} must be a number from {self.min:g} to {self.max:g}, got {value!r}"
            )
        return float(value)


class OneOf(traitlets.TraitType[Any, Any]):
    """One of a few values; a number that differs from one by rounding alone becomes it.

    Parameters
    ----------
    values : list
    default
        One of them.
    """

    def __init__(self, values: Sequence[Any], default: Any) -> None:
        self.values = list(values)
        super().__init__(default)

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the value as it stands among the others."""
        place = place_of(self.values, value)
        if place is None:
            raise traitlets.TraitError(
                f"{self.name} must be one of {self.values}, got {value!r}"
            )
        return self.values[place]


def place_of(values: Sequence[Any], value: Any) -> int | None:
    """Return the place of a value among others, None without it.

    Numbers that differ by rounding alone count as one.

    Examples
    --------
    >>> place_of([0.0, 0.1, 0.3], 0.1 + 0.2)
    2
    """
    if value in values:
        return values.index(value)
    if not isinstance(value, Real):
        return None
    near = (
        place
        for place, each in enumerate(values)
        if isinstance(each, Real) and math.isclose(each, value, rel_tol=1e-9)
    )
    return next(near, None)
