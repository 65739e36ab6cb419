r"""What platforms call the files of learners, and what learners call their notebooks.

The rules are the platforms' own.

- *Moodle* (``mod/assign/locallib.php``): ``<name>_<number>_assignsubmission_<plugin>_`` is a
  folder, or, where files are downloaded without folders, ``…_<plugin>_<file>`` a file. The
  number differs from assignment to assignment. In names, ``_`` has become a space, and
  ``& < > " ` | ' : \ /`` are gone.
  Feedback goes back under the same name (``mod/assign/feedback/file/importziplib.php``).
- *Canvas* (``lib/content_zipper.rb``): ``<name>_[LATE_]<user>_<attachment>_<file>``, of what
  was typed in ``<name>_[LATE_]<user>_text.html`` or ``_link.html``. The name, or that of the
  group, is in small letters and may hold underscores, but no number between two of them. Where
  grading is anonymous, ``[LATE_]anon_<code>`` stands in place of name and user. Feedback goes
  back under a name that begins alike (``app/models/assignment.rb``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

__all__ = [
    "Owned",
    "is_notebook",
    "is_rubbish",
    "normal",
    "own_name",
    "owned",
    "rank",
    "returned",
    "speaks_of",
    "stem",
]  # fmt: skip

MOODLE = re.compile(
    r"(?P<who>.+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z0-9]+)(?:_(?P<file>.*))?"
)
ANONYMOUS = re.compile(
    r"(?:LATE_)?(?P<who>anon_[^\W_]+)_(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>text|link)\.html)"
)
TYPED = re.compile(r"(?P<who>.+?)(?:_LATE)?_(?P<number>\d+)_(?P<typed>text|link)\.html")
NOTEBOOK = re.compile(
    r"(?P<stem>.+?)\.ipynb(?:\.(?:ipynb|json|txt|download))*(?: ?\(\d+\))?(?:\.txt|\.json)?",
    re.IGNORECASE,
)
VERSION = re.compile(
    r"(?:copy|kopie|copie|copia|version|final|fixed|last|v|[\s_.\-()\d])*", re.IGNORECASE
)
ASSIGNMENT = re.compile(r"(?<![a-z0-9])A\d+(?![a-z0-9])", re.IGNORECASE)
RUBBISH = {"__macosx", "thumbs.db", "desktop.ini"}
LOST = str.maketrans(dict.fromkeys("&<>\"`|':\\/"))


@dataclass(frozen=True)
class Owned:
    """Whose a file or a folder is, as far as its name says.

    Attributes
    ----------
    who : str
        The name of the learner or the group, as the platform writes it.
    number : str
        The platform's number of them; empty where the name has none.
    file : str
        The learner's own name of the file; empty for a folder.
    attachment : int
        Counts up with every upload to the platform.
    """

    who: str
    number: str = ""
    file: str = ""
    attachment: int = 0

    @property
    def key(self) -> str:
        """What is the same for everything that this learner handed in."""
        return f"{self.who}_{self.number}" if self.number else self.who


def normal(name: str) -> str:
    """Return a name as it is compared: whatever a platform or a zip does to it is undone.

    Examples
    --------
    >>> normal("Noe\u0308l  O'Brien") == normal("No\u00ebl_OBrien")
    True
    """
    text = unicodedata.normalize("NFC", name).translate(LOST).replace("_", " ")
    return " ".join(text.split()).casefold()


def owned(name: str, known: frozenset[str] = frozenset()) -> Owned | None:
    """Return whose a file or a folder is by its name; None if no platform names things so.

    Parameters
    ----------
    name : str
        Of a file or a folder.
    known : frozenset of str
        Keys of learners, as `normal` makes them: they decide where a name can be read in
        several ways.

    Examples
    --------
    >>> owned("project_group1_LATE_88_501_A2.ipynb")
    Owned(who='project_group1', number='88', file='A2.ipynb', attachment=501)
    """
    name = unicodedata.normalize("NFC", name)
    match = MOODLE.fullmatch(name)
    if match:
        return Owned(match["who"], match["number"], match["file"] or "")
    match = ANONYMOUS.fullmatch(name)
    if match:
        file = match["file"] or f"{match['typed']}.html"
        return Owned(match["who"], "", file, int(match["attachment"] or 0))
    match = TYPED.fullmatch(name)
    if match:
        return Owned(match["who"], match["number"], f"{match['typed']}.html")
    readings = list(_canvas(name))
    for reading in readings:
        if normal(reading.key) in known:
            return reading
    # Users and uploads have large numbers; groups and what learners call a file, small ones.
    return max(readings, key=lambda r: min(int(r.number), r.attachment), default=None)


def _canvas(name: str) -> Iterator[Owned]:
    """Yield the ways in which Canvas could have made a name."""
    for middle in re.finditer(r"(?=_(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+))", name):
        who = name[: middle.start()]
        late = who.endswith("_LATE")
        who = who.removesuffix("_LATE")
        if who and not re.search(r"_\d+_", who) and (late or who == who.lower()):
            yield Owned(who, middle["user"], middle["file"], int(middle["attachment"]))


def own_name(name: str) -> str:
    """Return what the learner called a file."""
    found = owned(name)
    return found.file if found is not None and found.file else name


def returned(path: PurePath, page: str) -> str:
    """Return the name under which a platform takes a page back for who handed in a file.

    Parameters
    ----------
    path : PurePath
        What was handed in, where it lay.
    page : str
        What the page is called otherwise.

    Returns
    -------
    str
        A path in a zip; empty where the path has no platform's name.

    Examples
    --------
    >>> returned(PurePath("in/Ada L_77_assignsubmission_file/A2.ipynb"), "A2.html")
    'Ada L_77_assignsubmission_file/A2.html'
    >>> returned(PurePath("in/lovelaceada_LATE_12_501_A2-1.ipynb"), "A2.html")
    'lovelaceada_LATE_12_501_A2.html'
    """
    for part in reversed(path.parts):
        found = owned(part)
        if found is not None and MOODLE.fullmatch(part) and not found.file:
            return f"{part}/{page}"
        if found is not None and found.file:
            return f"{part.removesuffix(found.file)}{page}"
    return ""


def is_rubbish(name: str) -> bool:
    """Say whether the system made a file or a folder, and no learner."""
    return name.startswith(".") or name.casefold() in RUBBISH


def is_notebook(name: str) -> bool:
    """Say whether a name is that of a notebook, also with what browsers add to it.

    Examples
    --------
    >>> [is_notebook(name) for name in ("A2.IPYNB.txt", "A2.ipynb (1)", "A2.txt", "A2.zip")]
    [True, True, True, False]
    """
    own = PurePath(own_name(name))
    kind = own.suffix.lower()
    lost_its_end = kind == ".json" or (kind == ".txt" and bool(ASSIGNMENT.search(own.stem)))
    return bool(NOTEBOOK.fullmatch(own.name)) or lost_its_end


def stem(name: str) -> str:
    """Return the name of a file without what follows its last dot, or ``.ipynb``.

    Examples
    --------
    >>> stem("ada.l.ipynb"), stem("A2.ipynb.txt")
    ('ada.l', 'A2')
    """
    match = NOTEBOOK.fullmatch(name)
    return match["stem"] if match else PurePath(name).stem


def speaks_of(name: str, assignment: str) -> bool:
    """Say whether a name has that of an assignment in it, as a word."""
    pattern = rf"(?<![a-z0-9]){re.escape(assignment)}(?![a-z0-9])"
    return bool(re.search(pattern, name, re.IGNORECASE))


def rank(name: str, assignment: str) -> tuple[int, int, int, bool, str]:
    """Return how likely the notebook with a name is the one that counts; the largest does.

    First the one with the right name, else one with it as a word, then any that does not have
    another assignment's; of these the highest version, and then the latest upload.

    Examples
    --------
    >>> sorted(["A2.ipynb", "A2 (10).ipynb", "A2-2.ipynb", "A1.ipynb", "x.ipynb"],
    ...        key=lambda name: rank(name, "A2"))
    ['A1.ipynb', 'x.ipynb', 'A2.ipynb', 'A2-2.ipynb', 'A2 (10).ipynb']
    """
    found = owned(name)
    own = found.file if found is not None and found.file else name
    bare, version = stem(own), 0
    rest = bare[len(assignment) :]
    if bare.casefold().startswith(assignment.casefold()) and VERSION.fullmatch(rest):
        numbers = re.findall(r"\d+", rest)
        kind, version = 3, int(numbers[-1]) if numbers else 0
    elif speaks_of(bare, assignment):
        kind = 2
    else:
        kind = 0 if ASSIGNMENT.search(bare) else 1
    attachment = found.attachment if found is not None else 0
    return kind, version, attachment, own.lower().endswith(".ipynb"), own
