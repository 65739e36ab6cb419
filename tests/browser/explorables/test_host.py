"""An explorable without a kernel: when it starts, and what stands there when it does not."""

import re

import pytest
from playwright.sync_api import expect

from dropoutlab.explorables import Overfit

FAR = '<div style="height: 5000px"></div>'


def figure(page):
    return page.locator(".dl-explorable")


def test_starts_when_the_reader_gets_there_and_takes_the_place_of_the_picture(show, kind):
    page = show(kind().html(), before=FAR)
    expect(figure(page).locator(".dl-picture")).to_be_visible()
    assert figure(page).get_attribute("data-state") is None

    figure(page).scroll_into_view_if_needed()

    expect(figure(page)).to_have_attribute("data-state", "live")
    expect(figure(page).locator(".dl-picture")).to_be_hidden()
    expect(figure(page).locator(".dl-live")).to_be_visible()
    assert page.complaints == []


def test_what_follows_stays_in_its_place_when_it_comes_to_life(show, kind):
    page = show(kind().html(), before=FAR, reduced_motion="reduce")
    widths = (354, 540, 704)  # of the column: on a phone, between, and on a desk

    def heights():
        found = []
        for width in widths:
            page.set_viewport_size({"width": width + 32, "height": 900})
            found.append(figure(page).locator(".dl-stage").bounding_box()["height"])
        return found

    reserved = heights()
    assert figure(page).get_attribute("data-state") is None
    figure(page).scroll_into_view_if_needed()
    expect(figure(page)).to_have_attribute("data-state", "live")

    # The fonts of the page decide over the rest.
    assert heights() == pytest.approx(reserved, rel=0.1)


def test_without_scripts_the_picture_and_its_caption_stand_there(show, kind):
    page = show(kind().html(), java_script_enabled=False)

    expect(figure(page).locator(".dl-picture svg").first).to_be_visible()
    expect(figure(page).locator("figcaption")).to_have_text(kind.caption.replace("`", ""))
    expect(figure(page).locator(".dl-live")).to_be_hidden()


def test_paper_gets_the_picture(show, kind):
    page = show(kind().html())
    expect(figure(page)).to_have_attribute("data-state", "live")

    page.emulate_media(media="print")

    expect(figure(page).locator(".dl-picture svg").first).to_be_visible()
    expect(figure(page).locator(".dl-live")).to_be_hidden()


@pytest.mark.parametrize(
    "module",
    [
        'export default { render() { throw new Error("no room") } };',
        'export default { async render() { throw new Error("no room") } };',
        'throw new Error("no room");',
    ],
)
def test_one_that_fails_says_so_and_harms_nothing_else(show, module):
    page = show(with_module(Overfit().html(), module), Overfit().html())

    failed, well = figure(page).first, figure(page).last
    expect(failed.get_by_role("status")).to_have_text(
        "The interactive part could not start (no room). The picture above stands for it."
    )
    expect(failed.locator(".dl-picture")).to_be_visible()
    expect(well).to_have_attribute("data-state", "live")
    assert page.complaints == []


def with_module(html, module):
    """Put another module in the place of an explorable's own."""
    return re.sub(
        r'(class="dl-module">).*?(</script>)',
        lambda m: m[1] + module + m[2],
        html,
        flags=re.S,
    )


def test_one_that_is_taken_from_the_page_cleans_up_once(show):
    module = "window.cleaned = 0; const cleanUp = () => { window.cleaned += 1; };"
    module += "export default { render: () => cleanUp };"
    page = show(with_module(Overfit().html(), module))
    expect(figure(page)).to_have_attribute("data-state", "live")
    page.evaluate("document.body.append('something else')")
    assert page.evaluate("window.cleaned") == 0

    page.evaluate("document.querySelector('main').remove()")
    page.evaluate("document.body.append('and more')")

    assert page.evaluate("new Promise((done) => setTimeout(() => done(window.cleaned)))") == 1
    assert page.complaints == []


def test_two_of_a_kind_do_not_meet(show):
    page = show(Overfit(degree=3).html(), Overfit(degree=7).html())
    for each in figure(page).all():  # either may be the first to live
        expect(each).to_have_attribute("data-state", "live")
    degrees = page.get_by_role("slider", name="Degree")

    degrees.first.press("ArrowRight")

    expect(degrees.first).to_have_value("4")
    expect(degrees.last).to_have_value("7")


def test_nothing_runs_while_nothing_is_asked_for(show, kind):
    count = "window.frames_asked = 0; const ask = requestAnimationFrame;" + (
        "window.requestAnimationFrame = (f) => { window.frames_asked += 1; return ask(f); };"
    )
    page = show(kind().html(), init=count)
    expect(figure(page)).to_have_attribute("data-state", "live")
    pause = figure(page).get_by_role("button", name="Pause")
    if pause.count():
        pause.click()
    training = figure(page).get_by_role("progressbar")
    if training.count():  # it ends by itself
        expect(training).to_have_js_property("value", training.evaluate("t => t.max"))
    after = """() => new Promise((done) => setTimeout(() => {
      const before = window.frames_asked;
      setTimeout(() => done(window.frames_asked - before), 400);
    }, 200))"""

    assert page.evaluate(after) == 0
