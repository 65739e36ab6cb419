"""Settings: what they may hold, how a grid stands for them, how they are written."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from dropoutlab.checks import describe

__all__ = ["COLUMNS", "Scalar", "Setting", "cell", "run_text", "settings"]

Scalar: TypeAlias = int | float | str | bool | None
Setting: TypeAlias = dict[str, Scalar]

COLUMNS = ("seed", "epoch", "metric", "value")  # of a table, after those of the settings


def settings(grid: Any) -> tuple[Setting, ...]:
    """Return the settings that ``grid`` stands for; see `Experiment` for its two forms.

    Raises
    ------
    TypeError, ValueError
        ``grid`` has neither form, is empty, or holds a value or name that cannot be used.

    Examples
    --------
    >>> settings({"p": [0.0, 0.5], "width": [128]})
    ({'p': 0.0, 'width': 128}, {'p': 0.5, 'width': 128})
    """
    if isinstance(grid, Mapping):
        _require_names(grid)
        choices = [_choices(name, values) for name, values in grid.items()]
        given = [dict(zip(grid, values, strict=True)) for values in itertools.product(*choices)]
    elif isinstance(grid, Sequence) and not isinstance(grid, str | bytes):
        given = list(grid)
    else:
        raise TypeError(
            "grid must be a mapping of names to lists of values, or a list of settings, got "
            f"{describe(grid)}"
        )
    for setting in given:
        if not isinstance(setting, Mapping):
            raise TypeError(f"grid must be a list of mappings, got {describe(setting)} in it")
    if not given or not all(given):
        raise ValueError(f"grid must hold at least one setting with a value, got {grid!r}")
    checked = tuple(_setting(setting, list(given[0])) for setting in given)
    _require_distinct(checked)
    return checked


def _choices(name: str, values: Any) -> list[Any]:
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise TypeError(
            f"grid[{name!r}] must be a list of values, got {describe(values)}; "
            f"for a single one write [{describe(values)}]"
        )
    choices = list(values)
    if not choices:
        raise ValueError(f"grid[{name!r}] must hold at least one value, got {values!r}")
    return choices


def _setting(setting: Mapping[Any, Any], names: list[str]) -> Setting:
    _require_names(setting)
    if set(setting) != set(names):
        raise ValueError(
            "every setting of grid must have the same names, so that rows have the same "
            f"columns; got {', '.join(names)} and {', '.join(setting)}"
        )
    return {name: _scalar(name, setting[name]) for name in names}


def _require_names(names: Iterable[Any]) -> None:
    for name in names:
        if not isinstance(name, str) or not name.isidentifier() or name in COLUMNS:
            raise ValueError(
                "the names in grid must be names of arguments other than "
                f"{', '.join(COLUMNS)}, got {name!r}"
            )


def _scalar(name: str, value: Any) -> Scalar:
    if isinstance(value, np.generic):
        value = value.item()
    if value is not None and type(value) not in (bool, int, float, str):
        raise TypeError(
            f"grid[{name!r}] must hold numbers, strings, True, False or None, got "
            f"{describe(value)}"
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"grid[{name!r}] must hold finite numbers, got {value}")
    scalar: Scalar = value
    return scalar


def _require_distinct(checked: tuple[Setting, ...]) -> None:
    seen: dict[tuple[Any, ...], Setting] = {}
    for setting in checked:
        # 0 and 0.0 could not be told apart when selecting, 1 and "1" not in a table.
        values, written = tuple(setting.values()), tuple(map(cell, setting.values()))
        for key in (("values", *values), ("cells", *written)):
            if key in seen:
                raise ValueError(
                    f"grid must hold distinct settings, got {run_text(seen[key])} and "
                    f"{run_text(setting)}"
                )
        seen["values", *values] = seen["cells", *written] = setting


def cell(value: Scalar) -> str:
    """Write a value as it stands in a table, floats so that they read back exactly.

    Examples
    --------
    >>> cell(0.1), cell(3), cell("relu"), cell(None)
    ('0.1', '3', 'relu', '')
    """
    return "" if value is None else value if isinstance(value, str) else repr(value)


def run_text(setting: Mapping[str, Scalar], seed: int | None = None) -> str:
    """Name a setting, and a run of it where ``seed`` is given, for people.

    Examples
    --------
    >>> run_text({"p": 0.5, "act": "relu"}, seed=3)
    "p=0.5, act='relu', seed 3"
    """
    parts = [f"{name}={value!r}" for name, value in setting.items()]
    return ", ".join(parts if seed is None else [*parts, f"seed {seed}"])
