"""The folder of a class: its seed, its secrets, its learners' data. It stays out of git.

It is at the same time the course folder that nbgrader's own tools and formgrader work on.
"""

from __future__ import annotations

import fcntl
import secrets
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path

from grading.running.sandbox import Limits

__all__ = ["ClassFolder", "alone", "open_class"]

NOT_IN_PATHS = "*?[]{}#%\\"  # of patterns, of templates, of addresses of databases

TEMPLATE = """\
# Settings of this class. Keep this folder out of any repository: it names learners, and the
# numbers below would let them foresee their tests.

# Goes into the notebooks, so that numbers differ from class to class.
seed = {seed}

# Decides the judge's random inputs.
secret = "{secret}"

# A folder of yours whose tasks/a2.py, source/A2/A2.ipynb, ... replace ours; relative to here.
# private = "private"

[late]
# Percent of the points, for every day that late.csv (columns: id, assignment, days) says.
percent_a_day = 10
most_percent = 50

[limits]
# cpu_seconds = 20      computing time of one worker
# seconds = 60          wall clock of one test, for what only sleeps
# total_seconds = 300   wall clock of a submission
# memory_mb = 2048
"""

NBGRADER = """\
# Written by `make grade`: nbgrader's tools and formgrader, started in this folder, use it.
c = get_config()  # noqa: F821
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "dropout-lab"
"""


@dataclass(frozen=True)
class ClassFolder:
    """What `class.toml` says, and where things lie.

    Attributes
    ----------
    root : Path
        The folder.
    seed : int
        The seed of the class.
    secret : str
        Decides the judge's random inputs.
    private : Path or None
        The instructor's overrides.
    percent_a_day, most_percent : float
        The rule for late submissions.
    limits : Limits
        Of learners' code.
    """

    root: Path
    seed: int
    secret: str
    private: Path | None = None
    percent_a_day: float = 10.0
    most_percent: float = 50.0
    limits: Limits = field(default_factory=Limits)

    @property
    def gradebook(self) -> Path:
        """Nbgrader's gradebook: points and comments that were given by hand."""
        return self.root / "gradebook.db"

    @property
    def database(self) -> str:
        """The address of nbgrader's gradebook."""
        return f"sqlite:///{self.gradebook}"

    def results(self, assignment: str) -> Path:
        """Where verdicts are kept, a file each."""
        return self.root / "results" / assignment

    def reports(self, assignment: str) -> Path:
        """Where grades, feedback and the summary go."""
        return self.root / "reports" / assignment

    def late_share(self, days: float) -> float:
        """Return the share of the points that is lost by being so many days late.

        Examples
        --------
        >>> ClassFolder(Path("."), 1, "").late_share(2)
        0.2
        """
        return min(days * self.percent_a_day, self.most_percent) / 100


@contextmanager
def alone(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Let one command at a time work on a class: wait for another to end, and say so."""
    with (root / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another command works on the class in {root}; this one waits until it ends")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def open_class(root: Path) -> ClassFolder:
    """Return the settings of a class; make its folder if it is new.

    Raises
    ------
    ValueError
        ``class.toml`` cannot be understood; the message says what is wrong.
    """
    root = root.resolve()
    odd = sorted(set(str(root)) & set(NOT_IN_PATHS))
    if odd or not str(root).isprintable():
        raise ValueError(
            f"The class folder {str(root)!r} has {' '.join(odd) or 'a control character'} in "
            "its path, which nbgrader takes for something else. Choose a path without: "
            "CLASS=/another/folder"
        )
    path = root / "class.toml"
    if not path.exists():
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)
        text = TEMPLATE.format(
            seed=secrets.randbelow(900_000) + 100_000, secret=secrets.token_hex()
        )
        path.write_text(text, encoding="utf-8")
        (root / ".gitignore").write_text("*\n", encoding="utf-8")
    config = root / "nbgrader_config.py"
    config.write_text(NBGRADER.format(root=str(root)), encoding="utf-8")
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = said.get("limits", {})
        unknown = set(limits) - {f.name for f in fields(Limits)}
        if unknown:
            raise ValueError(f"[limits] has no {', '.join(sorted(unknown))}")
        late = said.get("late", {})
        return ClassFolder(
            root,
            int(said["seed"]),
            str(said["secret"]),
            (root / said["private"]).resolve() if "private" in said else None,
            float(late.get("percent_a_day", 10)),
            float(late.get("most_percent", 50)),
            Limits(**limits),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
