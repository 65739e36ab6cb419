"""The thinned network under a reader's hands."""

import re

import pytest
from playwright.sync_api import expect

from dropoutlab.explorables import ThinnedNetwork


@pytest.fixture
def page(show):
    """A page with the explorable, started, and no mask drawn."""
    page = show(ThinnedNetwork(n_drawn=0).html())
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
    return page


def unit(page, name):
    return page.get_by_role("switch", name=re.compile(f"^{name}:"))


def value(page, row):
    return page.locator(".dl-key li", has_text=row).locator("b")


def test_a_unit_is_dropped_and_brought_back_by_hand(page):
    inputs = unit(page, "Input 2")
    status = page.get_by_role("status")

    inputs.click()
    expect(inputs).to_have_attribute("aria-checked", "false")
    expect(inputs).to_have_accessible_name("Input 2: 0")
    expect(status).to_have_text(re.compile("^Set by hand, not counted: drops 0 of 8 .* 1 of 3"))

    inputs.press("Space")
    expect(inputs).to_have_attribute("aria-checked", "true")
    inputs.press("Enter")
    expect(inputs).to_have_attribute("aria-checked", "false")
    expect(value(page, "thinned nets met")).to_have_text("0 of 256")
    assert page.complaints == []


def test_a_drawn_mask_takes_the_place_of_one_set_by_hand_and_counts(page):
    unit(page, "Input 2").click()

    page.get_by_role("button", name="Draw a mask").click()

    expect(unit(page, "Input 2")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_role("status")).to_have_text(re.compile("^Mask 1 drops 4 of 8 hidden"))
    widget = ThinnedNetwork(n_drawn=1)
    [output] = widget.outputs(widget.drawn_masks())
    expect(value(page, "average of 1 drawn")).to_have_text(f"{output:.2f}")
    expect(value(page, "thinned nets met")).to_have_text("1 of 256")


def test_without_rescaling_the_mean_falls_far_from_the_full_net(page):
    rescaled, plain = (ThinnedNetwork(rescale=on).exact_mean() for on in (True, False))
    expect(value(page, "mean of all 256")).to_have_text(f"{rescaled:.2f}")

    page.get_by_role("checkbox", name="Rescale survivors").uncheck()

    expect(value(page, "mean of all 256")).to_have_text(f"{plain:.2f}")
    expect(value(page, "whole net")).to_have_text("1.87")


def test_dropping_inputs_too_makes_more_thinned_nets(page):
    page.get_by_role("slider", name="p for inputs").fill("0.2")

    expect(value(page, "thinned nets met")).to_have_text("0 of 2,048")


def test_a_unit_says_how_its_number_comes_about(page):
    unit(page, "Hidden layer 1, unit 1").focus()

    text = "hidden 1, unit 1 = ReLU(−0.8 × 1 + 0.9 × 0.5 − 0.7 × −1) = 0.35, kept."
    expect(page.locator(".dl-detail")).to_have_text(text)


def test_while_it_plays_it_says_little_and_at_the_end_which_mask_is_shown(page):
    page.evaluate(
        """() => {
            window.said = [];
            const status = document.querySelector(".dl-live [role=status]");
            const note = () => said.push(status.textContent);
            new MutationObserver(note).observe(status, { childList: true });
        }"""
    )

    page.get_by_role("button", name="Play").click()
    expect(page.locator(".dl-key")).to_contain_text(
        re.compile(r"average of ([6-9]|\d\d+) drawn")
    )
    page.get_by_role("button", name="Pause").click()

    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Mask \d+ drops"))
    said = page.evaluate("said")
    assert said[0] == "Drawing masks."
    assert len(said) == 2


def test_pausing_stops_at_once(show):
    # So many that every frame of the screen draws some.
    page = show(ThinnedNetwork(n_drawn=3000).html())
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".dl-key")).not_to_contain_text("average of 3,000 drawn")

    then, later = page.evaluate(
        """async () => {
            const frame = () => new Promise(requestAnimationFrame);
            const key = document.querySelector(".dl-key");
            const buttons = [...document.querySelectorAll("button")];
            buttons.find((button) => button.textContent === "Pause").click();
            const then = key.textContent;
            await frame();
            await frame();
            return [then, key.textContent];
        }"""
    )

    assert later == then


def test_starting_over_forgets_what_was_drawn_and_draws_others(page):
    draw = page.get_by_role("button", name="Draw a mask")
    draw.click()
    first = value(page, "average of 1 drawn").inner_text()

    page.get_by_role("button", name="Start over").click()

    expect(page.get_by_role("status")).to_have_text(re.compile("^No mask drawn yet"))
    expect(value(page, "average of those drawn")).to_have_text("–")
    draw.click()
    expect(value(page, "average of 1 drawn")).not_to_have_text(first)
