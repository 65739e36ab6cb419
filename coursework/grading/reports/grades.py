"""Grades for an LMS, feedback for learners, a summary for the instructor."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from dropoutlab.atomic import write_atomically
from grading.class_folder import ClassFolder
from grading.handin.collect import ABSENT
from grading.harmless import no_formula
from grading.judging.assignment import Assignment
from grading.judging.records import Record
from grading.reports.class_summary import summary_page
from grading.reports.feedback import feedback_page
from grading.reports.gradebook import Scores

__all__ = ["ZERO", "Report", "Row", "write"]

ZERO = "0 by the tests: to look at by hand"


@dataclass(frozen=True)
class Row:
    """A learner's record, points and days late."""

    record: Record
    scores: Scores
    days_late: float = 0.0


@dataclass(frozen=True)
class Report:
    """Where the results lie.

    Attributes
    ----------
    rows : list of Row
        One for every learner.
    grades, summary, feedback : Path
        The CSV, the page for the instructor, and the folder of pages for learners.
    """

    rows: list[Row]
    grades: Path
    summary: Path
    feedback: Path


def write(
    course: ClassFolder, assignment: Assignment, rows: list[Row], warnings: list[str]
) -> Report:
    """Write all three and say where."""
    folder = course.reports(assignment.name)
    report = Report(rows, folder / "grades.csv", folder / "summary.html", folder / "feedback")
    write_atomically(report.grades, grades_csv(assignment, rows).encode(errors="replace"))
    for row in rows:
        page = feedback_page(assignment, row.record, row.scores, row.days_late)
        write_atomically(
            report.feedback / f"{row.record.student}.html", page.encode(errors="replace")
        )
    records = [row.record for row in rows]
    page = summary_page(assignment, records, [row.scores for row in rows], warnings)
    write_atomically(report.summary, page.encode(errors="replace"))
    return report


def grades_csv(assignment: Assignment, rows: list[Row]) -> str:
    """Return one line a learner: id, name, total, every task, status, reason."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    cells = list(assignment.points)
    titles = [cell.removeprefix("test_") for cell in cells]
    most = sum(assignment.points.values())
    writer.writerow(
        ["id", "name", "points", "max", *titles, "late penalty", "status", "reason"]
    )
    for row in rows:
        points = [row.scores.points.get(cell) for cell in cells]
        shown = ["" if value is None else f"{value:g}" for value in points]
        line = [
            row.record.student,
            row.record.name,
            f"{row.scores.total:g}",
            f"{most:g}",
            *shown,
        ]
        line += [f"{row.scores.penalty:g}", status(row), reason(row.record)]
        writer.writerow([no_formula(value) for value in line])
    return out.getvalue()


def status(row: Row) -> str:
    """Return whether a learner's points are final, and if not, what is to be done."""
    if row.record.problem:
        open_ = row.scores.zero or row.record.problem == ABSENT
        return "no readable submission" if open_ else "graded"
    if row.scores.waiting:
        return "to grade by hand"
    if row.scores.zero:
        return ZERO
    return "to look at again by hand" if row.scores.again else "graded"


def reason(record: Record) -> str:
    """Return in one line why points are missing, and what was odd."""
    if record.problem:
        return "; ".join(dict.fromkeys([record.problem, *record.verdict.notes]))
    lost = [
        f"{cell}: {result.failed[0]}"
        for cell, result in record.verdict.tasks.items()
        if result.failed
    ]
    return "; ".join([*(lost or ["all tests passed"]), *record.verdict.notes])
