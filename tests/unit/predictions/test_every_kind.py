"""What every prediction gives to a page, to a notebook and to who reads without scripts."""

import json
import re

import pytest
import traitlets
from every_prediction import GUESSES, KINDS, choice, curve
from output_html import Elements, html

STATE = re.compile(r'class="dl-state">(.*?)</script>', flags=re.S)


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def made(kind):
    return KINDS[kind]()


def test_a_page_gets_an_element_that_says_its_kind_and_its_name(made, kind):
    [element] = [a for a in Elements(html(made)).all("div") if "data-prediction" in a]

    assert element["data-prediction"] == kind
    assert re.fullmatch("[a-z0-9-]+", element["data-question"])
    # A script opens it: where none runs nothing is veiled.
    assert "data-state" not in element


def test_the_script_that_veils_stands_before_everything_that_could_be_seen(made):
    page = html(made)

    opens = page.index('dataset.state="open"')
    assert all(opens < page.index(part) for part in (made.title, "dl-picture", "<figcaption"))


def test_question_and_answer_are_there_without_scripts(made):
    bare = Elements(re.sub(r"<(script|style).*?</\1>", "", html(made), flags=re.S)).text

    assert made.title in bare
    assert made.caption in bare


def test_a_notebook_gets_a_widget_and_a_terminal_text(made):
    data, _ = made._repr_mimebundle_()

    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].startswith(f"{made.title}\n")
    assert data["text/plain"].endswith(made.caption)


def test_the_state_holds_what_the_browser_draws(made, kind):
    state = json.loads(STATE.search(html(made))[1])

    assert state["prompt"] == made.prompt
    assert state["prompt"]["kind"] == kind
    assert (state["guess"], state["stage"], state["assumed"]) == (None, "open", "")


def test_the_html_is_the_same_in_every_build(made, kind):
    assert html(made) == html(KINDS[kind]())


def test_a_guess_can_be_set_and_forgotten(made, kind):
    made.guess = GUESSES[kind]
    assert made.guess == GUESSES[kind]

    made.guess = None
    assert made.guess is None


@pytest.mark.parametrize(
    "guess", [3, "two", {"nothing": [1]}, ["nothing"], {"test error": [1]}]
)
def test_a_guess_of_another_form_is_refused(made, guess):
    with pytest.raises(traitlets.TraitError, match="guess must be"):
        made.guess = guess


def test_there_are_three_stages(made):
    for stage in ("compared", "shown", "open"):
        made.stage = stage

    with pytest.raises(traitlets.TraitError, match="stage must be one of"):
        made.stage = "closed"


def test_a_name_stays_when_the_question_changes(kind):
    assert KINDS[kind](name="how it changes").prompt["slug"] == "how-it-changes"


def test_all_kinds_share_one_module():
    assert curve()._esm == choice()._esm


@pytest.mark.parametrize("caption", ["", "  "])
def test_an_empty_text_is_refused(caption):
    with pytest.raises(ValueError, match="caption must not be empty"):
        curve(caption=caption)
