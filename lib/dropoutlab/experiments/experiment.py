"""What an experiment is: a function, the settings to run it at, and the seeds."""

import inspect
import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, TypeAlias

import numpy as np

from dropoutlab.nn.validation import describe, positive_integer

__all__ = ["Experiment", "Scalar", "Setting", "cell", "run_text"]

Scalar: TypeAlias = int | float | str | bool | None
Setting: TypeAlias = dict[str, Scalar]

# Lower case, since some file systems do not tell the cases apart; Windows reserves a few.
NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9_-]{0,63}")
COLUMNS = ("seed", "epoch", "metric", "value")


@dataclass(frozen=True, eq=False)
class Experiment:
    """A function to be run at every setting of a grid, with every seed.

    Parameters
    ----------
    name : str
        At most 64 lower-case letters, digits, ``-`` and ``_``: it names folders.
    function : callable
        Called as ``function(seed, **setting)``. Declares data and net in plain code, draws
        all randomness from ``seed``, and returns a `History`, or a mapping of metrics to
        numbers or to one number an epoch.
    grid : mapping of str to sequence, or sequence of mappings
        ``{"p": [0.0, 0.5], "width": [128]}`` stands for every combination; a list of
        settings, ``[{"p": 0.0, "lr": 0.1}, {"p": 0.5, "lr": 0.2}]``, for just those.
        Numbers, strings, True, False and None.
    seeds : iterable of int
        Distinct, at least 0. Kept in increasing order.
    description : str, optional
        One line.

    Attributes
    ----------
    grid : tuple of dict
        The settings, in the order in which they were given.

    Raises
    ------
    TypeError
        Something is of the wrong type, or ``function`` cannot take the settings.
    ValueError
        A name, setting or seed cannot be used, or comes twice.

    Examples
    --------
    >>> def guess(seed, n):
    ...     return {"error": np.random.default_rng(seed).random(n).mean()}
    >>> guessing = Experiment("guessing", guess, grid={"n": [10, 1000]}, seeds=range(3))
    >>> guessing
    Experiment('guessing', 2 settings × 3 seeds)
    >>> guessing.runs[-1]
    ({'n': 1000}, 2)
    """

    name: str
    function: Callable[..., Any]
    _: KW_ONLY
    grid: Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]]
    seeds: Iterable[int]
    description: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise TypeError(f"name must be a string, got {describe(self.name)}")
        if not NAME.fullmatch(self.name):
            raise ValueError(
                "name must consist of 1 to 64 lower-case letters, digits, '-' and '_', and "
                f"start with a letter or digit, because it names folders; got {self.name!r}"
            )
        if not callable(self.function):
            raise TypeError(f"function must be callable, got {describe(self.function)}")
        if not isinstance(self.description, str):
            raise TypeError(f"description must be a string, got {describe(self.description)}")
        object.__setattr__(self, "grid", _settings(self.grid))
        object.__setattr__(self, "seeds", _seeds(self.seeds))
        _require_accepted(self.function, self.settings[0])

    @property
    def settings(self) -> list[Setting]:
        """The settings, in grid order; copies."""
        return [dict(setting) for setting in self.grid]  # type: ignore[arg-type]

    @property
    def runs(self) -> list[tuple[Setting, int]]:
        """Every setting with every seed, in the order of the rows."""
        return list(itertools.product(self.settings, self.seeds))

    def __repr__(self) -> str:
        n_settings, n_seeds = len(self.settings), len(tuple(self.seeds))
        return (
            f"Experiment({self.name!r}, {n_settings} setting{'s' * (n_settings != 1)} × "
            f"{n_seeds} seed{'s' * (n_seeds != 1)})"
        )


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


def _settings(grid: Any) -> tuple[Setting, ...]:
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
    if not given or not all(given):
        raise ValueError(f"grid must hold at least one setting with a value, got {grid!r}")
    settings = tuple(_setting(setting, list(given[0])) for setting in given)
    _require_distinct(settings)
    return settings


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


def _setting(setting: Any, names: list[str]) -> Setting:
    if not isinstance(setting, Mapping):
        raise TypeError(f"grid must be a list of mappings, got {describe(setting)} in it")
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


def _require_distinct(settings: tuple[Setting, ...]) -> None:
    for i, setting in enumerate(settings):
        written = [cell(value) for value in setting.values()]
        for other in settings[:i]:
            # 0 and 0.0 could not be told apart when selecting, 1 and "1" not in a table.
            if setting == other or written == [cell(value) for value in other.values()]:
                raise ValueError(
                    f"grid must hold distinct settings, got {run_text(other)} and "
                    f"{run_text(setting)}"
                )


def _seeds(seeds: Any) -> tuple[int, ...]:
    if isinstance(seeds, str | bytes) or not isinstance(seeds, Iterable):
        raise TypeError(f"seeds must be a list of integers or a range, got {describe(seeds)}")
    checked = [positive_integer("seeds: each", seed, minimum=0) for seed in seeds]
    if not checked:
        raise ValueError("seeds must hold at least one integer, got none")
    twice = sorted({seed for seed in checked if checked.count(seed) > 1})
    if twice:
        raise ValueError(f"seeds must be distinct, got {twice[0]} more than once")
    return tuple(sorted(checked))


def _require_accepted(function: Callable[..., Any], setting: Setting) -> None:
    try:
        signature = inspect.signature(function)
    except ValueError:  # some callables of C have none
        return
    try:
        signature.bind(0, **setting)
    except TypeError as error:
        raise TypeError(
            f"function must accept function(seed, {', '.join(f'{n}=…' for n in setting)}); "
            f"its signature is {signature}: {error}"
        ) from None
