"""Numbers, choices and orders: what counts as measured, and what is refused."""

import numpy as np
import pytest
from every_prediction import choice, number, order

from dropoutlab.claims import above, below, within
from dropoutlab.stats import Interval, paired_difference

EFFECTS = {"falls by 5": below(-5), "falls by less": within(-5, 0), "rises": above(0)}


def test_one_number_is_read_by_its_value():
    made = number()
    assert made.value is None

    made.guess = {"": 30}
    assert made.value == 30


def test_several_numbers_go_by_their_labels():
    made = number(measured={"any split": 95, "one split": [40.0, 50.0, 48.0]})

    assert [asked["label"] for asked in made.prompt["asked"]] == ["any split", "one split"]
    assert made.caption == "Measured: any split: 95, one split: 46 ± 13 (95 %, 3 seeds)."


def test_an_end_of_the_scale_gives_way_to_what_other_seeds_measure():
    assert number(limits=(0, 40)).prompt["axis"]["ends"] == [0, 50]  # 47 is measured


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"limits": (0, 100), "log": True}, "limits must be positive"),
        ({"measured": {}}, "at least one number"),
        ({"measured": [[1, 2], [3, 4]]}, "must be an Interval, a number, or one value a run"),
    ],
)
def test_bad_numbers_are_answered_in_a_sentence(changes, message):
    with pytest.raises(ValueError, match=message):
        number(**changes)


@pytest.mark.parametrize(
    ("interval", "right"),
    [((-7, -8, -6), [0]), ((-1, -2, -0.5), [1]), ((0.2, -0.4, 0.8), [1, 2]), ((3, 2, 4), [2])],
)
def test_an_option_is_right_that_the_interval_does_not_exclude(interval, right):
    made = choice(options=EFFECTS, measured=Interval(*interval, n=6), answer=None)

    assert made.prompt["right"] == right


def test_a_choice_says_what_was_measured():
    made = choice(options=EFFECTS, measured=Interval(3, 2, 4, n=6), answer=None, unit="points")

    assert made.caption == "Measured: “rises”, 3.0 ± 1.0 points (95 %, 6 seeds)."


def test_one_is_chosen_or_several():
    with pytest.raises(Exception, match="guess must be"):
        choice().guess = ["one", "two"]

    made = choice(measured=["one", "two"], several=True)
    made.guess = ["one", "two"]
    assert made.prompt["right"] == [0, 1]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"options": ["one"]}, ValueError, "options must be two at least"),
        ({"options": ["one", "one"]}, ValueError, "and differ"),
        ({"measured": "four"}, ValueError, r"among options \(one, two, three\); got 'four'"),
        ({"measured": []}, ValueError, "must hold the option that is right"),
        ({"measured": 4}, TypeError, "measured must be an option"),
        ({"answer": None}, TypeError, "answer must say what was measured"),
        ({"options": {"a": 1, "b": 2}, "measured": 0}, TypeError, "made by above, below"),
        (
            {"options": {"a": above(1), "b": below(0)}, "measured": 0.5},
            ValueError,
            "options must leave no gap",
        ),
    ],
)
def test_bad_choices_are_answered_in_a_sentence(changes, error, message):
    with pytest.raises(error, match=message):
        choice(**changes)


def test_pairs_are_told_apart_by_the_interval_of_their_difference():
    rng = np.random.default_rng(0)
    luck = rng.normal(0, 3, 8)  # which pairs share
    runs = {
        name: luck + mean + rng.normal(0, 0.1, 8)
        for name, mean in zip("ab", [10, 11], strict=True)
    }
    made = order(measured=runs)

    difference = paired_difference(runs["a"], runs["b"])
    assert difference.high < 0
    assert made.prompt["signs"] == [[0, -1], [1, 0]]
    assert made.prompt["differences"][0][1] == difference.short(unit="%")
    # Each interval alone is far wider than their distance.
    alone = order(
        measured={name: Interval(values.mean(), 5, 15) for name, values in runs.items()}
    )
    assert alone.prompt["signs"] == [[0, 0], [0, 0]]


def test_ties_share_their_places():
    assert order().places == {"plain": (3, 3), "dropout": (1, 2), "L2": (1, 2)}


def test_the_largest_may_come_first():
    made = order(descending=True)

    assert made.places["plain"] == (1, 1)
    assert made.prompt["measured"][0] == 0


def test_exact_numbers_are_told_apart_unless_they_are_the_same():
    made = order(measured={"a": 3, "b": 1, "c": 3})

    assert made.places == {"a": (2, 3), "b": (1, 1), "c": (2, 3)}


@pytest.mark.parametrize(
    ("measured", "message"),
    [
        ({"a": [1, 2]}, "at least two arms"),
        ({"a": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}, "as many runs of each arm, got 2 and 3"),
        ({"": 1, "b": 2}, "each arm must have a label"),
    ],
)
def test_bad_orders_are_answered_in_a_sentence(measured, message):
    with pytest.raises(ValueError, match=message):
        order(measured=measured)
