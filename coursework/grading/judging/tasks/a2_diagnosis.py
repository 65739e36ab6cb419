"""Judges ``diagnosis``, which names the bug of each suspect; their order is the class's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.harmless import one_line
from grading.judging.task import Context, Criterion, Task, require
from grading.judging.words import brief
from grading.running.calls import Call, Name

__all__ = ["BUGS", "DIAGNOSIS", "culprits"]

# In the order of `make_suspect` in the notebook, which a test compares.
BUGS = (
    "none",
    "no rescaling",
    "keep and drop confused",
    "one mask for the batch",
    "the same mask in every call",
    "fresh mask in backward",
    "factor missing in backward",
)
LETTERS = "ABCDEFG"


def culprits(class_seed: int) -> dict[str, str]:
    """Return the bug of each suspect, for the seed of a class.

    Examples
    --------
    >>> sorted(culprits(1)) == list("ABCDEFG")
    True
    """
    order = np.random.default_rng(class_seed).permutation(len(BUGS))
    return {letter: BUGS[index] for letter, index in zip(LETTERS, order, strict=True)}


def answered(context: Context) -> dict[str, Any]:
    """Return the learner's dictionary."""
    value = context.worker.call(Call(Name("diagnosis"), call=False)).value
    require(isinstance(value, dict), f"diagnosis is {brief(value)} and not a dictionary")
    return {str(key): item for key, item in value.items()}


def complete(context: Context) -> None:
    """Every letter has a bug, and no bug has two letters."""
    given = answered(context)
    found = one_line(", ".join(sorted(given)), 40)
    require(sorted(given) == list(LETTERS), f"diagnosis has the letters {found}, not A to G")
    names = [str(name) for name in given.values()]
    for bug in BUGS:
        words = f"{bug!r} stands {names.count(bug)} times in diagnosis, where each of the seven"
        require(names.count(bug) == 1, f"{words} names is expected once")


def _found(letter: str) -> Any:
    def check(context: Context) -> None:
        said = answered(context).get(letter)
        right = culprits(context.class_seed)[letter] == said
        words = f"you say {brief(said)}, and the suspect has another bug, or none"
        require(right, "you say 'none', and the suspect has a bug" if said == "none" else words)

    return check


DIAGNOSIS = Task(
    "diagnosis",
    [
        Criterion(0, "seven names for seven suspects", complete),
        *(Criterion(1, f"suspect {letter}", _found(letter)) for letter in LETTERS),
    ],
)
