"""Finds every learner's notebooks in what an instructor really has.

A folder for each learner (as Moodle's download has them), an nbgrader tree
(``submitted/<learner>/<assignment>/``), or files that carry the learner's name (as Canvas's
and Moodle's other download have them); as a folder or as a zip, in other folders or not.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from grading.handin.archive import member_paths, unpack
from grading.handin.naming import (
    Owned,
    is_notebook,
    is_rubbish,
    normal,
    own_name,
    owned,
    rank,
    speaks_of,
    stem,
)
from grading.handin.roster import NOT_LISTED, Roster

__all__ = ["ABSENT", "NO_NOTEBOOK", "Handed", "collect", "which"]

ABSENT = "nothing was handed in"
NO_NOTEBOOK = "no notebook was handed in"
NOTHING = "There is no folder and no zip at {}"
# What instructors and platforms call a folder around all learners.
AROUND = re.compile(r"submission|download|abgabe|entrega|rendu|remise|hand.?in", re.IGNORECASE)


@dataclass
class Handed:
    """What one learner handed in.

    Attributes
    ----------
    student : str
        The id in the LMS where the roster knows it, else the folder's name made harmless.
    name : str
        The learner's name in the roster, else the folder's.
    paths : list of Path
        The notebooks, the one that counts first; empty if there is none.
    notes : list of str
        What an instructor should know.
    owner : Owned or None
        What the platform calls the learner; None if there is nothing of this learner's.
    by_name : bool
        The roster knows the name alone, which another learner could have, too.
    """

    student: str
    name: str
    paths: list[Path]
    notes: list[str] = field(default_factory=list)
    owner: Owned | None = None
    by_name: bool = False


@dataclass
class _Pile:
    """What lies under one learner's name: its files, and the folders that they lie in."""

    owner: Owned
    folder: str
    files: list[Path] = field(default_factory=list)


def collect(source: Path, assignment: str, roster: Roster, unpacked: Path) -> list[Handed]:
    """Return one entry for every learner who handed in, or who is on the roster.

    Of several notebooks of one learner, the one that `rank` puts last comes first.

    Raises
    ------
    ValueError
        There is nothing at ``source``, it is no zip, or a name fits two learners.
    """
    failed: list[str] = []
    if source.is_file():
        source, failed = unpack(source, unpacked)
    if not source.is_dir():
        raise ValueError(NOTHING.format(source))
    source = _learners(source, assignment, roster)
    piles: dict[str, _Pile] = {}
    for owner, folder, path in _files(source, assignment, roster):
        pile = piles.setdefault(normal(owner.key), _Pile(owner, folder))
        pile.files += [path] if path is not None else []
    merged: dict[str, Handed] = {}
    for pile in sorted(piles.values(), key=lambda pile: pile.owner.key):
        handed = _choose(pile, assignment, roster)
        handed.notes += [note for note in failed if normal(pile.owner.key) in normal(note)]
        _add(handed, merged, roster)
    for entry in roster.entries:
        if entry.id not in merged:
            merged[entry.id] = Handed(entry.id, entry.name or entry.id, [], [ABSENT])
    return sorted(merged.values(), key=lambda handed: handed.student)


def _add(handed: Handed, merged: dict[str, Handed], roster: Roster) -> None:
    """Add what a learner handed in to what is there under the same id."""
    earlier = merged.get(handed.student)
    if earlier is not None:
        assert handed.owner is not None
        assert earlier.owner is not None
        if handed.by_name and earlier.by_name:
            numbers = f"{earlier.owner.number} and {handed.owner.number}"
            raise ValueError(
                f"{earlier.owner.key!r} and {handed.owner.key!r} could both be "
                f"{handed.owner.who!r}, of whom roster.csv has one. Give each a line there, "
                f"with the number ({numbers}) as its folder"
            )
        handed.notes.append("handed in under several folders; the last by name counts")
        handed.paths += earlier.paths
    merged[handed.student] = handed


def which(source: Path, names: list[str]) -> str:
    """Return the assignment that was handed in, by the names of notebooks and their folders.

    Raises
    ------
    ValueError
        They speak of none, or of several.
    """
    if not source.exists():
        raise ValueError(NOTHING.format(source))
    paths: list[PurePath]
    if source.is_file():
        if not zipfile.is_zipfile(source):
            raise ValueError(f"{source.name} is not a zip file")
        paths = [*member_paths(source)]
    else:
        tree = source / "submitted"
        tree = tree if tree.is_dir() else source
        paths = [path.relative_to(tree) for path in tree.rglob("*")]
    found: Counter[str] = Counter()
    for path in paths:
        if is_notebook(path.name) and not any(map(is_rubbish, path.parts)):
            said = [n for n in names if speaks_of(own_name(path.name), n)]
            found.update(said or [n for n in names if n in path.parts[:-1]])
    if len(found) == 1:
        return next(iter(found))
    counts = ", ".join(f"{name} ({found[name]})" for name in sorted(found))
    what = f"are notebooks of several assignments, {counts}"
    if not found:
        what = f"is no notebook named after one of {', '.join(names)}"
    example = max(sorted(found), key=found.__getitem__) if found else names[0]
    raise ValueError(f"In {source} there {what}. Say which to grade: ASSIGNMENT={example}")


def _learners(source: Path, assignment: str, roster: Roster) -> Path:
    """Return the folder of the learners' folders or files, which may lie in others."""
    submitted = source / "submitted"
    if submitted.is_dir() and not submitted.is_symlink():
        return submitted
    inside = _entries(source)
    if len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink():
        wrapper = inside[0]
        if _is_around(wrapper, assignment, roster):
            return _learners(wrapper, assignment, roster)
    return source


def _is_around(folder: Path, assignment: str, roster: Roster) -> bool:
    """Say whether a folder lies around learners, and is not a learner's."""
    if owned(folder.name) or normal(folder.name) in roster.keys:
        return False
    below = _entries(folder)
    if any(owned(p.name, roster.keys) or normal(p.name) in roster.keys for p in below):
        return True
    folders = [p for p in below if p.is_dir() and p.name != assignment]
    if len(folders) > 1:
        return True
    says_so = AROUND.search(folder.name) or speaks_of(folder.name, assignment)
    if len(folders) != 1 or len(below) > 1:
        return False
    return bool(says_so) or _is_around(folders[0], assignment, roster)


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not is_rubbish(path.name))


def _files(
    source: Path, assignment: str, roster: Roster
) -> Iterator[tuple[Owned, str, Path | None]]:
    """Yield whose it is, the folder's name, and a file; no file for a folder."""
    for entry in _entries(source):
        found = owned(entry.name, roster.keys)
        name = unicodedata.normalize("NFC", entry.name)
        if entry.is_dir() and not entry.is_symlink():
            owner = found if found is not None and not found.file else Owned(name)
            yield owner, name, None
            inner = entry / assignment
            inside = inner if inner.is_dir() and not inner.is_symlink() else entry
            for path in sorted(inside.rglob("*")):
                hidden = any(map(is_rubbish, path.relative_to(inside).parts))
                if (path.is_file() or path.is_symlink()) and not hidden:
                    yield owner, name, path
        elif found is not None:
            yield found, name, entry
        elif is_notebook(name) or normal(entry.stem) in roster.keys:
            whole = stem(name)
            word = re.compile(rf"[\s_.\-]*\b{re.escape(assignment)}\b[\s_.\-]*", re.IGNORECASE)
            bare = word.sub("", whole.replace("_", " "))
            yield Owned(bare if normal(bare) in roster.keys else whole), name, entry


def _choose(pile: _Pile, assignment: str, roster: Roster) -> Handed:
    student, name, by_name = roster.identify(pile.owner, pile.folder)
    known = any(entry.id == student for entry in roster.entries)
    notes = [NOT_LISTED] if roster and not known else []
    notebooks = [path for path in pile.files if is_notebook(path.name)]
    notebooks.sort(key=lambda path: rank(path.name, assignment), reverse=True)
    if not notebooks:
        others = ", ".join(own_name(path.name) for path in pile.files[:5])
        notes.append(f"{NO_NOTEBOOK}{', but ' + others if others else ''}")
    return Handed(student, name, notebooks, notes, pile.owner, by_name)
