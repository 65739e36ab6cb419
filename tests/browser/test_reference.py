"""What a reader does with the library reference: find a name, follow it, try its example."""

import re

import pytest
from playwright.sync_api import expect

from dropoutlab_book.reference.links import source_link

pytestmark = pytest.mark.parametrize("root", ["http"], indirect=True)


def test_search_finds_a_name_and_goes_to_its_description(reader):
    someone = reader()
    page = someone.open("index.html")

    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("paired_difference")
    page.locator(".results a", has_text="dropoutlab.stats").first.click()

    expect(page).to_have_url(re.compile(r"reference/stats\.html#paired_difference$"))
    expect(page.get_by_role("heading", name="paired_difference")).to_be_in_viewport()
    assert someone.complaints == []


def test_name_in_the_list_leads_to_its_heading(reader):
    """On a phone, where the masthead stays and must not cover what was asked for."""
    # Without motion: where a smooth scroll will end cannot be seen while it goes on.
    phone = reader(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = phone.open("chapters/reference.html")

    page.get_by_role("link", name="Dropout", exact=True).click()

    heading = page.locator("#Dropout > h2")
    expect(heading).to_be_in_viewport()
    page.wait_for_load_state()  # until its fonts are there, the page may still move
    page.evaluate("document.fonts.ready.then(() => true)")
    masthead = page.locator(".masthead").bounding_box()
    assert heading.bounding_box()["y"] >= masthead["y"] + masthead["height"]


def test_module_leads_on_to_the_next_and_back_to_the_list(reader):
    page = reader().open("chapters/reference/nn.html")

    page.get_by_role("link", name="Next dropoutlab.gradcheck").click()
    expect(page).to_have_title(re.compile("^dropoutlab.gradcheck"))
    page.get_by_role("main").get_by_role("link", name="Library reference").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Library reference")


def test_example_is_copied_as_one_would_type_it(reader):
    page = reader(permissions=["clipboard-read", "clipboard-write"]).open(
        "chapters/reference/nn.html"
    )
    example = page.locator("#Module .doctest .highlight").first
    example.hover()

    example.get_by_role("button", name="Copy the code").click()

    expect(example.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    shown = example.locator("pre").inner_text().splitlines()
    assert copied.splitlines() == [s[4:] for s in shown if s.startswith((">>>", "..."))]
    assert len(copied.splitlines()) < len([s for s in shown if s])
    compile(copied, "example", "exec")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("link", ["", source_link("https://github.com/ada/lab", "x" * 60)])
def test_signatures_are_seen_whole(reader, width, link):
    """With and without the links to the source, which a book of no repository lacks."""
    viewport = {"width": width, "height": 844}
    page = reader(viewport=viewport).open("chapters/reference/stats.html")

    signatures = page.locator("dt.sig")
    signatures.evaluate_all(
        "(all, link) => all.forEach((e) => e.insertAdjacentHTML('beforeend', link))", link
    )

    assert signatures.count() > 5
    cut_off = "all => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.id)"
    assert signatures.evaluate_all(cut_off) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
