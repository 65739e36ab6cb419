"""Notices learners who are perhaps there under two names."""

from __future__ import annotations

from collections.abc import Set
from difflib import SequenceMatcher

from grading.handin.collect import ABSENT, Handed
from grading.handin.naming import normal
from grading.handin.roster import NOT_LISTED, Roster

__all__ = ["confusions"]

ALIKE = 0.75  # of two names, the share of letters that they have in common, in order
ANONYMOUS = "anon_"


def confusions(handed: list[Handed], earlier: Set[str], roster: Roster) -> list[str]:
    """Return sentences on learners who came under a name that is not known, while others miss.

    Parameters
    ----------
    handed : list of Handed
        Everybody of this time, with those who are not there.
    earlier : set of str
        The ids of who was graded before.
    roster : Roster
        The list of the class; empty if there is none.
    """
    absent = [learner for learner in handed if ABSENT in learner.notes]
    if roster:
        strangers = [learner for learner in handed if NOT_LISTED in learner.notes]
        absent = [learner for learner in absent if learner.student not in earlier]
        if not strangers or not absent:
            return []
        return [
            f"{_many(strangers)} not on the roster and handed in ({_names(strangers)}); "
            f"{_many(absent)} on the roster and handed in nothing ({_names(absent)}). "
            "These are nearly always the same people under two names. "
            f"{_pairs(strangers, absent)}Write what the download calls them into the column "
            "folder of roster.csv, and grade again"
        ]
    new = [h for h in handed if ABSENT not in h.notes and h.student not in earlier]
    if not new or not absent:
        return []
    pairs = _pairs(new, absent)
    hidden = {h.name.startswith(ANONYMOUS) for h in new}
    hidden_before = {h.name.startswith(ANONYMOUS) for h in absent}
    if pairs or (hidden != hidden_before and True in hidden | hidden_before):
        return [
            f"{_many(new)} new in this download ({_names(new)}), and {_many(absent)} "
            f"not in it who handed in before ({_names(absent)}). If some are the same people "
            f"under two names, which cannot be told, each has two lines in grades.csv. {pairs}"
            "A roster.csv that names both ways of writing makes them one"
        ]
    return []


def _many(learners: list[Handed]) -> str:
    return "one learner is" if len(learners) == 1 else f"{len(learners)} learners are"


def _names(learners: list[Handed]) -> str:
    shown = [learner.name for learner in learners[:8]]
    return ", ".join(shown) + (", …" if len(learners) > 8 else "")


def _pairs(some: list[Handed], others: list[Handed]) -> str:
    """Return who could be whom, by how much the names have in common."""
    found = []
    for learner in some[:200]:

        def alike(other: Handed, name: str = learner.name) -> float:
            first, second = (" ".join(sorted(normal(n).split())) for n in (name, other.name))
            return SequenceMatcher(None, first, second).ratio()

        best = max(others[:200], key=alike)
        if alike(best) >= ALIKE:
            found.append(f"{learner.name} could be {best.name}")
    return f"{'; '.join(found[:8])}. " if found else ""
