"""What a run may return, and what is said of anything else."""

import numpy as np
import pytest

from dropoutlab.experiments.measurements import Measurement, measurements, metrics
from dropoutlab.history import Evaluation, History


def history():
    epochs = [Evaluation(2.5, 0.75), Evaluation(0.5, 0.25)]
    return History({"train": epochs, "test": epochs[::-1]}, n_epochs=1)


def test_a_history_gives_loss_and_error_of_every_set_by_epoch():
    assert measurements(history()) == {
        "test error": Measurement((0.25, 0.75), (0, 1)),
        "test loss": Measurement((0.5, 2.5), (0, 1)),
        "train error": Measurement((0.75, 0.25), (0, 1)),
        "train loss": Measurement((2.5, 0.5), (0, 1)),
    }


def test_metrics_come_sorted_whatever_the_order_in_which_they_were_returned():
    assert list(measurements({"b": 1, "a": 2})) == ["a", "b"]


def test_other_numbers_can_be_returned_beside_a_history():
    measured = measurements({**metrics(history()), "norm": 3})
    assert measured["norm"] == Measurement((3.0,), None)
    assert measured["test error"].values == (0.25, 0.75)


@pytest.mark.parametrize(
    ("value", "values", "epochs"),
    [
        (3, (3.0,), None),
        (np.float32(0.5), (0.5,), None),
        (np.array(0.5), (0.5,), None),
        ([1, 0.5], (1.0, 0.5), (0, 1)),
        (np.array([1, 2, 3]), (1.0, 2.0, 3.0), (0, 1, 2)),
        ((0.25,), (0.25,), (0,)),
    ],
)
def test_a_number_has_no_epoch_and_a_sequence_begins_at_epoch_0(value, values, epochs):
    measured = measurements({"a": value})["a"]
    assert measured == Measurement(values, epochs)
    assert all(type(number) is float for number in measured.values)


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        (None, TypeError, "the run must return a History, or a mapping .* got None"),
        (0.5, TypeError, r"the run must return a History, or a mapping .* got 0\.5"),
        ([0.5], TypeError, r"the run must return .* got \[0\.5\]"),
        ({}, ValueError, "the run must return at least one metric, got none"),
        (History({}, n_epochs=1), ValueError, "at least one metric, got none"),
        ({3: 0.5}, TypeError, "a metric must have a name to read, got 3"),
        ({" ": 0.5}, TypeError, "a metric must have a name to read, got ' '"),
        ({"a": "0.5"}, TypeError, "'a' must be a number or .* got '0.5'"),
        ({"a": True}, TypeError, "'a' must be a number or .* got True"),
        ({"a": None}, TypeError, "'a' must be a number or .* got None"),
        ({"a": [True]}, TypeError, r"'a' must be a number or .* got \[True\]"),
        ({"a": 1j}, TypeError, "'a' must be a number or .* got 1j"),
        ({"a": {"b": 1}}, TypeError, "'a' must be a number or"),
        ({"a": [[1, 2]]}, TypeError, r"'a' must be a number or .* got \[\[1, 2\]\]"),
        ({"a": [[1], [2, 3]]}, TypeError, "'a' must be a number or"),
        ({"a": []}, ValueError, "'a' must hold at least one number, got none"),
        ({"a": float("nan")}, ValueError, "'a' must be finite, got nan"),
        ({"a": [0.5, np.inf]}, ValueError, "'a' must be finite, got inf"),
    ],
)
def test_anything_else_is_refused_by_name(returned, error, message):
    with pytest.raises(error, match=message):
        measurements(returned)
