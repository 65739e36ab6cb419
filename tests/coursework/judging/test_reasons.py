"""What a learner reads: what was asked, what came back, what was expected; imports that fail."""

import numpy as np
import pytest

from grading.judging.task import Wrong, alike, must_raise, plain_number
from grading.judging.words import brief, first_off
from grading.running.remote import LearnerError
from support import lost

STANDARDISE = """
def standardise(x, train):
    mean, sd = x[train].mean(axis=0), x[train].std(axis=0)
    {}
    return (x - mean) / np.where(x[train].max(axis=0) == x[train].min(axis=0), 1, sd)
"""
MAY = "this assignment may import NumPy and Python's standard library"


def reason(grade, name, cell, source):
    verdict = grade(name, {cell: source})
    assert set(lost(verdict)) == {cell}
    return verdict.tasks[cell].failed[0]


@pytest.mark.parametrize(
    ("line", "use", "words"),
    [
        (
            "import seaborn as sns",
            "sns.set()",
            "line 1: import seaborn as sns: No module named",
        ),
        ("from scipy.stats import t", "t.ppf(0.9, 3)", "line 1: from scipy.stats import t: No"),
        ("if True:\n    import scipy", "scipy.pi", "line 2: import scipy: No module named"),
        ("from seaborn import *", "sns.set()", "line 1: from seaborn import *: No module"),
        ("import numpy as np, seaborn", "seaborn.set()", "line 1: import numpy as np, seaborn"),
        ("from numpy import nothing", "nothing()", "line 1: from numpy import nothing: cannot"),
    ],
)
def test_an_import_that_fails_is_named_where_the_name_is_missed(grade, line, use, words):
    said = reason(grade, "A1", "standardise", line + STANDARDISE.format(use))

    assert words in said
    assert f"{MAY}; the line was left out, and then with x of shape" in said
    assert "it raised NameError" in said


def test_an_import_inside_a_function_is_told_what_may_be_imported(grade):
    said = reason(grade, "A1", "standardise", STANDARDISE.format("import seaborn"))

    assert (
        "it raised ModuleNotFoundError: No module named 'seaborn' (line 4 of the cell)" in said
    )
    assert said.endswith(MAY)


def test_an_import_that_nothing_needs_costs_nothing_and_blames_nothing(grade):
    plots = "import matplotlib.pyplot as plt\n"
    right = STANDARDISE.format("")

    assert lost(grade("A1", {"standardise": plots + right})) == {}
    said = reason(grade, "A1", "standardise", plots + right.replace("x - mean", "x - moan"))
    assert "name 'moan' is not defined" in said
    assert "matplotlib" not in said


def test_an_import_of_an_earlier_cell_is_named_with_its_cell(grade, assignments):
    verdict = grade(
        "A1",
        {
            "split_people": "import seaborn as sns\n"
            + assignments["A1"].references["split_people"],
            "standardise": STANDARDISE.format("sns.set()"),
        },
    )

    assert set(lost(verdict)) == {"standardise"}
    assert "line 1 of split_people: import seaborn" in verdict.tasks["standardise"].failed[0]


def test_a_cell_that_defines_nothing_for_want_of_a_package_says_so(grade):
    source = "import numba\n@numba.njit" + STANDARDISE.format("")

    said = reason(grade, "A1", "standardise", source)

    assert said.startswith(
        "the cell does not define standardise (ModuleNotFoundError in line 1"
    )
    assert said.endswith(MAY)


def test_the_first_wrong_number_is_shown_with_the_right_one():
    with pytest.raises(Wrong, match=r"^out\[1, 0\] is 2 where 3 is expected$"):
        alike(np.array([[1.0], [2.0]]), np.array([[1.0], [3.0]]), "out")
    with pytest.raises(Wrong, match=r"^out is nan where 1 is expected$"):
        alike(np.array(np.nan), np.array(1.0), "out")
    alike(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), "out")


def test_numbers_that_are_nearly_equal_are_shown_with_the_digits_that_differ():
    said = first_off(np.array([1 + 1e-8]), np.ones(1), np.array([False]), "w")

    assert said == "w[0] is 1.00000001 where 1 is expected"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (True, "True"),
        (np.array(2.5), "2.5"),
        ((1, 2), "a tuple of 2"),
        ({}, "a dictionary of 0"),
        ("a\nb", "'a b'"),
    ],
)
def test_what_came_is_said_in_few_words(value, words):
    assert brief(value) == words
    with pytest.raises(Wrong) as caught:
        plain_number(value, "the mean", whole=True)
    assert "where a whole number is expected" in str(caught.value)


def test_what_is_not_refused_and_what_is_refused_otherwise_read_differently():
    def refuse():
        raise LearnerError("it raised TypeError", ["TypeError"])

    with pytest.raises(Wrong, match="p = 2 has to raise ValueError, and is accepted"):
        must_raise(lambda: None, "ValueError", "p = 2")
    with pytest.raises(Wrong, match="p = 2 has to raise ValueError; it raised TypeError"):
        must_raise(refuse, "ValueError", "p = 2")
