"""Overfit it yourself, under a reader's hands."""

import re

import pytest
from playwright.sync_api import expect

from dropoutlab.explorables import Overfit


@pytest.fixture
def page(show):
    page = show(Overfit().html())
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
    return page


def dots(page):
    return page.locator(".dl-dot")


def where(page, index):
    """Return x and y of a point, as it says them."""
    name = dots(page).nth(index).get_attribute("aria-label")
    return tuple(map(float, re.findall(r"-?\d+\.\d\d", name)))


def middle(dot):
    box = dot.locator("circle").last.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_point_follows_the_mouse_and_the_fit_follows_it(page):
    x, y = where(page, 15)
    fit = page.locator(".dl-curve").get_attribute("d")
    left, top = middle(dots(page).last)

    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 20, top - 30)
    page.mouse.up()
    page.mouse.move(left + 90, top)

    moved_x, moved_y = where(page, 15)
    assert moved_x > x
    assert moved_y > y
    assert middle(dots(page).last) == pytest.approx((left + 20, top - 30), abs=1)
    assert page.locator(".dl-curve").get_attribute("d") != fit


def test_a_click_beside_the_points_adds_one_there(page):
    box = page.get_by_role("group", name="Points and the fitted curve").bounding_box()
    at = (box["x"] + 0.5 * box["width"], box["y"] + 0.06 * box["height"])

    page.mouse.click(*at)

    expect(dots(page)).to_have_count(17)
    assert middle(dots(page).last) == pytest.approx(at, abs=1)


def test_the_keys_move_a_point_and_delete_it(page):
    x, y = where(page, 3)
    dots(page).nth(3).focus()

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert where(page, 3) == pytest.approx((x - 0.05, y + 0.1), abs=0.011)

    page.keyboard.press("Delete")
    expect(dots(page)).to_have_count(15)
    expect(dots(page).nth(3)).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Delete")
    expect(dots(page)).to_have_count(2)
    assert page.complaints == []


def test_the_name_of_an_error_stands_on_the_side_of_its_mark(page):
    names = page.locator("text.dl-name")

    def higher():
        tops = {n.text_content().split()[0]: n.bounding_box()["y"] for n in names.all()}
        return min(tops, key=tops.get)

    page.get_by_role("slider", name="Degree").fill("9")
    assert higher() == "test"

    dots(page).nth(7).focus()
    page.get_by_role("slider", name="Degree").fill("1")
    dots(page).nth(7).focus()
    for _ in range(25):  # one point far off: the training error is the larger one
        page.keyboard.press("ArrowUp")
    errors = dict(name.text_content().split() for name in names.all())
    assert float(errors["training"]) > float(errors["test"])
    assert higher() == "training"


def test_the_result_names_the_errors_that_the_marks_show(page):
    page.get_by_role("slider", name="Degree").fill("3")

    texts = page.locator(".dl-views .dl-name").all_text_contents()
    training, test = (re.search(r"\d\.\d\d", text)[0] for text in texts)
    expect(page.get_by_role("status")).to_contain_text(
        f"Degree 3 through 16 points: training error {training}, test error {test}."
    )
