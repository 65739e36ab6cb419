"""Readers who come back to the built book."""

import json
import re

import pytest
from playwright.sync_api import expect
from reading_acts import PAGE, SIX, answer, compare, go_to_end_of, kept, stop_clock


@pytest.fixture(scope="session")
def everything(chromium, served):
    """What the browser keeps of someone who did all of chapter 6."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.clock.install()
    page.goto(f"{served}/{SIX}")
    for asked in page.locator(".dl-prediction").all():
        compare(asked, "That both nets see the same digits, as often, in the same order.")
    quizzes = page.locator(".dl-quiz").count()
    for n in range(quizzes):
        answer(page, n)
    stop_clock(page)
    sections = page.locator("article > section > section")
    for section in sections.all():
        go_to_end_of(page, section)
        page.clock.run_for(4000)
    # The clock went ahead, and nothing may come from the future.
    texts = re.sub(r'"at": "[^"]*"', '"at": "2026-01-01T10:00:00.000Z"', json.dumps(kept(page)))
    record = json.loads(texts)[PAGE]
    assert len(record["sections"]) == sections.count()
    assert len(record["answers"]) == quizzes
    assert {one["stage"] for one in record["predictions"]} == {"compared"}
    page.context.close()
    return record


@pytest.fixture
def returning(reader):
    """Return a function that seats a reader whose browser has kept some records."""

    def seat(*records, **options):
        someone = reader(**options)
        where = someone.root.removeprefix("file://") if "file:" in someone.root else ""
        texts = {
            f"dropout-lab reading {where}/ {one['page']}": json.dumps(one) for one in records
        }
        # In the page itself: what one page writes, the next may not see at once.
        someone.page.add_init_script(
            f"""if (!sessionStorage.getItem("is here")) {{
              sessionStorage.setItem("is here", "yes");
              Object.assign(localStorage, {json.dumps(texts)});
            }}"""
        )
        return someone

    return seat


@pytest.fixture
def second_tab():
    """Return a function that opens a page of the book in another tab of a reader."""

    def open_page(someone, name):
        tab = someone.context.new_page()
        tab.goto(f"{someone.root}/{name}")
        expect(tab.locator("h1")).to_be_visible()
        return tab

    return open_page
