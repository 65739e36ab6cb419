"""Judges ``split_people(person, n_validation, n_test, rng) -> (train, validation, test)``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.probes import GLOBAL_STATE
from grading.judging.tails import alarm
from grading.judging.task import Context, Criterion, Task, require
from grading.running.calls import Call, Name, Probe, Rng
from grading.running.remote import is_array

__all__ = ["SPLIT"]

Integers = NDArray[np.int64]
CALLS = 512
NAMES = ("train", "validation", "test")


def people(rng: np.random.Generator, n: int, *, most_rows: int = 6) -> Integers:
    """Return whose each row is: n people, unequally many rows each, mixed, odd numbers."""
    numbers = rng.choice(np.arange(-500, 5000), n, replace=False)
    rows = rng.integers(1, most_rows + 1, n)
    rows[:2] = 1, most_rows
    return rng.permutation(np.repeat(numbers, rows)).astype(np.int64)


def rows_of(part: Any, name: str) -> Integers:
    """Return a part as row numbers; an empty one may have any dtype."""
    require(is_array(part), f"{name} is not an array")
    require(part.ndim == 1, f"{name} is not one-dimensional")
    require(part.size == 0 or part.dtype.kind in "iu", f"{name} does not hold row numbers")
    return np.asarray(part, dtype=np.int64)


def labelled(parts: Sequence[Any], person: Integers) -> Integers:
    """Return the number of the part of every row; raise `Wrong` if a row is not in one."""
    where = np.full(len(person), -1)
    rows = [rows_of(part, name) for part, name in zip(parts, NAMES, strict=True)]
    together = np.concatenate(rows)
    valid = together.size == 0 or (together.min() >= 0 and together.max() < len(person))
    require(bool(valid), "a part holds numbers that are no row numbers")
    require(len(np.unique(together)) == len(together), "a row is in two parts, or twice in one")
    require(len(together) == len(person), "some rows are in no part")
    for number, part in enumerate(rows):
        where[part] = number
    return where


def by_person(where: Integers, person: Integers) -> Integers:
    """Return the part of every person; raise `Wrong` if somebody is in two."""
    first = np.unique(person, return_index=True)[1]
    of_person = dict(zip(person[first].tolist(), where[first].tolist(), strict=True))
    split = [of_person[p] for p in person.tolist()]
    require(np.array_equal(split, where), "rows of one person are in different parts")
    return where[first]


def split(context: Context, person: Integers, n_validation: int, n_test: int, rng: Any) -> Any:
    """Call the learner's function; return the parts of the people, and of the rows."""
    arguments = (person, n_validation, n_test, rng)
    reply = context.call("split_people", *arguments, parts=(True,) * 3)
    where = labelled(reply.parts, person)
    return by_person(where, person), where


def apart(context: Context) -> None:
    """No person is in two parts, every row is in one."""
    for n in (6, 15, 60):
        for _ in range(3):
            person = people(context.rng, n)
            split(context, person, n // 5, n // 3, Rng(context.seed()))


def sizes(context: Context) -> None:
    """Exactly as many people in validation and test as asked for."""
    for n, n_validation, n_test in [(5, 1, 2), (30, 7, 12), (60, 20, 9), (12, 5, 6)]:
        person = people(context.rng, n)
        parts, _ = split(context, person, n_validation, n_test, Rng(context.seed()))
        for number, wanted in [(1, n_validation), (2, n_test)]:
            there = int(np.sum(parts == number))
            words = f"{NAMES[number]} has {there} people where {wanted} are asked for"
            require(there == wanted, words)


def chance(context: Context) -> None:
    """All divisions of the people are equally likely, and calls are independent."""
    n, n_validation, n_test = 9, 2, 3
    person, rng = people(context.rng, n), context.generator()
    call = Call(Name("split_people"), (person, n_validation, n_test, rng), parts=(True,) * 3)
    replies = context.worker.calls([call] * CALLS)
    context.worker.forget()
    parts = np.array([by_person(labelled(r.parts, person), person) for r in replies])
    shares = np.array([n - n_validation - n_test, n_validation, n_test]) / n
    counts = np.array([np.sum(parts == part, axis=0) for part in range(3)])
    words = "not all people are equally likely to come into each part"
    require(not alarm(counts, CALLS, shares[:, None]), words)
    first, second = np.triu_indices(n, 1)
    together = np.sum(parts[:, first] == parts[:, second], axis=0)
    pairs = float(np.sum(shares * (shares * n - 1) / (n - 1)))
    words = "some people come together more often, or less often, than by chance"
    require(not alarm(together, CALLS, pairs), words)
    same = np.sum(parts[0::2] == parts[1::2], axis=0)
    words = "one call's parts depend on those of the call before"
    require(not alarm(same, CALLS // 2, float(np.sum(shares**2))), words)


def few_people(context: Context) -> None:
    """Of three people, all divisions are equally likely, whatever rows they have."""
    rows = context.rng.permutation([1, 2, 40])
    person = context.rng.permutation(np.repeat([-3, 11, 70_000_000_000], rows))
    seen = np.zeros(27, dtype=int)
    for _ in range(8):
        arguments = (person, 1, 1, context.generator())
        call = Call(Name("split_people"), arguments, parts=(True,) * 3)
        replies = context.worker.calls([call] * (CALLS // 2))
        for reply in replies:
            seen[by_person(labelled(reply.parts, person), person) @ [9, 3, 1]] += 1
        context.worker.forget()
    possible = seen[[a * 9 + b * 3 + c for a, b, c in itertools.permutations(range(3))]]
    words = "of three people some come into a part more often than others"
    parts = np.array(list(itertools.permutations(range(3))))
    times = [possible[parts[:, who] == part].sum() for who in range(3) for part in range(3)]
    require(not alarm(times, 4 * CALLS, 1 / 3), words)
    require(not alarm(possible, 4 * CALLS, 1 / 6), words)


def generator(context: Context) -> None:
    """The generator is the only source of chance, and nothing global is touched."""
    context.worker.probe(GLOBAL_STATE)
    state = Call(Probe("global_state"))
    before = context.worker.call(state).value
    person, other = people(context.rng, 25), people(context.rng, 40)
    for kind in ("PCG64", "MT19937"):
        seed = context.seed()
        first = split(context, person, 6, 8, Rng(seed, kind))[1]
        split(context, other, 6, 8, Rng(context.seed(), kind))
        again = split(context, person, 6, 8, Rng(seed, kind))[1]
        require(np.array_equal(first, again), "the same generator gives other parts")
    require(
        context.worker.call(state).value == before,
        "a global setting or a global random generator was changed",
    )


def edges(context: Context) -> None:
    """Empty parts, a single person to train on, one row a person; nothing is modified."""
    for n, n_validation, n_test in [(7, 0, 3), (7, 3, 0), (7, 0, 0), (7, 3, 3), (1, 0, 0)]:
        several = people(context.rng, n) if n > 1 else np.full(4, -7)
        for person in (several, np.arange(n) * 3 - 5):
            parts, _ = split(context, person, n_validation, n_test, Rng(context.seed()))
            there = int(np.sum(parts == 1)), int(np.sum(parts == 2))
            words = f"with {n_validation} and {n_test} people asked for, {there} are there"
            require(there == (n_validation, n_test), words)
    for numbers in ([0, 1, 2], [-2, -1, 0, 5], [-(2**62), 0, 2**62]):
        person = np.repeat(numbers, 3)
        parts, _ = split(context, person, 1, 1, Rng(context.seed()))
        words = "with few, negative or very large numbers of people the sizes are wrong"
        require(int(np.sum(parts == 1)) == 1 == int(np.sum(parts == 2)), words)
    person = people(context.rng, 10)
    arguments = (person, 2, 3, Rng(context.seed()))
    reply = context.call("split_people", *arguments, parts=(True,) * 3, echo=[0])
    require(np.array_equal(reply.echo[0], person), "person was modified")


SPLIT = Task(
    "split_people",
    [
        Criterion(3, "nobody in two parts, every row in one", apart),
        Criterion(1, "as many people as asked for", sizes),
        Criterion(1, "every division equally likely", chance),
        Criterion(1, "every division of three people equally likely", few_people),
        Criterion(1, "the given generator is the only source of chance", generator),
        Criterion(1, "parts without people, few people; person is not modified", edges),
    ],
)
