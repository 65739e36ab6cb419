"""What holds for every explorable: anyone can use it, and nothing that one does breaks it."""

import random
import re

import pytest
from playwright.sync_api import expect

LOOKS = [("light", 1000), ("dark", 390)]
TARGET = 44  # pixels: what a finger hits


@pytest.fixture
def live(show, kind):
    """Return a function that shows the explorable, started, in a scheme and a width."""

    def start(scheme="light", width=1000):
        page = show(
            kind().html(),
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
        return page

    return start


@pytest.mark.full
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_breaks_no_rule_of_accessibility(live, violations, scheme, width):
    page = live(scheme, width)

    assert violations(page) == []


def test_fits_a_phone(live):
    page = live(width=390)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_every_control_can_be_reached_hit_and_seen_in_focus(live):
    page = live(width=390)
    controls = page.locator(".dl-live :is(button, select, input):visible")

    for control in controls.all():
        height = control.evaluate(
            "c => (c.type === 'checkbox' ? c.closest('label') : c).offsetHeight"
        )
        assert height >= TARGET - 0.5, control.evaluate("c => c.outerHTML")
        if control.is_enabled():
            control.focus()
            page.keyboard.press("Shift")  # the browser shows focus to those who use keys
            assert control.evaluate("c => getComputedStyle(c).outlineStyle") != "none"


@pytest.mark.parametrize("n", [15, pytest.param(200, marks=pytest.mark.full)])
def test_survives_random_interactions(live, n):
    page = live()
    rng = random.Random(0)
    for _ in range(n):
        controls = page.query_selector_all(  # at once: others may be there when one is chosen
            ".dl-live :is(button, select, input, [tabindex='0'], canvas):visible:not(:disabled)"
        )
        interact(page, rng.choice(controls), rng)

    assert page.complaints == []
    assert not re.search(r"NaN|undefined|Infinity|\[object", page.locator("main").inner_text())
    assert not page.locator(".dl-live").evaluate(
        "el => [...el.querySelectorAll('svg *')].some(e =>"
        " [...e.attributes].some(a => /NaN|undefined|Infinity/.test(a.value)))"
    )


def interact(page, control, rng):
    """Do something to a control that a reader might do."""
    tag = control.evaluate("c => c.type || c.tagName.toLowerCase()")
    if tag == "select-one":
        values = control.evaluate("c => [...c.options].map((o) => o.value)")
        control.select_option(rng.choice(values))
    elif tag == "range":
        value = rng.random()
        control.evaluate(
            """(c, share) => {
              c.value = Number(c.min) + share * (c.max - c.min);
              c.dispatchEvent(new Event("input", { bubbles: true }));
              c.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            value,
        )
    elif tag in ("button", "submit", "checkbox"):
        control.evaluate("c => c.click()")
    elif tag == "canvas":
        box = control.bounding_box()
        page.mouse.move(box["x"] + rng.random() * box["width"], box["y"] + 5)
        page.mouse.down()
        page.mouse.move(
            box["x"] + rng.random() * box["width"], box["y"] + rng.random() * box["height"]
        )
        page.mouse.up()
    else:
        control.press(rng.choice(["ArrowLeft", "ArrowUp", "Enter", "Delete", " "]))
