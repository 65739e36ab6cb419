"""Judges ``fair_experiment``: which runs it makes, what chooses, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from grading.harmless import one_line
from grading.judging.task import Context, Criterion, Task, must_raise, one_number, require
from grading.judging.tasks.a2_forward import power
from grading.judging.tasks.a4_tensors import Floats, probe
from grading.judging.words import brief
from grading.running.calls import Call, Name, Probe
from grading.running.remote import is_array

__all__ = ["FAIR"]

# `train` looks its results up, and writes down what it is asked.
PROBES = """
RUNS = []
def make_train(arms, rates, seeds, validation, test):
    def train(seed, arm, lr):
        if arm not in arms or lr not in rates or seed not in seeds:
            raise KeyError(f"train was called with seed {seed!r}, arm {arm!r}, rate {lr!r}")
        place = arms.index(arm), rates.index(lr), seeds.index(seed)
        RUNS.append(list(place))
        found = {"validation": float(validation[place]), "test": float(test[place])}
        return found if len(RUNS) % 2 else dict(reversed(found.items()))
    RUNS.clear()
    return train
def runs():
    return [list(run) for run in RUNS]
"""


@dataclass
class Study:
    """Results that ``train`` looks up, of shape (arms, rates, seeds).

    Attributes
    ----------
    n_tuning : int
        The first so many seeds are for tuning.
    """

    arms: list[str]
    rates: list[float]
    seeds: list[int]
    n_tuning: int
    validation: Floats
    test: Floats

    @property
    def choice(self) -> NDArray[np.intp]:
        """The place of each arm's rate."""
        tuned: NDArray[np.intp] = (
            self.validation[:, :, : self.n_tuning].mean(axis=2).argmin(axis=1)
        )
        return tuned

    @property
    def differences(self) -> Floats:
        """The paired differences of the test."""
        both = [self.test[arm, rate, self.n_tuning :] for arm, rate in enumerate(self.choice)]
        return np.asarray(both[1] - both[0])


@dataclass
class Outcome:
    """What the learner's function returned, and the runs that it made."""

    parts: list[Any]
    echo: list[Any]
    runs: list[list[int]]


def some_study(context: Context, n_rates: int, n_tuning: int, n_test: int) -> Study:
    """Return a study in which a look at any other numbers would choose other rates."""
    rng = context.rng
    while True:
        shape = (2, n_rates, n_tuning + n_test)
        seeds = rng.choice(1000, size=shape[2], replace=False).tolist()
        rates = rng.permutation([0.003 * 2.0**k for k in range(n_rates)]).tolist()
        arms = ["plain", "dropout"]
        noise = rng.normal(size=(2, 1, 1, shape[2]))  # of a seed, in both arms
        validation, test = 20 + 3 * noise + rng.normal(size=(2, *shape))
        study = Study(arms, rates, seeds, n_tuning, validation, test)
        if _telling(study) and abs(study.differences.mean()) > 0.2:
            return study


def _telling(study: Study) -> bool:
    n = study.n_tuning
    tuned = study.validation[:, :, :n]
    means = np.sort(tuned.mean(axis=2), axis=1)
    if np.any(means[:, 1] - means[:, 0] < 0.05) or study.choice[0] == study.choice[1]:
        return False
    others = [
        study.test[:, :, :n].mean(axis=2),
        study.test[:, :, n:].mean(axis=2),
        study.validation[:, :, n:].mean(axis=2),
    ]
    others += [tuned[:, :, 0], tuned.min(axis=2)] if n > 1 else []
    return not any(np.any(other.argmin(axis=1) == study.choice) for other in others)


def plain_study(context: Context, n_test: int = 8) -> Study:
    """Return a study in which the best rate of an arm is the best in everything."""
    study = some_study(context, 4, 3, n_test)
    study.validation[0, 1], study.test[0, 1] = 5, 5 + 0.1 * study.test[0, 1]
    study.validation[1, 2], study.test[1, 2] = 3, 3 + 0.1 * study.test[1, 2]
    return study


def _sizes(study: Study) -> str:
    n = study.n_tuning
    seeds = f"{n} tuning seeds and {len(study.seeds) - n} test seeds"
    return f"with {len(study.rates)} rates, {seeds}"


def conduct(context: Context, study: Study, kind: type = tuple) -> Outcome:
    """Let the learner's function conduct the experiment; ``kind`` is the type of arms."""
    context.worker.probe(PROBES)
    table = [study.arms, study.rates, study.seeds, study.validation, study.test]
    train = context.worker.call(Call(Probe("make_train"), table, keep=True)).object
    n = study.n_tuning
    context.at(_sizes(study))
    reply = context.call(
        "fair_experiment",
        *[train, kind(study.arms), study.rates, study.seeds[:n], study.seeds[n:]],
        parts=(True, True, True),
        echo=[2, 3, 4],
    )
    return Outcome(reply.parts, reply.echo, probe(context, "runs"))


def _right_choice(study: Study, outcome: Outcome, words: str) -> None:
    chosen = outcome.parts[2]
    require(isinstance(chosen, dict), f"chosen is {brief(chosen)} and not a dictionary")
    keys = sorted(map(str, chosen))
    shown = [one_line(key, 20) for key in keys]
    require(
        keys == sorted(study.arms), f"chosen has the keys {shown}, not {sorted(study.arms)}"
    )
    for arm, rate in zip(study.arms, study.choice, strict=True):
        found, right = one_number(chosen[arm], "a rate in chosen"), study.rates[rate]
        require(found == right, f"{words}: for {arm!r} {found:g} is chosen, not {right:g}")


def _right_mean(study: Study, outcome: Outcome, within: float = 0.006) -> None:
    mean, wanted = one_number(outcome.parts[0], "mean"), study.differences.mean()
    words = (
        f"mean is {mean:.9g}, not {wanted:.9g}, that of arms[1] minus arms[0] on the test seeds"
    )
    require(abs(mean - wanted) <= within, words)


def half_width_of(differences: Floats) -> float:
    """Return half the length of the 95 % interval of the mean."""
    n = len(differences)
    return float(stdtrit(n - 1, 0.975) * differences.std(ddof=1) / sqrt(n))


def _right_half_width(study: Study, outcome: Outcome, words: str = "") -> None:
    said = one_number(outcome.parts[1], "half_width")
    wanted = half_width_of(study.differences)
    said_it = f"half_width is {said:.6g}, not {wanted:.6g}"
    require(abs(said - wanted) <= 1e-3 * wanted, f"{words}{said_it}")


def result(context: Context) -> None:
    """Each arm's best rate is found, and the mean difference."""
    for _ in range(3):
        study = plain_study(context)
        outcome = conduct(context, study)
        _right_choice(study, outcome, "an arm is not at its best rate")
        _right_mean(study, outcome)


def interval(context: Context) -> None:
    """The half width is that of the paired interval."""
    for n_test in (2, 5, 9, 12):
        study = plain_study(context, n_test)
        _right_half_width(study, conduct(context, study))


def blind(context: Context) -> None:
    """The validation errors of the tuning seeds choose, and nothing else."""
    words = "something else than the mean validation error of the tuning seeds chooses"
    for sizes in [(4, 3, 8), (5, 2, 4), (4, 1, 3), (6, 4, 6)]:
        study = some_study(context, *sizes)
        outcome = conduct(context, study)
        _right_choice(study, outcome, words)
        _right_mean(study, outcome)


def budget(context: Context) -> None:
    """Both arms get the same runs, and each run is made once."""
    for study in (plain_study(context, 5), _one_rate(context), _same_rate(context)):
        outcome = conduct(context, study)
        n, runs = study.n_tuning, sorted(map(tuple, outcome.runs))
        n_rates, n_seeds = len(study.rates), len(study.seeds)
        tuning = [(a, r, s) for a in (0, 1) for r in range(n_rates) for s in range(n)]
        test = [(a, int(study.choice[a]), s) for a in (0, 1) for s in range(n, n_seeds)]
        tuned = [run for run in runs if run[2] < n]
        _once(tuned, tuning, "tuning is not each arm at each rate with each tuning seed, once")
        tested = [run for run in runs if run[2] >= n]
        words = "the test is not each arm at its own choice with each test seed, once"
        _once(tested, test, words)


def _once(runs: list[Any], wanted: list[Any], words: str) -> None:
    """Raise `Wrong` unless the runs are those that are wanted, each once."""
    other, lacking = len(set(runs) - set(wanted)), len(set(wanted) - set(runs))
    counted = f"there are {len(runs)} runs, {other} of them others, and {lacking} are lacking"
    require(sorted(runs) == sorted(wanted), f"{words}: {counted}; {len(wanted)} are expected")


def _same_rate(context: Context) -> Study:
    """Return a study in which both arms choose one rate."""
    study = plain_study(context, 5)
    study.validation[:, int(context.rng.integers(4))] = 1.0
    return study


def _one_rate(context: Context) -> Study:
    study = plain_study(context)
    return Study(
        study.arms,
        study.rates[:1],
        study.seeds[:6],
        2,
        study.validation[:, :1, :6],
        study.test[:, :1, :6],
    )


def refusals(context: Context) -> None:
    """Seeds that are not all different are refused before any training."""
    study = plain_study(context)
    context.worker.probe(PROBES)
    seeds = study.seeds = [*range(8, 19)]
    bad = [
        ("a seed in both lists", seeds[:3], seeds[2:6]),
        ("a test seed twice", seeds[:3], [seeds[4], seeds[5], seeds[4]]),
        ("a tuning seed twice", [seeds[0], seeds[0]], seeds[3:6]),
        ("a tuning seed three times", [seeds[0], seeds[1], *[seeds[2]] * 3], seeds[3:6]),
        ("a seed 0 in both lists", [0, 5], [6, 0, 7]),
        ("a single test seed", seeds[:3], seeds[3:4]),
    ]
    bad += [_one_twice(context, what) for what in ("a test seed", "a tuning seed", "a seed")]
    for what, tuning, test in bad:
        table = [study.arms, study.rates, seeds, study.validation, study.test]
        train = context.worker.call(Call(Probe("make_train"), table, keep=True)).object
        call = Call(
            Name("fair_experiment"), [train, tuple(study.arms), study.rates, tuning, test]
        )
        few = len(tuning) < 8
        shown = f"tuning_seeds = {tuning} and test_seeds = {test}"
        context.at(f"with {shown if few else '30 tuning_seeds and 30 test_seeds'}")
        must_raise(partial(context.worker.call, call), "ValueError", what)
        made = len(probe(context, "runs"))
        require(
            made == 0, f"{made} runs are made before {what} is refused, where 0 are expected"
        )


def _one_twice(context: Context, what: str) -> tuple[str, list[int], list[int]]:
    """Return thirty seeds twice, two of which are equal, at places that nothing marks."""
    rng = context.rng
    seeds = rng.choice(10**6, size=60, replace=False)
    tuning, test = seeds[:30], seeds[30:]
    one, other = rng.choice(30, size=2, replace=False)
    if what == "a seed":
        test[one] = tuning[other]
        return "a seed in both lists", tuning.tolist(), test.tolist()
    part = test if what == "a test seed" else tuning
    part[one] = part[other]
    return f"{what} twice", tuning.tolist(), test.tolist()


def ties(context: Context) -> None:
    """Of equal rates the first one is chosen; lists stay as they are."""
    study = plain_study(context)
    for arm, rate in enumerate(study.choice):
        other = (rate + 1) % 4
        study.validation[arm, other] = study.validation[arm, rate]
    for _ in range(2):
        outcome = conduct(context, study)
        lists = study.rates, study.seeds[: study.n_tuning], study.seeds[study.n_tuning :]
        names = "rates", "tuning_seeds", "test_seeds"
        for name, before, after in zip(names, lists, outcome.echo, strict=True):
            require(
                after == before,
                f"{name} was modified: afterwards {after}, not {before} as before",
            )
        _right_choice(study, outcome, "of two equal rates the first is not chosen")
        study.rates = study.rates[::-1]
        study.validation, study.test = study.validation[:, ::-1], study.test[:, ::-1]


def any_numbers(context: Context) -> None:
    """Errors of any size and sign, seeds with 0, up to 30 of them."""
    rng = context.rng
    for n_tuning, n_test, factor, shift in [
        (1, 30, 1e-5, 0.0),
        (7, 22, power(rng, 5, 9), 0.0),
        (3, 17, 1.0, -40.0),
        (2, 3, 1.0, 0.0),
        (30, 2, 0.01, 1.0),
    ]:
        study = some_study(context, 5, n_tuning, n_test)
        study.seeds = (rng.permutation(n_tuning + n_test) - 2 * (n_tuning == 3)).tolist()
        study.validation = factor * study.validation + shift
        study.test = factor * study.test + shift
        differences, outcome = study.differences, conduct(context, study)
        words = f"with errors near {study.test.mean():.2g} and a seed 0, "
        _right_choice(study, outcome, f"{words}an arm is not at its best rate")
        _right_mean(study, outcome, 1e-6 * float(np.abs(differences).max()))
        _right_half_width(study, outcome, words)


def whole_numbers(context: Context) -> None:
    """Whole numbers: equal means of other errors, differences that are equal or 0."""
    study = some_study(context, 4, 2, 4)
    study.rates = [0, 0.5, 3, 0.25]
    # Means are 2, 1, 1, 3 and 0, 0, 5, 0, of different single errors.
    tuned = [[[1, 3], [0, 2], [1, 1], [3, 3]], [[0, 0], [-1, 1], [5, 5], [2, -2]]]
    study.validation[:, :, :2] = np.array(tuned, dtype=float)
    study.test[:, :, 2:] = 3.0
    for differences in ([0] * 4, [3] * 4, [0, 4, 0, 2], [-2, 5, 5, 0], [1, -1, 1, -1]):
        study.test[1, :, 2:] = 3.0 + np.array(differences)
        outcome = conduct(context, study)
        _right_choice(study, outcome, "of rates with equal means the first is not chosen")
        mean, half = (one_number(outcome.parts[i], "mean or half_width") for i in (0, 1))
        right = float(np.mean(differences)), half_width_of(np.array(differences, float))
        near = abs(mean - right[0]) < 1e-6 and abs(half - right[1]) <= 1e-6 + 1e-3 * right[1]
        said = f"mean and half_width are {mean:.6g} and {half:.6g}"
        words = f"not {right[0]:.6g} and {right[1]:.6g}"
        require(near, f"where the differences are {differences}, {said}, {words}")


def other_arms(context: Context) -> None:
    """Arms of other names, in a list, in any order; many rates; plain numbers."""
    for arms, kind, n_rates in [
        (["with", "without"], tuple, 4),
        (["b", "a"], list, 3),
        (["0.5", ""], tuple, 2),
        (["dropout", "plain"], list, 30),
    ]:
        study = some_study(context, n_rates, 1, 3)
        study.arms = arms
        outcome = conduct(context, study, kind)
        words = f"with arms {arms} in a {kind.__name__}, an arm is not at its best rate"
        _right_choice(study, outcome, words)
        _right_mean(study, outcome)
        for value, what in zip(outcome.parts[:2], ("mean", "half_width"), strict=True):
            plain = not (is_array(value) and value.ndim)
            require(plain, f"{what} is {brief(value)}, not a number")
    study = plain_study(context)
    table = [study.arms, study.rates, study.seeds, study.validation, study.test]
    given: dict[str, Any] = {"arms": tuple(study.arms), "rates": study.rates}
    given |= {"tuning_seeds": study.seeds[:3], "test_seeds": study.seeds[3:]}
    train = context.worker.call(Call(Probe("make_train"), table, keep=True)).object
    context.by_name("fair_experiment", train=train, **given)


FAIR = Task(
    "fair_experiment",
    [
        Criterion(2, "each arm's best rate, and the mean difference", result),
        Criterion(1.25, "the half width of the paired interval", interval),
        Criterion(1, "only validation with the tuning seeds chooses", blind),
        Criterion(1, "equal budgets, and each run once", budget),
        Criterion(0.5, "errors of any size, up to 30 seeds", any_numbers),
        Criterion(0.5, "whole numbers, equal means, differences of 0", whole_numbers),
        Criterion(0.25, "other arms, many rates; plain numbers", other_arms),
        Criterion(1, "seeds that meet are refused", refusals),
        Criterion(0.5, "ties, and lists that stay as they are", ties),
    ],
)
