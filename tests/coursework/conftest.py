"""What the tests of the coursework share."""

import os
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import pytest

from grading.assignment import load
from grading.judge import judge
from grading.sandbox import Limits, SandboxMissing, check
from grading.session import Conditions
from grading.submission import Submission
from support import CLASS_SEED

WORKERS = min(4, os.cpu_count() or 1)


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
    """Return a function that grades right answers in which some cells are replaced."""

    def graded(cells, seed="", limits=None, slot=0, without=()):
        answers = {k: v for k, v in (a2.references | cells).items() if k not in without}
        submission = Submission(answers, digest=seed)
        return judge(a2, submission, Conditions(limits or Limits(), slot))

    return graded


@pytest.fixture(scope="session")
def grade_all(grade):
    """Return a function that grades many, side by side, in order."""

    def graded(jobs):
        slots = SimpleQueue()
        for slot in range(WORKERS):
            slots.put(slot)

        def one(job):
            slot = slots.get()
            try:
                return grade(job[0], seed=job[1], slot=slot)
            finally:
                slots.put(slot)

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, jobs))

    return graded
