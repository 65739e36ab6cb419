"""At the end of each chapter: every guess beside what was measured."""

import gzip
import re
from pathlib import Path

import pytest
from acts import SHIFT, on_disk, on_server
from playwright.sync_api import expect
from reading_acts import PAGE, SIX, compare, go_to_end_of, kept, stop_clock

BOOK = Path(__file__).parents[3] / "_build" / "html"
LOOKS = [("light", 1280), ("dark", 390)]
LIMIT = 4352  # bytes, gzipped: what each chapter loads


def rows(page):
    page.locator(".yours").scroll_into_view_if_needed()
    return page.locator(".yours-list > li")


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


@on_disk
def test_each_is_drawn_and_said_as_it_was_and_comes_back(reader, chapter):
    someone = reader(viewport={"width": 390, "height": 844})
    page = someone.open(chapter)
    every = page.locator(".dl-prediction").all()
    words = [compare(asked, f"assumption {n}") for n, asked in enumerate(every)]
    page.reload()

    expect(rows(page)).to_have_count(len(every))
    for n, (row, asked) in enumerate(zip(rows(page).all(), every, strict=True)):
        assert asked.get_attribute("data-state") == "compared"
        assert plain(row.locator(".yours-said").inner_text()) == plain(words[n])
        assert row.locator(".yours-assumed").inner_text() == f"You assumed: assumption {n}"
        question = asked.locator("> .dl-question").inner_text()
        assert row.get_by_role("link").inner_text() == question
        drawn = asked.get_attribute("data-prediction") in ("curve", "number")
        assert (row.locator(".yours-drawing svg").count() > 0) == drawn
    assert not re.search("NaN|undefined|Infinity", page.locator(".yours").inner_html())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert someone.complaints == []


@on_server
def test_before_anything_it_is_one_line_and_then_open_ones_are_not_yet(reader):
    page = reader().open(SIX)
    page.locator(".yours").scroll_into_view_if_needed()
    line = page.get_by_text("What you predict on this page appears here")
    expect(line).to_be_visible()
    expect(rows(page)).to_have_count(0)

    words = compare(page.locator(".dl-prediction").nth(1))

    expect(rows(page).nth(1)).to_contain_text(plain(words)[:60])
    expect(rows(page).nth(0)).to_contain_text("Not yet.")
    expect(line).to_be_hidden()


@on_server
def test_what_was_shown_without_a_guess_is_called_so(reader):
    page = reader().open(SIX)
    asked = page.locator(".dl-prediction").first
    asked.scroll_into_view_if_needed()
    asked.get_by_role("button", name="Show me").click()

    expect(rows(page).first).to_contain_text("You had it shown, without a guess.")


@on_server
def test_a_question_leads_to_its_prediction_and_keeps_the_focus_meanwhile(
    returning, everything
):
    someone = returning(everything | {"sections": []})
    someone.page.clock.install()
    page = someone.open(SIX)
    link = rows(page).nth(2).get_by_role("link")
    link.focus()
    stop_clock(page)
    go_to_end_of(page, page.locator("article > section > section").last)
    page.clock.run_for(4000)
    assert kept(page)[PAGE]["sections"]  # what was read meanwhile draws nothing anew
    expect(link).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator(".dl-prediction").nth(2)).to_be_in_viewport()


@on_server
def test_is_loaded_when_the_reader_comes_near(reader):
    someone = reader()
    page = someone.open(SIX)
    assert [url for url in someone.requests if "your-predictions" in url] == []

    page.locator(".yours").scroll_into_view_if_needed()

    page.wait_for_function("() => globalThis.dropoutlabYours !== undefined")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@on_server
def test_breaks_no_rule_of_accessibility(returning, everything, violations, scheme, width):
    someone = returning(
        everything,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = someone.open(SIX)
    expect(rows(page).first).to_be_visible()

    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390])
@on_server
def test_fits_a_small_screen_with_text_of_twice_the_size(returning, everything, width):
    page = returning(everything, viewport={"width": width, "height": 844}).open(SIX)
    expect(rows(page).first).to_be_visible()

    if width > 320:
        page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
@on_server
def test_nothing_moves_when_a_full_record_comes_back(returning, everything, width):
    someone = returning(everything, viewport={"width": width, "height": 900})
    page = someone.open(SIX)

    shift = page.evaluate(SHIFT)

    print("CLS", width, shift)
    assert shift < 0.01


def test_the_record_of_a_chapter_is_small(everything):
    import json

    size = len(json.dumps(everything, ensure_ascii=False, separators=(",", ":")).encode())

    print("record", size)
    assert 2_000 < size < 10_000


def test_what_each_chapter_loads_is_light():
    if not BOOK.exists():
        pytest.fail("There is no built book to look at. Run `make book` first.", pytrace=False)
    sizes = {
        name: len(gzip.compress((BOOK / "_static" / name).read_bytes(), compresslevel=6))
        for name in ("reading.js", "your-predictions.js", "course-map.js")
    }

    print(sizes)
    assert 1000 < sizes["reading.js"] <= LIMIT
    assert sizes["course-map.js"] <= 5 * 1024
    assert sizes["your-predictions.js"] <= 13 * 1024


@on_server
def test_paper_has_the_predictions_and_a_handout_has_not(returning, everything):
    page = returning(everything).open(SIX)
    expect(rows(page).first).to_be_visible()
    assert kept(page)[PAGE]["version"] == 1

    page.emulate_media(media="print")
    expect(page.locator(".yours-list")).to_be_visible()
    page.emulate_media(media="screen")
    page.keyboard.press("p")
    expect(page.locator(".talk-bar")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".handout .yours, .handout .yours-list")).to_have_count(0)
