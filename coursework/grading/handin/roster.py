"""Who is in a class, and how late: the lists that an instructor puts into its folder."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grading.handin.naming import Owned, normal
from grading.harmless import safe_id

__all__ = ["NOT_LISTED", "Entry", "Roster", "list_text", "read_late", "read_roster"]

NOT_LISTED = "not on the roster"


@dataclass(frozen=True)
class Entry:
    """A line of the roster: what downloads call a learner, the id, and the name."""

    folder: str
    id: str
    name: str
    line: int


@dataclass(frozen=True)
class Roster:
    """Who is in a class; empty where there is no list.

    Attributes
    ----------
    entries : sequence of Entry
        The lines.
    """

    entries: Sequence[Entry] = ()
    exactly: dict[str, Entry] = field(init=False, default_factory=dict)
    nearly: dict[str, set[Entry]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self.exactly[unicodedata.normalize("NFC", entry.folder)] = entry
            self.nearly.setdefault(normal(entry.folder), set()).add(entry)

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def keys(self) -> frozenset[str]:
        """What downloads call the learners, in the form that `normal` gives."""
        return frozenset(self.nearly)

    def find(self, names: Iterable[str]) -> Entry | None:
        """Return the line of the first name that has one, and only one."""
        for name in names:
            entry = self.exactly.get(unicodedata.normalize("NFC", name))
            near = {e.id: e for e in self.nearly.get(normal(name), ())}
            if entry is not None or len(near) == 1:
                return entry or next(iter(near.values()))
        return None

    def identify(self, owner: Owned, folder: str) -> tuple[str, str, bool]:
        """Return the id and the name of a learner, and whether the name alone told.

        Parameters
        ----------
        owner : Owned
            Whose it is, by the platform's rules.
        folder : str
            The whole name of the folder, which the roster may have, too.
        """
        entry = self.find(n for n in (folder, owner.key, owner.number) if n)
        by_name = entry is None and bool(owner.number)
        entry = entry or self.find([owner.who])
        if entry is None:
            return safe_id(owner.key), owner.who, False
        return entry.id, entry.name or owner.who, by_name


def read_roster(path: Path) -> Roster:
    """Return the roster; columns ``folder`` and ``id``, and ``name`` if you like.

    Raises
    ------
    ValueError
        A column is missing, an id has characters that files cannot have, or two learners
        have one ``folder``.
    """
    entries: dict[str, Entry] = {}
    for number, row in _table(path, ("folder", "id")):
        where = f"{path.name}, line {number}"
        if not row["folder"] or not row["id"]:
            raise ValueError(f"{where}: a folder and an id are needed")
        if safe_id(row["id"]) != row["id"]:
            raise ValueError(
                f"{where}: the id {row['id']!r} may have letters, digits and .@_- only"
            )
        entry = Entry(row["folder"], row["id"], row.get("name", ""), number)
        other = entries.setdefault(unicodedata.normalize("NFC", entry.folder), entry)
        if other.id != entry.id:
            raise ValueError(
                f"{path.name}, lines {other.line} and {number}: {entry.folder!r} is the folder "
                f"of {other.id} and of {entry.id}. Write what tells them apart, such as the "
                f"number in the names of the download: {entry.folder}_77, or 77"
            )
    return Roster(tuple(entries.values()))


def read_late(path: Path, assignment: str) -> dict[str, float]:
    """Return the days that learners were late with an assignment, by id.

    Raises
    ------
    ValueError
        A column is missing, days are no number, or a learner is there twice.
    """
    late: dict[str, tuple[float, int]] = {}
    for number, row in _table(path, ("id", "assignment", "days")):
        try:
            days = float(row["days"])
        except ValueError:
            days = -1.0
        if not 0 <= days < 1000:
            raise ValueError(
                f"{path.name}, line {number}: days must be a number such as 2 or 1.5, got "
                f"{row['days']!r}"
            )
        if row["assignment"].lower() != assignment.lower():
            continue
        if row["id"] in late and late[row["id"]][0] != days:
            before, line = late[row["id"]]
            raise ValueError(
                f"{path.name}, lines {line} and {number}: {row['id']} is {before:g} and "
                f"{days:g} days late with {assignment}. Delete the line that is wrong"
            )
        late[row["id"]] = days, number
    return {student: days for student, (days, _) in late.items()}


def _table(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV file with their lines; none without a file."""
    if not path.exists():
        return []
    text = list_text(path)
    first = next((line for line in text.splitlines() if line.strip()), "").strip()
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in columns if name not in reader.fieldnames]
    if missing:
        raise ValueError(
            f"{path.name} has no column {' and no column '.join(missing)}; its first line is "
            f"{first!r}, and must name {', '.join(columns)}"
        )
    return [
        (reader.line_num, {k: (v or "").strip() for k, v in row.items() if k})
        for row in reader
        if any(isinstance(v, str) and v.strip() for v in row.values())
    ]


def list_text(path: Path) -> str:
    """Return the text of a list that a spreadsheet or a platform has written.

    Raises
    ------
    ValueError
        It is neither UTF-8 nor UTF-16.
    """
    data = path.read_bytes()
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path.name}, line {line}: this is not UTF-8. Save the list again as CSV in "
            'UTF-8; in Excel the format is called "CSV UTF-8 (Comma delimited)"'
        ) from error
