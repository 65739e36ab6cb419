"""The settings that a reader can choose from: a few values for each argument."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from math import prod
from typing import Any

import numpy as np

from dropoutlab.explorables.traits import place_of

__all__ = ["Choices"]

Position = Sequence[int]


class Choices:
    """Values for each argument, and their places; a position is one place for each argument.

    Parameters
    ----------
    values : dict of str to iterable
        Two or more numbers, strings or bools for each argument, in the order of its control.

    Raises
    ------
    TypeError, ValueError
        There is no argument, or one without two different values that a control can show.

    Examples
    --------
    >>> grid = Choices({"p": [0.2, 0.5], "n_units": range(4)})
    >>> grid.n_positions, grid.setting([1, 3])
    (8, {'p': 0.5, 'n_units': 3})
    >>> grid.position({"p": 0.5}, otherwise=[0, 2])
    [1, 2]
    """

    def __init__(self, values: Mapping[str, Iterable[Any]]) -> None:
        if not values:
            raise ValueError("grid must name an argument of draw, as in p=[0.2, 0.5]")
        self.values = {name: _checked(name, given) for name, given in values.items()}
        labels = [_label(name) for name in self.values]
        if len(set(labels)) < len(labels):
            raise ValueError(f"two arguments get one label; the labels are {', '.join(labels)}")

    @property
    def n_positions(self) -> int:
        """The number of settings."""
        return prod(map(len, self.values.values()))

    def positions(self) -> Iterator[list[int]]:
        """Yield all positions; the last argument moves fastest."""
        ranges = [range(len(values)) for values in self.values.values()]
        yield from map(list, itertools.product(*ranges))

    def setting(self, position: Position) -> dict[str, Any]:
        """Return the values at a position, by argument."""
        pairs = zip(self.values.items(), position, strict=True)
        return {name: values[place] for (name, values), place in pairs}

    def position(self, setting: Mapping[str, Any], *, otherwise: Position) -> list[int]:
        """Return the position of a setting; an argument that it leaves out stays."""
        places = dict(zip(self.values, otherwise, strict=True))
        for name, value in setting.items():
            if name not in self.values:
                raise ValueError(f"{name!r} is none of {', '.join(self.values)}")
            place = place_of(self.values[name], value)
            if place is None:
                raise ValueError(f"{name} must be one of {self.values[name]}, got {value!r}")
            places[name] = place
        return list(places.values())

    def holds(self, position: Position) -> bool:
        """Tell whether a position is one of this grid."""
        sizes = [len(values) for values in self.values.values()]
        return len(position) == len(sizes) and all(
            0 <= place < size for place, size in zip(position, sizes, strict=True)
        )

    def controls(self) -> list[dict[str, Any]]:
        """Return what the browser needs to know: label, kind and values in words."""
        return [
            {
                "label": _label(name),
                "kind": "slider" if all(map(_is_number, values)) else "choice",
                "values": _words(values),
            }
            for name, values in self.values.items()
        ]

    def words(self, position: Position) -> str:
        """Say a position as Python would: ``p=0.5, n_units=3``."""
        words = (f"{name}={value!r}" for name, value in self.setting(position).items())
        return ", ".join(words)


def _checked(name: str, given: Iterable[Any]) -> list[Any]:
    if isinstance(given, str | bytes | Mapping | Set) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be a list of values to choose from, got {given!r}")
    values = [value.item() if isinstance(value, np.generic) else value for value in given]
    for place, value in enumerate(values):
        if not isinstance(value, str | int | float):
            raise TypeError(f"{name} must hold numbers, strings or bools, got {value!r}")
        if value != value:
            raise ValueError(f"{name} must not hold NaN")
        if value in values[:place]:
            raise ValueError(f"{name} holds {value!r} twice")
    if len(values) < 2:
        raise ValueError(f"{name} must hold two values or more, got {values}")
    return values


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _label(name: str) -> str:
    """Return an argument's name as a label; a symbol of one letter stays as it is."""
    words = name.strip("_").replace("_", " ")
    return words if len(words) == 1 else words[:1].upper() + words[1:]


def _words(values: list[Any]) -> list[str]:
    brief = [_brief(value) for value in values]
    return brief if len(set(brief)) == len(brief) else [str(value) for value in values]


def _brief(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}".replace("-", "−")
    return f"{value:g}".replace("-", "−") if _is_number(value) else value
