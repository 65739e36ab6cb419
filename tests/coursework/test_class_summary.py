"""What the page for the instructor lists as worth a look."""

import ast

import pytest

from grading.reports.class_summary import ODD_NAMES, _names


@pytest.mark.parametrize(
    ("code", "odd"),
    [
        ("net.eval()", set()),
        ("eval('1')", {"eval()"}),
        ("import os.path", {"os"}),
        ("from inspect import stack", {"inspect"}),
        ("np.open", {"open"}),
    ],
)
def test_eval_is_odd_as_a_function_and_not_as_a_method(code, odd):
    assert _names(ast.parse(code)) & ODD_NAMES == odd
