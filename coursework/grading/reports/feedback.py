"""The page that a learner gets: points, reasons and the own answers, but no hidden test."""

from __future__ import annotations

from html import escape

from grading.handin.collect import ABSENT, NO_NOTEBOOK
from grading.handin.roster import NOT_LISTED
from grading.judging.assignment import Assignment
from grading.judging.judge import TaskResult
from grading.judging.records import EARLIER, Record
from grading.reports.gradebook import Scores
from grading.reports.page_frame import page, table

__all__ = ["feedback_page"]

BROKEN = "Open your file in Jupyter, look at it, save it, and hand it in again."
OTHER_FILES = (
    "Hand in the notebook itself, whose name ends in .ipynb: no zip, no exported page."
)


def feedback_page(
    assignment: Assignment, record: Record, scores: Scores, days_late: float = 0.0
) -> str:
    """Return the page as HTML; all text of learners is escaped."""
    most = sum(assignment.points.values())
    body = [f"<p><strong>{scores.total:g} of {most:g} points</strong></p>"]
    if scores.waiting:
        names = ", ".join(assignment.titles[cell] for cell in scores.waiting)
        body.append(f"<p>Not yet graded, and not in this sum: {escape(names)}.</p>")
    if scores.penalty:
        body.append(f"<p>{days_late:g} days late: {scores.penalty:g} points are taken off.</p>")
    body += _about_the_file(record)
    for cell, most_of_cell in assignment.points.items():
        body.append(_task(assignment, record, scores, cell, most_of_cell))
    return page(f"{assignment.name}: {record.name}", "\n".join(body))


def _about_the_file(record: Record) -> list[str]:
    if record.problem == ABSENT:
        return ["<p>Nothing was handed in.</p>"]
    body = []
    if record.problem:
        body += [f"<p>Your submission could not be read: {escape(record.problem)}.</p>"]
        body += [f"<p>{OTHER_FILES if record.problem.startswith(NO_NOTEBOOK) else BROKEN}</p>"]
    notes = [n for n in record.verdict.notes if n not in (EARLIER, NOT_LISTED, record.problem)]
    if notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        body.append(f"<p>About the file:</p><ul>{items}</ul>")
    return body


def _task(
    assignment: Assignment, record: Record, scores: Scores, cell: str, most: float
) -> str:
    name = cell.removeprefix("test_")
    points = scores.points.get(cell)
    shown = "to be graded" if points is None else f"{points:g} of {most:g} points"
    parts = [f"<h2>{escape(assignment.titles[cell])}: {shown}</h2>"]
    answer = record.answers.get(name, "")
    untouched = answer.strip() == assignment.stubs[name].strip()
    if record.problem:
        return parts[0]
    result = record.verdict.tasks.get(name)
    if name in assignment.by_hand and not answer.strip():
        parts.append("<p>Not answered: the cell is empty, or no longer there.</p>")
    elif untouched:
        parts.append("<p>Not answered: the cell is as it was handed out.</p>")
    elif result is not None:
        parts.append(table(["", "what was tested", "points"], _rows(assignment, name, result)))
    comment = scores.comments.get(name) or scores.comments.get(cell)
    if comment:
        parts.append(f"<p>Comment: {escape(comment)}</p>")
    if answer and not untouched:
        parts.append(
            f"<details><summary>Your answer</summary><pre>{escape(answer)}</pre></details>"
        )
    return "\n".join(parts)


def _rows(assignment: Assignment, name: str, result: TaskResult) -> list[list[object]]:
    """Return every criterion with what came of it, in the order in which they are tested."""
    task = next(task for task in assignment.tasks.tasks if task.cell == name)
    total = sum(criterion.weight for criterion in task.criteria)
    rows: list[list[object]] = []
    failed = list(result.failed)
    untested: dict[str, float] = {}
    for criterion in task.criteria:
        worth = result.max_points * criterion.weight / total
        reason = next((f for f in failed if f.startswith(f"{criterion.title}: ")), None)
        if criterion.title in result.passed:
            rows.append(["holds", criterion.title, f"{worth:.3g} of {worth:.3g}"])
        elif reason is not None:
            failed.remove(reason)
            rows.append(["fails", reason, f"0 of {worth:.3g}"])
        else:
            untested[criterion.title] = worth
    whole: list[list[object]] = [["fails", reason, ""] for reason in failed]
    if untested:
        words = f"{'; '.join(untested)} (since what stands above failed)"
        rows.append(["not tested", words, f"0 of {sum(untested.values()):.3g}"])
    return whole + rows
