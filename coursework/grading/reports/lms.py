"""The table of grades that an LMS exports, filled in so that it takes it back.

The rules are the platforms' own.

- *Moodle*, the grading worksheet of an assignment (``mod/assign/feedback/offline``): a line is
  found by its ``Identifier``, the number that is also in the names of the download, and
  ``Grade`` is read. A line whose grade has changed since the export is refused; so that this
  works, all other columns stay as they are.
- *Canvas*, the gradebook (``lib/gradebook_exporter.rb``, ``…_importer.rb``): the columns from
  the name to ``Section`` say who it is, ``ID`` being the number that is also in the
  names of the download; an assignment's column is called ``<title> (<number>)``. Lines without
  an ``ID`` come first and say how many points there are. Other assignments' columns are left
  out: an import would put back what they were at the time of the export.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from grading.handin.naming import normal, speaks_of
from grading.handin.roster import list_text

__all__ = ["Filled", "Final", "LmsTable", "read_lms"]

Rows = list[list[str]]
EXCUSED = "EX"  # Canvas: this learner needs no points
UNKNOWN = (
    "{} is neither Moodle's grading worksheet (columns Identifier, Full name, Grade, Maximum "
    "grade; export it with English as your language) nor Canvas's gradebook (columns Student, "
    "ID, SIS Login ID, Section); its first line is {!r}"
)


@dataclass(frozen=True)
class Final:
    """Whose points are final.

    Attributes
    ----------
    student, name : str
        The id and the name.
    called, number : str
        The platform's name and number of the learner; empty if unknown.
    share : float
        Points reached, as a share of all points.
    """

    student: str
    name: str
    called: str
    number: str
    share: float


@dataclass(frozen=True)
class Filled:
    """What came of filling a table in.

    Attributes
    ----------
    text : str
        The table.
    filled : list of str
        The ids whose line has their points.
    lost : list of str
        The ids that no line, or several, could be of.
    kept : int
        How many lines are as they were.
    """

    text: str
    filled: list[str]
    lost: list[str]
    kept: int


@dataclass(frozen=True)
class LmsTable:
    """A table of grades as an LMS has exported it.

    Attributes
    ----------
    platform : str
        ``"Moodle"`` or ``"Canvas"``.
    rows : list of list of str
        All lines, the header first.
    first : int
        The first line of a learner.
    identity : range
        The columns that say who it is.
    number, name, grade : int
        The columns of the platform's number, the name (where there are two, the first of
        them), the points.
    most : dict
        How many points the LMS has for the assignment, by line.
    columns : list of int
        What is written.
    style : dict
        How the file is written: separator, end of lines.
    """

    platform: str
    rows: Rows
    first: int
    identity: range
    number: int
    name: int
    grade: int
    most: dict[int, float]
    columns: list[int]
    style: dict[str, str] = field(default_factory=dict)

    def fill(self, finals: list[Final]) -> Filled:
        """Return the table with the points of all whose points are final.

        They are scaled to the points that the LMS has for the assignment. All other lines, and
        those of the excused, stay as they are.
        """
        found = {final.student: self._line(final) for final in finals}
        twice = {line for line, n in Counter(found.values()).items() if n > 1}
        comma = self._has_decimal_commas()
        rows, filled, lost = [row.copy() for row in self.rows], [], []
        for final in finals:
            line = found[final.student]
            if line is None or line in twice:
                lost.append(final.student)
            elif rows[line][self.grade].strip().upper() != EXCUSED:
                points = f"{round(final.share * self.most[line], 2):g}"
                rows[line][self.grade] = points.replace(".", ",") if comma else points
                filled.append(final.student)
        out = io.StringIO()
        writer = csv.writer(
            out, delimiter=self.style["separator"], lineterminator=self.style["end"]
        )
        writer.writerows([row[column] for column in self.columns] for row in rows)
        return Filled(out.getvalue(), filled, lost, len(rows) - self.first - len(filled))

    def scales(self, most: float) -> set[float]:
        """Return the numbers of points that the LMS has, and that are not ours."""
        return {value for value in self.most.values() if value != most}

    def _line(self, final: Final) -> int | None:
        """Return the line of a learner: by number, else by id, else by name, if one has it.

        Moodle's number is another one in every assignment, so the name has to fit as well.
        """
        lines = range(self.first, len(self.rows))
        by_number = [i for i in lines if final.number and self._number(i) == final.number]
        if self.platform == "Moodle" and self.name != self.number:
            called = _words(final.called)
            if any(_words(self._name(i)) != called for i in by_number):
                return None
        by_id = [i for i in lines if final.student.casefold() in self._ids(i)]
        by_name = [i for i in lines if _words(final.name) == _words(self._name(i))]
        for found in (by_number, by_id, by_name):
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _number(self, line: int) -> str:
        match = re.search(r"\d+$", self.rows[line][self.number].strip())
        return match[0] if match else ""

    def _ids(self, line: int) -> set[str]:
        cells = {self.rows[line][column].strip().casefold() for column in self.identity}
        return cells - {""}

    def _name(self, line: int) -> str:
        split = self.rows[0][self.name] == "LastName"
        return " ".join(self.rows[line][self.name : self.name + 1 + split])

    def _has_decimal_commas(self) -> bool:
        return any(re.fullmatch(r"\d+,\d+", row[self.grade].strip()) for row in self.rows[1:])


def _words(name: str) -> list[str]:
    """Return what is the same of ``Lovelace, Ada`` and ``Ada Lovelace``."""
    return sorted(normal(name.replace(",", " ")).split())


def read_lms(path: Path, assignment: str, most: float) -> LmsTable:
    """Return the table of grades that an LMS has exported.

    Parameters
    ----------
    path : Path
        The CSV file.
    assignment : str
        Whose column is to be filled.
    most : float
        Its points here: what stands for them where the LMS does not say.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        It is no table of grades of Moodle or Canvas, or has no column, or several, for the
        assignment.
    """
    text = list_text(path)
    first = text.partition("\n")[0].rstrip("\r")
    separator = max(",;\t", key=first.count)
    style = {"separator": separator, "end": "\r\n" if "\r\n" in text else "\n"}
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    header = [title.strip() for title in rows[0]] if rows else []
    rows = [row + [""] * (len(header) - len(row)) for row in rows]
    if {"Identifier", "Grade"} <= set(header):
        return _moodle(rows, header, most, style)
    if header and header[0] in ("Student", "LastName") and {"ID", "Section"} <= set(header):
        try:
            return _canvas(rows, header, assignment, most, style)
        except ValueError as error:
            raise ValueError(f"{path} {error}") from None
    raise ValueError(UNKNOWN.format(path, first[:200]))


def _moodle(rows: Rows, header: list[str], most: float, style: dict[str, str]) -> LmsTable:
    grade, number = header.index("Grade"), header.index("Identifier")
    of_all = header.index("Maximum grade") if "Maximum grade" in header else None
    said = [None if of_all is None else _points(row[of_all]) for row in rows]
    return LmsTable(
        "Moodle",
        rows,
        first=1,
        identity=range(grade),
        number=number,
        name=header.index("Full name") if "Full name" in header else number,
        grade=grade,
        most={line: value or most for line, value in enumerate(said) if line},
        columns=[*range(len(header))],
        style=style,
    )


def _canvas(
    rows: Rows, header: list[str], assignment: str, most: float, style: dict[str, str]
) -> LmsTable:
    section, number = header.index("Section"), header.index("ID")
    titles = {
        column: title
        for column, title in enumerate(header)
        if column > section and re.search(r"\(\d+\)$", title) and speaks_of(title, assignment)
    }
    if len(titles) != 1:
        several = f"several columns for {assignment}: {', '.join(titles.values())}"
        none = f"no column for {assignment}, such as '{assignment} (123)'"
        raise ValueError(
            f"has {several if titles else none}. Leave in it the one that is to be filled"
        )
    grade = next(iter(titles))
    first = next((i for i, row in enumerate(rows) if i and row[number].strip()), len(rows))
    said = [_points(row[grade]) for row in rows[1:first] if "Points Possible" in row[0]]
    points = next((value for value in said if value), most)
    return LmsTable(
        "Canvas",
        rows,
        first=first,
        identity=range(section),
        number=number,
        name=0,
        grade=grade,
        most=dict.fromkeys(range(first, len(rows)), points),
        columns=[*range(section + 1), grade],
        style=style,
    )


def _points(text: str) -> float | None:
    """Return a number of points, with a decimal point or comma; None if it is none above 0."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value > 0 else None
