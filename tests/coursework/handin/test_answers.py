"""Answers are found as learners leave them in their notebooks."""

from unittest.mock import Mock

import pytest

from grading.handin.answers import Form, find_answers
from grading.handin.ipython import as_python
from grading.handin.newer_python import newest

STUB = "def {}():\n    raise NotImplementedError()"
FORM = Form(
    {"one": STUB.format("one"), "two": STUB.format("two"), "word": "YOUR ANSWER HERE"},
    {"one": ("one",), "two": ("two",)},
    {"word": "## Your word"},
    frozenset({"# A2", "## Your word", "one()", "two()"}),
)
ONE, TWO = "def one():\n    return 1", "def two():\n    return 2"


def cell(text, mark=None, kind="code", by_id=False):
    metadata = {} if mark is None or by_id else {"nbgrader": {"grade_id": mark}}
    return {
        "cell_type": kind,
        "source": text,
        "metadata": metadata,
        "id": mark if by_id else "x",
    }


def value_of(text, name):
    space = {}
    exec(as_python(text), space)
    return space[name]()


@pytest.mark.parametrize(
    "cells",
    [
        [cell(ONE, "one"), cell(TWO, "two")],
        [cell(ONE, "one", by_id=True), cell(TWO, "two", by_id=True)],
        # split: empty, a comment, a helper, in the middle of the function
        [cell("", "one"), cell(ONE, "one"), cell(TWO, "two")],
        [cell("# Task 1", "one"), cell(ONE, "one"), cell(TWO, "two")],
        [cell("a = 1", "one"), cell("def one():\n    return a", "one"), cell(TWO, "two")],
        [cell("def one():", "one"), cell("    return 1", "one"), cell(TWO, "two")],
        [cell(ONE, "one"), cell("print(one())", "one"), cell(TWO, "two")],
        [cell(ONE, "one"), cell("one()", "one"), cell("", "one"), cell(TWO, "two")],
        # copied: the same, beside what was handed out, an older one, a broken one
        [cell(ONE, "one"), cell(ONE, "one"), cell(TWO, "two")],
        [cell(FORM.stubs["one"], "one"), cell(ONE, "one"), cell(TWO, "two")],
        [cell(ONE, "one"), cell(FORM.stubs["one"], "one"), cell(TWO, "two")],
        [cell("def one():\n    return 7", "one"), cell(ONE, "one"), cell(TWO, "two")],
        [cell("def one(:", "one"), cell(ONE, "one"), cell(TWO, "two")],
        # merged, recreated, without any mark, beside what was handed out
        [cell(f"{ONE}\n\n{TWO}", "one")],
        [cell(f"{ONE}\n\n@staticmethod\n{TWO}\n{TWO}", "one"), cell(FORM.stubs["two"], "two")],
        [cell(ONE), cell(TWO)],
        [cell("import math"), cell(TWO), cell("one()"), cell(ONE), cell("two()")],
        [cell(FORM.stubs["one"], "one"), cell(ONE), cell(TWO, "two")],
        [cell("one = lambda: 1"), cell(TWO)],
        [cell("if True:\n    def one():\n        return 1"), cell(TWO)],
        # of another kind, with Windows' ends of lines, in older formats
        [cell(ONE, "one", "raw"), cell(TWO, "two", "markdown")],
        [cell(ONE.replace("\n", "\r\n"), "one"), cell(TWO.splitlines(keepends=True), "two")],
    ],
)
def test_both_answers_in_code_are_found(cells):
    answers, _ = find_answers(cells, FORM)

    assert (value_of(answers["one"], "one"), value_of(answers["two"], "two")) == (1, 2)


def test_trials_in_a_copied_cell_are_not_run():
    trial = "for i in range(10**12):\n    print(one())"

    answers, notes = find_answers(
        [cell(ONE, "one"), cell(trial, "one"), cell(TWO, "two")], FORM
    )

    assert answers["one"] == ONE
    assert notes == ["missing answer cells: word"]


def test_what_merged_cells_hold_is_told_apart():
    answers, _ = find_answers([cell(f"a = 1\n{ONE}\n\n{TWO}", "one")], FORM)

    assert "two" not in answers["one"]
    assert "def one" not in answers["two"]
    assert "a = 1" in answers["two"]


def test_what_is_missing_is_named_and_what_was_handed_out_is_not_missing():
    answers, notes = find_answers([cell(FORM.stubs["one"])], FORM)

    assert answers == {"one": FORM.stubs["one"]}
    assert notes == ["missing answer cells: two, word"]


@pytest.mark.parametrize(
    "cells",
    [
        [cell("## Your word", kind="markdown"), cell("Because.", "word", "markdown")],
        [cell("## Your word", kind="markdown"), cell("Because.", kind="markdown")],
        [cell("# A2"), cell("## Your word"), cell("Because."), cell("one()"), cell("not this")],
        [cell("YOUR ANSWER HERE", "word"), cell("Because.", "word")],
        [cell("", "word"), cell("Because.", "word")],
    ],
)
def test_an_answer_in_words_is_found_below_its_question(cells):
    assert find_answers(cells, FORM)[0]["word"] == "Because."


@pytest.mark.parametrize(
    ("source", "name", "wanted"),
    [
        ("    def f():\n        return 3", "f", 3),
        (">>> def f():\n...     return 3\n", "f", 3),
        ("In [1]: def f():\n   ...:     return 3\n", "f", 3),
        ("%%time\ndef f():\n    return 3", "f", 3),
        ("%load_ext x\n!ls\nf?\ndef f():\n    return 3", "f", 3),
        ("%time x = 3\ndef f():\n    return x", "f", 3),
        ("def f():\n    %time x = 3\n    return x", "f", 3),
    ],
)
def test_what_ipython_accepts_runs(source, name, wanted):
    space = {"get_ipython": Mock}  # of which a worker has one, too
    exec(as_python(source), space)

    assert space[name]() == wanted


def test_a_cell_that_is_a_magic_as_a_whole_and_does_not_run_python_is_empty():
    assert as_python("%%bash\nrm -rf /") == ""


@pytest.mark.parametrize(
    "source", ["x = " + "(" * 5000, "\0", "!" * 3000, "x = !" * 2000, "'''"]
)
def test_what_is_no_code_at_all_stays_as_it_is_or_is_python(source):
    assert isinstance(as_python(source), str)


@pytest.mark.skipif(newest() is None, reason="there is no newer Python here")
@pytest.mark.parametrize(
    "body",
    [
        'x = {"a": 1}\n    return f"{x["a"]}"',
        'return f"{", ".join(f"{v:{3}}".strip() for v in "1")}"',
        'return f"{"\\n".strip()}1"',
        "type A = int\n    return str(A(1))",
        "def g[T](x: T) -> T:\n        return x\n    return g('1')",
    ],
)
def test_words_of_a_newer_python_are_read_by_a_newer_one(body):
    space = {}
    exec(as_python(f"def f():\n    {body}\n"), space)

    assert space["f"]() == "1"


def test_an_answer_in_words_that_was_split_is_whole_again_and_it_is_said():
    pieces = [
        cell(text, "word", "markdown") for text in ("First.", "YOUR ANSWER HERE", "Then.")
    ]

    answers, notes = find_answers([cell(ONE, "one"), *pieces, cell(TWO, "two")], FORM)

    assert answers["word"] == "First.\n\nThen."
    assert notes == ["the answer word is in 2 pieces, which were joined"]
