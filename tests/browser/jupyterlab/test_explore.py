"""A figure with sliders in JupyterLab: the kernel draws it, and a dead kernel is reported."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("jupyterlab")

SETUP = """
import time
from pathlib import Path
from dropoutlab import plots
from dropoutlab.explorables import explore

name, met, busy = "before", [], Path("busy")

def draw(p, mode):
    met.append(p)
    while busy.exists():
        time.sleep(0.02)
    if p == 3:
        raise RuntimeError("three is too many")
    fig, ax = plots.new_axes()
    ax.plot([0, p], color="black")
    ax.set_title(f"{name} {p}")
    return fig, f"{name}: a line to {p} in mode {mode}."

w = explore(draw, p=range(30), mode=["train", "eval"], caption="A line to `p`.")
w
"""
MOVES = """async (slider) => {
  for (let value = 4; value < 30; value++) {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
}"""


@pytest.fixture(scope="module")
def book(open_notebook):
    """One notebook for all tests."""
    return open_notebook(
        SETUP,
        "name = 'after'",
        "w.setting = {'p': 7, 'mode': 'eval'}",
        "import json; print(json.dumps([w.setting, met]))",
        "busy.touch(); met.clear()",
        "w",
    )


@pytest.fixture
def view(book):
    """The figure, made anew."""
    book.run(0)
    book.complaints.clear()
    expect(slider(book.output(0))).to_be_visible()
    return book.output(0)


def slider(view):
    return view.get_by_role("slider", name="p", exact=True)


def figure(view):
    return view.locator(".dl-frame svg")


def known_to_the_kernel(book):
    book.run(3)
    return json.loads(book.output(3).inner_text())


def test_a_view_has_its_figure_its_name_and_its_caption(book, view):
    group = view.get_by_role("group", name="A figure by p and mode", exact=True)

    expect(figure(group)).to_have_count(1)
    expect(group.get_by_role("img", name="before: a line to 0 in mode train.")).to_be_visible()
    expect(group.locator(".dl-caption")).to_have_text("A line to p.")
    expect(group.locator(".dl-note")).to_be_empty()
    assert book.complaints == []


def test_a_move_draws_again_with_what_the_kernel_knows_now(book, view):
    book.run(1)

    slider(view).press("ArrowRight")

    expect(view.get_by_role("img", name="after: a line to 1 in mode train.")).to_be_visible()
    expect(view.locator(".dl-spoken")).to_have_text("after: a line to 1 in mode train.")
    view.get_by_role("combobox", name="Mode").select_option("eval")
    expect(view.get_by_role("img", name="after: a line to 1 in mode eval.")).to_be_visible()
    assert known_to_the_kernel(book) == [{"p": 1, "mode": "eval"}, [0, 1, 1]]
    assert book.complaints == []


def test_python_moves_the_controls(book, view):
    book.run(2)

    expect(slider(view)).to_have_value("7")
    expect(view.get_by_role("combobox", name="Mode")).to_have_value("1")
    expect(view.get_by_role("img", name="before: a line to 7 in mode eval.")).to_be_visible()


def test_two_views_stay_in_step(book, view):
    book.run(5)
    second = book.output(5)

    slider(second).press("ArrowRight")

    for each in (view, second):
        expect(slider(each)).to_have_value("1")
        expect(each.get_by_role("img", name=re.compile("line to 1 "))).to_be_visible()


def test_quick_moves_do_not_queue_up(book, view, server):
    book.run(4)

    slider(view).evaluate(MOVES)
    (server[1] / "busy").unlink()

    expect(view.get_by_role("img", name=re.compile("line to 29 "))).to_be_visible()
    assert known_to_the_kernel(book) == [{"p": 29, "mode": "train"}, [4, 29]]
    expect(slider(view)).to_have_value("29")
    assert book.complaints == []


def test_what_the_function_raises_is_shown_and_the_next_move_works(book, view):
    book.run(2)
    expect(slider(view)).to_have_value("7")
    slider(view).evaluate(
        "s => { s.value = 3; s.dispatchEvent(new Event('input', { bubbles: true })); }"
    )

    expect(view.locator(".dl-note")).to_have_text(
        "draw(p=3, mode='eval') raised RuntimeError: three is too many. "
        "The figure still shows p 7, Mode eval."
    )
    expect(view.get_by_role("img", name=re.compile("line to 7 "))).to_be_visible()

    slider(view).press("ArrowRight")
    expect(view.get_by_role("img", name=re.compile("line to 4 "))).to_be_visible()
    expect(view.locator(".dl-note")).to_be_empty()
    assert book.complaints == []


@pytest.mark.full
def test_a_kernel_that_was_restarted_is_reported_and_nothing_loops(book, view):
    book.restart_kernel()
    book.complaints.clear()

    for _ in range(3):
        slider(view).press("ArrowRight")

    expect(view.locator(".dl-note")).to_have_text(
        "The kernel does not answer: it is busy, or it was restarted. "
        "The figure still shows p 0, Mode train."
    )
    assert len(book.complaints) <= 3, book.complaints
    book.run(0)
    expect(slider(book.output(0))).to_have_value("0")
    slider(book.output(0)).press("ArrowRight")
    expect(view.get_by_role("img", name=re.compile("line to 1 "))).to_be_visible()
