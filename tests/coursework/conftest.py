"""What the tests of the coursework share."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest

from grading.handin.submission import Submission
from grading.judging.assignment import load
from grading.judging.judge import judge
from grading.judging.session import Conditions
from grading.running.sandbox import Limits, SandboxMissing, check
from support import CLASS_SEED, WORKERS

HERE = Path(__file__).parent
SLOW = {HERE / "judging", HERE / "test_batch.py", HERE / "test_hostile.py"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave the slow tests to `make test-coursework`, but for an honest and a hostile batch."""
    for item in items:
        slow = item.path in SLOW or item.path.parent in SLOW
        if slow and not item.get_closest_marker("everyday"):
            item.add_marker(pytest.mark.coursework)


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
def assignments():
    """Return every assignment by its name, with our seed."""
    return {name: load(name, CLASS_SEED) for name in ("A1", "A2", "A3", "A4")}


@pytest.fixture(scope="session")
def a2(assignments):
    return assignments["A2"]


@pytest.fixture(scope="session")
def grade(assignments, sandbox):
    """Return a function that grades right answers in which some cells are replaced."""

    def graded(name, cells, seed="", limits=None, slot=0):
        answers = assignments[name].references | cells
        submission = Submission(answers, digest=seed)
        return judge(assignments[name], submission, Conditions(limits or Limits(), slot))

    return graded


@pytest.fixture(scope="session")
def grade_all(grade):
    """Return a function that grades pairs of cells and seed side by side, in order."""
    slots = SimpleQueue()
    for slot in range(WORKERS):
        slots.put(slot)

    def graded(name, jobs):
        def one(job):
            slot = slots.get()
            try:
                return grade(name, job[0], seed=job[1], slot=slot)
            finally:
                slots.put(slot)

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, jobs))

    return graded
