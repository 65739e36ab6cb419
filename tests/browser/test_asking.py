"""Every prediction of every chapter of the built book: made by pointer and keys, compared."""

from collections import Counter

from acts import guess, guess_by_pointer, on_disk
from playwright.sync_api import expect

HIDDEN = """veil => [...veil.querySelectorAll("p, table, figure, li, summary")].filter(
  (each) => each.textContent.trim() && getComputedStyle(each).visibility === "hidden"
    && !each.closest(".dl-live, .dl-choice, .dl-quiz, .dl-prediction")).length"""


@on_disk
def test_each_is_made_by_pointer_and_keys_on_a_phone_and_opens_its_veil(reader, chapter):
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
        guess_by_pointer(asked)
        expect(compare).to_be_enabled()
        drawn = asked.inner_html()
        guess(asked)
        assert asked.inner_html() != drawn
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
