"""A worker gets the packages that it needs, and memory beside them."""

from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

from grading.running.calls import Call, Name
from grading.running.packages import importable
from grading.running.remote import LearnerError, Worker
from grading.running.sandbox import Limits

HOG = "def hog(megabytes):\n    return len(bytearray(megabytes << 20)) >> 20"


def test_memory_is_counted_beside_what_the_packages_map(sandbox):
    worker = Worker(("numpy",), Limits(memory_mb=48))  # NumPy alone maps more
    try:
        worker.allow(30)
        worker.cell("hog", HOG)

        assert worker.call(Call(Name("hog"), [16])).value == 16
        with pytest.raises(LearnerError, match="MemoryError"):
            worker.call(Call(Name("hog"), [64]))
    finally:
        worker.close()


def test_what_a_package_needs_on_this_system_comes_along(monkeypatch):
    known = distribution("jinja2")
    needs = [
        "numpy; sys_platform != 'none'",
        "packaging; sys_platform == 'none'",
        "requests; extra == 'more'",
    ]
    monkeypatch.setattr(type(known), "requires", property(lambda self: needs))

    assert "numpy" in importable(("jinja2",))
    assert "packaging" not in importable(("jinja2",))
    assert "requests" not in importable(("jinja2",))
    assert "requests" in importable((str(Requirement("jinja2[more]")),))
