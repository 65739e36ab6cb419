"""What a reader does: search, go on, switch to dark, unfold, copy, download, print."""

import json
import re
from pathlib import Path

import pytest
from acts import on_disk, on_server, out_of_reach
from playwright.sync_api import expect

INDEX = re.compile("search-index")
TWO_FRAMES = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"


def is_notebook(text):
    content = json.loads(text)
    return content["nbformat"] == 4 and len(content["cells"]) > 0


def test_search_finds_a_section_and_goes_there(reader):
    someone = reader()
    page = someone.open("index.html")
    assert not any(INDEX.search(url) for url in someone.requests)

    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("backward forw")
    first = page.locator(".results a").first
    expect(first).to_contain_text("Forward and backward")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("^5 · Forward and backward"))
    assert any(INDEX.search(url) for url in someone.requests)
    assert someone.complaints == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("early-stopping", "early stop"),
        ("test-time", "test[ -]time"),
        ("crossentropy", "cross-entropy"),
        ("drop-out", "dropout"),
    ],
)
def test_search_finds_a_word_however_it_is_hyphenated(regular, query, found):
    page = regular.open("index.html")

    page.get_by_role("button", name="Search").click()
    page.get_by_role("searchbox").fill(query)

    marked = page.locator(".results li mark").filter(has_text=re.compile(found, re.IGNORECASE))
    expect(marked.first).to_be_visible()


def test_search_says_when_it_finds_nothing(reader):
    page = reader().open("index.html")

    page.get_by_role("button", name="Search").click()
    page.get_by_role("searchbox").fill("zzyzx")

    said = page.get_by_role("dialog").get_by_role("status")
    expect(said).to_have_text("Nothing found for “zzyzx”.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_be_hidden()


def test_results_have_an_address(reader):
    someone = reader()
    page = someone.open("search.html?q=noise")

    expect(page.locator(".results a").first).to_contain_text("Memorising noise")
    assert page.get_by_role("searchbox").count() == 1
    assert someone.complaints == []


def follow(page, rel):
    """Follow the links of a kind to the last page, and return the titles on the way."""
    titles = [page.title()]
    while page.locator(f"a[rel={rel}]").count():
        page.locator(f"a[rel={rel}]").click()
        expect(page).not_to_have_title(titles[-1])
        page.wait_for_load_state()  # the title is there before the links at the foot are
        titles.append(page.title())
    return titles


@pytest.mark.full
@on_disk
def test_the_next_links_lead_through_the_book_and_back(reader):
    page = reader().open("intro.html")

    titles = follow(page, "next")
    way_back = follow(page, "prev")

    in_contents = page.locator("nav.contents a").count()
    assert len(titles) == in_contents
    assert way_back == titles[::-1]


def test_the_colour_scheme_switches_and_stays(reader):
    someone = reader(color_scheme="light")
    page = someone.open("intro.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)

    page.get_by_role("button", name="Dark mode").click()

    dark = page.evaluate(paper)
    assert dark != light
    for _ in range(5):  # what a page from disk has kept reaches the next process a moment later
        page.reload()
        if page.evaluate(paper) == dark:
            break
    assert page.evaluate(paper) == dark
    page.locator("a[rel=next]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Dark mode").click()
    assert page.evaluate(paper) == light


@on_server
def test_the_page_follows_the_system_until_the_reader_chooses(reader):
    page = reader(color_scheme="dark").open("intro.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.emulate_media(color_scheme="light")

    expect(page.locator("html")).to_have_attribute("data-theme", "light")


@on_server
def test_the_notebook_downloads(regular, chapter, tmp_path):
    page = regular.open(chapter)

    with page.expect_download() as download:
        page.get_by_role("link", name="Notebook", exact=True).click()

    assert download.value.suggested_filename == Path(chapter).with_suffix(".ipynb").name
    download.value.save_as(tmp_path / "notebook.ipynb")
    assert is_notebook((tmp_path / "notebook.ipynb").read_text())


@on_disk
def test_on_disk_the_notebook_lies_beside_the_page(regular, chapter):
    """Browsers save nothing from a page opened from disk; they show the file."""
    page = regular.open(chapter)

    page.get_by_role("link", name="Notebook", exact=True).click()

    page.wait_for_url(re.compile(r"\.ipynb$"))
    assert is_notebook(page.locator("body").inner_text())


def test_on_a_phone_the_contents_are_a_drawer(reader):
    page = reader(viewport={"width": 390, "height": 844}).open("intro.html")
    drawer = page.get_by_role("navigation", name="Contents")
    expect(drawer).to_be_hidden()

    page.get_by_role("button", name="Contents").click()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    drawer.get_by_role("link", name="Forward and backward").click()

    expect(page).to_have_title(re.compile("^5 · Forward and backward"))


@on_server
def test_the_map_lists_the_chapters_that_exist(regular):
    page = regular.open("intro.html")
    numbered = page.locator("nav.contents a:has(.number)")

    assert page.locator(".course-map a").count() == numbered.count() > 0
    assert page.locator(".course-map .map-number").all_text_contents() == (
        numbered.locator(".number").all_text_contents()
    )


def test_tossing_again_changes_the_thinned_net(regular):
    page = regular.open("intro.html")
    dropped = page.locator(".thinned-net circle.dropped")
    before = dropped.evaluate_all("units => units.map((u) => u.dataset.unit)")

    # Two tosses of fourteen coins agree once in 16,384; three times running, never.
    for _ in range(3):
        page.get_by_role("button", name="Toss again").click()
        after = dropped.evaluate_all("units => units.map((u) => u.dataset.unit)")
        if after != before:
            break

    assert after != before
    cut = page.locator(".thinned-net path:not(.dropped)").evaluate_all(
        "links => links.flatMap((l) => l.dataset.ends.split(' '))"
    )
    whole = page.locator(".thinned-net svg").first.locator("path").count() * 2
    assert not set(after) & set(cut[whole:])


@on_disk
def test_what_is_folded_unfolds(regular, chapter):
    page = regular.open(chapter)
    for asked in page.locator(".dl-prediction").all():  # what is veiled has folds, too
        asked.scroll_into_view_if_needed()
        asked.get_by_role("button", name="Show me").click()

    folds = page.locator("article details:not(.dl-live details)").evaluate_all(
        """all => all.map((fold) => {
             const [summary, inside] = fold.children;
             const before = [summary.innerText, inside.checkVisibility()];
             summary.click();
             return [...before, inside.checkVisibility()];
           })"""
    )
    assert folds
    for title, before, after in folds:
        assert title.startswith(("Show", "Sol", "Hint"))
        assert (before, after) == (False, True), title


@on_disk
def test_results_are_tables_with_a_caption_and_figures_of_one_width(regular, chapter):
    page = regular.open(chapter)

    tables = page.locator("article .dl-table").evaluate_all(
        """all => all.map((e) => ({
             caption: e.caption.textContent, numbers: getComputedStyle(e).fontVariantNumeric,
             right: Array.from(
               e.querySelectorAll("[style*=right]"), (c) => getComputedStyle(c).textAlign
             ),
           }))"""
    )

    assert tables
    for table in tables:
        assert table["caption"]
        assert "tabular-nums" in table["numbers"]
        assert set(table["right"]) <= {"right"}


@on_server
def test_code_is_copied(reader, chapter):
    someone = reader(permissions=["clipboard-read", "clipboard-write"])
    page = someone.open(chapter)
    cell = page.locator(".cell_input .highlight:visible").first
    cell.hover()

    cell.get_by_role("button", name="Copy the code").click()

    expect(cell.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == cell.locator("pre").inner_text().rstrip()


@on_server
def test_formula_that_grows_when_its_fonts_arrive_scrolls_with_the_keys(reader):
    someone = reader(viewport={"width": 390, "height": 844})
    page, held, released = someone.page, [], []
    page.route("**/KaTeX*", lambda r: r.continue_() if released else held.append(r))
    page.goto(f"{someone.root}/chapters/reference/nn.html", wait_until="commit")
    page.wait_for_function("document.readyState !== 'loading' && document.fonts.size")
    page.evaluate(TWO_FRAMES)
    assert held

    released.append(True)
    for route in held:
        route.continue_()
    page.wait_for_load_state()
    page.evaluate(f"document.fonts.ready.then(() => {TWO_FRAMES})")

    assert page.locator(".katex-display[tabindex='0']").count()
    assert out_of_reach(page) == []


@on_disk
def test_without_scripts_the_text_and_the_contents_are_there(reader, chapter):
    someone = reader(java_script_enabled=False)
    page = someone.page
    page.goto(f"{someone.root}/{chapter}")

    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("navigation", name="Contents")).to_be_visible()
    assert page.locator(".needs-script button:visible").count() == 0
    assert someone.complaints == []
