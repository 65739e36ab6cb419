"""Who is in a class, and how late: the lists that an instructor puts into its folder."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from grading.harmless import safe_id

__all__ = ["NOT_LISTED", "identify", "read_late", "read_roster"]

NOT_LISTED = "not on the roster"

MOODLE = re.compile(r"^(?P<who>.+)_(?P<number>\d+)_assignsubmission_file_?$")


def identify(folder: str, roster: dict[str, dict[str, str]]) -> tuple[str, str, list[str]]:
    """Return the id and the name of the learner with a folder, and what is odd about it."""
    match = MOODLE.match(folder)
    for key in (
        folder,
        match["who"] if match else folder,
        match["number"] if match else folder,
    ):
        if key in roster:
            entry = roster[key]
            return entry["id"], entry.get("name") or folder, []
    notes = [NOT_LISTED] if roster else []
    return safe_id(folder), folder, notes


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """Return the roster by folder; columns ``folder`` and ``id``, and ``name`` if you like.

    Raises
    ------
    ValueError
        A column is missing, or an id has characters that files cannot have.
    """
    rows = _table(path, ("folder", "id"))
    for number, row in enumerate(rows, 2):
        if not row["folder"] or not row["id"]:
            raise ValueError(f"{path.name}, line {number}: a folder and an id are needed")
        if safe_id(row["id"]) != row["id"]:
            raise ValueError(
                f"{path.name}, line {number}: the id {row['id']!r} may have letters, digits "
                "and .@_- only"
            )
    return {row["folder"]: row for row in rows}


def read_late(path: Path, assignment: str) -> dict[str, float]:
    """Return the days that learners were late with an assignment, by id.

    Raises
    ------
    ValueError
        A column is missing, or days are no number.
    """
    late = {}
    for number, row in enumerate(_table(path, ("id", "assignment", "days")), 2):
        try:
            days = float(row["days"])
        except ValueError:
            days = -1.0
        if not 0 <= days < 1000:
            raise ValueError(
                f"{path.name}, line {number}: days must be a number such as 2 or 1.5, got "
                f"{row['days']!r}"
            )
        if row["assignment"].lower() == assignment.lower():
            late[row["id"]] = days
    return late


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a CSV file, separated by commas or semicolons; none without a file."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0].strip()
    separator = ";" if ";" in first and "," not in first else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(
            f"{path.name} has no column {' and no column '.join(missing)}; its first line is "
            f"{first!r}, and must name {', '.join(columns)}"
        )
    return [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
