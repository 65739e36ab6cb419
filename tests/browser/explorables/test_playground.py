"""The playground as a reader meets it: it moves, it makes the point, it can be shared."""

import re

import pytest
from playwright.sync_api import expect

from dropoutlab.explorables import Playground


@pytest.fixture
def playground(show):
    """Return a function that shows one, started."""

    def start(hash="", **options):
        page = show(Playground().html(), hash=hash, **options)
        expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
        return page

    return start


def result(page):
    return page.locator(".dl-result")


def pixels(page, index):
    """Return what a canvas shows."""
    return page.locator("canvas").nth(index).evaluate("canvas => canvas.toDataURL()")


def test_begins_by_itself_and_makes_its_point(playground):
    page = playground()

    expect(result(page)).to_have_text(re.compile(r"^Epoch ([1-9])"))
    while (epoch := re.match(r"Epoch \d+", result(page).inner_text())[0]) != "Epoch 600":
        # However slowly, it goes on.
        expect(result(page)).not_to_have_text(re.compile(rf"^{epoch}\b"))

    without, cured = map(float, re.findall(r"test loss (\d\.\d+)", result(page).inner_text()))
    assert without > cured + 0.2
    expect(page.get_by_role("button", name="Step")).to_be_disabled()
    page.get_by_role("button", name="Play again").click()
    expect(result(page)).not_to_have_text(re.compile("^Epoch 600"))
    expect(page.get_by_role("button", name="Step")).to_be_enabled()
    assert page.complaints == []


def test_pauses_steps_and_goes_on(playground):
    page = playground()
    page.get_by_role("button", name="Pause").click()
    before = int(re.search(r"\d+", result(page).inner_text())[0])

    page.get_by_role("button", name="Step").click()
    expect(result(page)).to_have_text(re.compile(f"^Epoch {before + 1}\\."))

    page.get_by_role("button", name="Play").click()
    expect(result(page)).not_to_have_text(re.compile(f"^Epoch {before + 1}\\."))


def test_another_setting_starts_both_nets_anew(playground):
    page = playground(reduced_motion="reduce")
    before = [pixels(page, i) for i in range(3)]

    page.get_by_role("slider", name="Wrong labels").press("ArrowRight")

    after = [pixels(page, i) for i in range(3)]
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_whoever_wants_no_motion_sees_the_result_at_once(playground):
    page = playground(reduced_motion="reduce")

    expect(page.get_by_role("button", name="Play")).to_be_visible()
    first = result(page).inner_text()
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")

    assert int(re.search(r"\d+", first)[0]) > 10
    assert result(page).inner_text() == first


def test_the_weights_are_drawn_and_their_size_is_said(playground):
    page = playground(reduced_motion="reduce")
    weights = [page.get_by_label(f"Weights {name} dropout") for name in ("without", "with")]
    before = [canvas.evaluate("canvas => canvas.toDataURL()") for canvas in weights]
    says = r"Root mean square of the weights: (\d\.\d\d) without dropout, (\d\.\d\d) with it\."
    legend = page.locator(".dl-pair .dl-help")
    expect(legend).to_have_text(re.compile(says))
    expect(page.locator(".dl-spoken")).to_have_text(re.compile(says))

    page.get_by_role("slider", name="Width").press("ArrowRight")

    after = [canvas.evaluate("canvas => canvas.toDataURL()") for canvas in weights]
    assert len({*before, *after}) == 4
    sizes = re.search(says, legend.inner_text()).groups()
    assert sizes[0] != sizes[1]


def test_follows_the_switch_between_light_and_dark_at_once(playground):
    page = playground(reduced_motion="reduce", color_scheme="light")
    light = pixels(page, 0)

    page.evaluate("document.documentElement.dataset.theme = 'dark'")

    page.wait_for_function(
        "old => document.querySelector('canvas').toDataURL() !== old", arg=light
    )


def test_settings_travel_in_the_address(playground):
    page = playground(reduced_motion="reduce")
    page.get_by_role("slider", name="Width").press("ArrowRight")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("address")).to_be_visible()
    hash = page.evaluate("location.hash")

    other = playground(hash, reduced_motion="reduce")

    assert hash.startswith("#playground&")
    expect(other.get_by_role("slider", name="Width")).to_have_value("33")
    expect(result(other)).to_have_text(result(page).inner_text().replace("\n", ""))


def test_a_bad_address_is_mended_and_that_is_said(playground):
    page = playground("#playground&width=999&shape=cube", reduced_motion="reduce")

    expect(page.get_by_role("slider", name="Width")).to_have_value("64")
    expect(page.get_by_label("Data")).to_have_value("moons")
    expect(page.get_by_text("width became 64, not 999; shape cannot be “cube”")).to_be_visible()
    assert page.complaints == []
