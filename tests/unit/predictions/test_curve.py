"""What a curve to draw is made of, and what it refuses."""

import numpy as np
import pytest
from every_prediction import curve

from dropoutlab.stats import Interval, mean_interval

RUNS = np.array([[90.0, 40.0, 12.0], [92.0, 38.0, 15.0], [89.0, 43.0, 13.0]])


def epochs(n):
    runs = 50 + np.random.default_rng(0).normal(0, 1, (4, n))
    return {"x": np.arange(n), "measured": {"a": runs}}


def test_runs_become_the_intervals_that_a_claim_makes_of_them():
    [made] = curve(measured={"a": RUNS}).prompt["curves"]

    for shown, runs in zip(made["measured"], RUNS.T, strict=True):
        claimed = mean_interval(runs)
        assert shown == pytest.approx([claimed.estimate, claimed.low, claimed.high], rel=1e-6)


def test_the_sentence_gets_the_interval_as_a_claim_writes_it():
    [made] = curve(decimals=1).prompt["curves"]

    assert made["words"] == ["9.0 ± 1.0 %", "9.0 ± 1.0 %", "77.0 ± 9.0 %"]


def test_exact_numbers_have_no_interval():
    made = curve(measured={"a": [1, 2, 3]})

    assert made.prompt["curves"][0]["measured"][1] == [2, 2, 2]
    assert made.prompt["basis"] == ""


@pytest.mark.parametrize(("n", "places"), [(13, 13), (14, 13), (61, 13), (200, 13)])
def test_a_hand_sets_thirteen_places_at_most(n, places):
    made = curve(**epochs(n))

    assert len(made.places) == places
    assert (made.places[0], made.places[-1]) == (0, n - 1)
    assert made.places == sorted(set(made.places))


def test_places_are_even_on_a_logarithmic_axis():
    x = np.geomspace(1, 1000, 100)
    made = curve(x=x, measured={"a": np.full(100, 5.0)}, log_x=True)

    steps = np.diff(np.log(made.places))
    assert steps.max() < 1.5 * steps.min()


def test_what_is_given_is_a_place():
    made = curve(**epochs(61), given=[3])

    at = made.prompt["given"]
    assert [made.places[i] for i in at] == [3.0]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "p = 0.9"),
        ({"xlabel": "epoch"}, "epoch 0.9"),
        ({"at": "{} of the units"}, "0.9 of the units"),
    ],
)
def test_a_place_has_a_name(options, name):
    assert curve(**options).prompt["names"][-1] == name


def test_an_end_of_the_axis_gives_way_to_what_other_seeds_measure():
    assert curve(ylim=(0, 50)).prompt["y"]["ends"] == [0, 80]  # 77 is measured
    assert curve(ylim=(0, 100)).prompt["y"]["ends"] == [0, 100]


@pytest.mark.parametrize(
    ("measured", "ends"), [([5.0, 20.0, 130.0], [1, 200]), ([0.03, 20.0, 50.0], [0.03, 100])]
)
def test_an_end_of_a_logarithmic_axis_gives_way_to_one_leading_digit(measured, ends):
    made = curve(measured={"test error": measured}, ylim=(1, 100), log_y=True)

    assert made.prompt["y"]["ends"] == pytest.approx(ends)


def test_the_picture_without_scripts_has_the_finding_as_its_name():
    picture = curve(alt="It rises steeply.").picture()

    assert 'aria-label="It rises steeply."' in picture
    assert "test error (%)" in picture


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": [0, 0.9, 0.5]}, "x must hold at least two numbers, ascending"),
        ({"measured": {"a": [1, 2]}}, r"measured\['a'\] must hold 3 values, one for each x"),
        ({"measured": {}}, "measured must hold at least one curve"),
        ({"measured": {str(i): [1, 2, 3] for i in range(5)}}, "at most 4 curves, got 5"),
        ({"measured": {"a": [1, np.nan, 3]}}, "must be finite"),
        ({"ylim": (50, 0)}, "ylim must be two numbers, the lower one first"),
        ({"log_y": True}, "ylim must be positive on a logarithmic axis"),
        (
            {"log_y": True, "ylim": (1, 100), "measured": {"a": [0, 1, 2]}},
            "a logarithmic axis holds positive values alone, got 0",
        ),
        ({"xlim": (0, 0.5)}, "xlim must hold every x"),
        ({"given": [0.1]}, "given must hold some of x, got 0.1"),
        ({"given": [0, 0.5, 0.9]}, "given must leave something to draw"),
        ({"arms": {"other": "dropout"}}, "got 'other'"),
        ({"about": "other"}, "about must be one of test error, got 'other'"),
        ({"arms": {"test error": "none"}}, "arm must be one of"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(changes, message):
    with pytest.raises(ValueError, match=message):
        curve(**changes)


@pytest.mark.parametrize(
    "measured", [[1, 2, 3], {"a": "high"}, {"a": [Interval(1, 1, 1), "b"]}]
)
def test_what_is_no_measurement_is_refused(measured):
    with pytest.raises(TypeError, match="must"):
        curve(measured=measured)
