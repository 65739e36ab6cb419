"""Predictions on plain pages: the reader commits first, and nothing moves but the answer."""

import gzip
import random
import re

import pytest
from every_prediction import KINDS, choice, curve, number, order
from playwright.sync_api import expect

LOOKS = [("light", 1000), ("dark", 390)]
LIMIT = 12 * 1024  # bytes of script, gzipped
SHIFTS = """window.shift = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
LISTEN = """window.reports = [];
document.addEventListener("dl-prediction", (event) => window.reports.push(event.detail));"""

DRAW_FAST = """async (stage) => {
          const [box, line] = [stage.getBoundingClientRect(), stage.querySelector(".dl-line")];
          const fire = (type, share) => stage.dispatchEvent(new PointerEvent(type, {
            pointerId: 1, pointerType: "mouse", bubbles: true,
            clientX: box.x + share * box.width, clientY: box.y + box.height / 2,
          }));
          stage.setPointerCapture = () => {};
          fire("pointerdown", 0.1);
          let drawn = 0;
          new MutationObserver((changes) => {
            drawn += changes.filter((c) => c.attributeName === "d").length;
          }).observe(line, { attributes: true });
          for (let i = 1; i < 90; i++) fire("pointermove", 0.1 + i / 100);
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const handles = stage.querySelectorAll(".dl-handle:not(.dl-blank)").length;
          fire("pointerup", 0.99);
          return [drawn, handles];
        }"""


@pytest.fixture(params=KINDS)
def made(request):
    """A prediction of each kind."""
    return KINDS[request.param]()


@pytest.fixture
def ask(show):
    """Return a function that shows predictions, started, on one page."""

    def start(*made, scheme="light", width=1000, init="", **options):
        page = show(
            *(each.html() for each in made),
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            init=SHIFTS + LISTEN + init,
            **{"reduced_motion": "reduce"} | options,
        )
        page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        for figure in page.locator(".dl-explorable").all():
            figure.scroll_into_view_if_needed()
            expect(figure).to_have_attribute("data-state", "live")
        return page

    return start


def asked(page, n=0):
    return page.locator("[data-prediction]").nth(n)


def press(page, name, n=0):
    asked(page, n).get_by_role("button", name=name, exact=True).click()


def stroke(page, points, n=0):
    """Draw through points, given as shares of the place to draw."""
    canvas = asked(page, n).locator(".dl-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for each in at[1:]:
        page.mouse.move(*each, steps=6)
    page.mouse.up()


def guess(page, kind, n=0):
    """Guess by pointer, whatever the kind."""
    part = asked(page, n)
    if kind == "curve":
        stroke(page, [(0.06, 0.7), (0.5, 0.7), (0.99, 0.5)], n)
    elif kind == "number":
        part.get_by_role("slider").click(position={"x": 200, "y": 20})
    elif kind == "choice":
        part.get_by_role("radio", name="three").check()
    else:
        grips = part.locator(".dl-order button")
        grips.first.drag_to(grips.last)


def guess_by_keys(page, kind):
    """Guess without a pointer: from the first thing that Tab reaches."""
    page.evaluate("document.activeElement.blur()")
    first = asked(page).locator("[tabindex='0'], input, .dl-order button").first
    first.focus()
    keys = {
        "curve": ["ArrowUp", "ArrowRight", "PageDown", "End", "Enter"],
        "number": ["PageUp", "ArrowRight"],
        "choice": ["Space"],
        "order": ["ArrowDown"],
    }
    for key in keys[kind]:
        page.keyboard.press(key)


def test_before_anything_is_said_the_answer_is_veiled(ask, made):
    page = ask(made)

    expect(asked(page)).to_have_attribute("data-state", "open")
    expect(asked(page).get_by_role("button", name="Compare")).to_be_disabled()
    expect(asked(page).get_by_role("button", name="Show me")).to_be_enabled()
    expect(asked(page).get_by_role("status")).to_be_empty()
    for hidden in (".dl-picture", "figcaption"):
        expect(asked(page).locator(hidden)).to_be_hidden()
    measured = asked(page).locator(".dl-revealed > *, .dl-measured, .dl-right, .dl-truth > *")
    assert not any(each.is_visible() for each in measured.all())


def test_is_compared_by_pointer(ask, made):
    page = ask(made)

    guess(page, made.kind)
    press(page, "Compare")

    expect(asked(page)).to_have_attribute("data-state", "compared")
    expect(asked(page).get_by_role("status")).to_contain_text(re.compile("measured|It is"))
    expect(asked(page).get_by_label("What did I assume?")).to_be_visible()
    expect(asked(page).get_by_role("button", name="Show me")).to_be_hidden()
    assert page.complaints == []


def test_is_compared_by_keys_alone(ask, made):
    page = ask(made)

    guess_by_keys(page, made.kind)
    compare = asked(page).get_by_role("button", name="Compare")
    expect(compare).to_be_enabled()
    for _ in range(9):
        if compare.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(asked(page)).to_have_attribute("data-state", "compared")
    expect(asked(page).get_by_role("status")).to_be_focused()
    page.keyboard.press("Tab")
    expect(asked(page).get_by_label("What did I assume?")).to_be_focused()


def test_shows_without_a_guess(ask, made):
    page = ask(made)

    press(page, "Show me")

    expect(asked(page)).to_have_attribute("data-state", "shown")
    expect(asked(page).get_by_role("status")).not_to_be_empty()
    expect(asked(page).get_by_label("What did I assume?")).to_be_hidden()
    assert page.evaluate("window.reports.at(-1).guess") is None


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_nothing_moves_when_it_starts_or_when_the_answer_comes(ask, made, scheme, width):
    page = ask(made, scheme=scheme, width=width)
    before = asked(page).bounding_box()
    assert page.evaluate("window.shift") < 0.01
    guess(page, made.kind)
    page.evaluate("window.shift = 0")  # what the reader puts in order moves

    press(page, "Compare")
    expect(asked(page)).to_have_attribute("data-state", "compared")

    assert asked(page).bounding_box()["height"] == pytest.approx(before["height"], abs=1)
    assert page.evaluate("window.shift") < 0.01
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_breaks_no_rule_of_accessibility(ask, violations, scheme, width):
    made = [make() for make in KINDS.values()]
    page = ask(*made, scheme=scheme, width=width)
    assert violations(page) == []

    for n, each in enumerate(made):
        guess(page, each.kind, n)
    assert violations(page) == []

    for n in range(len(made)):
        press(page, "Compare", n)
    assert violations(page) == []


def test_a_curve_is_held_at_its_places(ask):
    page = ask(curve())

    # The axis runs from 0.07 to 0.98 of the width, from 0.08 to 0.88 of the height.
    stroke(page, [(0.06, 0.88), (0.99, 0.88)])

    assert page.evaluate("window.reports.at(-1).guess") == {"test error": [0, 0, 0]}


def test_a_stroke_out_of_the_axes_stays_on_them(ask):
    page = ask(curve())

    stroke(page, [(0.02, 0.5), (0.02, -0.5), (1.0, -0.5)])

    assert page.evaluate("window.reports.at(-1).guess") == {"test error": [100, 100, 100]}


def test_the_next_curve_is_taken_up_when_one_is_drawn(ask):
    page = ask(curve(measured={"plain": [9, 9, 77], "dropout": [9, 9, 50]}))
    picker = asked(page).get_by_role("group", name="Which curve to draw")
    plain, dropout = picker.get_by_role("button").all()
    expect(plain).to_have_attribute("aria-pressed", "true")

    stroke(page, [(0.05, 0.3), (0.99, 0.3)])
    expect(dropout).to_have_attribute("aria-pressed", "true")
    stroke(page, [(0.05, 0.6), (0.99, 0.6)])

    drawn = page.evaluate("window.reports.at(-1).guess")
    assert min(drawn["plain"]) > max(drawn["dropout"])
    press(page, "Clear")
    assert page.evaluate("window.reports.at(-1).guess") is None
    expect(asked(page).get_by_role("button", name="Compare")).to_be_disabled()


def test_what_is_given_is_not_drawn_over(ask):
    page = ask(curve(given=[0]))

    stroke(page, [(0.05, 0.1), (0.99, 0.1)])
    press(page, "Compare")

    assert page.evaluate("window.reports.at(-1).guess")["test error"][0] is None
    expect(asked(page).get_by_role("slider")).to_have_count(2)
    expect(asked(page).get_by_role("status")).to_contain_text("At p = 0.5 you expected")


def test_a_handle_says_where_it_is_and_what_it_holds(ask):
    page = ask(curve())
    handle = asked(page).get_by_role("slider", name="test error, p = 0.5")
    expect(handle).to_have_attribute("aria-valuetext", "nothing drawn yet")

    asked(page).get_by_role("slider", name="test error, p = 0", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(handle).to_be_focused()
    page.keyboard.press("PageUp")

    expect(handle).to_have_attribute("aria-valuetext", "60\N{NO-BREAK SPACE}%")
    expect(handle).to_be_focused()


def test_each_curve_is_drawn_before_it_is_compared(ask):
    page = ask(curve(measured={"plain": [9, 9, 77], "dropout": [9, 9, 50]}))
    compare = asked(page).get_by_role("button", name="Compare")
    help = asked(page).locator(".dl-help")

    stroke(page, [(0.05, 0.3), (0.06, 0.3)])  # a point
    expect(help).to_have_text("Still missing: plain and dropout.")
    stroke(page, [(0.05, 0.3), (0.99, 0.3)])
    expect(help).to_have_text("Still missing: dropout.")
    expect(compare).to_be_disabled()
    stroke(page, [(0.05, 0.6), (0.99, 0.6)])
    expect(help).to_contain_text("from left to right")
    expect(compare).to_be_enabled()


def test_each_number_is_set_before_it_is_compared(ask):
    page = ask(number(measured={"any split": 95, "one split": 47}))

    asked(page).get_by_role("slider").first.press("PageUp")
    expect(asked(page).locator(".dl-help")).to_have_text("Still missing: one split.")
    expect(asked(page).get_by_role("button", name="Compare")).to_be_disabled()
    asked(page).get_by_role("slider").last.press("PageUp")
    expect(asked(page).get_by_role("button", name="Compare")).to_be_enabled()


def swipe(page, start, end):
    """Move a finger over the page, as the browser itself hears it."""
    touch = page.context.new_cdp_session(page)
    steps = [[a + (b - a) * k / 8 for a, b in zip(start, end, strict=True)] for k in range(9)]
    for k, (x, y) in enumerate(steps):
        kind = "touchMove" if k else "touchStart"
        points = [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_scrolls_until_it_has_tapped_and_then_draws(ask):
    page = ask(curve(), width=390, has_touch=True, is_mobile=True)
    expect(asked(page).locator(".dl-help")).to_contain_text("from left to right")
    canvas = asked(page).locator(".dl-canvas")
    canvas.scroll_into_view_if_needed()

    def at(x, y):
        box = canvas.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    touch_action = "canvas => getComputedStyle(canvas.querySelector('svg')).touchAction"
    assert canvas.evaluate(touch_action) == "pan-y"
    swipe(page, at(0.5, 0.8), at(0.5, 0.1))
    assert page.evaluate("window.reports") == []

    page.touchscreen.tap(*at(0.5, 0.5))
    expect(canvas).to_have_class(re.compile("dl-taken"))
    assert page.evaluate("window.reports") == []  # a tap takes the axes up
    assert canvas.evaluate(touch_action) == "none"
    swipe(page, at(0.05, 0.1), at(0.95, 0.5))
    page.wait_for_function("window.reports.length")
    first, second, third = page.evaluate("window.reports.at(-1).guess")["test error"]
    assert first > second > third > 40


def test_a_finger_on_the_page_lets_the_axes_go(ask):
    page = ask(curve(), width=390, has_touch=True)
    canvas = asked(page).locator(".dl-canvas")

    canvas.tap()
    expect(canvas).to_have_class(re.compile("dl-taken"))
    asked(page).locator(".dl-help").tap()
    expect(canvas).not_to_have_class(re.compile("dl-taken"))


def test_an_order_is_changed_by_keys_and_by_dragging(ask):
    page = ask(order())

    asked(page).get_by_role("button", name="plain, place 1 of 3").press("ArrowDown")
    expect(asked(page).get_by_role("button", name="plain, place 2 of 3")).to_be_focused()
    assert page.evaluate("window.reports.at(-1).guess") == ["dropout", "plain", "L2"]

    guess(page, "order")
    assert page.evaluate("window.reports.at(-1).guess") == ["plain", "L2", "dropout"]


def test_the_page_is_told_what_was_guessed_and_what_was_measured(ask):
    page = ask(curve(name="the rate"))
    guess(page, "curve")
    press(page, "Compare")

    asked(page).get_by_label("What did I assume?").fill("that it is flat")
    page.keyboard.press("Tab")

    told = page.evaluate("window.reports.at(-1)")
    assert (told["page"], told["question"], told["stage"]) == ("page-0", "the-rate", "compared")
    assert told["assumed"] == "that it is flat"
    assert told["prompt"]["curves"][0]["words"][-1] == "77.0 ± 9.0 %"
    assert told["sentence"].startswith("At p = 0.9 you expected")


KEPT = {"guess": {"test error": [9, 9, 12]}, "stage": "compared", "assumed": "flat"}
RESTORE = """([kept, n]) => document.querySelectorAll("[data-prediction]")[n]
  .dispatchEvent(new CustomEvent("dl-restore", { detail: kept }))"""


def test_what_was_kept_comes_back_before_it_starts(show):
    page = show(curve().html(), before='<div style="height: 5000px"></div>')
    page.evaluate(RESTORE, [KEPT, 0])
    assert asked(page).get_attribute("data-state") == "compared"

    asked(page).scroll_into_view_if_needed()

    expect(asked(page).get_by_role("status")).to_contain_text("you expected 12")
    expect(asked(page).get_by_label("What did I assume?")).to_have_value("flat")


def test_what_was_kept_comes_back_and_is_forgotten_while_it_runs(ask):
    page = ask(curve())

    page.evaluate(RESTORE, [KEPT, 0])
    expect(asked(page).get_by_role("status")).to_contain_text("you expected 12")

    page.evaluate(RESTORE, [{"guess": None, "stage": "open", "assumed": ""}, 0])
    expect(asked(page)).to_have_attribute("data-state", "open")
    expect(asked(page).get_by_role("button", name="Compare")).to_be_disabled()


def test_two_of_a_kind_do_not_meet(ask, made):
    page = ask(made, KINDS[made.kind](name="another"))

    guess(page, made.kind, 1)
    press(page, "Compare", 1)

    expect(asked(page, 0)).to_have_attribute("data-state", "open")
    expect(asked(page, 1)).to_have_attribute("data-state", "compared")
    expect(asked(page, 0).get_by_role("button", name="Compare")).to_be_disabled()


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {}])
def test_without_scripts_and_on_paper_the_answer_stands_there(show, made, options):
    page = show(made.html(), **options)
    page.emulate_media(media="print" if not options else "screen")

    expect(asked(page).locator("> .dl-question")).to_have_text(made.title)
    expect(asked(page).locator("figcaption")).to_be_visible()
    expect(asked(page).locator("figcaption")).to_have_text(made.caption)
    if made.kind != "number":
        expect(asked(page).locator(".dl-picture > *")).to_be_visible()
    expect(asked(page).locator(".dl-live")).to_be_hidden()


def test_one_that_fails_hides_nothing(show):
    broken = re.sub(
        r'(class="dl-module">).*?(</script>)',
        r'\1throw new Error("no room");\2',
        curve().html(),
        flags=re.S,
    )
    page = show(broken)

    expect(asked(page)).to_have_attribute("data-state", "shown")
    expect(asked(page).locator(".dl-picture")).to_be_visible()
    expect(asked(page).locator("figcaption")).to_be_visible()


def test_a_hand_that_moves_often_is_drawn_once_a_frame(ask):
    page = ask(curve())

    drawn, handles = asked(page).locator(".dl-canvas").evaluate(DRAW_FAST)

    assert drawn == 1
    assert handles >= 3


@pytest.mark.parametrize("n", [60, pytest.param(1000, marks=pytest.mark.full)])
def test_survives_random_strokes_and_changes_of_size(ask, n):
    two = {"plain": [9, 9, 77], "dropout": [9, 9, 50]}
    page = ask(curve(measured=two), number(), order(), choice())
    rng = random.Random(0)

    for step in range(n):
        canvas = asked(page, rng.choice([0, 0, 0, 1, 2])).locator(
            ".dl-canvas, .dl-scale, .dl-order:not(.dl-truth)"
        )
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        spots = [
            (
                box["x"] + rng.uniform(-0.1, 1.1) * box["width"],
                box["y"] + rng.uniform(-0.1, 1.1) * box["height"],
            )
            for _ in range(4)
        ]
        page.mouse.move(*spots[0])
        page.mouse.down()
        page.mouse.move(*spots[1], steps=3)
        if step % 10 == 0:
            page.set_viewport_size({"width": rng.randint(330, 1200), "height": 900})
        page.mouse.move(*spots[2], steps=3)
        page.mouse.up()
        if step % 7 == 0:
            page.mouse.dblclick(*spots[3])

    assert page.complaints == []
    for live in page.locator(".dl-live").all():
        assert not re.search(r"NaN|undefined|Infinity", live.inner_html())
    asked(page, 0).get_by_role("button", name="plain").click()
    stroke(page, [(0.05, 0.5), (0.99, 0.5)])
    press(page, "Compare")
    expect(asked(page)).to_have_attribute("data-state", "compared")


def test_the_script_of_a_page_is_light():
    module = re.search(r'class="dl-module">(.*?)</script>', curve().html(), flags=re.S)[1]
    host = re.findall(r"<script>(.*?)</script>", curve().html(), flags=re.S)

    size = len(gzip.compress("".join([module, *host]).encode(), compresslevel=6))

    print(size)
    assert 5_000 < size <= LIMIT
