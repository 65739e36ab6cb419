"""What someone does who reads, and what the browser keeps of it."""

import json
import re
from datetime import datetime, timedelta

from acts import guess
from playwright.sync_api import Locator, Page, expect

SIX = "chapters/06_does_it_work.html"
MAP = "intro.html"
PAGE = "chapters/06_does_it_work"
SEVEN = "chapters/07_a_crowd_of_networks"  # it asks for numbers and for an order, too
KEPT = """Object.entries(localStorage)
  .filter(([key]) => key.startsWith("dropout-lab reading "))"""
# A page that is open may go on to keep which of its sections are read.
FORGOTTEN = """() => Object.entries(localStorage)
  .filter(([key]) => key.startsWith("dropout-lab reading "))
  .map(([, text]) => JSON.parse(text))
  .every(({ predictions, answers }) => !predictions.length && !answers.length)"""


def kept(page: Page) -> dict[str, dict]:
    """Return what the browser keeps, by page."""
    return {key.split(" ")[-1]: json.loads(text) for key, text in page.evaluate(KEPT)}


def compare(asked: Locator, assumed: str = "") -> str:
    """Guess, compare, and return the comparison."""
    guess(asked)
    asked.get_by_role("button", name="Compare", exact=True).click()
    expect(asked).to_have_attribute("data-state", "compared")
    if assumed:
        asked.get_by_label("What did I assume?").fill(assumed)
        asked.get_by_label("What did I assume?").press("Tab")
    return said(asked)


def said(asked: Locator) -> str:
    """Return the comparison that stands there."""
    status = asked.get_by_role("status")
    expect(status).to_have_text(re.compile("."))
    return status.inner_text()


def answer(page: Page, n: int = 0) -> Locator:
    """Answer a quiz, and return the choice."""
    choice = page.locator(".dl-quiz").nth(n).get_by_role("radio").first
    choice.check()
    return choice


def stop_clock(page: Page) -> None:
    """Let no time pass but what a test lets pass; the clock must have been installed."""
    page.clock.pause_at(datetime.now() + timedelta(hours=1))


def go_to_end_of(page: Page, section: Locator) -> None:
    """Bring the end of a section into the middle of the window, at once. Time stands still."""
    section.evaluate(
        "each => scrollBy({ top: each.getBoundingClientRect().bottom - innerHeight / 2, "
        "behavior: 'instant' })"
    )
    look(page)


def look(page: Page) -> None:
    """Let the page look where it is, whenever the browser would have told it."""
    page.evaluate("dispatchEvent(new Event('scroll'))")
    page.clock.run_for(100)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
