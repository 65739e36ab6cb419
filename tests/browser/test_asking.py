"""Every prediction of every chapter of the built book: made with keys, and compared."""

from collections import Counter

import pytest
from playwright.sync_api import expect

HIDDEN = """veil => [...veil.querySelectorAll("p, table, figure, li, summary")].filter(
  (each) => each.textContent.trim() && getComputedStyle(each).visibility === "hidden"
    && !each.closest(".dl-live, .dl-choice, .dl-quiz, .dl-prediction")).length"""


def commit(asked, kind):
    """Make a guess with keys alone, somewhere on each of what is asked."""
    if kind == "choice":
        asked.locator("input").first.press(" ")
    elif kind == "order":
        asked.locator(".dl-order button").first.press("ArrowDown")
    elif kind == "number":
        for scale in asked.get_by_role("slider").all():
            scale.press("PageUp")
    else:
        for handle in asked.locator(".dl-handle[tabindex='0']").all():
            handle.focus()
            for _ in range(5):
                asked.page.keyboard.press("ArrowUp")
                asked.page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("root", ["file"], indirect=True)
def test_each_is_made_with_keys_on_a_phone_and_opens_its_veil(reader, chapter):
    someone = reader(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = someone.open(chapter)
    every = page.locator(".dl-prediction").all()
    names = Counter(one.get_attribute("data-question") for one in every)
    assert names.total() == len(names) >= 5
    assert page.locator(".dl-veiled").first.evaluate(HIDDEN) > 0

    for asked in every:
        kind = asked.get_attribute("data-prediction")
        asked.scroll_into_view_if_needed()
        compare = asked.get_by_role("button", name="Compare", exact=True)
        expect(compare).to_be_disabled()
        commit(asked, kind)
        compare.click()
        expect(asked).to_have_attribute("data-state", "compared")
        said = asked.get_by_role("status").inner_text()
        assert len(said) > 15, said
        assert "NaN" not in said
        assert "undefined" not in said

    for veil in page.locator(".dl-veiled").all():
        assert veil.evaluate(HIDDEN) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert someone.complaints == []
