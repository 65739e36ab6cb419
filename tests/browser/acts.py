"""What tests of many pages do in a browser: guess with keys or a pointer, and look closely."""

import pytest
from playwright.sync_api import Locator, Page, expect

# Where it makes no difference, or only makes sense there.
on_server = pytest.mark.parametrize("root", ["http"], indirect=True)
on_disk = pytest.mark.parametrize("root", ["file"], indirect=True)

# The layout shift since the page began, once what is under way has been drawn.
SHIFT = """new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) total += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(total)));
})"""


def started(asked: Locator) -> None:
    """Go to a prediction, and wait until it runs."""
    asked.scroll_into_view_if_needed()
    expect(asked.locator(".dl-explorable")).to_have_attribute("data-state", "live")


def guess(asked: Locator) -> None:
    """Make a guess with keys alone, somewhere on each of what is asked."""
    started(asked)
    kind = asked.get_attribute("data-prediction")
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


def guess_by_pointer(asked: Locator) -> None:
    """Make a guess with a pointer alone: strokes through all that is asked for."""
    started(asked)
    kind = asked.get_attribute("data-prediction")
    if kind == "choice":
        asked.locator(".dl-option").last.click()
    elif kind == "order":
        grips = asked.locator(".dl-order:not(.dl-truth) button")
        grips.last.drag_to(grips.first)
    elif kind == "number":
        for scale in asked.get_by_role("slider").all():
            scale.click(position={"x": 0.3 * scale.bounding_box()["width"], "y": 20})
    else:
        curves = asked.locator(".dl-picker button").all()
        for height, curve in enumerate(curves or [None], 4):
            if curve is not None:
                curve.click()
            _stroke(asked, height / 10)


def _stroke(asked: Locator, height: float) -> None:
    """Draw across the axes, from the left end to the right, at a share of their height."""
    box = asked.locator(".dl-canvas").bounding_box()
    mouse, y = asked.page.mouse, box["y"] + height * box["height"]
    mouse.move(box["x"] + 0.03 * box["width"], y)
    mouse.down()
    mouse.move(box["x"] + 0.99 * box["width"], y + 10, steps=8)
    mouse.up()


def out_of_reach(page: Page) -> list[str]:
    """Return what scrolls sideways in the text, and cannot be reached with the keys."""
    return page.locator("article *").evaluate_all(
        """all => all.filter((e) => e.scrollWidth > e.clientWidth && e.tabIndex !== 0
             && ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
           .map((e) => e.outerHTML.slice(0, 120))"""
    )
