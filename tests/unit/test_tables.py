"""Tables: exact text in a terminal, a table with headers and a caption on a page."""

import numpy as np
import pytest
from output_html import Elements, html

from dropoutlab.stats import Interval
from dropoutlab.tables import table

CHANGE = Interval(-1.49, -1.71, -1.27, n=8)
ROWS = [["plain", 1200, None], ["dropout", -9, CHANGE]]
COLUMNS = ["net", "steps", "change of error"]


@pytest.fixture
def made():
    return table(ROWS, COLUMNS, caption="Errors of `net`", decimals=1)


def test_text_is_aligned_and_has_no_spaces_at_the_ends_of_lines(made):
    assert str(made).splitlines() == [
        "Errors of `net`",
        "net      steps  change of error",
        "plain    1,200",
        "dropout     −9       −1.5 ± 0.2",
    ]
    assert made._repr_mimebundle_()["text/plain"] == str(made) == repr(made)


def test_every_header_says_what_it_heads(made):
    headers = Elements(html(made)).all("th")

    assert [each["scope"] for each in headers] == ["col"] * 3 + ["row"] * 2


def test_a_heading_without_text_is_no_header():
    headers = Elements(html(table([["plain", 1]], ["", "error"], caption="c"))).all("th")

    assert [each["scope"] for each in headers] == ["col", "row"]


def test_caption_comes_first_in_the_table_with_its_code(made):
    assert html(made).startswith('<table class="dl-table"><caption>Errors of <code>net</code><')


def test_numbers_stand_at_the_right_and_names_at_the_left(made):
    found = Elements(html(made)).found
    sides = [attrs["style"] for tag, attrs in found if tag in ("th", "td")]

    assert sides == ["text-align:left", "text-align:right", "text-align:right"] * 3


def test_numbers_that_name_rows_stand_at_the_left():
    made = table([[5, 0.5], [10, 0.2]], ["runs", "width"], caption="c")

    assert str(made).splitlines()[2:] == ["5       0.5", "10      0.2"]


def test_markup_in_cells_and_headings_is_text():
    page = html(table([["<b>", "<i>"]], ["<u>", "&"], caption="<s>"))

    assert {tag for tag, _ in Elements(page).found} <= set(
        ["table", "caption", "thead", "tbody", "tr", "th", "td"]
    )
    assert "".join(Elements(page).text.split()) == "<s><u>&<b><i>"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("as it is ", "as it is "),
        (1234567, "1,234,567"),
        (np.int64(-3), "−3"),
        (0.0025, "0.0025"),
        (np.float32(0.5), "0.5"),
        (-1e-7, "−1e−07"),
        (None, ""),
        (CHANGE, "−1.49 ± 0.22"),
    ],
)
def test_a_cell_is_written(cell, text):
    assert table([["row", cell]], ["", "x"], caption="c").rows[0][1] == text


@pytest.mark.parametrize(
    ("cell", "text"), [(2.345, "2.35"), (-0.001, "0.00"), (7, "7"), (CHANGE, "−1.49 ± 0.22")]
)
def test_decimals_are_for_floats_and_intervals(cell, text):
    assert table([["row", cell]], ["", "x"], caption="c", decimals=2).rows[0][1] == text


@pytest.mark.parametrize(
    ("column", "right"),
    [
        (["3", "−0.5 ± 1.0", ""], True),
        (["+1", "<1", "12.5 %"], True),
        (["3", "none"], False),
        (["1 of 2", "ok"], False),
    ],
)
def test_a_column_is_of_numbers_if_every_cell_begins_with_one(column, right):
    made = table([["name", cell] for cell in column], ["", "x"], caption="c")

    assert ("text-align:right" in html(made)) == right


@pytest.mark.parametrize(
    ("rows", "caption", "error", "says"),
    [
        ([], "c", ValueError, "at least one row"),
        ([["a", 1], ["b"]], "c", ValueError, r"2 cells as columns, got \['b'\]"),
        ([["a", 1]], " ", ValueError, "caption must not be empty"),
        ([["a", 1]], None, TypeError, "caption must be a string"),
        ([["a", [1]]], "c", TypeError, r"a cell must be text, .* got \[1\]"),
    ],
)
def test_what_is_no_table_is_refused(rows, caption, error, says):
    with pytest.raises(error, match=says):
        table(rows, ["", "x"], caption=caption)
