"""A figure with sliders on a plain page: every control works, in every light, for everyone."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from dropoutlab import plots
from dropoutlab.explorables import explore

FAR = '<div style="height: 5000px"></div>'
BROKEN = "data:image/svg+xml,%3Csvg"
MOVES = """(c, value) => {
  c.value = value;
  c.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def draw(p, mode):
    fig, ax = plots.new_axes()
    ax.plot([0, 1], [p, p], color="black", linewidth=30)
    ax.set(ylim=(0, 1), xlim=(0, 1), title=mode)
    return fig, f"A level line at {p} in mode {mode}."


@pytest.fixture(scope="module")
def html():
    """What a build puts into a page."""
    shown = explore(
        draw, p=[0.2, 0.5, 0.8], mode=["train", "eval"], caption="A level line, in `black`."
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DROPOUTLAB_SITE", "1")
        return shown.html()


@pytest.fixture
def live(show, html):
    """Return a function that shows it, started."""

    def start(*, using=html, **options):
        page = show(using, **options)
        expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
        return page

    return start


def figure(page):
    """The one figure that can be seen."""
    return page.locator(".dl-stage :is(img, svg):visible")


def spoken(page):
    return page.locator(".dl-spoken")


def note(page):
    return page.locator(".dl-note")


def darkest(page):
    """The brightness of the line in the figure, from black to white, and of the paper."""
    # The figure lies behind nothing, and its middle is where the line is at p = 0.5.
    shot = Image.open(io.BytesIO(figure(page).screenshot())).convert("L")
    width, height = shot.size
    column = [shot.getpixel((int(0.6 * width), y)) for y in range(int(0.1 * height), height)]
    return min(column), max(column)


def test_comes_to_life_with_the_figure_that_stood_there(live):
    page = live()

    expect(figure(page)).to_have_count(1)
    expect(figure(page)).to_have_attribute("aria-label", "A level line at 0.2 in mode train.")
    expect(page.get_by_role("slider", name="p")).to_have_attribute("aria-valuetext", "0.2")
    expect(page.get_by_role("combobox", name="Mode").locator("option")).to_have_text(
        ["train", "eval"]
    )
    expect(spoken(page)).to_be_empty()
    assert page.complaints == []


@pytest.mark.parametrize("width", [390, 560, 1000])
def test_nothing_below_moves_when_it_comes_to_life(show, html, width):
    page = show(
        html + '<p id="below">Below.</p>',
        before=FAR,
        viewport={"width": width, "height": 900},
    )
    below = page.locator("#below")
    before = below.evaluate("e => e.offsetTop")

    page.locator(".dl-explorable").scroll_into_view_if_needed()
    expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")

    assert abs(below.evaluate("e => e.offsetTop") - before) <= 10


def test_keys_move_the_slider_and_the_figure_with_its_words(live):
    page = live()

    page.get_by_role("slider", name="p").press("ArrowRight")

    words = "A level line at 0.5 in mode train."
    expect(figure(page)).to_have_attribute("alt", words)
    expect(spoken(page)).to_have_text(words)
    expect(page.get_by_role("slider", name="p")).to_have_attribute("aria-valuetext", "0.5")
    assert page.complaints == []


def test_the_list_moves_the_figure_too(live):
    page = live()

    page.get_by_role("combobox", name="Mode").select_option("eval")
    page.get_by_role("slider", name="p").press("End")

    expect(figure(page)).to_have_attribute("alt", "A level line at 0.8 in mode eval.")


def test_the_image_is_the_figure_and_stands_where_it_stood(live):
    page = live()
    before = figure(page).bounding_box()
    low = darkest(page)

    page.get_by_role("slider", name="p").press("ArrowRight")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.5"))

    after = figure(page).bounding_box()
    assert after == pytest.approx(before, abs=1.5)
    assert darkest(page) == pytest.approx(low, abs=3)


def test_the_first_figure_comes_back(live):
    page = live()
    p = page.get_by_role("slider", name="p")
    p.press("ArrowRight")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.5"))

    p.press("ArrowLeft")

    expect(figure(page)).to_have_count(1)
    expect(figure(page)).to_have_attribute("aria-label", re.compile("0.2"))
    expect(spoken(page)).to_have_text("A level line at 0.2 in mode train.")


def test_the_figure_follows_the_page_from_light_to_dark_and_back(live):
    page = live(color_scheme="light")
    page.get_by_role("slider", name="p").press("ArrowRight")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.5"))
    assert darkest(page)[0] < 60

    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(page.locator(".dl-frame img")).to_have_attribute("src", re.compile("#dark$"))
    ink, paper = darkest(page)[::-1]
    assert ink > 200
    assert paper < 60

    page.evaluate("document.documentElement.dataset.theme = 'light'")
    expect(page.locator(".dl-frame img")).not_to_have_attribute("src", re.compile("#dark$"))
    assert darkest(page)[0] < 60


def test_a_change_of_the_light_is_not_read_out(live):
    page = live()
    page.get_by_role("slider", name="p").press("ArrowRight")
    expect(spoken(page)).to_have_text(re.compile("0.5"))
    spoken(page).evaluate("e => { e.textContent = ''; }")

    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(page.locator(".dl-frame img")).to_have_attribute("src", re.compile("#dark$"))
    page.wait_for_function("new Promise((done) => setTimeout(() => done(true), 600))")

    expect(spoken(page)).to_be_empty()


def test_nothing_is_loaded_until_a_reader_reaches_for_a_control(live):
    count = "window.made = []; const Plain = Image; window.Image = function () {" + (
        "const image = new Plain(); window.made.push(image); return image; };"
    )
    page = live(init=count)
    assert page.evaluate("made.length") == 0

    page.get_by_role("slider", name="p").focus()
    assert page.evaluate("made.length") == 2  # one step up, the other mode

    page.get_by_role("slider", name="p").press("ArrowRight")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.5"))
    # The figure itself, and what one more step leads to; the first stands in the page.
    page.wait_for_function("made.length === 5")


def test_a_figure_that_does_not_load_is_named_and_the_next_one_is_shown(live, html):
    frames = re.findall(r'data:image/svg\+xml,[^"]*', html)
    page = live(using=html.replace(frames[1], BROKEN))  # p = 0.5 in mode train
    p = page.get_by_role("slider", name="p")

    p.press("ArrowRight")

    expect(note(page)).to_have_text(
        "The figure for p 0.5, Mode train could not be loaded. "
        "Above still stands p 0.2, Mode train."
    )
    expect(figure(page)).to_have_attribute("aria-label", re.compile("0.2"))
    p.press("ArrowRight")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.8"))
    expect(note(page)).to_be_empty()


def test_a_figure_that_comes_late_does_not_replace_a_later_one(live, html):
    slow = re.findall(r'data:image/svg\+xml,[^"]*', html)[1]  # p = 0.5 in mode train
    late = """window.came = 0; const Plain = Image; window.Image = function () {
      const image = new Plain();
      Object.defineProperty(image, "src", { set(url) {
        const load = () => image.setAttribute("src", url);
        if (!url.startsWith("%s")) load();
        else setTimeout(() => { load(); image.onload = () => { window.came += 1; }; }, 500);
      } });
      return image;
    };"""
    page = live(init=late % slow)
    p = page.get_by_role("slider", name="p")

    p.press("ArrowRight")
    p.press("ArrowRight")

    expect(figure(page)).to_have_attribute("alt", re.compile("0.8"))
    page.wait_for_function("window.came === 2")  # what was loaded ahead, and what was chosen
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.8"))


def test_the_last_of_many_quick_moves_is_shown(live):
    page = live()
    p = page.get_by_role("slider", name="p")
    for _ in range(20):
        for value in (2, 0, 1):
            p.evaluate(MOVES, value)

    expect(figure(page)).to_have_attribute("alt", "A level line at 0.5 in mode train.")
    expect(spoken(page)).to_have_text("A level line at 0.5 in mode train.")
    assert page.complaints == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 390)])
def test_anyone_can_use_it(live, violations, scheme, width):
    page = live(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.get_by_role("slider", name="p").press("ArrowRight")
    expect(figure(page)).to_have_attribute("alt", re.compile("0.5"))

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator(".dl-live :is(select, input)").all():
        assert control.evaluate("c => c.offsetHeight") >= 44
        control.focus()
        page.keyboard.press("Shift")
        assert control.evaluate("c => getComputedStyle(c).outlineStyle") != "none"


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {}])
def test_paper_and_a_page_without_scripts_have_the_first_figure(show, html, options):
    page = show(html, **options)
    if not options:
        expect(page.locator(".dl-explorable")).to_have_attribute("data-state", "live")
        page.get_by_role("slider", name="p").press("ArrowRight")
        expect(figure(page)).to_have_attribute("alt", re.compile("0.5"))
        page.emulate_media(media="print")

    expect(figure(page)).to_have_count(1)
    expect(figure(page)).to_have_attribute("aria-label", re.compile("0.2"))
    expect(page.locator("figcaption")).to_have_text("A level line, in black.")
    expect(page.get_by_role("slider")).to_have_count(0)


def test_two_on_a_page_do_not_meet(show, html):
    page = show(html, html)
    for each in page.locator(".dl-explorable").all():
        expect(each).to_have_attribute("data-state", "live")

    page.get_by_role("slider", name="p").last.press("ArrowRight")

    expect(figure(page).last).to_have_attribute("alt", re.compile("0.5"))
    expect(figure(page).first).to_have_attribute("aria-label", re.compile("0.2"))
    expect(page.get_by_role("slider", name="p").first).to_have_value("0")
