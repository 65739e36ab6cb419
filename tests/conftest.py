"""Settings of every test, how tests are shared out between processes, and what took long."""

import os
from collections import Counter

import pytest
from hypothesis import settings

# PyTorch's threads sleep while they wait for one another: on a busy machine, those that spin
# take three times as long. It counts when PyTorch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# The same examples in every run, and no time limit for one: a busy machine is not a fault.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: a zip holds the time, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests of a file in one process, in their order, as far as they share things.

    What a module makes once (a trained net, a page that is open) is then made once. A test
    may say otherwise: ``pytest.mark.xdist_group``.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item):
    """Return the file, and beside it the page of the book that the test looks at."""
    file = item.nodeid.partition("::")[0]
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    page = next((value for value in parameters.values() if str(value).endswith(".html")), None)
    return f"{file}:{page}" if page else file


def pytest_terminal_summary(terminalreporter):
    """Name the files whose tests took longest, all phases added up."""
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    if sum(seconds.values()) < 60:
        return
    terminalreporter.section("slowest files")
    for file, total in seconds.most_common(10):
        terminalreporter.line(f"{total:6.1f} s  {file}")
