"""How sure?, under a reader's hands."""

import re

import pytest
from playwright.sync_api import expect

from dropoutlab.explorables import HowSure


@pytest.fixture
def page(show):
    page = show(HowSure().html(), reduced_motion="reduce")
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
    return page


def trained(page):
    """Wait for the last step of training, and return what is said aloud then."""
    spoken = page.get_by_role("status")
    expect(spoken).to_contain_text("At x =", timeout=30_000)
    return spoken.inner_text()


def panel(page, index):
    return page.locator(".dl-panel svg[viewBox='0 0 240 216']").nth(index)


def dots(page, index=0):
    return panel(page, index).locator(".dl-dot")


def middle(dot):
    box = dot.locator("circle").last.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def doubts(page):
    """Return the three numbers of each row of the table."""
    rows = page.locator(".dl-live tbody tr").all_inner_texts()
    return [
        [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.\d\d", row)]
        for row in rows
    ]


def test_once_trained_the_table_says_what_python_computes(page):
    trained(page)
    widget = HowSure()
    x = widget.training_points()[:, 0]

    for said, method in zip(
        doubts(page), (widget.dropout, widget.five_nets, widget.gaussian_process), strict=True
    ):
        (mean,), (sd,) = method([0.0])
        expected = [mean, 2 * sd, 2 * method(x)[1].mean()]
        assert said == pytest.approx(expected, abs=0.011)
    assert page.complaints == []


@pytest.mark.parametrize("index", [0, 2])
def test_a_point_follows_the_mouse_in_any_panel_and_moves_in_all(page, index):
    left, top = middle(dots(page, index).nth(4))
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 30, top - 25)
    page.mouse.up()
    page.mouse.move(left + 90, top)

    assert middle(dots(page, index).nth(4)) == pytest.approx((left + 30, top - 25), abs=1)
    places = {dots(page, i).nth(4).get_attribute("transform") for i in range(3)}
    assert len(places) == 1


def test_a_point_that_is_dragged_off_the_frame_goes(page):
    left, top = middle(dots(page, 1).first)
    frame = panel(page, 1).bounding_box()
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left, frame["y"] + frame["height"] - 5)
    expect(dots(page, 1).first).to_have_class(re.compile("dl-leaving"))
    page.mouse.up()

    for i in range(3):
        expect(dots(page, i)).to_have_count(13)
    expect(page.locator(".dl-leaving")).to_have_count(0)


def test_a_click_beside_the_points_adds_one_there(page):
    box = panel(page, 1).bounding_box()
    at = (box["x"] + 0.55 * box["width"], box["y"] + 0.1 * box["height"])

    page.mouse.click(*at)

    expect(dots(page)).to_have_count(15)
    assert middle(dots(page, 1).last) == pytest.approx(at, abs=1)


def test_a_tap_adds_a_point_and_a_tap_on_one_does_not(show):
    page = show(HowSure().html(), has_touch=True, reduced_motion="reduce")
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
    box = panel(page, 2).bounding_box()

    page.touchscreen.tap(box["x"] + 0.55 * box["width"], box["y"] + 0.1 * box["height"])
    expect(dots(page)).to_have_count(15)
    left, top = middle(dots(page, 2).last)
    page.touchscreen.tap(left + 12, top)

    assert dots(page).count() == 15


def test_the_keys_move_a_point_and_delete_it(page):
    name = dots(page).nth(3).get_attribute("aria-label")
    dots(page).nth(3).focus()
    expect(dots(page, 2).nth(3)).to_have_class(re.compile("dl-current"))

    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert dots(page).nth(3).get_attribute("aria-label") != name

    page.keyboard.press("Delete")
    expect(dots(page)).to_have_count(13)
    expect(dots(page).nth(3)).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Delete")
    expect(dots(page)).to_have_count(2)
    expect(page.get_by_role("status")).to_contain_text("2 points must stay")
    assert page.complaints == []


def test_what_counts_more_closes_the_process_and_leaves_the_nets(page):
    trained(page)
    before = doubts(page)

    page.get_by_label("Each point counts").select_option("100")
    expect(page.locator("progress")).not_to_have_js_property("value", 1000)
    expect(page.locator("progress")).to_have_js_property("value", 1000, timeout=30_000)

    after = doubts(page)
    assert after[:2] == before[:2]
    assert after[2][2] < 0.2 * before[2][2]


def test_another_p_leaves_the_five_nets_and_the_process(page):
    trained(page)
    before = doubts(page)

    page.get_by_role("slider", name="Dropout p").fill("0.6")
    expect(page.locator("progress")).not_to_have_js_property("value", 1000)
    expect(page.locator("progress")).to_have_js_property("value", 1000, timeout=30_000)

    after = doubts(page)
    assert after[1:] == before[1:]
    assert after[0][2] > 1.3 * before[0][2]


def test_reset_brings_back_how_it_opened(page):
    trained(page)
    before = doubts(page)
    page.get_by_role("button", name="Add a point there").click()
    page.get_by_role("slider", name="Dropout p").fill("0.6")
    expect(dots(page)).to_have_count(15)

    page.get_by_role("button", name="Reset").click()
    expect(dots(page)).to_have_count(14)
    expect(page.locator("progress")).to_have_js_property("value", 1000, timeout=30_000)

    assert doubts(page) == before


def test_nothing_trains_out_of_view(show):
    page = show("<div style='height: 900px'></div>", HowSure().html())
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
    progress = page.locator("progress")
    expect(progress).to_have_js_property("value", 0)

    progress.scroll_into_view_if_needed()
    expect(progress).to_have_js_property("value", 1000, timeout=30_000)
