"""A reader draws, turns and compares; the networks vote on what is there."""

import importlib.util
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dropoutlab.explorables import HundredNetworks

spec = importlib.util.spec_from_file_location("strokes", Path(__file__).with_name("strokes.py"))
strokes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(strokes)


class Desk:
    """The explorable before a reader."""

    def __init__(self, page):
        self.page = page
        self.pad = page.locator(".dl-pad")
        self.result = page.get_by_role("status")
        self.current = page.get_by_role("row", name=re.compile("^Shown now"))

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def draw(self, lines, *, scale=0.8, left=0.1, top=0.1):
        """Draw strokes of a unit square with the mouse, in that part of the canvas."""
        self.pad.scroll_into_view_if_needed()
        box = self.pad.bounding_box()
        side = box["width"]
        for line in lines:
            places = [
                (box["x"] + side * (left + scale * x), box["y"] + side * (top + scale * y))
                for x, y in line
            ]
            self.page.mouse.move(*places[0])
            self.page.mouse.down()
            for place in places[1:]:
                self.page.mouse.move(*place)
            self.page.mouse.up()

    def said(self):
        """Return the digits that the crowd and the whole net find, as the page says it."""
        votes, crowd, opinion = re.search(
            r"(\d+) of 100 networks vote for (\d):.*The whole net (agrees|says \d)",
            self.result.inner_text(),
        ).groups()
        whole = crowd if opinion == "agrees" else opinion[-1]
        return int(votes), int(crowd), int(whole)

    def votes(self):
        """Return the votes that the table shows."""
        return [
            int(c.inner_text()) for c in self.page.locator(".dl-count > :first-child").all()
        ]

    def inked(self, canvas=".dl-pad"):
        """Return how many pixels of a canvas hold ink, and the colour of the darkest."""
        return self.page.locator(canvas).evaluate(
            """(c) => {
              const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
              let [count, darkest] = [0, 0];
              for (let i = 3; i < data.length; i += 4) {
                count += data[i] > 0;
                if (data[i] > data[darkest + 3]) darkest = i - 3;
              }
              return [count, ...data.slice(darkest, darkest + 3)];
            }"""
        )


@pytest.fixture
def desk(show):
    """Return a function that seats a reader before the explorable."""

    def seat(**options):
        page = show(HundredNetworks().html(), **options)
        expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
        return Desk(page)

    return seat


@pytest.mark.full
@pytest.mark.parametrize(("scale", "width"), [(0.8, 1000), (0.45, 390)], ids=["large", "small"])
def test_drawn_digits_are_read(desk, scale, width, record_property):
    reader = desk(viewport={"width": width, "height": 900})
    wrong = []
    for (digit, style), lines in strokes.DIGITS.items():
        reader.press("Clear")
        reader.draw(lines, scale=scale, left=0.5 - scale / 2, top=0.5 - scale / 2)
        n = len(lines)
        expect(reader.result).to_contain_text(f"of {n} stroke{'s'[: n > 1]}.")
        votes, crowd, whole = reader.said()
        if not crowd == whole == digit:
            wrong.append(f"{digit}, {style}: {votes} votes for {crowd}, whole net {whole}")

    print(f"{20 - len(wrong)} of 20 read", wrong)
    record_property("misread", wrong)
    assert len(strokes.DIGITS) == 20
    assert len(wrong) <= 3, wrong
    assert reader.page.complaints == []


def test_where_on_the_canvas_one_draws_changes_little(desk):
    reader = desk()
    seven = strokes.DIGITS[7, "plain"]
    seen = []
    for left, top in [(0, 0), (0.5, 0.5)]:
        reader.press("Clear")
        reader.draw(seven, scale=0.5, left=left, top=top)
        seen.append(reader.said())

    assert [crowd for _, crowd, _ in seen] == [7, 7]
    assert abs(seen[0][0] - seen[1][0]) <= 3


def test_the_three_to_compare_say_beforehand_what_they_show(desk):
    reader = desk()
    widget = HundredNetworks()
    names = ["A clear 3", "Same 3, turned by 90°", "A scribble"]
    for name, image in zip(names, widget.presets().values(), strict=True):
        verdict = widget.ask(image)
        promised = reader.page.get_by_role("row", name=re.compile(f"^{name}")).locator("td")
        expect(promised).to_have_text(
            [
                f"{verdict.votes.max()} for {verdict.votes.argmax()}",
                *(
                    f"{bits:.2f}"
                    for bits in (verdict.vote_entropy, verdict.entropy, verdict.disagreement)
                ),
            ]
        )

        reader.press(name)

        expect(reader.current.locator("td")).to_have_text(promised.all_inner_texts())
        assert reader.votes() == verdict.votes.tolist()
    assert reader.page.complaints == []


def test_everything_but_drawing_is_done_with_the_keys(desk):
    reader = desk()
    page = reader.page
    page.get_by_role("button", name="Another real digit").focus()
    page.keyboard.press("Enter")
    expect(reader.result).to_have_text(re.compile(r"^A real \d\. "))
    expect(reader.pad).to_have_attribute("aria-label", re.compile(r"^A real \d$"))

    page.get_by_role("slider", name="Turn").focus()
    page.keyboard.press("ArrowLeft")
    expect(reader.pad).to_have_attribute("aria-label", re.compile("1 degree anticlockwise$"))
    page.keyboard.press("End")
    expect(reader.result).to_contain_text("turned by 180 degrees clockwise.")

    page.get_by_role("button", name="A scribble").focus()
    page.keyboard.press("Space")
    expect(reader.pad).to_have_attribute("aria-label", "A drawing of 1 stroke")
    expect(page.get_by_role("slider", name="Turn")).to_have_value("0")


def test_real_digits_come_one_after_another_and_round_again(desk):
    reader = desk()
    first = reader.inked()
    seen = set()
    for _ in range(30):
        reader.press("Another real digit")
        expect(reader.result).to_contain_text("A real")
        seen.add(tuple(reader.inked()))

    assert reader.inked() == first
    assert len(seen) > 25


def test_an_empty_canvas_has_no_votes(desk):
    reader = desk()

    reader.press("Clear")

    expect(reader.result).to_have_text("An empty canvas: draw a digit, or take one.")
    expect(reader.current.locator("td")).to_have_text(["–"] * 4)
    assert reader.inked()[0] == reader.inked(".dl-seen")[0] == 0


def test_drawing_on_a_real_digit_begins_a_new_drawing(desk):
    reader = desk()

    reader.draw([[(0.5, 0.1), (0.5, 0.9)]])

    expect(reader.pad).to_have_attribute("aria-label", "A drawing of 1 stroke")
    assert reader.said()[1] == 1


def test_votes_change_while_the_pen_is_down(desk):
    reader = desk()
    reader.press("Clear")
    box = reader.pad.bounding_box()
    reader.page.mouse.move(box["x"] + 140, box["y"] + 30)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + 140, box["y"] + 250, steps=5)

    expect(reader.current.locator("td").first).to_have_text(re.compile("for 1$"))
    expect(reader.result).to_contain_text("An empty canvas")  # not read out at every step
    reader.page.mouse.up()
    expect(reader.result).to_contain_text("A drawing of 1 stroke")


def test_a_stroke_on_a_turned_drawing_lies_under_the_pen(desk):
    reader = desk()
    reader.press("Clear")
    reader.draw([[(0.1, 0.5), (0.3, 0.5)]])
    turn = reader.page.get_by_role("slider", name="Turn")
    turn.fill("90")
    before = reader.inked()[0]

    reader.draw([[(0.9, 0.1), (0.9, 0.12)]], scale=1, left=0, top=0)

    expect(reader.pad).to_have_attribute(
        "aria-label", "A drawing of 2 strokes, turned by 90 degrees clockwise"
    )
    there = reader.pad.evaluate(
        "c => c.getContext('2d').getImageData(0.9 * c.width, 0.11 * c.height, 1, 1).data[3]"
    )
    assert there == 255
    assert reader.inked()[0] > before


def test_another_hundred_networks_vote_otherwise(desk):
    reader = desk()
    reader.press("A scribble")
    before = reader.votes()

    for _ in range(5):
        reader.press("Draw another hundred networks")
        if reader.votes() != before:
            break

    assert sum(reader.votes()) == 100
    assert reader.votes() != before


def test_the_ink_follows_the_page_into_the_dark_at_once(desk):
    reader = desk(color_scheme="light")
    light = reader.inked()
    assert max(light[1:]) < 80

    reader.page.evaluate("document.documentElement.dataset.theme = 'dark'")

    reader.page.wait_for_function(
        """() => [".dl-pad", ".dl-seen"].every((name) => {
          const c = document.querySelector(name);
          const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
          return data.some((value, i) => i % 4 === 0 && data[i + 3] > 200 && value > 180);
        })"""
    )
    assert reader.inked()[0] == light[0]


def test_a_second_finger_draws_nothing(desk):
    reader = desk()
    reader.press("Clear")
    fire = """(pad, [type, pointerId, share]) => {
      const box = pad.getBoundingClientRect();
      const [clientX, clientY] = [box.x + share * box.width, box.y + share * box.height];
      const init = { pointerId, clientX, clientY, bubbles: true, pointerType: "touch" };
      pad.setPointerCapture = () => {};
      pad.dispatchEvent(new PointerEvent(type, init));
    }"""
    for event in [
        ("pointerdown", 1, 0.2),
        ("pointerdown", 2, 0.9),
        ("pointermove", 2, 0.8),
        ("pointerup", 2, 0.8),
        ("pointermove", 1, 0.4),
        ("pointercancel", 1, 0.4),
    ]:
        reader.pad.evaluate(fire, list(event))

    expect(reader.pad).to_have_attribute("aria-label", "A drawing of 1 stroke")
    inked = reader.pad.evaluate(
        """c => [0.3, 0.8].map((share) =>
          c.getContext("2d").getImageData(share * c.width, share * c.height, 1, 1).data[3])"""
    )
    assert inked == [255, 0]
