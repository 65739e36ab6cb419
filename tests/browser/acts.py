"""What tests of many pages do in a browser: guess with keys, and measure what has moved."""

from playwright.sync_api import Locator, expect

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
