"""Who is in a class, and how late: the lists that an instructor puts into its folder."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

__all__ = ["harmless", "identify", "read_late", "read_roster"]

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
