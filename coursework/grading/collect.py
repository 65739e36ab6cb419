"""Finds every learner's notebook in what an instructor really has.

A folder for each learner (as Moodle's download has them), an nbgrader tree
(``submitted/<learner>/<assignment>/``), or files that carry the learner's name (as Canvas's
download has them); as a folder or as a zip.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grading.archive import unpack

__all__ = ["Handed", "collect", "read_late", "read_roster"]

CANVAS = re.compile(
    r"^(?P<who>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<name>.+)$", re.IGNORECASE
)
MOODLE = re.compile(r"^(?P<who>.+)_(?P<number>\d+)_assignsubmission_file_?$")
VERSION = re.compile(r"(?:-| \(|_v)(\d+)\)?\.ipynb$", re.IGNORECASE)


@dataclass
class Handed:
    """What one learner handed in.

    Attributes
    ----------
    student : str
        The id in the LMS where the roster knows it, else the folder's name made harmless.
    name : str
        The learner's name in the roster, else the folder's.
    path : Path or None
        The notebook that counts; None if there is none.
    notes : list of str
        What an instructor should know.
    """

    student: str
    name: str
    path: Path | None
    notes: list[str] = field(default_factory=list)


def collect(
    source: Path, assignment: str, roster: dict[str, dict[str, str]], unpacked: Path
) -> list[Handed]:
    """Return one entry for every learner who handed in, or who is on the roster.

    Of several notebooks of one learner, the highest version counts (``A2-2.ipynb`` or
    ``A2 (2).ipynb`` comes after ``A2.ipynb``), then the one with the right name.

    Raises
    ------
    ValueError
        There is nothing at ``source``, or it is no zip.
    """
    if source.is_file():
        source = unpack(source, unpacked)
    if not source.is_dir():
        raise ValueError(f"There is no folder and no zip at {source}")
    found: dict[str, list[tuple[str, Path]]] = {}
    for folder, path in _files(_learners(source), assignment):
        found.setdefault(folder, []).append((folder, path) if path else ("", Path()))
    merged: dict[str, Handed] = {}
    for folder, files in sorted(found.items()):
        paths = [path for marker, path in files if marker]
        handed = _choose(folder, paths, assignment, roster)
        earlier = merged.get(handed.student)
        if earlier is not None:
            handed.notes.append("handed in under several folders; the last by name counts")
            handed.path = handed.path or earlier.path
        merged[handed.student] = handed
    for entry in roster.values():
        if entry["id"] not in merged:
            name = entry.get("name") or entry["id"]
            merged[entry["id"]] = Handed(entry["id"], name, None, ["nothing was handed in"])
    return sorted(merged.values(), key=lambda handed: handed.student)


def _learners(source: Path) -> Path:
    submitted = source / "submitted"
    return submitted if submitted.is_dir() and not submitted.is_symlink() else source


def _files(source: Path, assignment: str) -> Iterator[tuple[str, Path | None]]:
    """Yield folder and file; no file for a folder without any."""
    for entry in sorted(source.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            inner = entry / assignment
            inside = inner if inner.is_dir() and not inner.is_symlink() else entry
            yield entry.name, None
            for path in sorted(inside.rglob("*")):
                if (path.is_file() or path.is_symlink()) and not _hidden(path, inside):
                    yield entry.name, path
        elif entry.suffix.lower() == ".ipynb":
            match = CANVAS.match(entry.name)
            yield (f"{match['who']}_{match['number']}" if match else entry.stem), entry


def _hidden(path: Path, above: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(above).parts)


def _choose(
    folder: str, paths: list[Path], assignment: str, roster: dict[str, dict[str, str]]
) -> Handed:
    student, name, notes = _identify(folder, roster)
    notebooks = [path for path in paths if path.suffix.lower() == ".ipynb"]
    if not notebooks:
        others = ", ".join(path.name for path in paths[:5])
        notes.append(f"no notebook was handed in{', but ' + others if others else ''}")
        return Handed(student, name, None, notes)

    def rank(path: Path) -> tuple[int, bool, str]:
        version = VERSION.search(path.name)
        return int(version[1]) if version else 0, path.name == f"{assignment}.ipynb", path.name

    best = max(notebooks, key=rank)
    if len(notebooks) > 1:
        notes.append(f"{len(notebooks)} notebooks were handed in; {best.name} counts")
    match = CANVAS.match(best.name)
    if (match["name"] if match else best.name) != f"{assignment}.ipynb":
        notes.append(f"the file is called {best.name}")
    return Handed(student, name, best, notes)


def _identify(folder: str, roster: dict[str, dict[str, str]]) -> tuple[str, str, list[str]]:
    match = MOODLE.match(folder)
    for key in (
        folder,
        match["who"] if match else folder,
        match["number"] if match else folder,
    ):
        if key in roster:
            entry = roster[key]
            return entry["id"], entry.get("name") or folder, []
    notes = ["not on the roster"] if roster else []
    return harmless(folder), folder, notes


def harmless(name: str) -> str:
    """Return an id made of letters, digits and ``. @ _ -`` that differs for different names.

    Examples
    --------
    >>> harmless("ada"), harmless("a*b")
    ('ada', 'a_b-15eb0a')
    """
    safe = re.sub(r"[^A-Za-z0-9.@_-]", "_", name).strip(".-")[:80]
    if safe == name:
        return name
    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """Return the roster by folder; columns ``folder`` and ``id``, and ``name`` if you like.

    Raises
    ------
    ValueError
        A column is missing, or an id has characters that files cannot have.
    """
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if not row.get("folder") or not row.get("id"):
            raise ValueError(f"{path.name}: every row needs a folder and an id")
        if harmless(row["id"]) != row["id"]:
            raise ValueError(
                f"{path.name}: the id {row['id']!r} may have letters, digits and .@_- only"
            )
    return {row["folder"]: row for row in rows}


def read_late(path: Path, assignment: str) -> dict[str, float]:
    """Return the days that learners were late with an assignment, by id."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("assignment") == assignment]
    return {row["id"]: float(row["days"]) for row in rows}
