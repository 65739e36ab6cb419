"""Outputs of a notebook that somebody else has run: its host strips what might be a danger.

What JupyterLab's does is seen in `tests/browser/jupyterlab`; GitHub's goes further.
"""

import base64
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from every_explorable import EVERY
from every_prediction import KINDS
from output_html import html

from dropoutlab import plots
from dropoutlab.claims import Reported, above, below, claim
from dropoutlab.explorables import explore
from dropoutlab.quiz import choice, quiz
from dropoutlab.stats import Interval


class Stripped(HTMLParser):
    """What is left of an output: the text in view, the text in closed folds, the images.

    Styles and scripts go with their content, drawings without it. No attribute hides anything.
    """

    def __init__(self, page):
        super().__init__()
        self.inside, self.seen, self.folded, self.images = [], "", "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs))
        elif tag != "input":
            self.inside.append(tag)

    def handle_endtag(self, tag):
        del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data):
        if "style" in self.inside or "script" in self.inside:
            return
        if "details" in self.inside and "summary" not in self.inside:
            self.folded += data
        else:
            self.seen += data


def picture(image):
    """Return the drawing in an image, as XML."""
    address = image["src"].removeprefix("data:image/svg+xml;base64,")
    return ET.fromstring(base64.b64decode(address))


def figure():
    fig, ax = plots.new_axes()
    ax.plot([0, 7.25])
    return fig


def test_a_figure_is_an_image_with_its_words_and_its_caption():
    shown = Stripped(html(plots.show(figure(), caption="It rises.", alt="Up to 7.25.")))

    [image] = shown.images
    assert shown.seen == "It rises."
    assert image["alt"] == "Up to 7.25."
    assert "7" in [
        text.text for text in picture(image).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_the_first_panel_speaks_for_all_of_them():
    made = plots.show(figure(), figure(), caption="They rise.", alt='"Both" rise.')

    assert [i["alt"] for i in Stripped(html(made)).images] == ['"Both" rise.', ""]


def test_an_image_brings_ink_fonts_and_paper_since_it_sees_no_page():
    [image] = Stripped(html(plots.show(figure(), caption="It rises.", alt="Up."))).images

    style = picture(image).get("style")
    assert style.startswith("background:#fff;color:#1f2329;font-family:system-ui")
    assert int(image["width"]) > int(image["height"]) > 0


def test_a_quiz_keeps_its_answers_folded():
    shown = Stripped(
        html(quiz("Which?", [choice("one", "So it is.", correct=True), choice("two", "No.")]))
    )

    assert shown.seen == "Which?onetwo"
    assert shown.folded == "Right. So it is.Not quite. No."


def test_a_card_reads_without_its_number_line():
    paper = Reported("It rises.", above(0))
    made = claim("It falls.", Interval(-2, -3, -1, n=5), below(-0.5), paper=paper, source="key")

    shown = Stripped(html(made))

    assert shown.seen.replace("\xa0", " ") == (
        "Checked claimIt falls.Measured−2.00 ± 1.00 (95 %, 5 seeds)Must bebelow −0.5"
        "PaperIt rises. keyVerdictcontradicts the paper"
    )
    assert shown.images[0]["alt"].startswith("Number line: measured −2.00 ± 1.00")
    line = ET.tostring(picture(shown.images[0]), encoding="unicode")
    assert re.findall(r"var\([^,)]*\)", line) == []


def test_a_figure_with_sliders_is_the_figure_drawn_last():
    made = explore(
        lambda p: (figure(), f"A line for {p}."), p=[0.25, 0.75], caption="It rises."
    )
    made.setting = {"p": 0.75}

    shown = Stripped(html(made))

    assert shown.seen == "It rises."
    assert [image["alt"] for image in shown.images] == ["A line for 0.75."]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_explorable_is_its_picture_and_its_caption(kind):
    shown = Stripped(html(kind()))

    assert shown.seen == kind.caption.replace("`", "")
    assert all(len(image["alt"]) > 20 and picture(image) for image in shown.images)
    assert shown.images


@pytest.mark.parametrize("kind", KINDS)
def test_a_prediction_is_its_question_and_its_answer(kind):
    made = KINDS[kind]()

    shown = Stripped(html(made))

    assert shown.seen.startswith(f"Predict{made.title}")
    assert shown.seen.endswith(made.caption)
    assert [image["alt"] for image in shown.images] == (
        ["It rises to 77 %."] if kind == "curve" else []
    )
