"""Judges ``split_people(person, n_validation, n_test, rng) -> (train, validation, test)``.

What any split has to do is asked with people from 1 to 5000, with gaps; other numbers, parts
without people and the type of the parts have criteria of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.probes import CHANGED, GLOBAL_STATE, remember, set_back, twin
from grading.judging.tails import alarm
from grading.judging.task import Context, Criterion, Task, Wrong, alike, numbers_of, require
from grading.judging.wide import Reused, some_size
from grading.judging.words import brief
from grading.running.calls import Call, Name, Probe, Rng
from grading.running.remote import is_array

__all__ = ["SPLIT"]

Integers = NDArray[np.int64]
CALLS = 512
NAMES = ("train", "validation", "test")
# What is drawn must not hang on the state of what is global.
STIR = """
def stir(seed):
    np.random.seed(seed)
    random.seed(seed)
"""
BIG = 2**53  # from here on floats leave whole numbers out
WAYS = np.array(list(itertools.permutations(range(3))))  # to divide three people


def people(rng: np.random.Generator, n: int, *, most_rows: int = 6) -> Integers:
    """Return whose each row is: n people, unequally many rows each, mixed, with gaps."""
    numbers = rng.choice(np.arange(1, 5000), n, replace=False)
    rows = rng.integers(1, most_rows + 1, n)
    rows[:2] = (1, most_rows)[:n]
    return rng.permutation(np.repeat(numbers, rows)).astype(np.int64)


def rows_of(part: Any, name: str) -> Integers:
    """Return a part as row numbers, in whatever it holds them: `types` looks at that."""
    if is_array(part) and part.dtype == np.int64 and part.ndim == 1:
        return np.asarray(part)
    numbers = numbers_of(part, name)
    require(numbers.ndim == 1, f"{name} has shape {numbers.shape} and not one dimension")
    whole = np.isfinite(numbers) & (numbers == np.round(numbers)) & (np.abs(numbers) < 2**31)
    odd = _first(numbers[~whole])
    require(bool(np.all(whole)), f"{name} holds {odd} where whole numbers of rows are expected")
    return numbers.astype(np.int64)


def _first(numbers: NDArray[Any]) -> str:
    """Return the first of some numbers, if there is one."""
    return "".join(map(str, numbers[:1]))


def labelled(parts: Sequence[Any], person: Integers) -> Integers:
    """Return the number of the part of every row; raise `Wrong` if a row is not in one."""
    where = np.full(len(person), -1)
    rows = [rows_of(part, name) for part, name in zip(parts, NAMES, strict=True)]
    together = np.concatenate(rows)
    for number, part in enumerate(rows):
        fits = part[(part >= 0) & (part < len(person))]
        where[fits] = number
    if len(together) == len(person) and where.min(initial=0) >= 0:
        return where  # as many as there are, and none is lacking
    odd = together[(together < 0) | (together >= len(person))][:1]
    words = f"a part holds {_first(odd)}, where rows have numbers from 0 to {len(person) - 1}"
    require(odd.size == 0, words)
    found, times = np.unique(together, return_counts=True)
    if found.size < together.size:
        row, there = found[times.argmax()], times.max()
        raise Wrong(f"row {row} is in two parts, or twice in one: {there} times, not once")
    lacking = np.setdiff1d(np.arange(len(person)), found)
    none = f"{lacking.size} of {len(person)} rows are in no part"
    words = f"{none}, where each is in one, such as row {_first(lacking)}"
    require(lacking.size == 0, words)
    return where


def by_person(where: Integers, person: Integers) -> Integers:
    """Return the part of every person; raise `Wrong` if somebody is in two."""
    first, inverse = _of_people(person.tobytes())
    split = where[first][inverse]
    if not np.array_equal(split, where):
        row = int(np.argmax(split != where))
        parts = f"{NAMES[split[row]]} and {NAMES[where[row]]}, not in one"
        words = "rows of one person are in different parts"
        raise Wrong(f"{words}: person {person[row]} in {parts}")
    return where[first]


@lru_cache(maxsize=8)
def _of_people(person: bytes) -> tuple[Integers, Integers]:
    """Return the first row of each person, and for each row the place of its person."""
    numbers = np.frombuffer(person, np.int64)
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    return first, inverse


def split(context: Context, person: Integers, n_validation: int, n_test: int, rng: Any) -> Any:
    """Call the learner's function; return the parts of the people, and of the rows."""
    arguments = (person, n_validation, n_test, rng)
    context.at(_asked(len(np.unique(person)), n_validation, n_test))
    reply = context.call("split_people", *arguments, parts=(True,) * 3)
    where = labelled(reply.parts, person)
    return by_person(where, person), where


def _asked(n: int, n_validation: int, n_test: int) -> str:
    return f"of {n} people, with {n_validation} for validation and {n_test} for the test"


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
            words = f"{NAMES[number]} has {there} people, not {wanted}"
            require(there == wanted, words)


def chance(context: Context) -> None:
    """All divisions of the people are equally likely, and calls are independent."""
    n, n_validation, n_test = 9, 2, 3
    person, rng = people(context.rng, n), context.generator()
    context.at(_asked(n, n_validation, n_test))
    call = Call(Name("split_people"), (person, n_validation, n_test, rng), parts=(True,) * 3)
    replies = context.worker.calls([call] * CALLS)
    context.worker.forget()
    parts = np.array([by_person(labelled(r.parts, person), person) for r in replies])
    shares = np.array([n - n_validation - n_test, n_validation, n_test]) / n
    counts = np.array([np.sum(parts == part, axis=0) for part in range(3)])
    words = "not all people are equally likely to come into each part: one comes into one in"
    seen = alarm(counts, CALLS, shares[:, None], unit="calls")
    require(not seen, f"{words} {seen}")
    first, second = np.triu_indices(n, 1)
    together = np.sum(parts[:, first] == parts[:, second], axis=0)
    pairs = float(np.sum(shares * (shares * n - 1) / (n - 1)))
    words = "some people come together more often, or less often, than by chance: two are in"
    seen = alarm(together, CALLS, pairs, unit="calls")
    require(not seen, f"{words} one part in {seen}")
    for later in (1, 2, 3, 4):
        which = "the call before" if later == 1 else f"the call {later} before"
        words = f"one call's parts depend on those of {which}: somebody is in the same part"
        for start in (0, later):  # no call is in two pairs
            count = (CALLS - start) // (2 * later)
            blocks = parts[start : start + count * 2 * later].reshape(count, 2 * later, n)
            same = np.sum(blocks[:, :later] == blocks[:, later:], axis=(0, 1))
            trials = len(blocks) * later
            seen = alarm(same, trials, float(np.sum(shares**2)), unit="pairs of calls")
            require(not seen, f"{words} in {seen}")
    many_people(context)


def many_people(context: Context) -> None:
    """Of 300 people, those with low numbers come into each part as often as all others.

    What is drawn without replacement varies less than the binomial of which `alarm` knows.
    """
    n, calls, groups = 300, 150, 4
    rng = context.generator()
    for n_validation, n_test in [(100, 100), (60, 140)]:
        person = context.rng.permutation(n) * 3 + 1
        context.at(_asked(n, n_validation, n_test))
        arguments = (person, n_validation, n_test, rng)
        call = Call(Name("split_people"), arguments, parts=(True,) * 3)
        replies = context.worker.calls([call] * (calls // 2))
        context.worker.forget()
        rng = context.generator()
        parts = np.array([by_person(labelled(r.parts, person), person) for r in replies])
        different = len(np.unique(parts, axis=0))
        words = f"{len(parts)} calls have {different} different divisions: two have the same"
        require(different == len(parts), words)
        blocks = parts.reshape(len(replies), groups, n // groups)
        counts = [np.sum(blocks == part, axis=(0, 2)) for part in range(3)]
        shares = np.array([n - n_validation - n_test, n_validation, n_test]) / n
        words = "some numbers come into a part more often than others: a quarter of the people"
        seen = alarm(counts, len(replies) * n // groups, shares[:, None], unit="cases")
        require(not seen, f"{words}, in the order of their numbers, come into one in {seen}")
        pairs = float(np.sum(shares * (shares * n - 1) / (n - 1)))
        for apart in (1, 2, n // 2, 0):
            other = np.roll(parts, apart, axis=1) if apart else parts[:, ::-1]
            words = "some people come together more often, or less often, than by chance"
            seen = alarm(np.sum(parts == other, axis=0), len(parts), pairs, unit="calls")
            require(not seen, f"{words}: two are in one part in {seen}")
    special_people(context)


def pattern(rng: np.random.Generator, n: int) -> Integers:
    """Return whose each row is: n people in blocks, sorted, in turn, or with a row each."""
    person = people(rng, n, most_rows=some_size(rng, 1, 30)) - int(rng.choice([1, 2500]))
    kind = int(rng.integers(5))
    if kind == 0:
        person = np.sort(person)[:: rng.choice([-1, 1])]
    elif kind == 1:
        person = np.unique(person)[:: rng.choice([-1, 1])]
    elif kind == 2:
        person = np.tile(rng.permutation(np.unique(person)), 3)
    elif kind == 3:
        person = np.repeat(rng.permutation(np.unique(person)), 2)
    return np.ascontiguousarray(person)


def special_people(context: Context) -> None:
    """Whoever is the first in some respect comes into each part as often as all others."""
    names = ["the lowest number", "the highest number", "the first row", "the last row"]
    names += ["the fewest rows", "the most rows", "the middle number"]
    rng = context.generator()
    many, any_number = (8, 40), (1, 25)
    for quarters, of in [
        ((1, 1), (1, 8)),
        ((1, 1), many),
        ((0, 2), many),
        ((2, 0), any_number),
    ]:
        shares = np.array([4 - sum(quarters), *quarters]) / 4
        context.at(
            f"of {4 * of[0]} to {4 * of[1]} people, with shares of {shares[1]} and {shares[2]}"
        )
        found, calls, given = [], [], []
        for _ in range(100):
            n = 4 * some_size(context.rng, *of)
            person = pattern(context.rng, n)
            sizes = n // 4 * quarters[0], n // 4 * quarters[1]
            given.append((n, person, sizes))
            arguments = (person, *sizes, rng)
            calls.append(Call(Name("split_people"), arguments, parts=(True,) * 3))
        replies = context.worker.calls(calls)
        for reply, (n, person, sizes) in zip(replies, given, strict=True):
            where = labelled(reply.parts, person)
            parts = by_person(where, person)
            there = int(np.sum(parts == 1)), int(np.sum(parts == 2))
            words = f"the two parts have {there[0]} and {there[1]} people, not those numbers"
            require(there == sizes, words)
            rows = np.unique(person, return_counts=True)[1]
            ends = [parts[0], parts[-1], where[0], where[-1]]
            found.append([*ends, parts[rows.argmin()], parts[rows.argmax()], parts[n // 2]])
        context.worker.forget()
        rng = context.generator()
        counts = np.array([np.sum(np.array(found) == part, axis=0) for part in range(3)])
        for name, count in zip(names, counts.T, strict=True):
            seen = alarm(count, len(found), shares, comparisons=21, unit="calls")
            words = f"not all people are equally likely to come into each part: who has {name}"
            require(not seen, f"{words} comes into one in {seen}")


def drawn(context: Context, numbers: Sequence[int], calls: int) -> Integers:
    """Return how often three people were divided in each way, one each in validation, test.

    The six ways are `WAYS`, for the people in the order of their numbers.
    """
    rows = context.rng.permutation([1, 2, 40 if calls > 100 else 3])
    person = context.rng.permutation(np.repeat(np.array(numbers, np.int64), rows))
    context.at(f"of the people {numbers}, with 1 for validation and 1 for the test")
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


def fair(seen: Integers, calls: int) -> None:
    """Raise `Wrong` unless all six divisions of three people are equally likely."""
    times = [seen[WAYS[:, who] == part].sum() for who in range(3) for part in range(3)]
    words = "some come into a part more often than others"
    found = alarm(times, calls, 1 / 3, unit="calls")
    require(not found, f"{words}: one comes into one in {found}")
    found = alarm(seen, calls, 1 / 6, unit="calls")
    require(not found, f"{words}: one of the 6 divisions is made in {found}")


def few_people(context: Context) -> None:
    """Of three people, all divisions are equally likely, whatever rows they have."""
    calls, total = 180, np.zeros(6, dtype=int)
    for numbers in [(3, 11, 700), (0, 1, 2), (0, 5, 9)] * 2:
        seen = drawn(context, numbers, calls)
        fair(seen, calls)
        total += seen
    context.at("of three people, with 1 for validation and 1 for the test")
    fair(total, 6 * calls)


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
        seen = drawn(context, numbers, 64)
        others = 64 - seen.sum()
        words = "in {} of 64 calls, not in 0, the two parts do not have one person each"
        require(others == 0, words.format(others))
        fair(seen, 64)


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
        _as_before(first, again, "the same generator gives other parts")
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
            _as_before(first, again, words)
    require(context.worker.call(state).value == before, CHANGED)
    same_again(context)


def same_again(context: Context) -> None:
    """For any sizes, the same generator gives the same parts, and goes on."""
    context.worker.probe(STIR)
    for numbers in [(40, 0, 6), (12, 4, 0), (70, 30, 30), (3, 1, 1), (200, 10, 1), (9, 8, 0)]:
        person, seed = pattern(context.rng, numbers[0]), context.seed()
        shared = context.keep(Rng(seed))
        first = split(context, person, *numbers[1:], Rng(seed))[1]
        context.worker.call(Call(Probe("stir"), [context.seed()]))
        state = context.worker.call(Call(Probe("global_state"))).value
        again = split(context, person, *numbers[1:], shared)[1]
        _as_before(first, again, "the same generator gives other parts")
        later = [split(context, person, *numbers[1:], shared)[1] for _ in range(14)]
        words = "of one generator, 15 calls have the same parts where they are independent"
        require(any(not np.array_equal(first, each) for each in later), words)
        earlier = remember(context, shared)
        first = split(context, person, *numbers[1:], shared)[1]
        set_back(context, shared, earlier)
        again = split(context, person, *numbers[1:], shared)[1]
        words = "a generator that is set back to an earlier state gives other parts than then"
        _as_before(first, again, words)
        there = context.worker.call(Call(Probe("global_state"))).value
        require(there == state, CHANGED)


def _as_before(first: Integers, again: Integers, words: str) -> None:
    """Raise `Wrong` unless all rows are in the parts in which they were before."""
    moved = int(np.sum(first != again))
    require(moved == 0, f"{words}: {moved} of {len(first)} rows change their part, not 0")


def edges(context: Context) -> None:
    """Empty parts, a single person to train on, one row a person."""
    for n, n_validation, n_test in [
        (7, 0, 3), (7, 3, 0), (7, 0, 0), (7, 3, 3), (2, 1, 0), (2, 0, 1), (1, 0, 0),
    ]:  # fmt: skip
        several = people(context.rng, n) if n > 1 else np.full(4, 17)
        for person in (several, np.arange(n) * 3 + 5):
            parts, _ = split(context, person, n_validation, n_test, Rng(context.seed()))
            there = int(np.sum(parts == 1)), int(np.sum(parts == 2))
            words = f"the two parts have {there[0]} and {there[1]} people, not those numbers"
            require(there == (n_validation, n_test), words)


def types(context: Context) -> None:
    """All parts are one-dimensional arrays of integers, empty ones too; person stays."""
    some: list[tuple[int, int, int]] = [(10, 2, 3), (10, 0, 3), (10, 2, 0), (10, 0, 0)]
    for n in [1, 2, 3, *(some_size(context.rng, 4, 150) for _ in range(24))]:
        n_validation = int(context.rng.integers(n))
        some.append((n, n_validation, int(context.rng.integers(n - n_validation))))
    for n, n_validation, n_test in some:
        person = pattern(context.rng, n) if n != 10 else people(context.rng, 10)
        arguments = (person, n_validation, n_test, Rng(context.seed()))
        context.at(_asked(n, n_validation, n_test))
        options: dict[str, Any] = {"echo": [0], "layouts": [(0, "strided")], "fresh": True}
        reply = context.call("split_people", *arguments, parts=(True,) * 3, **options)
        alike(reply.echo[0], person, "person was modified: afterwards person")
        for name, part in zip(NAMES, reply.parts, strict=True):
            good = is_array(part) and part.dtype.kind in "iu" and part.ndim == 1
            require(good, f"{name} is {brief(part)}, not a one-dimensional array of integers")
        parts = by_person(labelled(reply.parts, person), person)
        there = int(np.sum(parts == 1)), int(np.sum(parts == 2))
        words = f"the two parts have {there[0]} and {there[1]} people, not those numbers"
        require(there == (n_validation, n_test), words)
    reused, person = Reused(context), people(context.rng, 8)
    for _ in range(4):
        split(reused, person, 2, 3, Rng(context.seed()))
        person = context.rng.permutation(person) + int(context.rng.integers(9))
    sizes = {"n_validation": 2, "n_test": 3, "rng": Rng(1)}
    context.by_name("split_people", person=people(context.rng, 10), **sizes)


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
