"""What an experiment is: a function, the settings to run it at, and the seeds."""

import inspect
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from dropoutlab.checks import describe, positive_integer
from dropoutlab.experiments.setting import Setting, settings

__all__ = ["NAME", "Experiment"]

# Lower case, since some file systems do not tell the cases apart; Windows reserves a few.
NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9_-]{0,63}")


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
        object.__setattr__(self, "grid", settings(self.grid))
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


def _seeds(seeds: Any) -> tuple[int, ...]:
    if isinstance(seeds, str | bytes) or not isinstance(seeds, Iterable):
        raise TypeError(f"seeds must be a list of integers or a range, got {describe(seeds)}")
    checked = [positive_integer("seeds: each", seed, minimum=0) for seed in seeds]
    if not checked:
        raise ValueError("seeds must hold at least one integer, got none")
    ordered = sorted(checked)
    for seed, following in itertools.pairwise(ordered):
        if seed == following:
            raise ValueError(f"seeds must be distinct, got {seed} more than once")
    return tuple(ordered)


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
