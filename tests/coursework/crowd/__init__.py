"""Everybody who hands in: right answers in many styles, and wrong ones, each wrong in one way."""

from dataclasses import dataclass

from crowd import (
    a1_right,
    a1_subtle_wrong,
    a1_wrong,
    a2_backward_wrong,
    a2_forward_wrong,
    a2_other_wrong,
    a2_rare_wrong,
    a2_right,
    a2_subtle_wrong,
    a3_remembering_wrong,
    a3_right,
    a3_subtle_wrong,
    a3_wrong,
    a4_rare_wrong,
    a4_right,
    a4_subtle_wrong,
    a4_wrong,
)
from crowd import elsewhere_wrong as elsewhere

__all__ = ["CROWDS", "Case", "together"]


@dataclass(frozen=True)
class Case:
    """What somebody hands in beside right answers, and the tasks in which it must lose."""

    name: str
    cells: dict[str, str]
    tasks: frozenset[str]


def _case(attempt):
    tasks = frozenset({attempt.cell, *attempt.also})
    return Case(f"{attempt.cell}: {attempt.name}", {attempt.cell: attempt.source}, tasks)


def _pair(name, forward, backward):
    cells = {"dropout_forward": forward, "dropout_backward": backward}
    return Case(f"pair: {name}", cells, frozenset({"dropout_backward"}))


def _subtle(name, cells):
    return Case(name, cells, frozenset(name.split(": ")[1].split(", ")))


A2_WRONG = [
    *a2_forward_wrong.WRONG,
    *a2_backward_wrong.WRONG,
    *a2_other_wrong.WRONG,
    *a2_rare_wrong.WRONG,
    *elsewhere.A2,
]
SUBTLE = a2_subtle_wrong.SUBTLE | elsewhere.CALLERS | a2_rare_wrong.PAIRS
# {assignment: (right answers by name, wrong cases)}
CROWDS = {
    "A1": (
        a1_right.RIGHT,
        [_case(a) for a in [*a1_wrong.WRONG, *elsewhere.A1, *a1_subtle_wrong.WRONG]],
    ),
    "A2": (
        a2_right.RIGHT,
        [_case(a) for a in A2_WRONG]
        + [_pair(*pair) for pair in a2_backward_wrong.PAIRS]
        + [_subtle(*item) for item in SUBTLE.items()],
    ),
    "A3": (
        a3_right.RIGHT,
        [
            _case(a)
            for a in [
                *a3_wrong.WRONG,
                *elsewhere.A3,
                *a3_subtle_wrong.WRONG,
                *a3_remembering_wrong.WRONG,
            ]
        ],
    ),
    "A4": (
        a4_right.RIGHT,
        [
            _case(a)
            for a in [
                *a4_wrong.WRONG,
                *elsewhere.A4,
                *a4_subtle_wrong.WRONG,
                *a4_rare_wrong.WRONG,
            ]
        ],
    ),
}


def together(cases, order):
    """Return groups of cases that one learner can hand in without their errors meeting.

    A group leaves every other task right, so that an error that spills over still shows.

    Parameters
    ----------
    cases : list of Case
        What is to be handed in.
    order : list of str
        The tasks of the assignment.
    """
    places = {task: number for number, task in enumerate(order)}
    groups = []
    for case in cases:
        touched = {places[task] for task in case.tasks | case.cells.keys()}
        for group, taken in groups:
            near = {place + step for place in taken for step in (-1, 0, 1)}
            if not touched & near:
                group.append(case)
                taken |= touched
                break
        else:
            groups.append(([case], touched))
    return [group for group, _ in groups]
