"""Grades for an LMS, feedback for learners, a summary for the instructor."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from dropoutlab.atomic import write_atomically
from grading.class_folder import ClassFolder
from grading.handin.collect import ABSENT
from grading.handin.naming import returned
from grading.harmless import no_formula
from grading.judging.assignment import Assignment
from grading.judging.records import Record
from grading.reports.class_summary import summary_page
from grading.reports.feedback import feedback_page
from grading.reports.gradebook import Scores
from grading.reports.lms import Final, LmsTable

__all__ = ["GRADED", "ZERO", "Report", "Row", "status", "write"]

GRADED = "graded"
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
    returned : Path
        The zip of the pages of all whose points are final, under the names that the LMS takes
        back.
    lms : Path or None
        The table of the LMS with the final points.
    says : list of str
        What came of filling that table in.
    """

    rows: list[Row]
    grades: Path
    summary: Path
    feedback: Path
    returned: Path
    lms: Path | None = None
    says: list[str] = field(default_factory=list)


def write(
    course: ClassFolder,
    assignment: Assignment,
    rows: list[Row],
    warnings: list[str],
    lms: LmsTable | None = None,
) -> Report:
    """Write all of them and say where."""
    folder = course.reports(assignment.name)
    pages = {
        row.record.student: feedback_page(assignment, row.record, row.scores, row.days_late)
        for row in rows
    }
    feedback = folder / "feedback"
    for student, page in pages.items():
        write_atomically(feedback / f"{student}.html", page.encode(errors="replace"))
    records = [row.record for row in rows]
    summary = summary_page(assignment, records, [row.scores for row in rows], warnings)
    texts = {
        folder / "grades.csv": grades_csv(assignment, rows),
        folder / "summary.html": summary,
    }
    says: list[str] = []
    if lms is not None:
        texts[folder / "lms.csv"], says = _filled(lms, assignment, rows)
    for path, text in texts.items():
        write_atomically(path, text.encode(errors="replace"))
    final = [row for row in rows if status(row) == GRADED]
    write_atomically(folder / "feedback.zip", feedback_zip(assignment, final, pages))
    return Report(
        rows,
        folder / "grades.csv",
        folder / "summary.html",
        feedback,
        folder / "feedback.zip",
        folder / "lms.csv" if lms is not None else None,
        says,
    )


def feedback_zip(assignment: Assignment, rows: list[Row], pages: dict[str, str]) -> bytes:
    """Return a zip of learners' pages, under the names of what they handed in."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rows:
            page = f"{assignment.name}.html"
            name = returned(Path(row.record.file), page) or f"{row.record.student}.html"
            archive.writestr(name, pages[row.record.student].encode(errors="replace"))
    return out.getvalue()


def _filled(lms: LmsTable, assignment: Assignment, rows: list[Row]) -> tuple[str, list[str]]:
    """Return the table of the LMS with the points that are final, and what to say of it."""
    most = sum(assignment.points.values())
    finals = []
    for row in rows:
        if status(row) == GRADED:
            called, number = row.record.owner or ("", "")
            share = row.scores.total / most
            finals.append(Final(row.record.student, row.record.name, called, number, share))
    done = lms.fill(finals)
    says = [f"{len(done.filled)} of {len(done.filled) + done.kept} lines filled in"]
    if len(finals) < len(rows):
        says.append(f"{len(rows) - len(finals)} of {len(rows)} learners without final points")
    if done.lost:
        says.append(
            f"no line, or no single one, for {', '.join(done.lost)}: enter these by hand"
        )
    for other in sorted(lms.scales(most)):
        says.append(f"{lms.platform} has {other:g} points where there are {most:g}: scaled")
    return done.text, says


def grades_csv(assignment: Assignment, rows: list[Row]) -> str:
    """Return one line a learner: id, name, points, every task, status, reason.

    A sum that is not final stands under *so far*, and no import takes it for the points.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    cells = list(assignment.points)
    titles = [cell.removeprefix("test_") for cell in cells]
    most = sum(assignment.points.values())
    writer.writerow(
        ["id", "name", "points", "so far", "max", *titles, "late penalty", "status", "reason"]
    )
    for row in rows:
        points = [row.scores.points.get(cell) for cell in cells]
        shown = ["" if value is None else f"{value:g}" for value in points]
        line = [
            row.record.student,
            row.record.name,
            f"{row.scores.total:g}" if status(row) == GRADED else "",
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
        return "no readable submission" if open_ else GRADED
    if row.scores.waiting:
        return "to grade by hand"
    if row.scores.zero:
        return ZERO
    return "to look at again by hand" if row.scores.again else GRADED


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
