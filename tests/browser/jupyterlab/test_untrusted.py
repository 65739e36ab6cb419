"""A notebook that somebody else has run: JupyterLab strips its outputs until it is trusted."""

from functools import cache
from io import BytesIO

import pytest
from matplotlib import image
from playwright.sync_api import expect

from dropoutlab import plots
from dropoutlab.claims import Reported, above, below, claim
from dropoutlab.explorables import Overfit, explore
from dropoutlab.quiz import choice, quiz
from dropoutlab.stats import Interval
from dropoutlab.tables import table

pytestmark = pytest.mark.xdist_group("jupyterlab")


def figure(p=0.5):
    fig, ax = plots.new_axes()
    ax.plot([0, p])
    return fig, f"A line from 0 to {p}."


@cache
def outputs():
    fig, alt = figure()
    choices = [choice("one", "So it is.", correct=True), choice("two", "It is one.")]
    paper = Reported("It rises.", above(0))
    return {
        "figure": plots.show(fig, caption="A line.", alt=alt),
        "quiz": quiz("Which?", choices),
        "claim": claim("It falls.", Interval(-2, -3, -1), below(0), paper=paper, source="key"),
        "explore": explore(figure, p=[0.5, 0.8], caption="A line by p."),
        "explorable": Overfit(degree=3),
        "table": table([["plain", 8.2]], ["net", "error (%)"], caption="By net"),
    }


def cell(made):
    bundle = made._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    return {"source": "", "outputs": [output]}


LIVE = """
from dropoutlab import plots
fig, ax = plots.new_axes()
plots.show(fig, caption="Axes.", alt="Empty axes.")
"""


@pytest.fixture(scope="module")
def book(open_notebook):
    """Outputs that somebody else has made, and a cell that the reader has not run yet."""
    return open_notebook(*map(cell, outputs().values()), LIVE)


@pytest.fixture
def shown(book):
    """Return a function that gives an output by its name, as the reader sees it."""
    expect(book.output(0)).to_be_visible()
    assert book.cell(0).locator(".jp-mod-trusted").count() == 0
    return lambda name: book.output(list(outputs()).index(name))


@pytest.mark.parametrize(
    ("name", "alt", "caption"),
    [
        ("figure", "A line from 0 to 0.5.", "A line."),
        ("explore", "A line from 0 to 0.5.", "A line by p."),
        ("explorable", "A polynomial of degree 3 misses", Overfit.caption),
    ],
)
def test_a_figure_is_a_picture_with_its_caption_and_no_strings_of_tick_labels(
    shown, name, alt, caption
):
    output = shown(name)

    image = output.get_by_role("img", name=alt)
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert output.inner_text().strip() == caption


def test_a_quiz_hides_its_answers_until_they_are_asked_for(shown):
    output = shown("quiz")

    assert output.inner_text().split() == ["Which?", "one", "two"]
    marks = "all => all.map((one) => getComputedStyle(one).listStyleType)"
    assert output.locator("summary").evaluate_all(marks) == ["circle", "circle"]

    output.get_by_text("two").click()
    expect(output.get_by_text("Not quite. It is one.")).to_be_visible()
    expect(output.get_by_text("Right.")).to_be_hidden()


def test_a_quiz_is_answered_with_keys(shown):
    output = shown("quiz")
    summary = output.locator("summary").first

    summary.press("Enter")

    expect(output.get_by_text("Right. So it is.")).to_be_visible()


def test_a_claim_reads_as_its_facts(shown):
    output = shown("claim")

    assert " ".join(output.inner_text().split()) == (
        "Checked claim It falls. Measured −2.00 ± 1.00 (95 %) Must be below 0 "
        "Paper It rises. key Verdict contradicts the paper"
    )
    expect(output.get_by_role("img", name="Number line: measured −2.00")).to_be_visible()


def test_a_table_has_its_caption_its_headers_and_its_sides(shown):
    made = shown("table").get_by_role("table", name="By net")

    expect(made.get_by_role("columnheader", name="net")).to_have_css("text-align", "left")
    expect(made.get_by_role("rowheader", name="plain")).to_have_css("text-align", "left")
    expect(made.get_by_role("cell", name="8.2")).to_have_css("text-align", "right")


@pytest.fixture
def in_the_dark(book):
    """JupyterLab has its dark theme."""
    change = "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })"
    book.page.evaluate(change, "JupyterLab Dark")
    expect(book.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    yield
    book.page.evaluate(change, "JupyterLab Light")


def paper(output):
    """Return how light an image looks near its corner, where nothing is drawn: from 0 to 1."""
    drawing = output.locator("img")
    drawing.evaluate("drawn => drawn.decode()")  # until then only what is behind it is seen
    return image.imread(BytesIO(drawing.screenshot()))[5, 5, :3].mean()


def test_a_figure_has_paper_in_the_dark_until_its_reader_runs_it(book, shown, in_the_dark):
    figure = shown("figure")
    book.until(lambda: paper(figure) == 1)

    live = len(outputs())
    book.run(live)

    book.until(lambda: paper(book.output(live)) < 0.2)
