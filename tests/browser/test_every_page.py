"""What holds on every page: quiet, self-contained, accessible, no wider than the screen."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from acts import SHIFT, on_disk, on_server, out_of_reach

BOOK = Path(__file__).parents[2] / "_build" / "html"

# Each scheme and each width once: what depends on both at the same time is rare, and axe slow.
# So is what depends on the page, too: one half of them is looked at so, the other otherwise.
LOOKS = {"light-desktop": ("light", 1280), "dark-phone": ("dark", 390)}
STILL = 0.1  # layout shift: up to here https://web.dev/articles/cls calls it good
TWO_FRAMES = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"


@pytest.fixture(scope="module")
def here(first_visit):
    """Someone who opened the page once, for all tests that only look. In the order below."""
    _, someone, _ = first_visit
    someone.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return someone


@pytest.mark.every_page
def test_loads_without_a_complaint_and_nothing_from_elsewhere(here):
    here.page.mouse.wheel(0, 20_000)
    here.page.wait_for_load_state("networkidle")

    assert here.complaints == []
    assert here.strangers == []


@on_disk
def test_works_from_disk_as_well(regular, name):
    page = regular.open(name)

    page.mouse.wheel(0, 20_000)
    page.wait_for_load_state("networkidle")

    assert regular.complaints == []
    assert regular.strangers == []
    shows_its_formulae(page)


def test_says_what_it_is(here):
    assert here.page.locator("html").get_attribute("lang") == "en"
    assert "Dropout Lab" in here.page.title()
    assert here.page.locator("h1").count() == 1
    assert len(here.page.locator("meta[name=description]").get_attribute("content")) > 20
    assert here.page.locator("meta[name=viewport]").count() == 1


def test_has_a_drawing_for_every_icon(here):
    """Nothing loads an icon font, so a class such as `fa-rocket` would show nothing."""
    assert re.findall(r'class="[^"]*\bfa-[\w-]+', here.page.content()) == []


@pytest.mark.every_page
def test_links_to_nothing_that_is_missing(here):
    links = here.page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.href)")
    own = {urlsplit(link).path for link in links if link.startswith(here.root)}

    missing = {path for path in own if not (BOOK / unquote(path).lstrip("/")).exists()}

    assert len(own) > 20
    assert missing == set()


def shows_its_formulae(page):
    """Check that formulae take up room, in their own font, and are seen once."""
    formulae = page.locator(".katex-html")
    for formula in formulae.all()[:5]:
        assert formula.bounding_box()["width"] > 3
    if formulae.count():
        loaded = "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
        assert "KaTeX_Main" in {family.strip('"') for family in page.evaluate(loaded)}
        # The MathML is for screen readers; to be seen twice would be once too often.
        assert page.locator(".katex-mathml").first.bounding_box()["width"] <= 1


def test_shows_its_formulae(here):
    shows_its_formulae(here.page)


@pytest.mark.parametrize(
    "width", [pytest.param(320, marks=pytest.mark.every_page), 390, 820, 1280]
)
def test_is_no_wider_than_the_screen(here, width):
    here.page.set_viewport_size({"width": width, "height": 844})
    here.page.evaluate(TWO_FRAMES)

    assert here.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_is_no_wider_than_the_screen_with_text_of_twice_the_size(here, width):
    here.page.set_viewport_size({"width": width, "height": 844})
    here.page.evaluate("document.documentElement.style.fontSize = '200%'")
    here.page.evaluate(TWO_FRAMES)

    needed = here.page.evaluate("document.documentElement.scrollWidth")
    here.page.evaluate("document.documentElement.style.fontSize = ''")

    assert needed <= width


def test_there_is_one_search_box(here):
    assert here.page.locator("input[type=search]").count() == 1
    assert here.page.get_by_role("button", name="Search", exact=True).count() == 1


def test_what_scrolls_sideways_scrolls_with_the_keys(here):
    here.page.set_viewport_size({"width": 390, "height": 844})
    here.page.evaluate(TWO_FRAMES)

    assert out_of_reach(here.page) == []


def test_on_paper_there_is_only_the_text(here):
    here.page.emulate_media(media="print", color_scheme="dark")

    for left_out in ("header.masthead", "nav.contents", "nav.neighbours", ".actions"):
        assert not any(each.is_visible() for each in here.page.locator(left_out).all())
    background = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    here.page.emulate_media(media="screen", color_scheme="light")
    assert background == "rgb(255, 255, 255)"


@pytest.mark.in_turns("dark")
@pytest.mark.parametrize(("scheme", "width"), LOOKS.values(), ids=LOOKS)
def test_breaks_no_rule_of_accessibility(here, violations, scheme, width):
    here.page.set_viewport_size({"width": width, "height": 900})
    # Without motion: a colour in the middle of a transition is neither of its two.
    here.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    here.page.reload()  # a page that changes its look may be caught in between
    here.page.evaluate("document.fonts.ready.then(() => true)")
    assert here.page.locator("html").get_attribute("data-theme") == scheme
    here.page.evaluate(
        "document.querySelectorAll('article details').forEach((fold) => { fold.open = true; })"
    )
    here.page.evaluate(
        "scrollTo(0, 0)"
    )  # a reload goes back to where a link may be half covered
    here.page.evaluate(TWO_FRAMES)

    assert violations(here.page) == []


@on_server
def test_stands_still_while_it_loads_even_if_its_fonts_come_late(reader, whole_chromium, name):
    someone = reader(whole_chromium, viewport={"width": 390, "height": 844})
    page, held, released = someone.page, [], []
    page.route("**/*.woff2", lambda r: r.continue_() if released else held.append(r))
    page.goto(f"{someone.root}/{name}", wait_until="commit")
    page.wait_for_function(
        """document.readyState !== "loading"
          && performance.getEntriesByName("first-contentful-paint").length"""
    )
    page.evaluate(TWO_FRAMES)
    assert held

    released.append(True)
    for route in held:
        route.continue_()
    page.wait_for_load_state()
    page.evaluate(f"document.fonts.ready.then(() => {TWO_FRAMES})")

    shift = page.evaluate(SHIFT)
    assert shift < STILL
