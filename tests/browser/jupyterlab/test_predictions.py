"""Predictions in JupyterLab: the guess is a trait that the next cell reads."""

import json

import pytest
from every_prediction import KINDS
from playwright.sync_api import expect

TRAITS = "import json; print(json.dumps([w.guess, w.stage, w.assumed]))"
CELLS = [
    cell
    for kind in KINDS
    for cell in (
        f"from every_prediction import {kind}\nw = {kind}()\nw",
        TRAITS,
        "w",
        "w.guess = None",
    )
]


@pytest.fixture(scope="module")
def book(open_notebook):
    """A notebook with a prediction of each kind, three cells behind each."""
    notebook = open_notebook(
        "import sys; sys.path.insert(0, PATH)".replace("PATH", repr(UNIT)), *CELLS
    )
    notebook.run(0)
    return notebook


UNIT = __file__.replace("browser/jupyterlab/test_predictions.py", "unit")


@pytest.fixture(params=enumerate(KINDS), ids=KINDS)
def asked(request, book):
    """A prediction that was just made: its kind, its first cell and its view."""
    n, kind = request.param
    first = 1 + 4 * n
    book.complaints.clear()
    book.run(first)
    view = book.output(first).locator(".dl-predicting")
    expect(view).to_have_attribute("data-state", "open")
    return kind, first, view


def guess(kind, view):
    """Guess by keys."""
    keys = {
        "curve": ["PageUp", "ArrowRight", "PageUp"],
        "number": ["PageUp"],
        "choice": ["Space"],
        "order": ["ArrowDown"],
    }
    view.locator("[tabindex='0'], input[type=radio], .dl-order button").first.focus()
    for key in keys[kind]:
        view.page.keyboard.press(key)


def traits(book, first):
    book.run(first + 1)
    return json.loads(book.output(first + 1).inner_text())


def test_the_next_cell_reads_what_the_reader_did(asked, book):
    kind, first, view = asked
    assert traits(book, first) == [None, "open", ""]

    guess(kind, view)
    view.get_by_role("button", name="Compare").click()
    expect(view).to_have_attribute("data-state", "compared")
    view.get_by_label("What did I assume?").fill("nothing")
    view.get_by_label("What did I assume?").press("Tab")

    expected = {
        "curve": {"test error": [60, 70, None]},
        "number": {"": 60},
        "choice": ["one"],
        "order": ["dropout", "plain", "L2"],
    }
    assert traits(book, first) == [expected[kind], "compared", "nothing"]
    assert book.complaints == []


def test_the_question_and_the_caption_stand_around_the_view(asked, book):
    kind, _, view = asked
    made = KINDS[kind]()

    expect(view.locator(".dl-question")).to_have_text(made.title)
    expect(view.locator(".dl-caption")).to_be_hidden()
    view.get_by_role("button", name="Show me").click()
    if kind == "curve":
        expect(view.locator(".dl-caption")).to_have_text(made.caption)


def test_two_views_stay_in_step_and_the_kernel_may_forget(asked, book):
    kind, first, view = asked
    book.run(first + 2)
    second = book.output(first + 2).locator(".dl-predicting")

    guess(kind, view)
    expect(second.get_by_role("button", name="Compare")).to_be_enabled()
    second.get_by_role("button", name="Show me").click()
    expect(view).to_have_attribute("data-state", "shown")

    book.run(first + 3)
    assert traits(book, first)[0] is None
    assert book.complaints == []
