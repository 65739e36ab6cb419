"""Numbers that the reader sets on a scale, which may be half of the question."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

from dropoutlab.predictions.axis import scale
from dropoutlab.predictions.measured import as_interval, basis, ends, labelled, written
from dropoutlab.predictions.prediction import Prediction
from dropoutlab.stats import Interval

__all__ = ["NumberPrediction", "predict_number"]


def predict_number(
    question: str,
    *,
    measured: Any,
    limits: tuple[float, float],
    unit: str = "",
    log: bool = False,
    decimals: int | None = None,
    name: str | None = None,
) -> NumberPrediction:
    """Have the reader set a number, or several, before the measured ones appear.

    Parameters
    ----------
    question : str
        With all that is needed to answer it.
    measured : Interval, float, array_like or dict of these
        What appears: an :class:`~dropoutlab.stats.Interval`, a number that is exact, or one
        value a run, whose mean gets its t interval at 95 %. The same that the claim takes.
        Several, by what they are, stand on one scale each.
    limits : pair of float
        Ends of the scale: wide enough for a wrong answer that a thinking reader would give.
        They move only for a measured value that lies beyond them.
    unit : str
        Of all of them.
    log : bool
        Whether the scale is logarithmic: for numbers of which the size is the question.
    decimals : int or None
        Of measured values, as in :meth:`dropoutlab.stats.Interval.text`.
    name : str or None
        Names the prediction for good, uniquely in its page: a guess is kept under it. By
        default the first words of the question.

    Returns
    -------
    NumberPrediction
        To be the last expression of a cell. Its ``value`` is the number that the reader set;
        of several, ``guess`` is a dict.

    Raises
    ------
    TypeError, ValueError
        An argument is not as described.

    Examples
    --------
    >>> asked = predict_number(
    ...     "How many of 100 intervals hold the mean?", measured=47.0, limits=(0, 100)
    ... )
    >>> print(asked.plain())
    How many of 100 intervals hold the mean?
    Measured: 47.
    """
    several = isinstance(measured, Mapping)
    by_label = labelled(measured, "number") if several else {"": measured}
    asked = {
        label: as_interval(value, f"measured[{label!r}]" if label else "measured")
        for label, value in by_label.items()
    }
    measurements = [interval.estimate for interval in asked.values()]
    axis = scale("the number", limits, log=log, argument="limits", holding=measurements)
    words = {label: written(i, unit, decimals) for label, i in asked.items()}
    prompt = {
        "axis": axis.state(),
        "asked": [
            {"label": label, "measured": ends(interval), "words": words[label]}
            for label, interval in asked.items()
        ],
        "basis": basis(list(asked.values())),
        "writing": {"unit": unit, "digits": axis.digits(), "log": log},
    }
    return NumberPrediction(
        question,
        prompt,
        name=name,
        caption=_caption(words, list(asked.values())),
        picture="",
        heights=_heights(len(asked)),
        room=sum(72 + len(label) + 2 * len(text) for label, text in words.items()),
    )


class NumberPrediction(Prediction):
    """Numbers to set: made by :func:`predict_number`."""

    kind = "number"

    @property
    def value(self) -> float | None:
        """What the reader set, where one number was asked for; None before."""
        return None if self.guess is None else self.guess.get("")

    def _problem(self, guess: Any) -> str | None:
        labels = [asked["label"] for asked in self.prompt["asked"]]
        fits = isinstance(guess, dict) and all(
            label in labels and isinstance(value, Real) for label, value in guess.items()
        )
        return None if fits else f"a dict of numbers, by {labels}"


def _caption(words: Mapping[str, str], intervals: list[Interval]) -> str:
    """Return what was measured, and what it rests on."""
    said = ", ".join(f"{label}: {text}" if label else text for label, text in words.items())
    rests = basis(intervals)
    return f"Measured: {said}{f' ({rests})' if rests else ''}."


def _heights(n: int) -> tuple[int, int, int]:
    """Return what it takes on a phone, in a narrow column and in a wide one."""
    return 137 + 84 * n, 112 + 84 * n, 91 + 84 * n
