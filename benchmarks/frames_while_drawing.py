"""Frames while a finger draws a prediction, on a phone whose processor is slowed down.

    .venv/bin/python benchmarks/frames_while_drawing.py [slowdown ...]

It opens chapters of the built book in Chromium, 390 x 844 with touch, divides the processor's
speed (by 4 and by 6 if nothing is said), draws three strokes of 60 moves, one each 1/60 s,
over every curve that is asked for, and prints how long the frames between them took. Beside
it stand the same moves over the page's text: what the browser needs by itself.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import CDPSession, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from conftest import FLAGS, SHELL, WHOLE, find_chromium  # noqa: E402

CHAPTERS = ("01_memorising_noise", "06_does_it_work", "09_co_adaptation", "11_how_much")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
STROKES, MOVES, MS = 3, 60, 1000 / 60
RECORD = """window.frames = []; window.recording = true;
requestAnimationFrame(function each(now) {
  window.frames.push(now);
  if (window.recording) requestAnimationFrame(each);
})"""


def stroke(box: dict[str, float], turn: int) -> Iterator[tuple[float, float]]:
    """Yield the places of a stroke from left to right, in pixels of the window."""
    for move in range(MOVES):
        share = move / (MOVES - 1)
        height = 0.5 + 0.35 * (-1) ** (turn + move // 12) * share
        yield box["x"] + (0.02 + 0.96 * share) * box["width"], box["y"] + height * box["height"]


def draw(device: CDPSession, box: dict[str, float]) -> None:
    """Draw with a finger, a move a frame of the screen, however long the page takes."""
    for turn in range(STROKES):
        due = time.perf_counter()
        for number, (x, y) in enumerate(stroke(box, turn)):
            kind = "touchMove" if number else "touchStart"
            touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            device.send("Input.dispatchTouchEvent", touch)
            due += MS / 1000
            time.sleep(max(0, due - time.perf_counter()))
        device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def frames(page: Page, device: CDPSession, place: Locator, slowdown: float) -> list[float]:
    """Return the milliseconds between frames while somebody draws in a place."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    device.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.evaluate(RECORD)
    draw(device, box)
    taken = page.evaluate("(window.recording = false, window.frames)")
    device.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [after - before for before, after in itertools.pairwise(taken)]


def summary(gaps: list[float]) -> str:
    """Say in a line how even the frames came."""
    late = sum(gap > 1.5 * MS for gap in gaps) / len(gaps)
    tail = statistics.quantiles(gaps, n=100)[94]
    return (
        f"{len(gaps):5d} frames, median {statistics.median(gaps):5.1f} ms, 95 % below"
        f" {tail:5.1f}, longest {max(gaps):6.1f}, {100 * late:4.1f} % late"
    )


def main(slowdowns: list[float]) -> int:
    """Draw on all chapters, and print a line for each."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright, SHELL, *WHOLE)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for chapter, slowdown in itertools.product(CHAPTERS, slowdowns):
            context = browser.new_context(**PHONE)
            page = context.new_page()
            page.goto((ROOT / "_build" / "html" / "chapters" / f"{chapter}.html").as_uri())
            device = context.new_cdp_session(page)
            plain = frames(page, device, page.locator("article p").nth(2), slowdown)
            drawn = []
            for asked in page.locator("[data-prediction=curve]").all():
                asked.scroll_into_view_if_needed()
                asked.locator("[data-state=live]").or_(asked).first.wait_for()
                canvas = asked.locator(".dl-canvas")
                canvas.wait_for()
                canvas.tap()  # a finger that scrolls by draws nothing until the first tap
                drawn += frames(page, device, canvas, slowdown)
            print(f"{chapter[:2]}, {slowdown:g} times slower, text  {summary(plain)}")
            print(
                f"{chapter[:2]}, {slowdown:g} times slower, drawn {summary(drawn)}", flush=True
            )
            context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main([float(each) for each in sys.argv[1:]] or [4, 6]))
