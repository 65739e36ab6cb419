"""A chapter as a talk: by keys, by fingers, by its address, on paper; and the page after it."""

import random
import re

import pytest
from acts import on_disk, on_server
from playwright.sync_api import expect

CHAPTER = "chapters/06_does_it_work.html"
TWO_FRAMES = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
PROJECTOR = {"width": 1024, "height": 768}

# What a reader finds in a chapter, without the help of what cuts it into steps.
MARK_BLOCKS = """() => {
  const article = document.querySelector("article.bd-article");
  // What runs may draw itself anew; everything else must stand where it stood.
  window.nodes = [article, ...article.querySelectorAll("*:not(.dl-live *)")];
  const text = "p, ul, ol, dl, div.math, h1, h2, h3, .table-scroll, div[class*=highlight-]";
  const inText = ":is(section, .dl-veiled) > :is(" + text + ")";
  const inCells = ".cell > .cell_input, .cell_output > .output, .cell > details";
  window.blocks = Array.from(document.querySelectorAll(`article :is(${inText}, ${inCells})`))
    .filter((e) => e.textContent.trim() && !e.closest(".cell > details *"));
}"""
SHOWN = """() => {
  const on = window.blocks.filter((e) => e.closest("[data-talk=on]"));
  return {
    blocks: on.map((e) => window.blocks.indexOf(e)),
    veiled: document.querySelectorAll("[data-talk-veil]").length,
    answer: on.some((e) => e.querySelector(".dl-quiz") && !e.querySelector(".dl-right :checked")
      || e.matches(".fold-solution:not([open])")),
    open: document.querySelectorAll("[data-talk=on] [data-state=open][data-prediction]").length,
    asks: document.querySelectorAll("[data-talk=on] [data-prediction]").length,
  };
}"""
WIDE = "all => all.some((each) => each.getBoundingClientRect().width > 2)"
STATES = "all => all.map((each) => each.dataset.state)"
UNTOUCHED = """() => {
  const strayed = window.nodes.filter((node, i) => !node.isConnected
    || (i && !(window.nodes[i - 1].compareDocumentPosition(node) & 4)));
  const marks = "[data-talk], [data-talk-veil], .talk-bar, .handout, html[data-presenting]";
  const left = document.querySelectorAll(`${marks}, html[style*=talk]`);
  return [...strayed, ...left].map((node) => node.outerHTML.slice(0, 80));
}"""


@pytest.fixture
def talk(reader):
    """Return a function that opens a chapter and begins its talk."""

    def begin(name=CHAPTER, at="", **options):
        someone = reader(**({"viewport": PROJECTOR} | options))
        page = someone.open(f"{name}{at}")
        page.evaluate(MARK_BLOCKS)
        if not at:
            page.keyboard.press("p")
        expect(page.locator("html[data-presenting]")).to_be_attached()
        return someone, page

    return begin


def step(page):
    """Return the number of the step, and how many there are."""
    return tuple(map(int, page.locator(".talk-count").inner_text().split(" of ")))


def settle(page):
    """Let the page draw itself, and what starts in it."""
    page.evaluate(TWO_FRAMES)
    if page.locator("[data-talk=on] .dl-explorable").count():
        live = page.locator("[data-talk=on] .dl-explorable[data-state=live]").first
        expect(live).to_be_attached()
        page.evaluate(TWO_FRAMES)


def go_to(page, selector):
    """Go on until there is such an element in a step that has drawn itself."""
    for _ in range(100):
        settle(page)
        if page.locator(selector).count():
            return
        page.keyboard.press("ArrowRight")
    pytest.fail(f"no step has {selector}")


def walk(page, key="ArrowRight", look=lambda page: None):
    """Press a key until nothing changes any more, and return what was shown on the way."""
    shown, before = [], None
    while True:
        settle(page)
        look(page)
        state = (step(page), page.evaluate("content.scrollTop"), page.evaluate(SHOWN))
        if state == before:
            return shown
        shown.append((state[0][0], state[2]))
        assert len(shown) < 500
        before = state
        page.keyboard.press(key)


@on_disk
def test_a_talk_by_keys_alone_shows_everything_once_and_ends(talk, chapter):
    someone, page = talk(chapter)

    shown = walk(page)

    steps = step(page)[1]
    assert step(page) == (steps, steps)
    by_step = {}
    for number, state in shown:
        by_step.setdefault(number, []).append(state)
    assert list(by_step) == list(range(1, steps + 1))
    times = {}
    for states in by_step.values():
        last = states[-1]
        assert not last["veiled"]
        assert not last["answer"]
        for block in states[0]["blocks"]:
            times[block] = times.get(block, 0) + (0.5 if states[0]["asks"] else 1)
    assert times == dict.fromkeys(range(page.evaluate("blocks.length")), 1)
    # A prediction is asked, and then compared.
    asked = [states[-1]["open"] for states in by_step.values() if states[0]["asks"]]
    assert asked == [1, 0] * (len(asked) // 2)
    assert someone.complaints == []


@on_server
def test_leaving_gives_the_page_back(talk, reader):
    someone = reader()
    page = someone.open(CHAPTER)
    page.evaluate(MARK_BLOCKS)
    page.locator("#right-labels").evaluate("e => e.scrollIntoView({ behavior: 'instant' })")
    page.evaluate(TWO_FRAMES)
    states = page.locator("[data-prediction]")
    before = page.evaluate("scrollY"), states.evaluate_all(STATES)
    page.keyboard.press("p")
    expect(page.locator("html[data-presenting]")).to_be_attached()
    expect(page.locator("h2[data-talk=on]")).to_have_text(re.compile("^Right labels"))
    page.keyboard.press("Home")

    walk(page)
    page.keyboard.press("Escape")

    expect(page.locator("html[data-presenting]")).not_to_be_attached()
    expect(page).to_have_url(f"{someone.root}/{CHAPTER}")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("scrollY") == pytest.approx(before[0], abs=1)
    assert states.evaluate_all(STATES) == before[1]
    assert page.locator("article details[open]:not(.dl-live *), .dl-quiz :checked").count() == 0
    assert page.evaluate(UNTOUCHED) == []


@on_server
def test_what_the_speaker_has_drawn_is_kept(talk):
    _, page = talk()
    go_to(page, "[data-talk=on] [data-prediction=choice]")
    prediction = page.locator("[data-talk=on] [data-prediction=choice]")
    prediction.locator("input").first.check()
    page.locator("#content").focus()

    page.keyboard.press("ArrowRight")
    expect(prediction).to_have_attribute("data-state", "compared")
    page.keyboard.press("Escape")

    expect(page.locator("[data-prediction=choice][data-state=compared]")).to_have_count(1)


def test_the_address_leads_back_to_the_step(talk):
    someone, page = talk()
    while step(page)[0] < 7:  # a step that is higher than the window scrolls first
        page.keyboard.press("ArrowRight")
    address = f"{someone.root}/{CHAPTER}#present=7"
    expect(page).to_have_url(address)
    title = page.locator("[data-talk=title]").inner_text()

    page.reload()
    expect(page.locator(".talk-count")).to_have_text(re.compile("^7 of"))
    assert page.locator("[data-talk=title]").inner_text() == title

    page.go_back()
    expect(page.locator("html[data-presenting]")).not_to_be_attached()
    expect(page).to_have_url(f"{someone.root}/{CHAPTER}")
    page.go_forward()
    expect(page.locator(".talk-count")).to_have_text(re.compile("^7 of"))
    assert someone.complaints == []


@pytest.mark.parametrize("at", ["#present=12", "#present=999"])
def test_a_link_leads_into_the_talk(talk, at):
    someone, page = talk(at=at)

    expect(page.locator(".talk-count")).to_have_text(re.compile(r"^12 of|^(\d+) of \1$"))
    page.keyboard.press("Escape")

    expect(page.locator("html[data-presenting]")).not_to_be_attached()
    expect(page).to_have_url(f"{someone.root}/{CHAPTER}")


@on_server
def test_a_link_within_the_page_leads_to_its_step_and_back_returns(talk):
    _, page = talk()

    page.evaluate("location.hash = '#right-labels'")
    expect(page.locator("h2[data-talk=on]")).to_have_text(re.compile("^Right labels"))

    page.go_back()
    expect(page.locator(".talk-count")).to_have_text(re.compile("^1 of"))


@on_server
def test_shift_leads_from_section_to_section(talk):
    _, page = talk()
    sections = page.locator("article h2").all_text_contents()
    led = []

    for _ in sections:
        page.keyboard.press("Shift+ArrowRight")
        led.append(page.locator("h2[data-talk=on]").text_content())
    page.keyboard.press("Shift+ArrowLeft")

    assert led == sections
    assert page.locator("h2[data-talk=on]").text_content() == sections[-2]


@on_server
def test_a_finger_turns_the_steps(talk):
    someone, page = talk(viewport={"width": 390, "height": 844}, has_touch=True)
    finger = page.context.new_cdp_session(page)

    def stroke(*points):
        for kind, place in zip(("touchStart", *["touchMove"] * 9), points, strict=False):
            touched = [{"x": place[0], "y": place[1]}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    stroke((300, 400), (250, 402), (180, 404), (120, 405))
    expect(page.locator(".talk-count")).to_have_text(re.compile("^2 of"))
    stroke((100, 400), (160, 402), (220, 404), (280, 405))
    expect(page.locator(".talk-count")).to_have_text(re.compile("^1 of"))
    page.touchscreen.tap(200, 700)
    expect(page.locator(".talk-count")).to_have_text(re.compile("^2 of"))
    page.get_by_role("button", name="Forward").tap()
    expect(page.locator(".talk-count")).to_have_text(re.compile("^3 of"))
    page.get_by_role("button", name="Leave the talk").tap()
    expect(page.locator("html[data-presenting]")).not_to_be_attached()
    assert someone.complaints == []


@on_server
@pytest.mark.parametrize("window", [PROJECTOR, {"width": 390, "height": 844}])
@pytest.mark.full
def test_every_step_fits_or_scrolls(talk, window):
    """Beside the window there is nothing; what is higher is as large as on the page."""
    _, page = talk(viewport=window)
    too_wide, too_small, twice = [], [], []

    def look(page):
        page.wait_for_function("window.then = content.scrollHeight, true")
        width, height, scale = page.evaluate(
            """[content.scrollWidth - content.clientWidth,
                content.scrollHeight - content.clientHeight,
                +getComputedStyle(document.documentElement).getPropertyValue("--talk-scale")]"""
        )
        if width > 0:
            too_wide.append(step(page)[0])
        if page.locator("[data-talk=spoken]").filter(visible=True).evaluate_all(WIDE):
            twice.append(step(page)[0])
        if height > 0 and scale > 1:
            too_small.append((step(page)[0], height, scale))

    walk(page, look=look)

    assert too_wide == []
    assert too_small == []
    assert twice == []


@on_server
@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_step_breaks_no_rule_of_accessibility(talk, violations, scheme):
    _, page = talk(color_scheme=scheme, reduced_motion="reduce")
    seen, found = set(), []

    def look(page):
        kind = page.locator(".talk-bar p").inner_text()
        kind = re.sub(r"[\d,]+|Step .*? of .*?\.", "", kind)[:24]
        if kind not in seen and len(seen) < 14:
            seen.add(kind)
            found.extend(f"{step(page)}: {each}" for each in violations(page))

    walk(page, look=look)

    assert len(seen) > 7
    assert found == []


@pytest.mark.full
@on_server
def test_each_step_is_announced(talk):
    _, page = talk()
    said = page.locator(".talk-bar").get_by_role("status")
    expect(said).to_have_text(re.compile(r"^Step 1 of \d+\. Does it work\? Does dropout help"))
    told = []

    walk(page, look=lambda page: told.append(said.inner_text()))

    assert len(set(told)) >= step(page)[1]
    for word in ("What do you expect?", "Prediction. Compared.", "Figure. Not revealed yet."):
        assert any(word in each for each in told)


@on_server
def test_keys_belong_to_what_has_the_focus(talk):
    _, page = talk()
    go_to(page, "[data-talk=on] [data-prediction=curve]")
    at = step(page)
    handle = page.locator("[data-talk=on] .dl-handle").nth(1)
    handle.focus()

    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "PageUp", " "):
        page.keyboard.press(key)
    assert step(page) == at
    expect(page.locator("[data-talk=on] .dl-handle:focus")).to_be_attached()

    page.keyboard.press("Escape")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert step(page)[0] == at[0] + 1
    page.keyboard.press("/")
    page.keyboard.type("noise c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert step(page)[0] == at[0] + 1


@on_server
def test_after_a_pointer_the_keys_belong_to_the_talk_again(talk):
    _, page = talk()
    go_to(page, "[data-talk=on] .dl-option")
    at = step(page)
    page.locator("[data-talk=on] .dl-option").nth(1).click()
    expect(page.locator("#content")).to_be_focused()

    page.keyboard.press("ArrowRight")

    assert step(page)[0] == at[0] + 1
    expect(page.locator("[data-talk=on] .dl-option").nth(1).locator("input")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    go_to(page, "[data-talk=on] input[type=range]")
    slider = page.locator("[data-talk=on] input[type=range]").first
    slider.click(position={"x": 5, "y": 5})
    moved = slider.element_handle()
    value = moved.evaluate("slider => slider.value")
    page.keyboard.press("End")
    assert step(page)[0] == at[1]
    assert moved.evaluate("slider => slider.value") == value


@on_server
def test_a_talk_that_is_left_goes_on_where_it_was(talk):
    _, page = talk()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    at = step(page)
    page.keyboard.press("Escape")
    expect(page.locator("html[data-presenting]")).not_to_be_attached()

    page.keyboard.press("p")
    assert step(page) == at

    page.keyboard.press("Escape")
    page.locator("#right-labels").evaluate("e => e.scrollIntoView({ behavior: 'instant' })")
    page.keyboard.press("p")
    expect(page.locator("h2[data-talk=on]")).to_have_text(re.compile("^Right labels"))


@on_server
def test_options_have_letters_for_hands_up(talk):
    _, page = talk()
    go_to(page, "[data-talk=on] .dl-option")
    letters = """all => all.map((e) => getComputedStyle(e, "::before").content)"""

    spans = page.locator("[data-talk=on] .dl-option > span:not(.dl-verdict)")

    assert set(spans.evaluate_all(letters)) == {"counter(talk-option, upper-alpha)"}
    assert page.locator("[data-talk=on] .dl-keys:visible").count() == 0


@on_server
def test_digits_lead_to_a_step_and_a_key_says_which_keys_there_are(talk):
    someone, page = talk()
    for key in ("1", "2", "Enter"):
        page.keyboard.press(key)
    assert step(page)[0] == 12
    for key in ("7", "ArrowLeft"):
        page.keyboard.press(key)
    assert step(page)[0] == 11

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys of the talk")
    expect(keys).to_be_visible()
    for name in ("ArrowRight", "ArrowLeft", "Home"):
        page.keyboard.press(name)
    assert step(page)[0] == 11
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[aria-label='Keys of the talk']")).not_to_be_attached()
    assert someone.complaints == []


@on_server
def test_the_room_can_be_made_dark(talk):
    _, page = talk(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)

    page.keyboard.press("d")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) == light


@on_server
def test_folded_code_opens_and_closes(talk):
    _, page = talk()
    while page.get_by_role("button", name="Code of this step").is_hidden():
        page.keyboard.press("ArrowRight")
    assert page.locator("[data-talk=on] pre:visible").count() == 0

    page.keyboard.press("c")
    expect(page.locator("[data-talk=on] pre").first).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("[data-talk=on] pre:visible")).to_have_count(0)
    page.get_by_role("button", name="Code of this step").click()
    page.keyboard.press("Escape")

    expect(page.locator("html[data-presenting]")).not_to_be_attached()
    assert page.locator("article details[open]:not(.dl-live *)").count() == 0


@on_server
def test_on_paper_two_steps_are_a_page(talk):
    _, page = talk()
    steps = step(page)[1]

    for paper in ("A4", "Letter", "A2"):
        pdf = page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == (steps + 1) // 2

    # What is printed is a copy, and gone.
    assert page.locator(".handout").count() == 0
    page.keyboard.press("ArrowRight")
    assert step(page)[0] == 2


@on_server
def test_on_paper_nothing_is_cut_off(talk):
    _, page = talk()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    cut_off = page.locator(".handout-step").evaluate_all(
        """steps => steps.filter((s) => s.lastElementChild.getBoundingClientRect().bottom
             > s.getBoundingClientRect().bottom + 1).length"""
    )
    assert page.locator(".handout-step").count() == step(page)[1]
    assert cut_off == 0
    # The question and its answer are there, each once, for every prediction.
    asked = page.locator(".handout [data-prediction]").count()
    assert asked == 2 * page.locator("article [data-prediction]:not(.handout *)").count()
    assert page.locator(".handout [data-prediction=curve] .dl-picture svg").count() == (
        page.locator("article [data-prediction=curve]:not(.handout *)").count()
    )


@on_server
def test_a_page_that_is_read_does_not_load_it(reader):
    someone = reader()
    page = someone.open(CHAPTER)
    page.wait_for_load_state("networkidle")
    assert not any("present.js" in url for url in someone.requests)

    page.get_by_role("button", name="Present").click()

    expect(page.locator("html[data-presenting]")).to_be_attached()
    assert sum("present.js" in url for url in someone.requests) == 1


KEYS = [
    *("ArrowRight", "ArrowLeft", "ArrowDown", "PageDown", "PageUp", " ", "Enter", "Tab"),
    *("Shift+Tab", "Home", "End", "c", "p", "Escape", "a", "Backspace", "ArrowUp", "Shift+ "),
]


@on_server
@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_input_leaves_no_error_and_a_whole_page(talk, seed):
    someone, page = talk()
    dice = random.Random(seed)
    # What leads to another page is no part of this.
    page.evaluate(
        """addEventListener("click", (event) => {
             if (event.target.closest("a:not([href^='#'])")) event.preventDefault();
           })"""
    )

    for _ in range(300):
        what = dice.random()
        if what < 0.8:
            page.keyboard.press(dice.choice(KEYS))
        elif what < 0.9:
            place = dice.randrange(60, 900), dice.randrange(60, 700)
            dice.choice([page.mouse.click, page.mouse.dblclick])(*place)
        elif what < 0.95:
            page.set_viewport_size(
                {"width": dice.randrange(320, 1400), "height": dice.randrange(300, 900)}
            )
        else:
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            page.evaluate("dispatchEvent(new Event('afterprint'))")
    for _ in range(3):
        page.keyboard.press("Escape")

    expect(page.locator("html[data-presenting]")).not_to_be_attached()
    assert page.evaluate(UNTOUCHED) == []
    assert someone.complaints == []
