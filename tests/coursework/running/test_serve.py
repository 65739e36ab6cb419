"""A worker gets the packages that it needs, and memory beside them."""

import json
import subprocess
import sys
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

from grading.running.calls import Call, Name
from grading.running.packages import importable
from grading.running.remote import LearnerError, Worker
from grading.running.sandbox import Limits
from support import ENVIRONMENT

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


def test_two_classes_that_are_graded_at_once_share_no_user():
    """The fork bomb of one would take the processes of the other, and kill -1 would end them."""
    asked = (
        "from grading.running.sandbox import unprivileged_user\n"
        "print([unprivileged_user(slot) for slot in range(8)])"
    )
    command = [sys.executable, "-c", asked]
    both = [subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE) for _ in "ab"]
    users = [set(json.loads(one.communicate()[0])) for one in both]

    assert users[0].isdisjoint(users[1])
    assert all(1000 < user < 65_534 for user in users[0] | users[1])


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


KINDS = """
import collections, enum
import numpy as np
class Word(str): pass
class Verdict(enum.StrEnum):
    LOWER = "lower"
class Number(enum.IntEnum):
    TWO = 2
class Refused(ValueError): pass
Pair = collections.namedtuple("Pair", "a b")
def values():
    counted = collections.defaultdict(list, {np.str_("k"): [Word("w"), Verdict.LOWER]})
    return [counted, collections.OrderedDict(a=Number.TWO), Pair(1.5, np.float64(2.5))]
def as_array():
    return np.array([3, 4])
def one_by_one():
    return (i for i in (5, 6))
def three():
    return iter([1, 2, 3])
def refuse():
    raise Refused("mine")
"""


def test_values_and_errors_are_known_by_what_they_are_and_not_by_their_class(sandbox):
    worker = Worker(("numpy",), Limits())
    try:
        worker.allow(60)
        assert worker.cell("kinds", KINDS)[0] == []

        values = worker.call(Call(Name("values"))).value
        assert values == [{"k": ["w", "lower"]}, {"a": 2}, (1.5, 2.5)]
        for name, parts in [("as_array", [3, 4]), ("one_by_one", [5, 6])]:
            assert worker.call(Call(Name(name), parts=(True, True))).parts == parts
        with pytest.raises(LearnerError, match="one list_iterator where 2 values are expected"):
            worker.call(Call(Name("three"), parts=(True, True)))
        with pytest.raises(LearnerError, match="it raised Refused: mine") as caught:
            worker.call(Call(Name("refuse")))
        assert "ValueError" in caught.value.kinds
        assert "Refused" not in caught.value.kinds
    finally:
        worker.close()
