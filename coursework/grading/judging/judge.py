"""Decides: every task gets its points and a reason, whatever the learner's code does."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from grading.handin.submission import Submission
from grading.judging.assignment import Assignment
from grading.judging.session import Conditions, Session, failure_in_words
from grading.judging.task import Context, Task, Wrong
from grading.running.remote import LearnerError, WorkerLost

__all__ = ["TaskResult", "Verdict", "judge"]

SELF_CHECK = "the self-check below the answer"
UNANSWERED = "not answered: the cell is as it was handed out"
MISSING = "the answer cell is missing from the notebook"


@dataclass
class TaskResult:
    """The points of a task.

    Attributes
    ----------
    points, max_points : float
        What was reached, and what could be.
    passed, failed : list of str
        Titles of the criteria that hold; of those that do not, with the reason.
    """

    points: float
    max_points: float
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass
class Verdict:
    """All that was decided about a submission.

    Attributes
    ----------
    tasks : dict
        `TaskResult` by grade id of the answer cell.
    notes : list of str
        What is worth knowing about the file and the run.
    seconds : float
        Wall clock.
    """

    tasks: dict[str, TaskResult]
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def points(self) -> float:
        """The sum over all autograded tasks."""
        return sum(result.points for result in self.tasks.values())

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def judge(
    assignment: Assignment, submission: Submission, conditions: Conditions, secret: str = ""
) -> Verdict:
    """Judge one submission.

    Parameters
    ----------
    assignment : Assignment
        What is graded.
    submission : Submission
        The answers.
    conditions : Conditions
        How workers run.
    secret : str
        Known to the instructor alone. Together with the file it decides the random inputs:
        fresh for every submission, and the same when it is graded again.

    Returns
    -------
    Verdict
        Points for every task, with reasons.
    """
    started = time.monotonic()
    verdict = Verdict({}, list(submission.notes))
    session = Session(assignment, submission.answers, conditions)
    try:
        for task in assignment.tasks.tasks:
            rng = _generator(secret, submission.digest, assignment.name, task.cell)
            result = verdict.tasks[task.cell] = _judge_task(session, task, rng)
            shaky = any(verdict.tasks[cell].failed for cell in task.through)
            if result.passed and not result.failed and not shaky:
                _see_self_check(session, task, result)
            result.points = round(result.points, 2)
    finally:
        session.close()
    for cell, why in session.deadly.items():
        verdict.notes.append(f"running the cell {cell} ended the worker: {why}")
    verdict.seconds = round(time.monotonic() - started, 3)
    return verdict


def _generator(*parts: str) -> np.random.Generator:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return np.random.default_rng(list(digest))


def _judge_task(session: Session, task: Task, rng: np.random.Generator) -> TaskResult:
    assignment = session.assignment
    most = assignment.max_of(task)
    answer = session.answers.get(task.cell)
    if answer is None:
        return TaskResult(0.0, most, failed=[MISSING])
    if answer.strip() == assignment.stubs[task.cell].strip():
        return TaskResult(0.0, most, failed=[UNANSWERED])
    try:
        session.prepare(task)
    except (Wrong, WorkerLost) as reason:
        return TaskResult(0.0, most, failed=[session.explained(str(reason), task)])
    return _score(session, task, rng, most)


def _score(session: Session, task: Task, rng: np.random.Generator, most: float) -> TaskResult:
    result = TaskResult(0.0, most)
    total = sum(criterion.weight for criterion in task.criteria)
    for number, criterion in enumerate(task.criteria):
        fault, context = None, None
        try:
            worker = session.prepare(task)
            context = Context(worker, rng, session.assignment.class_seed)
            criterion.check(context)
        except (Wrong, LearnerError, WorkerLost) as reason:
            fault = context.reason(reason) if context else str(reason)
            fault = session.explained(fault, task)
        if fault is None:
            result.points += most * criterion.weight / total
            result.passed.append(criterion.title)
            continue
        result.failed.append(f"{criterion.title}: {fault}")
        if not session.alive or number == 0:
            result.points = result.points if number else 0.0
            break
    return result


def _see_self_check(session: Session, task: Task, result: TaskResult) -> None:
    """Take off the least criterion where everything holds but what the notebook shows."""
    # First beside the learner's other answers, as in the notebook; then, in a new worker that
    # has seen none of them, beside right ones.
    others = tuple(each.cell for each in session.assignment.tasks.tasks if each != task)
    for given in ((), others):
        if given:
            session.close()
        try:
            worker = session.prepare(replace(task, given=given))
            failures, _ = worker.cell(SELF_CHECK, session.assignment.checks[task.cell])
            fault = failure_in_words(failures[0]) if failures else ""
        except (Wrong, WorkerLost) as reason:
            fault = str(reason)
        if not fault:
            break
    if fault:
        total = sum(criterion.weight for criterion in task.criteria)
        least = min(criterion.weight for criterion in task.criteria)
        result.points -= result.max_points * least / total
        result.failed.append(f"{SELF_CHECK}: {session.explained(fault, task)}")
