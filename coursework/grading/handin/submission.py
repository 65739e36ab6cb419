"""Reads what a learner handed in: the text of the answer cells, and nothing else.

Everything around these texts is ours: tests, points and set-up come from the source.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.handin.answers import NEWER, Form, find_answers, parsed, text_of
from grading.handin.naming import own_name
from grading.handin.newer_python import newest
from grading.harmless import one_line

__all__ = ["SIZE_LIMIT", "Submission", "Unreadable", "read_first", "read_submission"]

SIZE_LIMIT = 20 << 20
SEED_LINE = re.compile(r"^CLASS_SEED = (\d{1,12})$", re.MULTILINE)
OURS = platform.python_version()


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
    python : str
        The Python that the notebook was last run with, as it says.
    """

    answers: dict[str, str]
    notes: list[str] = field(default_factory=list)
    digest: str = ""
    python: str = ""


def read_first(paths: Sequence[Path], form: Form) -> tuple[Path, Submission]:
    """Read the first of several notebooks in which something is answered.

    Parameters
    ----------
    paths : sequence of Path
        The one that counts before the others first.
    form : Form
        What learners were given.

    Returns
    -------
    tuple
        The path that counts, and what it holds. Where nothing is answered in any, it is the
        first that can be read.

    Raises
    ------
    Unreadable
        None can be read; the message is that of the first.
    """
    problems: dict[Path, Unreadable] = {}
    untouched: tuple[Path, Submission] | None = None
    for path in paths:
        try:
            submission = read_submission(path, form)
        except Unreadable as problem:
            problems[path] = problem
            continue
        if any(text.strip() != form.stubs[k].strip() for k, text in submission.answers.items()):
            untouched = path, submission
            break
        untouched = untouched or (path, submission)
    if untouched is None:
        raise next(iter(problems.values()))
    path, submission = untouched
    if len(paths) > 1:
        words = f"{len(paths)} notebooks were handed in; {own_name(path.name)} counts"
        if path != paths[0]:
            first = problems.get(paths[0]) or "nothing is answered in it"
            words += f", for of {own_name(paths[0].name)}: {first}"
        submission.notes.insert(0, words)
    return path, submission


def read_submission(path: Path, form: Form) -> Submission:
    """Read a notebook strictly.

    Raises
    ------
    Unreadable
        It is no regular file, too large, not UTF-8, not JSON, or no notebook.
    """
    data = _bytes(path)
    notebook, notes = _notebook(data)
    cells = _cells(notebook)
    answers, odd = find_answers(cells, form)
    python = _python_of(notebook)
    odd = [_with_versions(note, python) for note in odd]
    if _minor(python) > sys.version_info.minor:
        broken = [name for name in form.names if name in answers and not parsed(answers[name])]
        words = f"{NEWER}, as it seems: {', '.join(broken)}"
        odd += [_with_versions(words, python)] if broken else []
    seeds = {int(s) for cell in cells for s in SEED_LINE.findall(text_of(cell))}
    for seed in sorted(seeds - {form.class_seed}) if form.class_seed is not None else ():
        notes.append(
            f"the notebook has the seed {seed}, this class {form.class_seed}: it is another "
            "class's, or an older one, or was changed"
        )
    return Submission(answers, notes + odd, hashlib.sha256(data).hexdigest(), python)


def _with_versions(note: str, python: str) -> str:
    """Return a note on newer words with the versions that it is about."""
    if not note.startswith(NEWER):
        return note
    at_hand = newest()
    read = f"; read by {at_hand[1]}" if at_hand else "; there is no newer Python at hand"
    ran = f"run with Python {python}, " if python else ""
    return f"{note} (the notebook was {ran}graded with {OURS}{read})"


def _minor(python: str) -> int:
    match = re.match(r"3\.(\d+)", python)
    return int(match[1]) if match else 0


def _python_of(notebook: dict[str, Any]) -> str:
    """Return the version of Python that a notebook was last run with, as it says."""
    place: Any = notebook
    for key in ("metadata", "language_info", "version"):
        place = place.get(key) if isinstance(place, dict) else None
    said = one_line(place or "", 20)
    return said if re.match(r"\d", said) else ""


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
