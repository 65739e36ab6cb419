"""What the tests of the coursework share."""

import os

import pytest

from grading.assignment import load
from grading.sandbox import SandboxMissing, check
from support import CLASS_SEED, grader, side_by_side


def sandbox_is_missing():
    """Return why there is no sandbox here; None if there is one."""
    try:
        check(True)
    except SandboxMissing as error:
        return str(error)
    return None


@pytest.fixture(scope="session")
def sandbox():
    """Skip where learners' code cannot be confined; fail in CI."""
    missing = sandbox_is_missing()
    if missing is None:
        return
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def pytest_terminal_summary(terminalreporter):
    if sandbox_is_missing() is not None and not os.environ.get("CI"):
        terminalreporter.write_line(
            "The grading of coursework was not tested: there is no bubblewrap here.", red=True
        )


@pytest.fixture(scope="session")
def a2():
    return load("A2", CLASS_SEED)


@pytest.fixture(scope="session")
def grade(a2, sandbox):
    """Return a function that grades right answers to A2 in which some cells are replaced."""
    return grader(a2)


@pytest.fixture(scope="session")
def grade_all(grade):
    """Return a function that grades many, side by side, in order."""
    return side_by_side(grade)
