"""Judges ``split_people(person, n_validation, n_test, rng) -> (train, validation, test)``.

What any split has to do is asked with people from 1 to 5000, with gaps; other numbers, parts
without people and the type of the parts have criteria of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.probes import GLOBAL_STATE, remember, set_back, twin
from grading.judging.tails import alarm
from grading.judging.task import Context, Criterion, Task, Wrong, numbers_of, require
from grading.running.calls import Call, Name, Probe, Rng
from grading.running.remote import LearnerError, is_array

__all__ = ["SPLIT"]

Integers = NDArray[np.int64]
CALLS = 512
NAMES = ("train", "validation", "test")
BIG = 2**53  # from here on floats leave whole numbers out
WAYS = np.array(list(itertools.permutations(range(3))))  # to divide three people


def people(rng: np.random.Generator, n: int, *, most_rows: int = 6) -> Integers:
    """Return whose each row is: n people, unequally many rows each, mixed, with gaps."""
    numbers = rng.choice(np.arange(1, 5000), n, replace=False)
    rows = rng.integers(1, most_rows + 1, n)
    rows[:2] = 1, most_rows
    return rng.permutation(np.repeat(numbers, rows)).astype(np.int64)


def rows_of(part: Any, name: str) -> Integers:
    """Return a part as row numbers, in whatever it holds them: `types` looks at that."""
    if is_array(part) and part.dtype == np.int64 and part.ndim == 1:
        return np.asarray(part)
    numbers = numbers_of(part, name)
    require(numbers.ndim == 1, f"{name} has shape {numbers.shape} and not one dimension")
    whole = np.isfinite(numbers) & (numbers == np.round(numbers)) & (np.abs(numbers) < 2**31)
    require(bool(np.all(whole)), f"{name} does not hold row numbers")
    return numbers.astype(np.int64)


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
    for n, n_validation, n_test in [
        (5, 1, 2),
        (30, 7, 12),
        (60, 20, 9),
        (12, 5, 6),
        (700, 90, 200),
    ]:
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
    many_people(context)


def many_people(context: Context) -> None:
    """Of 300 people, those with low numbers come into each part as often as all others.

    What is drawn without replacement varies less than the binomial of which `alarm` knows.
    """
    n, calls, groups = 300, 150, 4
    rng = context.generator()
    for n_validation, n_test in [(100, 100), (60, 140)]:
        person = context.rng.permutation(n) * 3 + 1
        arguments = (person, n_validation, n_test, rng)
        call = Call(Name("split_people"), arguments, parts=(True,) * 3)
        replies = context.worker.calls([call] * (calls // 2))
        context.worker.forget()
        rng = context.generator()
        parts = np.array([by_person(labelled(r.parts, person), person) for r in replies])
        words = "of 300 people, two calls have the very same division"
        require(len(np.unique(parts, axis=0)) == len(parts), words)
        blocks = parts.reshape(len(replies), groups, n // groups)
        counts = [np.sum(blocks == part, axis=(0, 2)) for part in range(3)]
        shares = np.array([n - n_validation - n_test, n_validation, n_test]) / n
        words = "of 300 people, some numbers come into a part more often than others"
        unlucky = alarm(counts, len(replies) * n // groups, shares[:, None])
        require(not unlucky, f"{words}: each must have the same chance of each place")


def drawn(context: Context, numbers: Sequence[int], calls: int) -> Integers:
    """Return how often three people were divided in each way, one each in validation, test.

    The six ways are `WAYS`, for the people in the order of their numbers.
    """
    rows = context.rng.permutation([1, 2, 40 if calls > 100 else 3])
    person = context.rng.permutation(np.repeat(np.array(numbers, np.int64), rows))
    replies = context.worker.calls(
        [
            Call(Name("split_people"), (person, 1, 1, Rng(context.seed())), parts=(True,) * 3)
            for _ in range(calls)
        ]
    )
    context.worker.forget()
    seen = np.zeros(27, dtype=int)
    for reply in replies:
        seen[by_person(labelled(reply.parts, person), person) @ [9, 3, 1]] += 1
    return np.asarray(seen[WAYS @ [9, 3, 1]])


def unfair(seen: Integers, calls: int) -> bool:
    """Say whether the six divisions of three people, or the parts of one, are not as likely."""
    times = [seen[WAYS[:, who] == part].sum() for who in range(3) for part in range(3)]
    return alarm(times, calls, 1 / 3) or alarm(seen, calls, 1 / 6)


def few_people(context: Context) -> None:
    """Of three people, all divisions are equally likely, whatever rows they have."""
    calls, total = 180, np.zeros(6, dtype=int)
    for numbers in [(3, 11, 700), (0, 1, 2), (0, 5, 9)] * 2:
        seen = drawn(context, numbers, calls)
        words = f"of three people, {numbers}, some come into a part more often than others"
        require(not unfair(seen, calls), f"{words} (1 in validation, 1 in test)")
        total += seen
    words = "of three people some come into a part more often than others"
    require(not unfair(total, 6 * calls), f"{words} (1 in validation, 1 in test)")


def any_numbers(context: Context) -> None:
    """People may have negative, very large and nearly equal numbers."""
    sets = [
        (-1, 4, 7),
        (-7, -2, -1),
        (-3, 3, 5),
        (1, 65_537, (1 << 32) + 1),
        (-(2**62), 6, 2**62),
    ]
    sets += [(BIG, BIG + 1, BIG + 2), (-BIG - 1, -BIG, 2**62 + 1)]
    for numbers in sets:
        try:
            seen = drawn(context, numbers, 64)
        except (Wrong, LearnerError) as reason:
            raise Wrong(f"with the people {numbers}: {reason}") from None
        require(
            seen.sum() == 64, f"of the people {numbers}, not one each is in validation and test"
        )
        require(not unfair(seen, 64), f"of the people {numbers}, not all are drawn alike")


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
        shared = context.generator(kind)
        split(context, other, 6, 8, shared)
        there, like = remember(context, shared), twin(context, shared)
        first = split(context, person, 6, 8, shared)[1]
        split(context, other, 6, 8, shared)
        set_back(context, shared, there)
        for rng in (shared, like):
            again = split(context, person, 6, 8, rng)[1]
            words = (
                "a generator that is set back to an earlier state gives other parts than then"
            )
            require(np.array_equal(first, again), words)
    require(
        context.worker.call(state).value == before,
        "a global setting or a global random generator was changed",
    )


def edges(context: Context) -> None:
    """Empty parts, a single person to train on, one row a person."""
    for n, n_validation, n_test in [
        (7, 0, 3), (7, 3, 0), (7, 0, 0), (7, 3, 3), (2, 1, 0), (2, 0, 1), (1, 0, 0),
    ]:  # fmt: skip
        several = people(context.rng, n) if n > 1 else np.full(4, 17)
        for person in (several, np.arange(n) * 3 + 5):
            parts, _ = split(context, person, n_validation, n_test, Rng(context.seed()))
            there = int(np.sum(parts == 1)), int(np.sum(parts == 2))
            words = f"with {n_validation} and {n_test} people asked for, {there} are there"
            require(there == (n_validation, n_test), words)


def types(context: Context) -> None:
    """All parts are one-dimensional arrays of integers, empty ones too; person stays."""
    for n_validation, n_test in [(2, 3), (0, 3), (2, 0), (0, 0)]:
        person = people(context.rng, 10)
        arguments = (person, n_validation, n_test, Rng(context.seed()))
        reply = context.call("split_people", *arguments, parts=(True,) * 3, echo=[0])
        require(np.array_equal(reply.echo[0], person), "person was modified")
        for name, part in zip(NAMES, reply.parts, strict=True):
            words = f"with {n_validation} and {n_test} people asked for, {name} is"
            require(is_array(part), f"{words} no array")
            require(part.dtype.kind in "iu", f"{words} of {part.dtype} and not of integers")
            require(part.ndim == 1, f"{words} of shape {part.shape}")


SPLIT = Task(
    "split_people",
    [
        Criterion(2, "nobody in two parts, every row in one", apart),
        Criterion(1, "as many people as asked for", sizes),
        Criterion(1, "every division equally likely", chance),
        Criterion(1, "every division of three people equally likely", few_people),
        Criterion(1, "the given generator is the only source of chance", generator),
        Criterion(1, "people with any numbers", any_numbers),
        Criterion(0.5, "parts without people, few people", edges),
        Criterion(0.5, "parts are integer arrays; person is not modified", types),
    ],
)
