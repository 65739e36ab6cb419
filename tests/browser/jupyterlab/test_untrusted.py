"""A notebook that somebody else has run: JupyterLab strips its outputs until it is trusted."""

import pytest
from playwright.sync_api import expect

from dropoutlab import plots
from dropoutlab.claims import Reported, above, below, claim
from dropoutlab.explorables import Overfit, explore
from dropoutlab.quiz import choice, quiz
from dropoutlab.stats import Interval

pytestmark = pytest.mark.xdist_group("jupyterlab")


def figure(p=0.5):
    fig, ax = plots.new_axes()
    ax.plot([0, p])
    return fig, f"A line from 0 to {p}."


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
    }


def cell(made):
    bundle = made._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    return {"source": "", "outputs": [output]}


@pytest.fixture(scope="module")
def shown(open_notebook):
    """Return a function that gives an output by its name, as somebody else sees it."""
    made = outputs()
    book = open_notebook(*map(cell, made.values()))
    expect(book.cell(0).locator(".jp-OutputArea-output")).to_be_visible()
    assert book.cell(0).locator(".jp-mod-trusted").count() == 0
    return lambda name: book.output(list(made).index(name))


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
