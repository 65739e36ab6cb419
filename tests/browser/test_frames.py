"""The figures of `explore()` in the built book: files, loaded when a reader asks for them."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

PAGE = "chapters/05_forward_and_backward.html"


@pytest.fixture
def sweep(reader):
    """A reader before the figure, its slider, and a function that tells what was loaded."""
    someone = reader(color_scheme="light")
    page = someone.open(PAGE)
    for asked in page.locator(".dl-prediction").all():  # behind whose veil it stands
        asked.scroll_into_view_if_needed()
        asked.get_by_role("button", name="Show me").click()
    figure = explored(page)
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-state", "live")
    return someone, page, figure.get_by_role("slider", name="p", exact=True)


def explored(page):
    return page.locator(".dl-explorable[aria-label='A figure by p']")


def loaded(someone):
    urls = (url.partition("#")[0] for url in someone.requests)
    return {url for url in urls if "/_images/frames/" in url}


def image(page):
    """The one image that can be seen."""
    return page.locator(".dl-frame img:visible")


def ink(page):
    """Return the brightness that sticks out most from the paper, of 255."""
    grey = Image.open(io.BytesIO(image(page).screenshot())).convert("L")
    paper = grey.getpixel((1, 1))
    low, high = grey.getextrema()
    return low if paper - low > high - paper else high


def test_none_is_loaded_until_a_reader_reaches_for_the_slider(sweep):
    someone, page, slider = sweep
    assert loaded(someone) == set()
    expect(explored(page).locator(".dl-picture svg:visible")).to_have_count(1)

    slider.focus()
    page.wait_for_load_state("networkidle")

    assert len(loaded(someone)) == 2  # a step down, a step up


def test_a_step_shows_an_image_with_its_own_words(sweep):
    someone, page, slider = sweep

    slider.press("ArrowRight")

    expect(image(page)).to_have_attribute("alt", re.compile(r"^At p = 0\.6 .* 65 squares"))
    assert image(page).evaluate("i => i.complete && i.naturalWidth > 300")
    slider.press("Home")
    expect(image(page)).to_have_attribute("alt", re.compile(r"^At p = 0\.0 .* 160 squares"))
    assert loaded(someone)
    assert someone.complaints == []
    assert someone.strangers == []


def test_an_image_follows_the_switch_of_the_page(sweep):
    someone, page, slider = sweep
    slider.press("ArrowRight")
    expect(image(page)).to_have_attribute("alt", re.compile(r"0\.6"))
    assert ink(page) < 60

    page.get_by_role("button", name=re.compile("dark", re.IGNORECASE)).click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(image(page)).to_have_attribute("src", re.compile("#dark$"))
    assert ink(page) > 200
    assert someone.complaints == []
