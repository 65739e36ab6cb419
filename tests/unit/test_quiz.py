"""Quizzes: answerable without a script, by keyboard, and never unfair."""

import re

import pytest
from output_html import Elements, html

from dropoutlab.quiz import choice, quiz

pytestmark = pytest.mark.usefixtures("on_the_site")

RIGHT = choice("About 800", "Each unit is kept with probability 0.8.", correct=True)
WRONG = choice("Exactly 800", "Each unit is dropped on its own, so the count varies.")
OTHER = choice("About 200", "That is the number dropped.")
QUESTION = "With p = 0.2 and 1,000 units, how many survive?"


def form(made):
    return html(made).partition("</style>")[2]


def test_needs_no_script():
    page = html(quiz(QUESTION, [RIGHT, WRONG]))

    assert "<script" not in page
    assert not re.search(r"\son\w+=", page)


def test_question_is_the_legend_of_native_radio_buttons():
    page = Elements(form(quiz(QUESTION, [RIGHT, WRONG, OTHER])))

    assert [tag for tag, _ in page.found[:2]] == ["fieldset", "legend"]
    assert [radio["type"] for radio in page.all("input")] == ["radio"] * 3
    assert QUESTION in page.text


def test_every_radio_button_has_its_label():
    page = Elements(form(quiz(QUESTION, [RIGHT, WRONG, OTHER])))

    assert [label["for"] for label in page.all("label")] == [r["id"] for r in page.all("input")]


def test_a_choice_shows_its_own_feedback_when_checked():
    made = quiz(QUESTION, [WRONG, RIGHT])

    rows = form(made).split('<div class="dl-choice')[1:]

    assert [re.findall(r"<(input|label|div)\b", row) for row in rows] == [
        ["input", "label", "div"],
        ["input", "label", "div"],
    ]
    assert WRONG.feedback in rows[0]
    assert RIGHT.feedback in rows[1]
    assert ".dl-quiz .dl-answer p{display:none" in html(made)
    assert ".dl-quiz input:checked ~ .dl-answer p{display:block}" in html(made)


def test_right_and_wrong_are_told_in_words():
    rows = form(quiz(QUESTION, [WRONG, RIGHT])).split('<div class="dl-choice')[1:]

    assert "Not quite." in rows[0]
    assert "Right." not in rows[0]
    assert "Right." in rows[1]


def test_feedback_is_announced():
    page = Elements(form(quiz(QUESTION, [RIGHT, WRONG])))

    assert [d["aria-live"] for d in page.all("div") if "aria-live" in d] == ["polite"] * 2


def test_nothing_gives_the_answer_away_before_it_is_chosen():
    page = Elements(form(quiz(QUESTION, [RIGHT, WRONG])))

    assert not any(
        "checked" in radio or "aria-describedby" in radio for radio in page.all("input")
    )


def test_group_names_are_the_same_in_every_build_and_one_a_quiz():
    first, again = quiz(QUESTION, [RIGHT, WRONG]), quiz(QUESTION, [RIGHT, WRONG])
    others = [quiz(QUESTION, [RIGHT, OTHER]), quiz("Another question?", [RIGHT, WRONG])]

    assert html(first) == html(again)
    assert len({made.name for made in (first, *others)}) == 3


def test_touch_targets_are_high_enough():
    assert ".dl-quiz label{" in html(quiz(QUESTION, [RIGHT, WRONG]))
    assert "min-height:44px" in html(quiz(QUESTION, [RIGHT, WRONG]))


def test_hostile_text_stays_text_and_backticks_become_code():
    bad = '</legend><script>alert("1")</script> & `a < b`'

    page = Elements(form(quiz(bad, [choice(bad, bad, correct=True), WRONG])))

    assert page.all("script") == []
    assert page.text.count('alert("1")') == 3
    assert len(page.all("code")) == 3


def test_plain_text_lists_the_choices_and_then_the_answer():
    assert str(quiz(QUESTION, [WRONG, RIGHT])).splitlines() == [
        QUESTION,
        "  a) Exactly 800",
        "  b) About 800",
        "",
        "Answer: b) About 800. Each unit is kept with probability 0.8.",
    ]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ([], "at least two, got 0"),
        ([RIGHT], "at least two, got 1"),
        ([WRONG, OTHER], "exactly one correct one, got 0"),
        ([RIGHT, choice("Yes", "So it is.", correct=True)], "exactly one correct one, got 2"),
        ([RIGHT, WRONG, WRONG], "choices must differ"),
    ],
)
def test_a_quiz_has_one_right_answer_among_different_ones(choices, message):
    with pytest.raises(ValueError, match=message):
        quiz(QUESTION, choices)


@pytest.mark.parametrize("blank", ["", "   "])
def test_nothing_is_left_empty(blank):
    with pytest.raises(ValueError, match="feedback must not be empty"):
        choice("Yes", blank)
    with pytest.raises(ValueError, match="text must not be empty"):
        choice(blank, "So it is.")
    with pytest.raises(ValueError, match="question must not be empty"):
        quiz(blank, [RIGHT, WRONG])


def test_choices_are_made_by_choice():
    with pytest.raises(TypeError, match="choices must be made by choice"):
        quiz(QUESTION, ["Yes", "No"])
