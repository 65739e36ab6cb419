"""Explorables and ipywidgets are one family: they share boxes, links and outputs."""

import re
from pathlib import Path

import pytest
from explorable_cases import CASES, TINY_READER
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("jupyterlab")

SETUP = f"""{TINY_READER}
import ipywidgets as widgets
from IPython.display import display
from dropoutlab import explorables, plots
from dropoutlab.explorables import Overfit, explore

def draw(p, scale=1):
    fig, ax = plots.new_axes()
    ax.plot([0, scale * p])
    return fig, f"A line to {{scale * p}}."
"""
PAGE = Path(__file__).parents[3] / "chapters" / "explorables.md"
ON_THE_PAGE = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)[1]
LINKED_IN_THE_BROWSER = """
knob, one = widgets.IntSlider(3, 0, 15, description="Degree too"), Overfit(degree=3)
widgets.jslink((knob, "value"), (one, "degree"))
widgets.VBox([knob, one])
"""
INTERACTIVE = """
knob = widgets.IntSlider(3, 0, 15, description="Given")
def show(given):
    display({shown})
widgets.VBox([knob, widgets.interactive_output(show, {{"given": knob}})])
"""


@pytest.fixture(scope="module")
def book(open_notebook):
    """One notebook for all tests."""
    book = open_notebook(
        SETUP,
        *(
            f"widgets.HBox([explorables.{name}({case.arguments}) for _ in 'ab'])"
            for name, case in CASES.items()
        ),
        "widgets.HBox([explore(draw, p=[1, 2], caption='A line.') for _ in 'ab'])",
        ON_THE_PAGE,
        LINKED_IN_THE_BROWSER,
        INTERACTIVE.format(shown="Overfit(degree=given)"),
        INTERACTIVE.format(
            shown="explore(lambda p: draw(p, given), p=[1, 2], caption='A line.')"
        ),
    )
    book.run(0)
    return book


IN_A_BOX = range(1, len(CASES) + 2)


@pytest.mark.parametrize("cell", IN_A_BOX)
def test_two_in_a_box_share_its_width(book, cell):
    book.complaints.clear()
    book.run(cell)

    views = book.output(cell).locator(".dl-live")
    expect(views).to_have_count(2)

    def in_halves():
        whole, left, right = (
            at.bounding_box() for at in (book.output(cell), views.first, views.last)
        )
        widths = 2 * left["width"], 2 * right["width"], 2 * (right["x"] - left["x"])
        return widths == pytest.approx(3 * [whole["width"]], rel=0.05)

    book.until(in_halves)
    assert book.complaints == []


def knob(output):
    return output.locator(".noUi-handle")  # of ipywidgets' slider


def test_what_the_page_shows_links_two_explorables(book):
    book.complaints.clear()
    book.run(IN_A_BOX.stop)
    degrees = book.output(IN_A_BOX.stop).get_by_role("slider", name="Degree")
    expect(degrees).to_have_count(2)
    few, many = degrees.first, degrees.last

    few.press("ArrowLeft")
    expect(many).to_have_value("11")

    many.press("ArrowLeft")
    expect(few).to_have_value("10")
    assert book.complaints == []


def test_traits_linked_in_the_browser_move_together(book):
    book.complaints.clear()
    book.run(IN_A_BOX.stop + 1)
    output = book.output(IN_A_BOX.stop + 1)
    degree = output.get_by_role("slider", name="Degree")

    knob(output).press("ArrowRight")
    expect(degree).to_have_value("4")

    degree.press("ArrowLeft")
    degree.press("ArrowLeft")
    expect(knob(output)).to_have_attribute("aria-valuetext", "2")
    assert book.complaints == []


def test_an_explorable_can_be_the_output_of_controls(book):
    book.run(IN_A_BOX.stop + 2)
    output = book.output(IN_A_BOX.stop + 2)
    degree = output.get_by_role("slider", name="Degree")
    expect(degree).to_have_value("3")

    knob(output).press("ArrowRight")

    expect(degree).to_have_value("4")
    degree.press("ArrowRight")
    expect(degree).to_have_value("5")


def test_a_figure_with_sliders_can_be_the_output_of_controls(book):
    book.run(IN_A_BOX.stop + 3)
    output = book.output(IN_A_BOX.stop + 3)
    expect(output.get_by_role("img", name="A line to 3.")).to_be_visible()

    knob(output).press("ArrowRight")
    expect(output.get_by_role("img", name="A line to 4.")).to_be_visible()

    output.get_by_role("slider", name="p", exact=True).press("ArrowRight")
    expect(output.get_by_role("img", name="A line to 8.")).to_be_visible()
