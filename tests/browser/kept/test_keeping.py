"""What a reader says stays in the browser: after a reload, in another tab, and nowhere else."""

import json

import pytest
from acts import on_disk, on_server, started
from playwright.sync_api import expect
from reading_acts import (
    PAGE,
    SEVEN,
    SIX,
    answer,
    compare,
    go_to_end_of,
    guess,
    kept,
    look,
    said,
    stop_clock,
)

REFUSES = """Object.defineProperty(window, "localStorage", { get() {
  throw new DOMException("not here", "SecurityError"); } });"""
IS_FULL = """Storage.prototype.setItem = () => {
  throw new DOMException("no room", "QuotaExceededError"); };"""
HIDE = """value => { Object.defineProperty(document, "hidden", { value, configurable: true });
  document.dispatchEvent(new Event("visibilitychange")); }"""


def asked(page, n):
    return page.locator(".dl-prediction").nth(n)


def test_a_reload_keeps_guess_comparison_assumption_and_answer(reader):
    someone = reader()
    page = someone.open(SIX)
    words = compare(asked(page, 0), "that it is flat")
    choice = answer(page)

    page.reload()

    expect(asked(page, 0)).to_have_attribute("data-state", "compared")
    expect(choice).to_be_checked()
    started(asked(page, 0))
    assert said(asked(page, 0)) == words
    expect(asked(page, 0).get_by_label("What did I assume?")).to_have_value("that it is flat")
    assert someone.context.cookies() == []
    assert someone.strangers == []
    assert someone.complaints == []


@on_server
def test_a_guess_that_was_not_compared_comes_back_and_stays_veiled(reader):
    page = reader().open(SIX)
    guess(asked(page, 0))
    page.reload()  # at once: what rests is written when the page goes

    started(asked(page, 0))

    expect(asked(page, 0)).to_have_attribute("data-state", "open")
    expect(asked(page, 0).get_by_role("button", name="Compare")).to_be_enabled()
    assert kept(page)[PAGE]["predictions"][0]["sentence"] == ""


@on_server
def test_two_predictions_on_a_page_do_not_meet(reader):
    page = reader().open(SIX)
    names = [asked(page, n).get_attribute("data-question") for n in (0, 1, 2)]
    words = compare(asked(page, 1))
    started(asked(page, 2))
    asked(page, 2).get_by_role("button", name="Show me").click()

    page.reload()

    states = [asked(page, n).get_attribute("data-state") for n in (0, 1, 2)]
    assert states == ["open", "compared", "shown"]
    started(asked(page, 1))
    assert said(asked(page, 1)) == words
    entries = {one["name"]: one["stage"] for one in kept(page)[PAGE]["predictions"]}
    assert entries == {names[1]: "compared", names[2]: "shown"}


@on_server
def test_two_chapters_do_not_meet(reader):
    someone = reader()
    compare(asked(someone.open(SIX), 0))

    page = someone.open("chapters/04_the_idea.html")

    assert set(
        page.locator(".dl-prediction").evaluate_all("all => all.map((p) => p.dataset.state)")
    ) == {"open"}
    assert set(kept(page)) == {PAGE}


@on_server
def test_a_second_tab_with_the_same_chapter_follows(reader, second_tab):
    someone = reader()
    page = someone.open(SIX)
    other = second_tab(someone, SIX)
    started(asked(other, 0))

    words = compare(asked(page, 0))
    choice = answer(page)

    expect(asked(other, 0)).to_have_attribute("data-state", "compared")
    assert said(asked(other, 0)) == words
    expect(other.locator(f"#{choice.get_attribute('id')}")).to_be_checked()
    compare(asked(other, 1))
    expect(asked(page, 1)).to_have_attribute("data-state", "compared")
    assert len(kept(page)[PAGE]["predictions"]) == 2


@on_server
def test_a_page_that_back_brings_alive_knows_what_happened_since(reader):
    page = reader().open(SIX)
    compare(asked(page, 0))
    page.evaluate("localStorage.clear()")  # the page that does so is not told

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(asked(page, 0)).to_have_attribute("data-state", "open")


@on_server
def test_opening_a_chapter_leaves_nothing(reader):
    page = reader().open(SIX)

    page.mouse.wheel(0, 300)
    page.reload()

    assert kept(page) == {}


@on_server
def test_a_section_is_read_when_its_end_has_stayed_in_view(reader):
    someone = reader()
    someone.page.clock.install()
    page = someone.open(SIX)
    stop_clock(page)
    sections = page.locator("article > section > section")
    first = sections.first.get_attribute("id")

    go_to_end_of(page, sections.first)
    page.clock.run_for(2000)
    assert kept(page) == {}
    page.clock.run_for(1500)

    record = kept(page)[PAGE]
    assert [one["name"] for one in record["sections"]] == [first]
    assert record["place"]["name"] == first
    assert record["place"]["title"] == sections.first.locator("h2").inner_text().rstrip("#")


@on_server
def test_who_jumps_to_the_end_has_not_read_what_lies_between(reader):
    someone = reader()
    someone.page.clock.install()
    page = someone.open(SIX)
    stop_clock(page)
    n = page.locator("article > section > section").count()

    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    look(page)
    page.clock.run_for(60_000)

    assert len(kept(page).get(PAGE, {"sections": []})["sections"]) <= 2 < n


@on_server
def test_what_nobody_can_see_is_not_read(reader):
    someone = reader()
    someone.page.clock.install()
    page = someone.open(SIX)
    stop_clock(page)
    section = page.locator("article > section > section").first
    go_to_end_of(page, section)
    page.clock.run_for(1000)

    page.evaluate(HIDE, True)
    page.clock.run_for(60_000)
    assert kept(page) == {}

    page.evaluate(HIDE, False)
    page.clock.run_for(4000)
    assert len(kept(page)[PAGE]["sections"]) == 1


@on_disk
@pytest.mark.parametrize("broken", [REFUSES, IS_FULL], ids=["refuses", "is full"])
def test_a_browser_that_keeps_nothing_is_named_once_and_spoils_nothing(reader, broken):
    someone = reader()
    someone.page.add_init_script(broken)
    page = someone.open(SIX)
    note = page.get_by_text("This browser keeps nothing of this page")
    expect(note).to_have_count(0)

    words = compare(asked(page, 0))
    compare(asked(page, 1))
    answer(page)

    expect(note).to_have_count(1)
    expect(note).to_be_visible()
    page.locator(".yours").scroll_into_view_if_needed()
    expect(page.locator(".yours-list")).to_contain_text(" ".join(words.split()))
    assert someone.complaints == []


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"predictions": [None]},
        {"predictions": "all"},
        {"page": "chapters/07_a_crowd_of_networks"},
    ],
    ids=str,
)
@on_server
def test_what_cannot_be_read_is_no_error_and_not_destroyed(reader, everything, change):
    key = f"dropout-lab reading / {PAGE}"
    before = json.dumps(everything | change)
    someone = reader()
    someone.page.add_init_script(f"localStorage[{json.dumps(key)}] ??= {json.dumps(before)};")

    page = someone.open(SIX)
    assert asked(page, 0).get_attribute("data-state") == "open"
    answer(page)

    texts = page.evaluate("Object.values(localStorage)")
    assert before in texts
    assert len(kept(page)[PAGE]["answers"]) == 1
    assert someone.complaints == []


@on_server
def test_a_guess_that_answered_something_else_is_left_alone(returning, everything):
    other = [one | {"of": "x"} for one in everything["predictions"][:1]]
    wrong = [one | {"guess": {"__proto__": 1}} for one in everything["predictions"][1:2]]
    someone = returning(everything | {"predictions": other + wrong})

    page = someone.open(SIX)
    started(asked(page, 0))
    answer(page)

    assert {asked(page, n).get_attribute("data-state") for n in (0, 1)} == {"open"}
    names = [one["name"] for one in kept(page)[PAGE]["predictions"]]
    assert names == [one["name"] for one in other + wrong]
    assert someone.complaints == []


@on_server
def test_what_a_talk_reveals_is_no_guess(reader):
    page = reader().open(SIX)
    started(asked(page, 0))

    page.keyboard.press("p")
    expect(page.locator(".talk-bar")).to_be_visible()
    expect(page.locator(".yours")).to_be_hidden()
    for _ in range(40):
        if asked(page, 0).get_attribute("data-state") != "open":
            break
        page.keyboard.press("ArrowRight")
    expect(asked(page, 0)).to_have_attribute("data-state", "shown")
    assert kept(page).get(PAGE, {}).get("predictions", []) == []
    page.keyboard.press("Escape")

    expect(asked(page, 0)).to_have_attribute("data-state", "open")
    assert kept(page).get(PAGE, {}).get("predictions", []) == []


def go_to(page, prediction):
    """Go on in a talk until a prediction is asked."""
    for _ in range(100):
        if prediction.is_visible():
            return
        page.keyboard.press("ArrowRight")
    pytest.fail("the talk does not come to it")


@on_server
def test_a_talk_asks_afresh_and_gives_back_what_was_there(reader):
    page = reader().open(SEVEN + ".html")
    kinds = ("choice", "number", "order")
    first = {kind: page.locator(f"[data-prediction={kind}]").first for kind in kinds}
    before = {kind: compare(asked) for kind, asked in first.items()}
    chosen = answer(page)
    record = kept(page)[SEVEN]

    page.keyboard.press("p")
    expect(page.locator(".talk-bar")).to_be_visible()
    assert {asked.get_attribute("data-state") for asked in first.values()} == {"open"}
    expect(page.locator("article input:checked")).to_have_count(0)
    page.keyboard.press("Home")
    go_to(page, first["choice"])
    first["choice"].locator(".dl-option").last.click()
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(first["choice"]).to_have_attribute("data-state", "compared")
    page.keyboard.press("Escape")
    expect(page.locator(".talk-bar")).not_to_be_attached()

    assert {kind: said(asked) for kind, asked in first.items()} == before
    expect(chosen).to_be_checked()
    predictions, answers = kept(page)[SEVEN]["predictions"], kept(page)[SEVEN]["answers"]
    assert (predictions, answers) == (record["predictions"], record["answers"])


@on_server
def test_what_is_first_guessed_in_a_talk_is_kept_and_the_next_talk_asks_afresh(reader):
    someone = reader()
    page = someone.open(SIX + "#present=1")
    expect(page.locator(".talk-bar")).to_be_visible()
    choice = page.locator("[data-prediction=choice]").first
    go_to(page, choice)
    choice.locator(".dl-option").first.click()
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(choice).to_have_attribute("data-state", "compared")
    (entry,) = kept(page)[PAGE]["predictions"]
    assert entry["stage"] == "compared"
    page.keyboard.press("Home")

    page.reload()

    expect(page.locator(".talk-bar")).to_be_visible()
    expect(choice).to_have_attribute("data-state", "open")
    expect(choice.locator("input:checked")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(choice).to_have_attribute("data-state", "compared")
    assert kept(page)[PAGE]["predictions"] == [entry]
