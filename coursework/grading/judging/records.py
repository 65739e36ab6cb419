"""Verdicts on disk, a file a learner, so that a run that was killed goes on where it was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dropoutlab.atomic import write_atomically
from grading.class_folder import ClassFolder
from grading.judging.assignment import Assignment
from grading.judging.judge import TaskResult, Verdict

__all__ = ["EARLIER", "NOT_THIS", "Record", "Store", "key_of"]

NOT_THIS = "the file of this time is not graded, but the one before"
EARLIER = "not among the submissions this time; the one that was graded before counts"


@dataclass
class Record:
    """What is kept of one judged submission.

    Attributes
    ----------
    key : str
        Stands for the file and for everything that decides about it. Another key, and the
        submission is judged again.
    student, name, file, digest : str
        Whose, from where, and the SHA-256 of the file.
    answers : dict
        Texts of the answer cells.
    verdict : Verdict
        Points and reasons.
    problem : str
        Why the file could not be read; empty if it could.
    recorded : str
        The digest of the file of which the gradebook knows.
    owner : list of str
        What the platform calls the learner, name and number.
    """

    key: str
    student: str
    name: str
    file: str
    digest: str
    answers: dict[str, str]
    verdict: Verdict
    problem: str = ""
    recorded: str = field(default="")
    owner: list[str] = field(default_factory=list)


class Store:
    """The verdicts of an assignment.

    Parameters
    ----------
    folder : Path
        Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, student: str) -> Record | None:
        """Return what is kept of a learner; None if nothing is, or it cannot be read."""
        try:
            data = json.loads((self.folder / f"{student}.json").read_text(encoding="utf-8"))
            verdict = data.pop("verdict")
            tasks = {name: TaskResult(**task) for name, task in verdict.pop("tasks").items()}
            return Record(verdict=Verdict(tasks, **verdict), **data)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def everyone(self) -> dict[str, Record]:
        """Return what is kept of all learners, by id."""
        kept = (self.read(path.stem) for path in sorted(self.folder.glob("*.json")))
        return {record.student: record for record in kept if record is not None}

    def write(self, record: Record) -> None:
        """Keep a record."""
        text = json.dumps(asdict(record), indent=1, ensure_ascii=False)
        write_atomically(
            self.folder / f"{record.student}.json", f"{text}\n".encode(errors="replace")
        )


def key_of(course: ClassFolder, assignment: Assignment, digest: str, sandboxed: bool) -> str:
    """Return what a verdict depends on, as one word: file, class, notebook, tests, limits."""
    parts: list[Any] = [digest, course.seed, course.secret, course.limits, sandboxed]
    parts += [json.dumps(assignment.notebook, sort_keys=True), code_digest(course.private)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@cache
def code_digest(private: Path | None) -> str:
    """Return the SHA-256 of all code that judges."""
    total = hashlib.sha256()
    folders = [Path(__file__).parents[1], *([private / "tasks"] if private else [])]
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()
