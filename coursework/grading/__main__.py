"""``python -m grading release`` and ``python -m grading grade``; see ``make help``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grading.batch import Batch, grade
from grading.class_folder import alone, open_class
from grading.handin.collect import which
from grading.judging.assignment import COURSEWORK
from grading.release import Leak, pack
from grading.running.sandbox import UNPROTECTED, SandboxMissing

__all__ = ["main"]

LMS = "Moodle's grading worksheet or Canvas's gradebook, as exported"


def arguments(words: list[str] | None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog="python -m grading", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    releasing = commands.add_parser("release", help="make student versions and zips")
    releasing.add_argument("--into", type=Path, default=Path("_build/coursework"))
    grading = commands.add_parser("grade", help="grade submissions")
    grading.add_argument("submissions", type=Path, help="a folder, or a zip from an LMS")
    grading.add_argument("--workers", type=int, default=2, help="how many at a time")
    grading.add_argument("--lms", type=Path, help=f"{LMS}, to be filled in")
    grading.add_argument("--without-sandbox", action="store_true", help=UNPROTECTED)
    for command in (releasing, grading):
        command.add_argument("--class-folder", type=Path, default=Path("_class"))
    releasing.add_argument("assignments", nargs="*", help="such as A2; by default all")
    grading.add_argument("--assignment", help="such as A2; by default what was handed in")
    return parser.parse_args(words)


def _called(asked: list[str], names: list[str]) -> list[str]:
    """Return names of assignments as ours are written, whatever case they come in."""
    known = {name.lower(): name for name in names}
    for name in asked:
        if name.lower() not in known:
            raise ValueError(f"There is no assignment {name}. There are {', '.join(names)}")
    return [known[name.lower()] for name in asked]


def main(words: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    given = arguments(words)
    try:
        if given.command == "grade" and not (given.class_folder / "class.toml").exists():
            raise ValueError(
                f"There is no class in {given.class_folder}. Grade with the folder that "
                f"`make coursework CLASS={given.class_folder}` has made: its seed is in the "
                "notebooks that were handed out"
            )
        course = open_class(given.class_folder)
        names = sorted(path.name for path in (COURSEWORK / "source").iterdir())
        if given.command == "release":
            with alone(course.root, print):
                for name in _called(given.assignments, names) or names:
                    path = pack(course, name, given.into)
                    print(f"{path} holds no solution and no hidden test")
            return 0
        sandboxed = not given.without_sandbox
        if not sandboxed:
            print(f"Warning: {UNPROTECTED}", file=sys.stderr)
        asked = _called([given.assignment] if given.assignment else [], names)
        name = asked[0] if asked else which(given.submissions, names)
        print(f"Grading {name}")
        batch = Batch(course, name, given.submissions, given.workers, sandboxed, given.lms)
        with alone(course.root, print):
            report = grade(batch)
    except (Leak, SandboxMissing, ValueError, FileNotFoundError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\nGrades    {report.grades}\nSummary   {report.summary}")
    print(f"Feedback  {report.feedback}, and for the LMS {report.returned.name}")
    if report.lms is not None:
        print(f"LMS       {report.lms}: {'; '.join(report.says)}")
    waiting = sum(
        bool(row.scores.waiting or row.scores.again or row.scores.zero) for row in report.rows
    )
    if waiting:
        print(
            f"By hand   {waiting} to grade, with formgrader: start JupyterLab in {course.root}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
