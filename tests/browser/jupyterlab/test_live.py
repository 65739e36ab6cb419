"""Explorables are live in JupyterLab: traits and controls follow one another."""

import re

import pytest
from playwright.sync_api import expect

MAKE = "from dropoutlab.explorables import Overfit\nw = Overfit(degree=5)\nw"


def slider(output, label="Degree"):
    return output.get_by_role("slider", name=label)


def test_a_trait_moves_its_slider_and_the_slider_its_trait(notebook):
    book = notebook(MAKE, "w.degree = 3", "print('degree', w.degree)")
    book.run(0)
    degree = slider(book.output(0))
    expect(degree).to_have_value("5")

    book.run(1)
    expect(degree).to_have_value("3")
    expect(book.output(0).locator(".dl-result")).to_have_text(re.compile("^Degree 3 through"))

    degree.focus()
    degree.press("ArrowRight")
    book.run(2)
    expect(book.output(2)).to_have_text("degree 4")
    assert book.complaints == []


def test_two_views_of_one_widget_stay_in_step(notebook):
    book = notebook(MAKE, "w", "print(len(w.points))")
    book.run(0)
    book.run(1)
    first, second = book.output(0), book.output(1)

    slider(second).focus()
    slider(second).press("ArrowRight")
    expect(slider(first)).to_have_value("6")

    first.get_by_role("button", name="Add a point").click()
    expect(second.locator(".dl-dot")).to_have_count(17)
    book.run(2)
    expect(book.output(2)).to_have_text("17")
    assert book.complaints == []


def test_a_bad_value_raises_and_leaves_the_picture(notebook):
    book = notebook(MAKE, "w.degree = 16")
    book.run(0)
    book.run(1)

    expect(book.output(1)).to_contain_text("TraitError")
    expect(slider(book.output(0))).to_have_value("5")


def test_a_view_that_is_gone_stops_working(notebook):
    book = notebook(MAKE, "w", "w.degree = 3")
    book.run(0)
    book.run(1)
    result = book.output(1).locator(".dl-result")
    expect(result).to_have_text(re.compile("^Degree 5"))
    result.evaluate("element => { window.former = element; }")

    book.run(1)
    book.run(2)

    expect(result).to_have_text(re.compile("^Degree 3"))
    assert book.page.locator(".dl-live").count() == 2
    # ipywidgets itself keeps the elements of views that are gone, those of its own sliders too.
    assert book.page.evaluate("window.former.isConnected") is False
    assert book.page.evaluate("window.former.textContent").startswith("Degree 5")
    assert book.complaints == []


@pytest.mark.parametrize("name", ["Overfit"])
def test_a_restarted_kernel_causes_no_errors_without_end(notebook, name):
    book = notebook(MAKE.replace("Overfit", name))
    book.run(0)
    book.page.get_by_role("button", name=re.compile("^Restart the kernel")).first.click()
    book.page.get_by_role("button", name="Confirm Kernel Restart").click()
    restarted = book.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    expect(restarted).to_be_visible(timeout=60_000)
    book.complaints.clear()

    degree = slider(book.output(0))
    degree.focus()
    for _ in range(3):
        degree.press("ArrowRight")

    expect(book.output(0).locator(".dl-result")).to_have_text(re.compile("^Degree 8 through"))
    assert len(book.complaints) <= 3, book.complaints
    book.run(0)
    expect(slider(book.output(0))).to_have_value("5")
