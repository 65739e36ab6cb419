"""Reads what a learner handed in: the text of the answer cells, and nothing else.

Everything around these texts is ours: tests, points and set-up come from the source.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.harmless import one_line

__all__ = ["SIZE_LIMIT", "Submission", "Unreadable", "read_submission"]

SIZE_LIMIT = 20 << 20
SEED_LINE = re.compile(r"^CLASS_SEED = (\d{1,12})$", re.MULTILINE)
ANSWER_LIMIT = 200_000


class Unreadable(ValueError):
    """The file cannot be graded; the message says why in words for an instructor."""


@dataclass
class Submission:
    """The answers of one learner.

    Attributes
    ----------
    answers : dict
        Text of each answer cell, by grade id; missing cells are missing here.
    notes : list of str
        What was odd about the file but did not stop us.
    digest : str
        SHA-256 of the file.
    """

    answers: dict[str, str]
    notes: list[str] = field(default_factory=list)
    digest: str = ""


def read_submission(
    path: Path, wanted: dict[str, str], class_seed: int | None = None
) -> Submission:
    """Read a notebook strictly.

    Parameters
    ----------
    path : Path
        The file.
    wanted : dict
        What learners were given in each answer cell, by grade id.
    class_seed : int, optional
        Another seed in the notebook is noted.

    Raises
    ------
    Unreadable
        It is no regular file, too large, not UTF-8, not JSON, or no notebook.
    """
    data = _bytes(path)
    notebook, notes = _notebook(data)
    submission = Submission({}, notes, hashlib.sha256(data).hexdigest())
    for cell in _cells(notebook):
        _take(cell, wanted, submission)
        found = SEED_LINE.search(_source(cell))
        if found and class_seed is not None and int(found[1]) != class_seed:
            submission.notes.append(
                f"the notebook has the seed {found[1]}, this class {class_seed}: it is another "
                "class's, or was changed"
            )
    missing = [name for name in wanted if name not in submission.answers]
    if missing:
        submission.notes.append("missing answer cells: " + ", ".join(missing))
    return submission


def _bytes(path: Path) -> bytes:
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        kind = "a link, which is not followed" if path.is_symlink() else error.strerror
        raise Unreadable(f"the file cannot be read: {kind}") from error
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise Unreadable("this is not a file")
        data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise Unreadable(f"the file is larger than {SIZE_LIMIT >> 20} MB")
    if not data.strip():
        raise Unreadable("the file is empty")
    return data


def _notebook(data: bytes) -> tuple[dict[str, Any], list[str]]:
    notes = []
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    if encoding != "utf-8-sig":
        notes.append(f"the file is not UTF-8; it was read as {encoding}")
    elif data.startswith(b"\xef\xbb\xbf"):
        notes.append("the file starts with a byte-order mark")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"the file is not a notebook: no valid JSON ({one_line(error, 80)})"
        ) from error
    if not isinstance(notebook, dict):
        raise Unreadable("the file is JSON, but not a notebook")
    if notebook.get("nbformat") != 4:
        notes.append(f"notebook format {one_line(notebook.get('nbformat'), 20)} instead of 4")
    return notebook, notes


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):  # format 3 has worksheets
        sheets = notebook.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        cells = [c for s in sheets if isinstance(s, dict) for c in s.get("cells") or []]
        if not cells:
            raise Unreadable("the file is JSON, but there are no cells in it")
    return [cell for cell in cells if isinstance(cell, dict)]


def _take(cell: dict[str, Any], wanted: dict[str, str], submission: Submission) -> None:
    name = _grade_id(cell, wanted)
    if name is None:
        return
    source = _source(cell)
    if len(source) > ANSWER_LIMIT:
        submission.notes.append(f"the cell {name} is longer than an answer can be; left out")
        return
    source = source.encode("utf-8", "replace").decode()
    first = submission.answers.get(name)
    if first is not None and first.strip() != wanted[name].strip():
        if source.strip() not in (first.strip(), wanted[name].strip()):
            submission.notes.append(f"the cell {name} is there twice; the first answer counts")
        return
    submission.answers[name] = source


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _grade_id(cell: dict[str, Any], wanted: dict[str, str]) -> str | None:
    """Return the answer that a cell is: by its grade id, else by its cell id."""
    metadata = cell.get("metadata")
    grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = grading.get("grade_id") if isinstance(grading, dict) else None
    for candidate in (name, cell.get("id")):
        if isinstance(candidate, str) and candidate in wanted:
            return candidate
    return None
