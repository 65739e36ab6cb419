"""Judges ``choose``: the setting with the lowest validation error, tested once.

Data are drawn until every other way of choosing that learners take leads elsewhere, so that
who chooses by the test error, say, is told by the choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import (
    Context,
    Criterion,
    Task,
    alike,
    one_number,
    plain_number,
    require,
)
from grading.judging.tasks.a1_fit import Points, fit, points
from grading.judging.wide import Reused, nudged, some_size, some_unit

__all__ = ["CHOOSE", "Case", "draw_case"]

Floats = NDArray[np.float64]
PARTS = ("train", "validation", "test")
SETTING = ("the degree", "the weight decay")
Place = tuple[int, int]


def error(weight: Floats, xy: Points) -> float:
    """Return the mean squared error of a polynomial."""
    powers = np.vander(xy[0], len(weight), increasing=True)
    return float(np.mean((powers @ weight - xy[1]) ** 2))


def joined(*parts: Points) -> Points:
    """Return the points of some parts together."""
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


@dataclass
class Case:
    """Three parts of one curve and the settings to choose from."""

    parts: tuple[Points, Points, Points]
    degrees: list[int]
    decays: list[float]

    def __post_init__(self) -> None:
        self.both = joined(*self.parts[:2])
        self.fits = self.fit_all(self.parts[0])
        self.validation = self.errors(self.fits, self.parts[1])
        self.best = _lowest(self.validation)

    def fit_all(self, xy: Points) -> list[Floats]:
        """Return the weights of every setting: for each degree an array, a row a decay."""
        return [_fits(xy, degree, self.decays) for degree in self.degrees]

    def errors(self, fits: list[Floats], measured: Points) -> Floats:
        """Return the error of every setting, a row for each degree."""
        return np.array([_errors(weights, measured) for weights in fits])

    @property
    def setting(self) -> tuple[int, float]:
        """The right choice."""
        return self.degrees[self.best[0]], self.decays[self.best[1]]

    def telling(self) -> bool:
        """Whether each wrong way of choosing ends at another setting than the right one."""
        lowest, second = np.sort(self.validation, axis=None)[:2]
        if second < lowest * (1 + 1e-6) or self.best in _one_after_the_other(self.validation):
            return False
        if any(_lowest(self.errors(self.fits, part)) == self.best for part in self.parts[::2]):
            return False
        fits = self.fit_all(self.both)
        measured = self.parts[1], self.both, self.parts[2]
        return all(_lowest(self.errors(fits, part)) != self.best for part in measured)


def _fits(xy: Points, degree: int, decays: list[float]) -> Floats:
    """Return what `fit` returns, a row for each decay; faster, and exact enough for us."""
    powers = np.vander(xy[0], degree + 1, increasing=True)
    free = np.eye(degree + 1)
    free[0, 0] = 0.0
    penalties = len(xy[0]) / 2 * np.array(decays)[:, None, None] * free
    wanted = np.broadcast_to((powers.T @ xy[1])[:, None], (len(decays), degree + 1, 1))
    return np.asarray(np.linalg.solve(powers.T @ powers + penalties, wanted)[..., 0])


def _errors(weights: Floats, xy: Points) -> Floats:
    powers = np.vander(xy[0], weights.shape[1], increasing=True)
    return np.asarray(np.mean((weights @ powers.T - xy[1]) ** 2, axis=1))


def _lowest(table: Floats) -> Place:
    row, column = np.unravel_index(np.argmin(table), table.shape)
    return int(row), int(column)


def _one_after_the_other(table: Floats) -> list[Place]:
    """Return where one ends who first chooses one number, at the first value of the other."""
    degree, decay = int(np.argmin(table[:, 0])), int(np.argmin(table[0]))
    return [(degree, int(np.argmin(table[degree]))), (int(np.argmin(table[:, decay])), decay)]


def _parts(rng: np.random.Generator) -> tuple[Points, Points, Points]:
    """Return 16 points, 12 and 24 of one curve, each spread over all of it."""
    x, y = points(rng, 52)
    part = np.empty(52, dtype=int)
    part[np.argsort(x)] = np.tile([0, 2, 1, 2, 0, 2, 1, 2, 0, 2, 1, 2, 0], 4)
    train, validation, test = ((x[part == i], y[part == i]) for i in range(3))
    return train, validation, test


def draw_case(rng: np.random.Generator, tries: int = 400) -> Case:
    """Return a case in which wrong ways of choosing show; if there is none, the last drawn."""
    for _ in range(tries):
        degrees = rng.permutation([1, 2, 3, 4, 6, 8])[: rng.integers(4, 7)]
        decays = rng.permutation([0.0, 1e-3, 1e-2, 0.1, 0.5])[: rng.integers(3, 6)]
        scaled = [float(decay * rng.uniform(0.7, 1.4)) for decay in decays]
        case = Case(_parts(rng), [int(degree) for degree in degrees], scaled)
        if case.telling():
            break
    return case


def ask(context: Context, case: Case, *, intact: bool = False) -> list[Any]:
    """Call the learner's function and return the four values; see that nothing is modified."""
    arguments = (*case.parts, list(case.degrees), list(case.decays))
    sizes = " and ".join(str(len(x)) for x, _ in case.parts)
    context.at(
        f"with {sizes} points, degrees {case.degrees} and weight decays {_shown(case.decays)}"
    )
    reply = context.call("choose", *arguments, parts=(True,) * 4, echo=[0, 1, 2, 3, 4])
    if intact and not isinstance(context, Reused):
        lists = ("degrees", case.degrees), ("weight_decays", case.decays)
        for (name, before), after in zip(lists, reply.echo[3:], strict=True):
            words = f"{name} was modified: afterwards it is {after}, not as before"
            require(after == before, words)
        for name, part, after in zip(PARTS, case.parts, reply.echo[:3], strict=True):
            for letter, now, was in zip("xy", after, part, strict=True):
                alike(now, was, f"{letter} of {name} was modified: afterwards {letter}")
    return reply.parts


def _close(value: Any, wanted: float, what: str, otherwise: str) -> None:
    number = one_number(value, what)
    words = f"{otherwise}: it is {number:.9g} where {wanted:.9g} is expected"
    require(abs(number - wanted) <= 1e-6 * wanted + 1e-18, words)


def _chosen(parts: list[Any], case: Case, otherwise: str) -> None:
    """Raise `Wrong` unless degree and weight decay are those with the lowest error."""
    degree, decay = (one_number(v, n) for v, n in zip(parts[:2], SETTING, strict=True))
    right = degree == case.setting[0] and np.isclose(decay, case.setting[1], 1e-9, 0)
    said, wanted = f"({degree:g}, {decay:.3g})", f"({case.setting[0]}, {case.setting[1]:.3g})"
    words = f"{said} is chosen where {wanted} has the lowest validation error"
    require(bool(right), f"{otherwise}{words}")


def by_validation(context: Context) -> None:
    """The setting with the lowest validation error is chosen."""
    for _ in range(5):
        case = draw_case(context.rng)
        _chosen(ask(context, case), case, "")


def _shown(decays: list[float]) -> str:
    return "[" + ", ".join(f"{decay:.3g}" for decay in decays) + "]"


def validation_error(context: Context) -> None:
    """The validation error is that of the fit to the training points."""
    for _ in range(3):
        case = draw_case(context.rng, tries=1)
        words = "the validation error is not that of the chosen setting, fitted to train"
        _close(ask(context, case)[2], case.validation.min(), "the validation error", words)


def tested_once(context: Context) -> None:
    """The test error is that of the last fit, to train and validation together."""
    for _ in range(3):
        case = draw_case(context.rng, tries=1)
        while not case.setting[1]:  # a last fit without the penalty has to show
            case = draw_case(context.rng, tries=1)
        wanted = error(fit(*case.both, *case.setting), case.parts[2])
        words = (
            "the test error is not that of the chosen setting, "
            "fitted to train and validation together"
        )
        _close(ask(context, case)[3], wanted, "the test error", words)


def any_numbers(context: Context) -> None:
    """The choice does not hang on the size of the errors, nor on how settings are written."""
    rng = context.rng
    for factor, shift in [(1e-4, 0.0), (30.0, 0.0), (1e4, -7.0)]:
        moved = [(x, factor * y + shift) for x, y in draw_case(rng).parts]
        case = Case((moved[0], moved[1], moved[2]), [8, 0, 3, 5, 1], [0.2, 1, 0.0, 0.003])
        parts = ask(context, case)
        near = f"where errors are near {case.validation.min():.1g}, "
        _chosen(parts, case, near)
        words = f"{near}the validation error is wrong"
        _close(parts[2], case.validation.min(), "the validation error", words)
        wanted = error(fit(*case.both, *case.setting), case.parts[2])
        _close(parts[3], wanted, "the test error", f"{near}the test error is wrong")
    any_case(context)


def _all_four(context: Context, case: Case) -> None:
    """Raise `Wrong` unless all four values are right and nothing is modified."""
    values = ask(context, case, intact=True)
    _chosen(values, case, "")
    _close(values[2], case.validation.min(), "the validation error", "its error is wrong")
    wanted = error(fit(*case.both, *case.setting), case.parts[2])
    _close(values[3], wanted, "the test error", "the test error is wrong")


def _any_case(rng: np.random.Generator) -> Case:
    """Return parts of any sizes and units with lists of any lengths; no setting is close."""
    while True:
        train = points(rng, some_size(rng, 10, 60))
        others = [points(rng, some_size(rng, 1, 60)) for _ in range(2)]
        scale, shift = some_unit(rng, 4), float(rng.choice([0.0, 0.0, -9.0]))
        if rng.random() < 0.5:  # one curve
            both = [np.polynomial.polynomial.polyval(x, fit(*train, 4, 0.0)) for x, _ in others]
            noise = rng.uniform(0, 0.5)
            others = [
                (x, y + noise * rng.normal(size=len(x)))
                for (x, _), y in zip(others, both, strict=True)
            ]
        if rng.random() < 0.3:  # points that stand twice, in one part or in two
            again = rng.integers(len(train[0]), size=int(rng.integers(1, 6)))
            twice = train[0][again], train[1][again]
            train, others[0] = joined(train, twice), joined(others[0], twice)
        parts = [(x, scale * (y + shift)) for x, y in [train, *others]]
        degrees = rng.permutation(9 if len(train[0]) > 14 else 6)[
            : rng.integers(1, 10)
        ].tolist()
        decays = [0.0, 1, 2.5, *(10.0 ** rng.uniform(-4, 1, 4)).tolist()]
        decays = [decays[i] for i in rng.permutation(7)[: rng.integers(1, 8)]]
        order = int(rng.integers(4))
        if order < 2:
            degrees.sort(reverse=bool(order))
            decays.sort(reverse=bool(order))
        case = Case((parts[0], parts[1], parts[2]), degrees, decays)
        errors = np.sort(case.validation, axis=None)
        tested = error(fit(*case.both, *case.setting), case.parts[2])
        # What rounding makes of an error that is next to nothing is not asked about.
        plain = min(errors[0], tested) > 1e-3 * scale**2
        if plain and (len(errors) == 1 or errors[1] > errors[0] * 1.0001):
            return case


def any_case(context: Context) -> None:
    """Any sizes and lists; the best at each end of them; one number that is another one."""
    rng = context.rng
    for _ in range(12):
        _all_four(context, _any_case(rng))
    for corner in range(4):
        decays = [0.0, *(10.0 ** rng.uniform(-4, 1, 8)).tolist()]
        case = Case(_parts(rng), rng.permutation(np.arange(1, 9)).tolist(), decays)
        degree, decay = case.best
        degrees = [d for i, d in enumerate(case.degrees) if i != degree]
        decays = [w for i, w in enumerate(case.decays) if i != decay]
        degrees.insert(len(degrees) * (corner % 2), case.degrees[degree])
        decays.insert(len(decays) * (corner // 2), case.decays[decay])
        moved = Case(case.parts, degrees, decays)
        _all_four(context, moved)
    for reused in (context, Reused(context)):
        case = draw_case(rng, tries=1)
        for part in (0, 1, 2, 1, 0):
            changed = [
                (x, nudged(rng, y, int(rng.integers(3)))) if i == part else (x, y)
                for i, (x, y) in enumerate(case.parts)
            ]
            now = Case((changed[0], changed[1], changed[2]), case.degrees, case.decays)
            _all_four(reused, now)
        _all_four(reused, Case(case.parts, case.degrees[::-1], case.decays[:2]))
        _all_four(reused, case)


def single(context: Context) -> None:
    """One degree, degree 0 as well, one weight decay, one of both; degree 0 may be the best."""
    few: list[tuple[list[int], list[float]]] = [
        ([3], [0.0, 0.01, 0.1]),
        ([1, 2, 5], [0.02]),
        ([4], [0.0]),
        ([0], [0.05]),
    ]
    for degrees, decays in few:
        case = Case(draw_case(context.rng, 1).parts, degrees, decays)
        _chosen(ask(context, case), case, "")
    flat = [(x, np.sign(context.rng.normal(size=len(x))) + 3) for x, _ in case.parts]
    shaken = Case((flat[0], flat[1], flat[2]), [5, 0, 2], [0.0])
    _chosen(ask(context, shaken), shaken, "where points are all but level, ")


def types(context: Context) -> None:
    """Four numbers come back; nothing is modified."""
    for _ in range(3):
        values = ask(context, draw_case(context.rng, tries=1), intact=True)
        names = *SETTING, "the validation error", "the test error"
        for value, name in zip(values, names, strict=True):
            plain_number(value, name)
    case = draw_case(context.rng, tries=1)
    lists = {"degrees": case.degrees, "weight_decays": case.decays}
    context.by_name("choose", **dict(zip(PARTS, case.parts, strict=True)), **lists)


CHOOSE = Task(
    "choose",
    [
        Criterion(2.5, "chosen by the validation error", by_validation),
        Criterion(1, "the validation error that is reported", validation_error),
        Criterion(2, "the test error of the last fit", tested_once),
        Criterion(0.5, "small and large errors, any list of settings", any_numbers),
        Criterion(0.5, "lists of one", single),
        Criterion(0.5, "four numbers; nothing is modified", types),
    ],
    given=("fit_polynomial",),
)
