"""Finds every learner's notebook in what an instructor really has.

A folder for each learner (as Moodle's download has them), an nbgrader tree
(``submitted/<learner>/<assignment>/``), or files that carry the learner's name (as Canvas's
download has them); as a folder or as a zip.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grading.handin.archive import unpack
from grading.handin.roster import identify

__all__ = ["ABSENT", "Handed", "collect", "which"]

ABSENT = "nothing was handed in"
NOTHING = "There is no folder and no zip at {}"

CANVAS = re.compile(
    r"^(?P<who>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<name>.+)$", re.IGNORECASE
)
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
        raise ValueError(NOTHING.format(source))
    source = _learners(source, assignment)
    found: dict[str, list[tuple[str, Path]]] = {}
    for folder, path in _files(source, assignment):
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
            merged[entry["id"]] = Handed(entry["id"], name, None, [ABSENT])
    return sorted(merged.values(), key=lambda handed: handed.student)


def which(source: Path, names: list[str]) -> str:
    """Return the assignment that was handed in, by the names of notebooks and their folders.

    Raises
    ------
    ValueError
        They speak of none, or of several.
    """
    if not source.exists():
        raise ValueError(NOTHING.format(source))
    if source.is_file():
        if not zipfile.is_zipfile(source):
            raise ValueError(f"{source.name} is not a zip file")
        with zipfile.ZipFile(source) as archive:
            paths = [PurePosixPath(name) for name in archive.namelist()]
    else:
        tree = source / "submitted"
        paths = [PurePosixPath(p) for p in (tree if tree.is_dir() else source).rglob("*")]
    found: Counter[str] = Counter()
    for path in paths:
        if path.suffix.lower() == ".ipynb":
            said = [n for n in names if _speaks_of(path.stem, n)]
            found.update(said or [n for n in names if n in path.parts[:-1]])
    if len(found) == 1:
        return next(iter(found))
    counts = ", ".join(f"{name} ({found[name]})" for name in sorted(found))
    what = f"are notebooks of several assignments, {counts}"
    if not found:
        what = f"is no notebook named after one of {', '.join(names)}"
    raise ValueError(f"In {source} there {what}. Say which to grade: ASSIGNMENT={names[0]}")


def _speaks_of(stem: str, name: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9]){name}(?![a-z0-9])", stem, re.IGNORECASE))


def _learners(source: Path, assignment: str) -> Path:
    """Return the folder of the learners' folders or files, which may lie in another one."""
    submitted = source / "submitted"
    if submitted.is_dir() and not submitted.is_symlink():
        return submitted
    inside = [p for p in source.iterdir() if not p.name.startswith((".", "__MACOSX"))]
    if len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink():
        below = list(inside[0].iterdir())
        folders = [p for p in below if p.is_dir() and p.name != assignment]
        if len(folders) > 1 or any(CANVAS.match(p.name) for p in below if p.is_file()):
            return _learners(inside[0], assignment)
    return source


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
    student, name, notes = identify(folder, roster)
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
