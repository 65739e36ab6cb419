"""Frames while a finger draws a prediction, on a phone whose processor is slowed down.

    .venv/bin/python benchmarks/frames_while_drawing.py [slowdown ...]

It opens chapters of the built book in Chromium, 390 x 844 with touch, divides the processor's
speed (by 4 and by 6 if nothing is said), draws over the first two curves that are asked for, a
move each 1/60 s, and prints how long the frames took meanwhile. Beside it stands the same
stroke over the page's text: what the browser needs by itself. Takes about a minute.
"""

import asyncio
import itertools
import statistics
import sys
from pathlib import Path

from playwright.async_api import CDPSession, Locator, Page, async_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from conftest import FLAGS, SHELL, WHOLE, find_chromium  # noqa: E402

CHAPTERS = ("01_memorising_noise", "06_does_it_work", "09_co_adaptation", "11_how_much")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
CURVES, MOVES, MS = 2, 90, 1000 / 60
RECORD = """window.frames = []; window.recording = true;
requestAnimationFrame(function each(now) {
  window.frames.push(now);
  if (window.recording) requestAnimationFrame(each);
})"""


async def draw(device: CDPSession, box: dict[str, float]) -> None:
    """Draw a zigzag from left to right, a move a frame of the screen, however slow the page."""
    sent = []
    for move in range(MOVES):
        share = move / (MOVES - 1)
        x = box["x"] + (0.02 + 0.96 * share) * box["width"]
        y = box["y"] + (0.5 + 0.3 * (-1) ** (move // 15) * share) * box["height"]
        kind = "touchMove" if move else "touchStart"
        touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        sent.append(asyncio.ensure_future(device.send("Input.dispatchTouchEvent", touch)))
        await asyncio.sleep(MS / 1000)
    await asyncio.wait(sent, timeout=20)
    end = {"type": "touchEnd", "touchPoints": []}
    await asyncio.wait_for(device.send("Input.dispatchTouchEvent", end), timeout=20)


async def frames(
    page: Page, device: CDPSession, place: Locator, slowdown: float
) -> list[float]:
    """Return the milliseconds between frames while somebody draws in a place."""
    await place.scroll_into_view_if_needed()
    box = await place.bounding_box()
    await device.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    await page.evaluate(RECORD)
    await draw(device, box)
    taken = await page.evaluate("(window.recording = false, window.frames)")
    await device.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [after - before for before, after in itertools.pairwise(taken)]


def summary(gaps: list[float]) -> str:
    """Say in a line how even the frames came."""
    late = sum(gap > 1.5 * MS for gap in gaps) / len(gaps)
    tail = statistics.quantiles(gaps, n=100)[94]
    return (
        f"{len(gaps):5d} frames, median {statistics.median(gaps):5.1f} ms, 95 % below"
        f" {tail:5.1f}, longest {max(gaps):6.1f}, {100 * late:4.1f} % late"
    )


async def main(slowdowns: list[float]) -> None:
    """Draw on all chapters, and print two lines for each."""
    async with async_playwright() as playwright:
        path = find_chromium(playwright, SHELL, *WHOLE)
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        for chapter, slowdown in itertools.product(CHAPTERS, slowdowns):
            context = await browser.new_context(**PHONE)
            context.set_default_timeout(10_000)
            page = await context.new_page()
            address = ROOT / "_build" / "html" / "chapters" / f"{chapter}.html"
            await page.goto(address.as_uri())
            device = await context.new_cdp_session(page)
            plain = await frames(page, device, page.locator("article p").nth(2), slowdown)
            drawn = []
            for asked in (await page.locator("[data-prediction=curve]").all())[:CURVES]:
                await asked.scroll_into_view_if_needed()
                canvas = asked.locator(".dl-canvas")
                # A finger that scrolls by draws nothing before the first tap.
                await canvas.tap()
                drawn += await frames(page, device, canvas, slowdown)
            for what, gaps in (("text", plain), ("drawn", drawn)):
                print(f"{chapter[:2]}, {slowdown:g} times slower, {what:5s}", summary(gaps))
            await context.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main([float(each) for each in sys.argv[1:]] or [4, 6]))
