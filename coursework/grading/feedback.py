"""The page that a learner gets: points, reasons and the own answers, but no hidden test."""

from __future__ import annotations

from html import escape

from grading.assignment import Assignment
from grading.gradebook import Scores
from grading.pages import page, table
from grading.store import Record

__all__ = ["feedback_page"]


def feedback_page(
    assignment: Assignment, record: Record, scores: Scores, days_late: float = 0.0
) -> str:
    """Return the page as HTML; all text of learners is escaped."""
    most = sum(assignment.points.values())
    waiting = [cell for cell, points in scores.points.items() if points is None]
    body = [f"<p><strong>{scores.total:g} of {most:g} points</strong></p>"]
    if waiting:
        names = ", ".join(waiting)
        body.append(f"<p>Not yet graded, and not in this sum: {escape(names)}.</p>")
    if scores.penalty:
        body.append(f"<p>{days_late:g} days late: {scores.penalty:g} points are taken off.</p>")
    if record.problem:
        body.append(f"<p>Your submission could not be read: {escape(record.problem)}.</p>")
    if record.verdict.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in record.verdict.notes)
        body.append(f"<p>About the file:</p><ul>{notes}</ul>")
    for cell, most_of_cell in assignment.points.items():
        body.append(_task(record, scores, cell, most_of_cell))
    return page(f"{assignment.name}: {record.name}", "\n".join(body))


def _task(record: Record, scores: Scores, cell: str, most: float) -> str:
    name = cell.removeprefix("test_")
    points = scores.points.get(cell)
    shown = "to be graded" if points is None else f"{points:g} of {most:g} points"
    parts = [f"<h2>{escape(name)}: {shown}</h2>"]
    result = record.verdict.tasks.get(name)
    if result is not None and not record.problem:
        rows: list[list[object]] = [["holds", words] for words in result.passed]
        rows += [["fails", words] for words in result.failed]
        parts.append(table(["", "what was tested"], rows))
    comment = scores.comments.get(name) or scores.comments.get(cell)
    if comment:
        parts.append(f"<p>Comment: {escape(comment)}</p>")
    answer = record.answers.get(name, "")
    if answer:
        parts.append(
            f"<details><summary>Your answer</summary><pre>{escape(answer)}</pre></details>"
        )
    return "\n".join(parts)
