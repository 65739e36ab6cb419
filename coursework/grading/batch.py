"""Grades a class: workers side by side, one writer, and nothing lost when it is killed."""

from __future__ import annotations

import hashlib
import queue
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from grading.class_folder import ClassFolder
from grading.handin.collect import ABSENT, Handed, collect
from grading.handin.roster import identify, read_late, read_roster
from grading.handin.submission import Submission, Unreadable, read_submission
from grading.judging.assignment import Assignment, as_json
from grading.judging.judge import TaskResult, Verdict, judge
from grading.judging.records import EARLIER, Record, Store, key_of
from grading.judging.session import Conditions
from grading.nbgrader_tools import open_gradebook
from grading.release import release
from grading.reports import gradebook, grades
from grading.reports.autograded import autograded_notebook
from grading.running.sandbox import SandboxMissing, check

__all__ = ["Batch", "grade"]

OF_JUDGING = ("running the cell", "judging")  # how notes begin that are not about the file


@dataclass(frozen=True)
class Batch:
    """What to grade and how.

    Attributes
    ----------
    course : ClassFolder
        Of whom.
    name : str
        The assignment.
    source : Path
        A folder or a zip of submissions.
    workers : int
        How many at a time.
    sandboxed : bool
        Whether bubblewrap confines learners' code.
    """

    course: ClassFolder
    name: str
    source: Path
    workers: int = 2
    sandboxed: bool = True


def grade(batch: Batch, say: Callable[[str], None] = print) -> grades.Report:
    """Grade all submissions and write grades, feedback and a summary.

    What was judged before, with the same file, tests and settings, is not judged again. Who
    hands in nothing this time keeps the submission that was graded before.

    Returns
    -------
    grades.Report
        The rows of ``grades.csv`` and where everything lies.

    Raises
    ------
    SandboxMissing
        Learners' code cannot be confined as was asked.
    ValueError
        The roster, the settings or the submissions cannot be understood.
    """
    check(batch.sandboxed)
    course = batch.course
    assignment, released = release(course, batch.name)
    roster = read_roster(course.root / "roster.csv")
    late = read_late(course.root / "late.csv", batch.name)
    unpacked = course.root / "unpacked" / batch.name
    handed = collect(batch.source, batch.name, roster, unpacked)
    store = Store(course.results(batch.name))
    handed = _with_earlier(handed, store, roster)
    records: list[Record] = []
    for number, (learner, record) in enumerate(_judged(batch, assignment, handed, store), 1):
        reached = f"{record.verdict.points:g}"
        say(f"{number}/{len(handed)}  {learner.student}: {reached} points from tests")
        records.append(record)
    for student in late.keys() - {record.student for record in records}:
        say(f"late.csv: there is no {student} in this class")
    rows = []
    with open_gradebook(course.database) as book:
        for record in sorted(records, key=lambda record: record.student):
            rows.append(_write(course, book, assignment, released, record, late, store))
    return grades.write(course, assignment, rows)


def _with_earlier(
    handed: list[Handed], store: Store, roster: dict[str, dict[str, str]]
) -> list[Handed]:
    """Add the learners who handed in before and are not there this time."""
    there = {learner.student for learner in handed}
    for record in store.everyone().values():
        # Who has since come onto the roster has another id now.
        same = identify(record.name, roster)[0] == record.student or any(
            entry["id"] == record.student for entry in roster.values()
        )
        if record.student not in there and same:
            handed.append(Handed(record.student, record.name, None, [ABSENT]))
    return sorted(handed, key=lambda learner: learner.student)


def _judged(
    batch: Batch, assignment: Assignment, handed: list[Handed], store: Store
) -> Iterator[tuple[Handed, Record]]:
    """Yield every learner with a record, as they come; each is kept at once."""
    slots: queue.SimpleQueue[int] = queue.SimpleQueue()
    for slot in range(batch.workers):
        slots.put(slot)

    def one(learner: Handed) -> Record:
        slot = slots.get()
        try:
            conditions = Conditions(batch.course.limits, slot, batch.sandboxed)
            return _one(batch, assignment, learner, conditions, store)
        finally:
            slots.put(slot)

    with ThreadPoolExecutor(batch.workers) as pool:
        futures = {pool.submit(one, learner): learner for learner in handed}
        try:
            for future in as_completed(futures):
                record = future.result()
                store.write(record)
                yield futures[future], record
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _one(
    batch: Batch, assignment: Assignment, learner: Handed, conditions: Conditions, store: Store
) -> Record:
    before = store.read(learner.student)
    problem, submission = "", Submission({})
    try:
        if learner.path is not None:
            submission = _read(learner, assignment, before)
        elif before is not None and before.file:
            learner = _earlier(learner, before)
            if before.problem:
                raise Unreadable(before.problem)
            submission = Submission(before.answers, digest=before.digest)
        else:
            raise Unreadable(learner.notes[-1])
    except Unreadable as error:
        problem = str(error)
        submission.digest = hashlib.sha256(problem.encode()).hexdigest()
    digest = submission.digest
    key = key_of(batch.course, assignment, digest, batch.sandboxed)
    file = str(learner.path or "")
    if before is not None and before.key == key:
        notes = submission.notes + [n for n in learner.notes if n not in submission.notes]
        kept = [n for n in before.verdict.notes if n.startswith(OF_JUDGING)]
        verdict = replace(before.verdict, notes=notes + kept)
        return replace(before, name=learner.name, file=file, verdict=verdict)
    verdict = _verdict(batch, assignment, submission, conditions, problem)
    verdict.notes = learner.notes + [n for n in verdict.notes if n not in learner.notes]
    recorded = before.recorded if before is not None else ""
    return Record(
        key,
        learner.student,
        learner.name,
        file,
        digest,
        submission.answers,
        verdict,
        problem,
        recorded,
    )


def _read(learner: Handed, assignment: Assignment, before: Record | None) -> Submission:
    """Read what was handed in; where it cannot be read, take what could be read before."""
    assert learner.path is not None
    try:
        return read_submission(learner.path, assignment.stubs, assignment.class_seed)
    except Unreadable as error:
        if before is None or before.problem or not before.file:
            raise
        note = f"the file of this time is not graded, but the one before: {error}"
        return Submission(before.answers, [note], before.digest)


def _earlier(learner: Handed, before: Record) -> Handed:
    """Return a learner as of before, with the notes on the file."""
    notes = [n for n in before.verdict.notes if not n.startswith(OF_JUDGING) and n != EARLIER]
    new = [n for n in learner.notes if n not in (ABSENT, *notes)]
    return replace(learner, path=Path(before.file), notes=[*notes, *new, EARLIER])


def _verdict(
    batch: Batch,
    assignment: Assignment,
    submission: Submission,
    conditions: Conditions,
    problem: str,
) -> Verdict:
    if problem:
        return _nothing(assignment, problem)
    try:
        return judge(assignment, submission, conditions, batch.course.secret)
    except SandboxMissing:
        raise
    except Exception as error:  # an error of ours must not cost the others their grades
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        words = f"judging failed ({type(error).__name__} in {place})"
        return _nothing(assignment, f"{words}; grade this one by hand", note=words)


def _nothing(assignment: Assignment, why: str, note: str = "") -> Verdict:
    tasks = {
        task.cell: TaskResult(0.0, assignment.max_of(task), failed=[why])
        for task in assignment.tasks.tasks
    }
    return Verdict(tasks, [note] if note else [])


def _write(
    course: ClassFolder,
    book: Gradebook,
    assignment: Assignment,
    released: Any,
    record: Record,
    late: dict[str, float],
    store: Store,
) -> grades.Row:
    days = late.get(record.student, 0.0)
    scores = gradebook.record(
        book,
        assignment,
        record.student,
        record.answers,
        record.verdict,
        changed=record.recorded not in ("", record.digest),
        late_share=course.late_share(days),
    )
    notebook = autograded_notebook(released, assignment, record.answers, record.verdict)
    gradebook.leave_notebook(course.root, assignment.name, record.student, as_json(notebook))
    if record.recorded != record.digest:
        record.recorded = record.digest
        store.write(record)
    return grades.Row(record, scores, days)
