"""The map on the landing page: how far its reader is; saving, loading and forgetting."""

import copy
import json
import re
from pathlib import Path

import pytest
from acts import SHIFT, on_server, started
from playwright.sync_api import expect
from reading_acts import FORGOTTEN, MAP, PAGE, SEVEN, SIX, compare, kept, press

BOOK = Path(__file__).parents[3] / "_build" / "html"
LOOKS = [("light", 1280), ("dark", 390)]

# Below the beginning of the map: what is above it may not have come to life yet.
TOPS = """all => all.map((each) => Math.round(each.getBoundingClientRect().top
  - document.querySelector(".course-map").getBoundingClientRect().top))"""


def line(page, chapter=PAGE):
    return page.locator(f".course-map li[data-page='{chapter}'] .map-kept")


def status(page):
    return page.locator(".map-reading").get_by_role("status")


def load(page, text, name="reading.json"):
    content = text if isinstance(text, bytes) else text.encode()
    with page.expect_file_chooser() as chooser:
        press(page, "Load a file")
    chooser.value.set_files({"name": name, "mimeType": "application/json", "buffer": content})


def file_of(*records, **more):
    whole = {"file": "dropout-lab-reading", "version": 1, "chapters": records}
    return json.dumps(whole | more)


def test_totals_are_those_of_the_chapters():
    html = (BOOK / MAP).read_text("utf-8")
    items = re.findall(
        r'<li data-page="([^"]+)" data-sections="([^"]*)" data-predictions="([^"]*)" '
        r'data-answers="([^"]*)">',
        html,
    )
    assert len(items) == len(list(BOOK.glob("chapters/[0-9]*.html"))) >= 12

    for page, sections, predictions, answers in items:
        chapter = (BOOK / f"{page}.html").read_text("utf-8")
        assert predictions.split() == re.findall(r'data-question="([^"]+)"', chapter), page
        quizzes = re.findall(r'<input type="radio" name="(dl-\w+)"', chapter)
        assert answers.split() == list(dict.fromkeys(quizzes)), page
        assert len(sections.split()) == len(re.findall("<h2>", chapter)) or sections, page
        for section in sections.split():
            assert f'<section id="{section}"' in chapter or f'id="{section}"' in chapter
        assert min(map(len, (sections, predictions, answers))) > 0, page


def test_before_anything_it_says_nothing(reader):
    page = reader().open(MAP)

    for each in page.locator(".map-kept, .map-on").all():
        expect(each).to_be_empty()
    expect(page.get_by_role("button", name="Load a file")).to_be_enabled()
    for name in ("Save as a file", "Forget everything"):
        expect(page.get_by_role("button", name=name)).to_be_disabled()
    assert kept(page) == {}


@on_server
def test_it_says_what_was_read_predicted_and_answered(returning, everything):
    some = everything | {
        "predictions": everything["predictions"][:2],
        "answers": everything["answers"][:1],
        "sections": everything["sections"][:3],
    }
    page = returning(some).open(MAP)
    item = page.locator(f".course-map li[data-page='{PAGE}']")
    n = {
        kind: len(item.get_attribute(f"data-{kind}").split())
        for kind in ("sections", "predictions", "answers")
    }

    expect(line(page)).to_have_text(
        f"read 3 of {n['sections']} · predicted 2 of {n['predictions']} · "
        f"answered 1 of {n['answers']}"
    )
    expect(page.locator(".map-kept:not(:empty)")).to_have_count(1)


@on_server
def test_it_leads_to_where_the_reader_was(returning, everything):
    place = everything["sections"][2]
    page = returning(everything | {"place": place}).open(MAP)

    page.get_by_role("link", name=f"6 Does it work?, {place['title']}").click()

    expect(page).to_have_url(re.compile(rf"{PAGE}.html#{place['name']}$"))
    expect(page.locator(f"[id='{place['name']}'] > h2")).to_be_in_viewport()


@on_server
def test_forget_asks_once_and_forgets_everything_in_each_tab(reader, second_tab):
    someone = reader()
    page = someone.open(f"{SEVEN}.html")
    order = page.locator(".dl-prediction[data-prediction=order]").first
    started(order)
    offered = order.locator(".dl-order button").all_inner_texts()
    for asked in page.locator(".dl-prediction").all():
        compare(asked, "flat")
    assert order.locator(".dl-order button").all_inner_texts() != offered
    page.locator(".dl-quiz input").first.check()
    tab = second_tab(someone, MAP)
    expect(line(tab, SEVEN)).to_contain_text("predicted")

    press(tab, "Forget everything")
    expect(tab.locator(".kept-ask > p").first).to_contain_text("in 1 chapter?")
    press(tab, "Keep it")
    assert kept(tab)[SEVEN]["answers"]
    press(tab, "Forget everything")
    press(tab, "Forget it")

    expect(status(tab)).to_contain_text("Forgotten.")
    expect(line(tab, SEVEN)).to_be_empty()
    page.wait_for_function(FORGOTTEN)
    for asked in page.locator(".dl-prediction").all():
        expect(asked).to_have_attribute("data-state", "open")
    expect(page.locator(".dl-prediction .dl-compare:enabled")).to_have_count(0)
    expect(page.locator(".dl-quiz :checked")).to_have_count(0)
    assert order.locator(".dl-order button").all_inner_texts() == offered
    page.reload()
    assert page.locator("[data-state=compared]").count() == 0
    page.wait_for_function(FORGOTTEN)
    assert someone.complaints == []


@on_server
def test_forgetting_takes_keys_alone_and_escape_keeps(returning, everything):
    page = returning(everything).open(MAP)

    page.get_by_role("button", name="Forget everything").press("Enter")
    expect(page.get_by_role("button", name="Forget it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Forget everything")).to_be_focused()
    assert PAGE in kept(page)

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Load a file")).to_be_focused()
    assert kept(page) == {}


def test_what_is_saved_is_loaded_on_another_machine(returning, reader, everything, tmp_path):
    page = returning(everything).open(MAP)
    with page.expect_download() as download:
        press(page, "Save as a file")
    assert re.fullmatch(
        r"dropout-lab-reading-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename
    )
    download.value.save_as(tmp_path / "saved.json")
    text = (tmp_path / "saved.json").read_text("utf-8")
    for one in everything["predictions"]:
        assert json.dumps(one["sentence"], ensure_ascii=False) in text
        assert json.dumps(one["question"], ensure_ascii=False) in text

    someone = reader()
    other = someone.open(MAP)
    load(other, text)

    expect(status(other)).to_contain_text(
        f"Loaded: {len(everything['predictions'])} predictions"
    )
    assert kept(other)[PAGE] == everything
    chapter = someone.open(SIX)
    expect(chapter.locator(".dl-prediction[data-state=compared]")).to_have_count(
        len(everything["predictions"])
    )
    assert someone.complaints == []
    assert someone.strangers == []


@on_server
def test_loading_merges_and_the_newer_word_wins(returning, everything):
    late = "2026-01-03T00:00:00.000Z"
    early = "2026-01-02T00:00:00.000Z"
    first, second = everything["predictions"][:2]
    here = everything | {
        "predictions": [first | {"at": late, "assumed": "mine"}],
        **{"answers": [], "sections": []},
    }
    coming = here | {
        "predictions": [first | {"at": early, "assumed": "old"}, second | {"at": early}]
    }
    page = returning(here).open(MAP)

    load(page, file_of(coming, coming | {"page": "chapters/99_elsewhere"}))

    expect(status(page)).to_have_text(
        "Loaded: 1 prediction. 1 entry in it is here already, as new or newer. "
        "1 chapter in it is not in this course."
    )
    predictions = kept(page)[PAGE]["predictions"]
    assert [one["assumed"] for one in predictions] == ["mine", second["assumed"]]
    assert set(kept(page)) == {PAGE}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear students", "no file that this page has saved"),
        (b"\xff\xfe\x00", "no file that this page has saved"),
        ("{}", "no file that this page has saved"),
        (file_of(version=2), "newer version"),
        (file_of(), "no reading in that file"),
        (b" " * 1_000_001, "larger than 1 MB"),
    ],
    ids=["text", "bytes", "empty", "newer", "nothing", "huge"],
)
@on_server
def test_another_file_gets_a_clear_sentence_and_changes_nothing(
    returning, everything, text, words
):
    someone = returning(everything)
    page = someone.open(MAP)
    before = kept(page)

    load(page, text)

    expect(status(page)).to_contain_text(words)
    expect(status(page)).to_contain_text("Nothing was changed.")
    assert kept(page) == before
    assert someone.complaints == []


@on_server
def test_a_hostile_file_is_text(reader, everything):
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    record = copy.deepcopy(everything) | {"chapter": evil}
    for entry in (*record["predictions"], *record["answers"], *record["sections"]):
        for key in ("question", "sentence", "assumed", "title", "answer"):
            if key in entry:
                entry[key] = evil
    record["predictions"].append(record["predictions"][0] | {"name": "__proto__"})
    record["sections"].append(record["sections"][0] | {"name": "constructor"})
    record["place"] = record["sections"][0]
    someone = reader()
    page = someone.open(MAP)

    load(page, file_of(record))
    expect(status(page)).to_contain_text("Loaded")
    expect(page.locator(".map-on a")).to_contain_text("<img src=x")
    assert page.locator(".course-map :is(img, script)").count() == 0
    chapter = someone.open(SIX)
    chapter.locator(".yours").scroll_into_view_if_needed()
    expect(chapter.locator(".yours-assumed").first).to_contain_text("<img src=x")

    assert chapter.locator(".yours :is(img, script)").count() == 0
    assert chapter.evaluate("[window.hacked, {}.polluted]") == [None, None]
    assert someone.complaints == []


@on_server
def test_a_browser_without_room_says_so_and_changes_nothing(returning, everything):
    someone = returning(everything | {"answers": []})
    someone.page.add_init_script(
        """Storage.prototype.setItem = () => {
          throw new DOMException("", "QuotaExceededError"); };"""
    )
    page = someone.open(MAP)

    load(page, file_of(everything))

    expect(status(page)).to_contain_text("no room")


@on_server
def test_a_browser_that_keeps_nothing_says_so(reader):
    someone = reader()
    someone.page.add_init_script(
        """Object.defineProperty(window, "localStorage", { get() {
          throw new DOMException("not here", "SecurityError"); } });"""
    )
    page = someone.open(MAP)

    expect(page.get_by_text("This browser lets the page keep nothing")).to_be_visible()
    expect(page.get_by_role("button", name="Load a file")).to_be_disabled()
    assert someone.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
@on_server
def test_nothing_moves_when_it_is_filled(returning, everything, width):
    tall = {"viewport": {"width": width, "height": 4000}}
    empty = returning(**tall).open(MAP)
    before = empty.locator(".map-part, .map-reading, .neighbours").evaluate_all(TOPS)
    page = returning(everything, **tall).open(MAP)
    expect(line(page)).to_contain_text("read")

    after = page.locator(".map-part, .map-reading, .neighbours").evaluate_all(TOPS)
    shift = page.evaluate(SHIFT)

    print("CLS", width, shift)
    assert after == before
    assert shift < 0.01


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@on_server
def test_breaks_no_rule_of_accessibility(returning, everything, violations, scheme, width):
    someone = returning(
        everything,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = someone.open(MAP)
    press(page, "Forget everything")

    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390])
@on_server
def test_fits_a_small_screen_with_text_of_twice_the_size(returning, everything, width):
    page = returning(everything, viewport={"width": width, "height": 844}).open(MAP)
    press(page, "Forget everything")
    if width > 320:
        page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
