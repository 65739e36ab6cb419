"""Every prediction of every chapter of the built book: made with keys, and compared."""

from collections import Counter

import pytest
from acts import guess
from playwright.sync_api import expect

HIDDEN = """veil => [...veil.querySelectorAll("p, table, figure, li, summary")].filter(
  (each) => each.textContent.trim() && getComputedStyle(each).visibility === "hidden"
    && !each.closest(".dl-live, .dl-choice, .dl-quiz, .dl-prediction")).length"""


@pytest.mark.parametrize("root", ["file"], indirect=True)
def test_each_is_made_with_keys_on_a_phone_and_opens_its_veil(reader, chapter):
    someone = reader(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = someone.open(chapter)
    every = page.locator(".dl-prediction").all()
    names = Counter(one.get_attribute("data-question") for one in every)
    assert names.total() == len(names) >= 5
    assert page.locator(".dl-veiled").first.evaluate(HIDDEN) > 0

    for asked in every:
        asked.scroll_into_view_if_needed()
        compare = asked.get_by_role("button", name="Compare", exact=True)
        expect(compare).to_be_disabled()
        guess(asked)
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
