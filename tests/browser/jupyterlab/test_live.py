"""Explorables are live in JupyterLab: traits and controls follow one another."""

import json

import pytest
from every_explorable import EVERY
from explorable_cases import CASES
from playwright.sync_api import expect

from dropoutlab import explorables

pytestmark = pytest.mark.xdist_group("jupyterlab")
each = pytest.mark.parametrize("live", CASES, indirect=True)


def cells(name):
    """Return what a notebook has for an explorable."""
    case = CASES[name]
    return [
        f"from dropoutlab.explorables import {name}\n{case.before}"
        f"w = {name}({case.arguments}{case.trait}={case.start})\nw",
        "w",
        f"w.{case.trait} = {case.other}",
        f"w.{case.trait} = float('nan')",
        f"import json\nprint(json.dumps([w.{case.trait}, {case.report}]))",
    ]


@pytest.fixture(scope="module")
def book(open_notebook):
    """One notebook for all explorables."""
    return open_notebook(*(cell for name in CASES for cell in cells(name)))


class Live:
    """An explorable `w` in the notebook, and what a test does with it."""

    def __init__(self, book, name):
        self.case = CASES[name]
        self.kind = getattr(explorables, name)
        self.book, self.page = book, book.page
        self.first = 5 * list(CASES).index(name)

    def run(self, cell):
        self.book.run(self.first + cell)

    def output(self, cell):
        return self.book.output(self.first + cell)

    def show(self):
        """Make the explorable anew, and return its view."""
        self.run(0)
        return self.view(0)

    def show_again(self):
        """Return another view of it."""
        self.run(1)
        return self.view(1)

    def view(self, cell):
        view = self.output(cell).locator(".dl-live")
        expect(self.slider(view)).to_be_visible()
        return view

    def slider(self, view):
        return view.get_by_role("slider", name=self.case.label, exact=True)

    def set_the_trait(self):
        self.run(2)

    def known_to_the_kernel(self):
        """Return the value of the trait, and of what the case reports."""
        self.run(4)
        return json.loads(self.output(4).inner_text())

    def shared(self, view):
        """Return how the parts look that all views have in common."""
        return view.locator(self.case.shared).evaluate_all(
            """parts => parts.map((e) => [e.value, e.textContent].concat(
                ["aria-checked", "aria-label", "class"].map((name) => e.getAttribute(name))))"""
        )

    def pause(self):
        """Stop what plays by itself, in every view."""
        pauses = self.page.get_by_role("button", name="Pause", exact=True)
        while pauses.count():
            pauses.first.click()


@pytest.fixture
def live(request, book):
    book.complaints.clear()
    return Live(book, request.param)


def test_no_explorable_is_left_out():
    assert set(CASES) == {kind.__name__ for kind in EVERY}


@each
def test_a_view_has_a_name_and_the_caption_below(live):
    live.show()

    group = live.output(0).get_by_role("group", name=live.kind.title, exact=True)
    caption = group.locator("> :last-child")
    expect(caption).to_have_text(live.kind.caption.replace("`", ""))
    assert caption.bounding_box()["y"] > live.slider(group).bounding_box()["y"]


@each
def test_a_trait_moves_its_slider_and_the_slider_its_trait(live):
    slider = live.slider(live.show())
    expect(slider).to_have_value(live.case.slider_value(live.case.start))

    live.set_the_trait()
    expect(slider).to_have_value(live.case.slider_value(live.case.other))

    slider.press("ArrowRight")
    expected = pytest.approx(live.case.other + live.case.step)
    live.book.until(lambda: live.known_to_the_kernel()[0] == expected)
    assert live.book.complaints == []


@each
def test_a_bad_value_raises_and_leaves_the_picture(live):
    slider = live.slider(live.show())

    live.run(3)

    expect(live.output(3)).to_contain_text("TraitError")
    expect(slider).to_have_value(live.case.slider_value(live.case.start))


@each
def test_two_views_stay_in_step_and_the_kernel_with_them(live):
    first, second = live.show(), live.show_again()
    slider = live.slider(second)
    slider.press("ArrowRight")
    expect(live.slider(first)).to_have_value(
        live.case.slider_value(live.case.start + live.case.step)
    )
    before = live.shared(first)

    live.case.act(first)

    # The second message waits in the page until the kernel is done with the first.
    live.book.until(lambda: live.known_to_the_kernel()[1] == live.case.expected(first))
    live.book.until(lambda: live.shared(first) == live.shared(second) != before)
    assert live.book.complaints == []


@each
def test_a_view_that_is_gone_does_nothing_any_more(live):
    live.show()
    view = live.show_again()
    play = view.get_by_role("button", name="Play", exact=True)
    if play.count():
        play.click()
    live.slider(view).evaluate("slider => { window.former = slider; }")

    view = live.show_again()
    live.pause()
    live.set_the_trait()

    expect(live.slider(view)).to_have_value(live.case.slider_value(live.case.other))
    assert sum(live.output(cell).locator(".dl-live").count() for cell in (0, 1)) == 2
    live.pause()  # a new setting may have started it
    # ipywidgets itself keeps the elements of views that are gone, those of its own sliders too.
    connected, value, listening = live.page.evaluate(
        """() => {
            former.removeAttribute("data-lm-suppress-shortcuts");
            former.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
            const listening = former.hasAttribute("data-lm-suppress-shortcuts");
            return [former.isConnected, former.value, listening];
        }"""
    )
    assert (connected, value, listening) == (
        False,
        live.case.slider_value(live.case.start),
        False,
    )
    # JupyterLab asks for a frame now and then, too; an animation asks for one after another.
    until_still = """async () => {
        const ask = requestAnimationFrame;
        let asked = 1;
        window.requestAnimationFrame = (f) => { asked += 1; return ask(f); };
        for (let tries = 0; tries < 20 && asked > 0; tries += 1) {
            asked = 0;
            await new Promise((done) => setTimeout(done, 300));
        }
        window.requestAnimationFrame = ask;
        return asked;
    }"""
    assert live.page.evaluate(until_still) == 0
    assert live.book.complaints == []


@pytest.mark.full
def test_a_restarted_kernel_causes_no_errors_without_end(book):
    every = [Live(book, name) for name in CASES]
    sliders = [live.slider(live.show()) for live in every]
    book.restart_kernel()
    book.complaints.clear()

    for live, slider in zip(every, sliders, strict=True):
        for _ in range(3):
            slider.press("ArrowRight")

        expect(slider).to_have_value(
            live.case.slider_value(live.case.start + 3 * live.case.step)
        )
    assert len(book.complaints) <= 3 * len(every), book.complaints
    for live in every:
        expect(live.slider(live.show())).to_have_value(live.case.slider_value(live.case.start))
