"""One prediction of each kind, small."""

from dropoutlab.predictions import (
    predict_choice,
    predict_curve,
    predict_number,
    predict_order,
)
from dropoutlab.stats import Interval

AXES = {
    "xlabel": "p",
    "ylabel": "test error (%)",
    "ylim": (0, 100),
    "unit": "%",
    "caption": "Six seeds.",
    "alt": "It rises to 77 %.",
}


def curve(**changes):
    near, far = Interval(9.0, 8.0, 10.0, n=6), Interval(77.0, 68.0, 86.0, n=6)
    arguments = {"x": [0.0, 0.5, 0.9], "measured": {"test error": [near, near, far]}} | AXES
    return predict_curve("How does it change?", **(arguments | changes))


def number(**changes):
    arguments = {"measured": Interval(47.0, 34.0, 60.0, n=8), "limits": (0, 100)}
    return predict_number("How many of 100?", **(arguments | changes))


def choice(**changes):
    arguments = {"options": ["one", "two", "three"], "measured": "two", "answer": "It is two."}
    arguments |= changes
    return predict_choice("Which?", arguments.pop("options"), **arguments)


def order(**changes):
    runs = {"plain": [9.1, 8.8, 9.3], "dropout": [7.0, 6.6, 7.3], "L2": [7.1, 6.4, 7.4]}
    return predict_order("In which order?", **({"measured": runs, "unit": "%"} | changes))


KINDS = {"curve": curve, "number": number, "choice": choice, "order": order}
GUESSES = {
    "curve": {"test error": [9, None, 12.5]},
    "number": {"": 30},
    "choice": ["two"],
    "order": ["L2", "plain", "dropout"],
}
