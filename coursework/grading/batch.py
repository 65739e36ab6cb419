"""Grades a class: workers side by side, one writer, and nothing lost when it is killed."""

from __future__ import annotations

import hashlib
import queue
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from grading.class_folder import ClassFolder
from grading.handin.collect import ABSENT, Handed, collect
from grading.handin.confusions import confusions
from grading.handin.naming import Owned, own_name
from grading.handin.roster import Roster, read_late, read_roster
from grading.handin.submission import Submission, Unreadable, read_first
from grading.judging.assignment import Assignment, as_json
from grading.judging.judge import TaskResult, Verdict, judge
from grading.judging.records import EARLIER, NOT_THIS, Record, Store, key_of
from grading.judging.session import Conditions
from grading.nbgrader_tools import open_gradebook
from grading.release import release
from grading.reports import gradebook, grades
from grading.reports.autograded import autograded_notebook
from grading.reports.lms import read_lms
from grading.running.sandbox import SandboxMissing, check

__all__ = ["Batch", "grade"]

GONE = (
    "gradebook.db was gone, and with it all points and comments that were given by hand; put a "
    "copy of it back and grade again, or give them anew"
)
RECENT = 20  # submissions, from which the time that is left is told
LEAST = 2  # minutes that are worth a word
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
    lms : Path or None
        The table of grades that the LMS exported, to be filled in.
    """

    course: ClassFolder
    name: str
    source: Path
    workers: int = 2
    sandboxed: bool = True
    lms: Path | None = None


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
        The roster, the settings, the table of the LMS or the submissions cannot be understood.
    """
    check(batch.sandboxed)
    course = batch.course
    gone = not course.gradebook.exists()
    assignment, released = release(course, batch.name)
    most = sum(assignment.points.values())
    lms = read_lms(batch.lms, batch.name, most) if batch.lms is not None else None
    roster = read_roster(course.root / "roster.csv")
    late = read_late(course.root / "late.csv", batch.name)
    unpacked = course.root / "unpacked" / batch.name
    handed = collect(batch.source, batch.name, roster, unpacked)
    store = Store(course.results(batch.name))
    earlier = store.everyone()
    handed = _with_earlier(handed, earlier, roster)
    records: list[Record] = []
    times = deque([time.monotonic()], RECENT)
    for number, (learner, record) in enumerate(_judged(batch, assignment, handed, store), 1):
        reached = f"{record.verdict.points:g}"
        times.append(time.monotonic())
        left = _minutes_left(times, len(handed) - number)
        said = f"{number}/{len(handed)}  {learner.student}: {reached} points from tests"
        say(f"{said}{left}")
        records.append(record)
    rows = []
    with open_gradebook(course.database) as book:
        for record in sorted(records, key=lambda record: record.student):
            rows.append(_write(course, book, assignment, released, record, late, store))
    warnings = confusions(handed, earlier.keys(), roster)
    if gone and any(record.recorded for record in earlier.values()):
        warnings.append(GONE)
    warnings += [
        f"late.csv: there is no {student} in this class"
        for student in sorted(late.keys() - {record.student for record in records})
    ]
    for words in warnings:
        say(f"LOOK AT THIS: {words}")
    return grades.write(course, assignment, rows, warnings, lms)


def _minutes_left(times: Sequence[float], rest: int) -> str:
    """Return how long the rest will take, by when the last were done; less than 2, nothing.

    Examples
    --------
    >>> _minutes_left([0.0, 3.0, 6.0], 100)
    ' (about 5 minutes left)'
    """
    minutes = rest * (times[-1] - times[0]) / (len(times) - 1) / 60
    return f" (about {minutes:.0f} minutes left)" if minutes >= LEAST else ""


def _with_earlier(
    handed: list[Handed], earlier: dict[str, Record], roster: Roster
) -> list[Handed]:
    """Add the learners who handed in before and are not there this time."""
    there = {learner.student for learner in handed}
    for learner in handed:
        _refuse_namesake(learner, earlier.get(learner.student))
    ids = {entry.id for entry in roster.entries}
    for record in earlier.values():
        # Who has since come onto the roster has another id now.
        owner = Owned(record.owner[0], record.owner[1]) if record.owner else Owned(record.name)
        same = record.student in ids | {roster.identify(owner, owner.who)[0]}
        if record.student not in there and same:
            handed.append(Handed(record.student, record.name, [], [ABSENT]))
    return sorted(handed, key=lambda learner: learner.student)


def _refuse_namesake(learner: Handed, before: Record | None) -> None:
    """Raise ValueError where a name that two learners have would replace one by the other."""
    if before is None or not before.owner or learner.owner is None:
        return
    owner = Owned(before.owner[0], before.owner[1])
    if learner.by_name and owner.number and owner.number != learner.owner.number:
        raise ValueError(
            f"{learner.owner.key!r} has the name of {owner.key!r}, who handed in before. If "
            "they are two, give each a line in roster.csv, with the number as its folder; if "
            f"they are one, add a line there for {learner.student} with the folder "
            f"{learner.owner.number}"
        )


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
        if learner.paths:
            submission = _read(learner, assignment, before)
        elif before is not None and _counts(before, learner):
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
    file = str(learner.paths[0]) if learner.paths else ""
    whose = [learner.owner.who, learner.owner.number] if learner.owner else []
    whose = whose or (before.owner if before is not None else [])
    if before is not None and before.key == key:
        notes = submission.notes + [n for n in learner.notes if n not in submission.notes]
        kept = [n for n in before.verdict.notes if n.startswith(OF_JUDGING)]
        verdict = replace(before.verdict, notes=notes + kept)
        return replace(before, name=learner.name, file=file, owner=whose, verdict=verdict)
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
        whose,
    )


def _read(learner: Handed, assignment: Assignment, before: Record | None) -> Submission:
    """Read what was handed in; where it cannot be read, take what could be read before."""
    try:
        path, submission = read_first(learner.paths, assignment.form)
        learner.paths.insert(0, path)
        if own_name(path.name) != f"{assignment.name}.ipynb":
            submission.notes.append(f"the file is called {own_name(path.name)}")
        return submission
    except Unreadable as error:
        if before is None or before.problem or not before.file:
            raise
        note = f"{NOT_THIS}: {error}"
        return Submission(before.answers, [note], before.digest)


def _is_absent(learner: Handed) -> bool:
    return ABSENT in learner.notes


def _counts(before: Record, learner: Handed) -> bool:
    """Whether what came before counts for who hands in no notebook this time."""
    return bool(before.file) or (_is_absent(learner) and before.problem != ABSENT)


def _earlier(learner: Handed, before: Record) -> Handed:
    """Return a learner as of before, with the notes on the file."""
    of_then = (*OF_JUDGING, NOT_THIS, EARLIER, ABSENT)
    notes = [n for n in before.verdict.notes if not n.startswith(of_then)]
    *new, last = learner.notes
    new = [n for n in new if n not in notes]
    now = EARLIER if _is_absent(learner) else f"{NOT_THIS}: {last}"
    paths = [Path(before.file)] if before.file else []
    return replace(learner, paths=paths, notes=[*notes, *new, now])


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
        there=record.problem != ABSENT,
        late_share=course.late_share(days),
    )
    notebook = autograded_notebook(released, assignment, record.answers, record.verdict)
    gradebook.leave_notebook(course.root, assignment.name, record.student, as_json(notebook))
    if record.recorded != record.digest:
        record.recorded = record.digest
        store.write(record)
    return grades.Row(record, scores, days)
