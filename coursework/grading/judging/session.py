"""A learner's cells in a worker, started again when it was lost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from grading.handin.ipython import as_python
from grading.harmless import one_line
from grading.judging.assignment import Assignment
from grading.judging.imports import Missing, explained, missing_imports
from grading.judging.task import Task, Wrong
from grading.running.remote import Worker, WorkerLost
from grading.running.sandbox import Limits

__all__ = ["Conditions", "Session", "failure_in_words"]


@dataclass(frozen=True)
class Conditions:
    """How workers run.

    Attributes
    ----------
    limits : Limits
        Time, memory and the rest.
    slot : int
        Different for submissions that are judged at the same time.
    sandboxed : bool
        Whether bubblewrap confines them.
    """

    limits: Limits = field(default_factory=Limits)
    slot: int = 0
    sandboxed: bool = True


class Session:
    """Runs the cells up to a task, and those of earlier tasks in the versions that it asks for.

    Parameters
    ----------
    assignment : Assignment
        What is graded.
    answers : dict
        Texts of the answer cells, by grade id.
    conditions : Conditions
        How workers run.
    """

    def __init__(
        self, assignment: Assignment, answers: dict[str, str], conditions: Conditions
    ) -> None:
        self.assignment, self.answers, self.conditions = assignment, answers, conditions
        self.ends = time.monotonic() + conditions.limits.total_seconds
        self.worker: Worker | None = None
        self.loaded: dict[str, str] = {}
        self.failures: dict[str, str] = {}
        self.deadly: dict[str, str] = {}
        self.missing: dict[str, list[Missing]] = {}

    @property
    def alive(self) -> bool:
        """Whether the worker has survived so far."""
        return self.worker is not None and self.worker.alive

    def close(self) -> None:
        """End the worker."""
        if self.worker is not None:
            self.worker.close()
            self.worker = None
        self.loaded = {}

    def prepare(self, task: Task) -> Worker:
        """Return a worker in which the task's cell has run, and all that stand before it.

        Raises
        ------
        Wrong
            The cell cannot be run, or does not define what it should.
        """
        order = [each.cell for each in self.assignment.tasks.tasks]
        names: list[str] = []
        for cell in order[: order.index(task.cell) + 1]:
            given = cell in task.given
            text = self.assignment.references[cell] if given else self.answers.get(cell)
            if text is None or (not given and cell in self.deadly):
                continue
            if self.loaded.get(cell) != text or cell == task.cell:
                names = self._run(cell, text, given)
        if task.cell in self.deadly:
            raise Wrong(f"the cell could not be run: {self.deadly[task.cell]}")
        missing = [name for name in task.names if name not in names]
        if missing:
            why = self.failures.get(task.cell, "")
            why = f" ({why})" if why else ""
            raise Wrong(f"the cell does not define {', '.join(missing)}{why}")
        return self.ready()

    def _run(self, cell: str, text: str, given: bool) -> list[str]:
        worker = self.ready()
        try:
            failures, names = worker.cell(cell, as_python(text))
        except WorkerLost as lost:
            self.close()
            self.deadly[cell] = str(lost)
            return []
        self.loaded[cell] = text
        if failures and not given:
            self.failures[cell] = failure_in_words(failures[0])
            self.missing[cell] = missing_imports(cell, text, failures)
        return [str(name) for name in names]

    def explained(self, fault: str, task: Task) -> str:
        """Return a reason, and with it the line of an import from which the fault comes."""
        order = [each.cell for each in self.assignment.tasks.tasks]
        cells = reversed(order[: order.index(task.cell) + 1])  # its own lines come first
        missing = [each for cell in cells for each in self.missing.get(cell, [])]
        return explained(fault, missing, task.cell, self.assignment.tasks.packages)

    def ready(self) -> Worker:
        """Return a worker with time for one task, in which the set-up has run."""
        if self.worker is not None and not self.worker.alive:
            self.close()
        if self.worker is None:
            self.worker = self._start()
        self.worker.allow(self._seconds())
        return self.worker

    def _start(self) -> Worker:
        settings = self.conditions
        packages = self.assignment.tasks.packages
        self._seconds()
        worker = Worker(packages, settings.limits, settings.slot, settings.sandboxed)
        worker.allow(settings.limits.seconds)
        for name, text in self.assignment.setup:
            worker.cell(name, text)
        return worker

    def _seconds(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Wrong("the time for the whole submission was used up")
        return min(self.conditions.limits.seconds, left)


def failure_in_words(failure: Any) -> str:
    """Return what a worker says of a statement that failed, as a sentence."""
    if not isinstance(failure, dict):
        return "it failed"
    line = failure.get("line") or failure.get("at")
    where = f" in line {line}" if isinstance(line, int) else ""
    return f"{one_line(failure.get('type'))}{where}: {one_line(failure.get('message'), 120)}"
