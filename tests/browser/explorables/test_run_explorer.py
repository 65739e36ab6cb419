"""The run explorer in a browser: pick, point, and read the same numbers everywhere."""

import re

import pytest
from explorables.run_explorer.made_up_runs import results
from playwright.sync_api import expect

from dropoutlab.explorables.run_explorer import RunExplorer


@pytest.fixture(scope="module")
def runs():
    return results()


@pytest.fixture
def page(show, runs):
    page = show(RunExplorer(runs, p=0.2, width=8).html())
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
    return page


def result(page):
    return page.locator(".dl-result")


def point(page, p):
    return page.get_by_role("button", name=re.compile(f"^p = {p}:"))


def test_the_chosen_setting_is_compared_with_the_baseline(page):
    # 0.05 + 1/8 + 0.01, the mean over three seeds; without dropout 0.04 more. t = 4.303.
    expect(result(page)).to_have_text(
        "It helps here. p = 0.2: test error 18.5 ± 2.5 %; p = 0: 22.5 ± 2.5 %. Difference, "
        "paired by seed: −4.0 ± 0.0 points. 3 seeds, 95 % intervals. Learning rates, chosen on "
        "validation digits: 0.1 and 0.1."
    )
    assert page.complaints == []


def test_sliders_stop_at_what_was_run(page):
    p = page.get_by_role("slider", name="Dropout p")
    p.press("ArrowRight")
    expect(p).to_have_attribute("aria-valuetext", "0.5")
    expect(result(page)).to_have_text(re.compile(r"p = 0\.5: test error 27\.5"))

    page.get_by_role("slider", name="Units in a layer").press("ArrowRight")
    expect(result(page)).to_have_text(re.compile(r"p = 0\.5: test error 21\.3"))


def test_a_point_gives_its_numbers_to_the_pointer_and_to_the_keyboard(page):
    readout = page.locator(".dl-readout").last
    expect(readout).to_contain_text("Point at a value")

    point(page, 0.5).hover()
    expect(readout).to_have_text("p = 0.5: test error 27.5 ± 2.5 %, learning rate 0.1")
    page.mouse.move(0, 0)
    expect(readout).to_contain_text("Point at a value")

    point(page, 0).focus()
    expect(readout).to_have_text("p = 0: test error 22.5 ± 2.5 %, learning rate 0.1")
    page.keyboard.press("Enter")
    expect(point(page, 0)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("slider", name="Dropout p")).to_have_value("0")


def test_a_click_chooses_a_point(page):
    point(page, 0.5).click()

    expect(point(page, 0.5)).to_have_attribute("aria-pressed", "true")
    expect(point(page, 0.2)).to_have_attribute("aria-pressed", "false")
    expect(result(page)).to_have_text(re.compile(r"here\. p = 0\.5"))


def test_the_curves_are_read_where_the_reader_points(page):
    readout = page.locator(".dl-readout").first
    expect(readout).to_contain_text("After 100 steps")
    expect(readout).to_contain_text("p = 0.2: training 18.5 ± 2.5, validation 18.5 ± 2.5")

    chart = page.get_by_role("group", name="Learning curves")
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.48, box["y"] + box["height"] / 2)
    expect(readout).to_contain_text("After 50 steps")
    expect(readout).to_contain_text("p = 0: training 40.0 ± 0.0, validation 40.0 ± 0.0")

    page.get_by_role("slider", name="Read the curves at").press("Home")
    expect(readout).to_contain_text("After 0 steps")


def test_the_baseline_stands_alone_when_it_is_chosen(page):
    page.get_by_role("slider", name="Dropout p").press("Home")

    expect(page.locator(".dl-readout").first.locator(".dl-arm")).to_have_count(1)
    expect(page.locator("path.dl-train.dl-with[d]")).to_have_count(0)
    expect(page.locator("path.dl-train.dl-without[d]")).to_have_count(1)
    expect(result(page)).to_have_text(re.compile("^The baseline. p = 0: test error 22.5"))
    expect(result(page)).not_to_contain_text("Difference")


def test_the_tables_hold_what_the_figures_show(page):
    page.get_by_text("The same numbers as tables").click()
    expect(page.get_by_role("table")).to_have_count(2)
    ends, curves = page.get_by_role("table").all()

    expect(ends.get_by_role("row")).to_have_count(4)
    expect(ends.get_by_role("row").nth(2)).to_have_text("0.218.5 ± 2.5−4.0 ± 0.00.1")
    expect(curves.get_by_role("row").nth(2)).to_have_text("5040.0 ± 0.040.0 ± 0.0")

    page.get_by_role("slider", name="Units in a layer").press("End")
    expect(ends.get_by_role("row").nth(2)).to_contain_text("12.3 ± 2.5")


def test_the_loss_is_in_nats(page):
    page.get_by_role("combobox", name="Measured by").select_option("loss")

    expect(result(page)).to_have_text(re.compile(r"p = 0\.2: test loss 0\.37 ± 0\.05; p = 0: "))
    expect(page.locator(".dl-axis-name").first).to_have_text("loss (nats)")


def test_a_note_says_how_the_runs_were_made(show, runs):
    page = show(RunExplorer(runs, note="Three steps each.").html())

    expect(page.locator(".dl-live .dl-help")).to_have_text("Three steps each.")


def test_lines_are_named_where_they_end_and_the_names_stay_apart(page):
    names = page.locator(".dl-name")
    expect(names).to_have_text(["p = 0", "p = 0.2"])

    heights = [name.bounding_box()["y"] for name in names.all()]
    assert heights[0] + 12 <= heights[1]


def test_curves_end_at_the_axes_whatever_the_page_says_of_drawings(show, runs):
    rule = "<style>.dl-figure svg { overflow: visible }</style>"
    page = show(RunExplorer(runs).html(), rule)
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")

    for inside in page.locator(".dl-live svg svg").all():
        expect(inside).to_have_css("overflow", "hidden")


def test_errors_that_are_all_alike_can_be_drawn(show):
    flat = results(
        {"p": [0.0, 0.5]},
        measure=lambda seed, p: {
            f"{part} {kind}": 0.0 if part == "test" else [0.0, 0.0]
            for part in ("train", "validation", "test")
            for kind in ("error", "loss")
        },
    )
    page = show(RunExplorer(flat).html())

    expect(result(page)).to_have_text(re.compile(r"p = 0\.5: test error 0\.0 ± 0\.0 %"))
    assert not re.search("NaN|Infinity", page.locator(".dl-live").inner_html())
    assert page.complaints == []
