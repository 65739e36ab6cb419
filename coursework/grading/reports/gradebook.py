"""Writes to nbgrader's gradebook: the only module that does, one learner at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from dropoutlab.atomic import write_atomically
from grading.judging.assignment import Assignment
from grading.judging.judge import Verdict

__all__ = ["Scores", "leave_notebook", "record"]


@dataclass(frozen=True)
class Scores:
    """The points of one learner as the gradebook has them.

    Attributes
    ----------
    points : dict
        By grade id of the graded cell; None where a person has not yet graded.
    penalty : float
        What is taken off for being late.
    comments : dict
        What a person wrote to an answer, by its grade id.
    again : list of str
        Grade ids to which a person gave points before the answer or its result changed.
    zero : bool
        The tests gave nothing, and no person has yet looked at it.
    """

    points: dict[str, float | None]
    penalty: float
    comments: dict[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    zero: bool = False

    @property
    def waiting(self) -> list[str]:
        """Grade ids of the answers that a person has yet to grade."""
        return [name for name, points in self.points.items() if points is None]

    @property
    def total(self) -> float:
        """The sum, not below zero."""
        return max(0.0, sum(p or 0.0 for p in self.points.values()) - self.penalty)


def record(
    gradebook: Gradebook,
    assignment: Assignment,
    student: str,
    answers: dict[str, str],
    verdict: Verdict,
    *,
    changed: bool,
    there: bool = True,
    late_share: float = 0.0,
) -> Scores:
    """Write a verdict, and return all points. Points that a person gave stay.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        The open gradebook.
    assignment : Assignment
        What is graded.
    student : str
        The learner's id.
    answers : dict
        The learner's answers, by grade id.
    verdict : Verdict
        What the judge said.
    changed : bool
        The file is another one than last time: answers that a person has graded need a look.
    there : bool
        Something was handed in: where the tests give nothing for it, it needs a look.
    late_share : float
        Share of the points that is lost by being late.
    """
    gradebook.update_or_create_student(student)
    submission = gradebook.update_or_create_submission(assignment.name, student)
    notebook = submission.notebooks[0]
    for grade in notebook.grades:
        _write_grade(grade, assignment, answers, verdict, changed)
    zero = there and _mark_zero(notebook.grades, assignment, verdict)
    for comment in notebook.comments:
        stub = assignment.stubs.get(comment.name, "").strip()
        empty = answers.get(comment.name, "").strip() in ("", stub)
        comment.auto_comment = "No response." if empty else None
    gradebook.db.flush()
    points = {g.name: _points(g) for g in notebook.grades}
    earned = sum(p or 0.0 for p in points.values())
    notebook.late_submission_penalty = round(late_share * earned, 2)
    gradebook.db.commit()
    comments = {c.name: c.manual_comment for c in notebook.comments if c.manual_comment}
    again = [
        g.name for g in notebook.grades if g.needs_manual_grade and g.manual_score is not None
    ]
    return Scores(points, notebook.late_submission_penalty, comments, again, zero)


def _mark_zero(grades: list[Any], assignment: Assignment, verdict: Verdict) -> bool:
    """Ask for a look where the tests gave nothing, until a person gives points to a test."""
    tests = [grade for grade in grades if grade.name not in assignment.by_hand]
    if verdict.points > 0 or any(grade.manual_score is not None for grade in tests):
        return False
    for grade in tests[:1]:
        grade.needs_manual_grade = True
    return bool(tests)


def _write_grade(
    grade: Any, assignment: Assignment, answers: dict[str, str], verdict: Verdict, changed: bool
) -> None:
    name = grade.name
    by_hand = grade.manual_score is not None
    if name in assignment.by_hand:
        stub = assignment.stubs[name].strip()
        empty = answers.get(name, "").strip() in ("", stub)
        grade.auto_score = 0.0 if empty else None
        if by_hand:
            grade.needs_manual_grade = grade.needs_manual_grade or changed
        else:
            grade.needs_manual_grade = not empty
        return
    result = verdict.tasks.get(name.removeprefix("test_"))
    score = result.points if result else 0.0
    differs = grade.auto_score is not None and abs(grade.auto_score - score) > 1e-9
    before = bool(grade.needs_manual_grade) and grade.auto_score is not None
    grade.needs_manual_grade = by_hand and (changed or differs or before)
    grade.auto_score = score


def _points(grade: Any) -> float | None:
    if grade.manual_score is None and grade.auto_score is None:
        return None
    base = grade.auto_score if grade.manual_score is None else grade.manual_score
    return float(base + (grade.extra_credit or 0.0))


def leave_notebook(root: Path, assignment: str, student: str, text: str) -> None:
    """Put the autograded notebook where nbgrader's tools look for it."""
    folder = root / "autograded" / student / assignment
    write_atomically(folder / f"{assignment}.ipynb", text.encode(errors="replace"))
