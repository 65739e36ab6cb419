"""Arms that the reader puts in order, before the measured order appears beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dropoutlab.predictions.measured import as_interval, basis, labelled, written
from dropoutlab.predictions.prediction import Prediction, as_list
from dropoutlab.stats import Interval, paired_difference

__all__ = ["OrderPrediction", "predict_order"]


def predict_order(
    question: str,
    *,
    measured: Mapping[str, Any],
    ends: tuple[str, str] = ("lowest", "highest"),
    descending: bool = False,
    unit: str = "",
    decimals: int | None = None,
    name: str | None = None,
) -> OrderPrediction:
    """Have the reader put arms in order before the measured order appears.

    Two arms that no interval tells apart count as right either way. Where `measured` holds
    the runs of paired seeds, that is the interval of their difference; of intervals alone,
    two that overlap are not told apart.

    Parameters
    ----------
    question : str
        With all that is needed to answer it.
    measured : dict of str to array_like, Interval or float
        The arms, in an order that says nothing: runs (one value a seed, the same seeds in
        all), or an :class:`~dropoutlab.stats.Interval` or an exact number each.
    ends : pair of str
        What stands first and what last, in a word or two.
    descending : bool
        Whether the largest stands first.
    unit, decimals
        As in :meth:`dropoutlab.stats.Interval.text`.
    name : str or None
        Names the prediction for good, uniquely in its page: a guess is kept under it. By
        default the first words of the question.

    Returns
    -------
    OrderPrediction
        To be the last expression of a cell. Its ``guess`` is a list of the labels.

    Raises
    ------
    TypeError, ValueError
        An argument is not as described, or there are fewer than two arms.

    Examples
    --------
    >>> asked = predict_order(
    ...     "Which net has the lowest test error?",
    ...     measured={"plain": [9.1, 8.8, 9.3], "dropout": [7.0, 6.6, 7.3], "L2": [7, 6.5, 7]},
    ...     unit="%",
    ... )
    >>> asked.places
    {'plain': (3, 3), 'dropout': (1, 2), 'L2': (1, 2)}
    """
    arms = dict(labelled(measured, "arm"))
    if len(arms) < 2:
        raise ValueError(f"measured must hold at least two arms, got {list(arms)}")
    labels = list(arms)
    intervals = [as_interval(value, f"measured[{label!r}]") for label, value in arms.items()]
    every = range(len(arms))
    differences = [[_difference(arms, intervals, i, j) for j in every] for i in every]
    turn = -1 if descending else 1
    signs = [[turn * (int(d.low > 0) - int(d.high < 0)) for d in row] for row in differences]
    order = sorted(range(len(arms)), key=lambda i: turn * intervals[i].estimate)
    words = [written(interval, unit, decimals) for interval in intervals]
    first, last = ends
    said = ", ".join(f"{labels[i]} {words[i]}" for i in order)
    rests = basis(intervals)
    caption = f"Measured, {first} first: {said}{f' ({rests})' if rests else ''}."
    prompt = {
        "labels": labels,
        "words": words,
        "measured": order,
        "signs": signs,
        "places": [
            [1 + sum(s > 0 for s in row), len(row) - sum(s < 0 for s in row)] for row in signs
        ],
        "gaps": [[abs(d.estimate) for d in row] for row in differences],
        "differences": [[written(d, unit, decimals) for d in row] for row in differences],
        "ends": [first, last],
        "answer": caption,
        "basis": rests,
    }
    return OrderPrediction(
        question,
        prompt,
        name=name,
        caption=caption,
        heights=_heights(len(arms)),
        picture=as_list([f"{labels[i]}: {words[i]}" for i in order], "ol"),
    )


class OrderPrediction(Prediction):
    """Arms to put in order: made by :func:`predict_order`."""

    kind = "order"

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """First and last place that each arm may have, from 1: ties share theirs."""
        labels, places = self.prompt["labels"], self.prompt["places"]
        return {label: tuple(place) for label, place in zip(labels, places, strict=True)}

    def _problem(self, guess: Any) -> str | None:
        labels = self.prompt["labels"]
        fits = isinstance(guess, list) and sorted(map(str, guess)) == sorted(labels)
        return None if fits else f"a list of all of {labels}"


def _difference(arms: Mapping[str, Any], intervals: list[Interval], i: int, j: int) -> Interval:
    """Return the difference of two arms: paired where both hold runs."""
    one, other = (list(arms.values())[k] for k in (i, j))
    estimate = intervals[i].estimate - intervals[j].estimate
    if i == j:
        return Interval(0.0, 0.0, 0.0)
    if all(not isinstance(arm, Interval) and np.ndim(arm) == 1 for arm in (one, other)):
        if len(one) != len(other):
            raise ValueError(
                f"measured must hold as many runs of each arm, got {len(one)} and {len(other)}"
            )
        return paired_difference(one, other)
    low = intervals[i].low - intervals[j].high
    high = intervals[i].high - intervals[j].low
    return Interval(estimate, low, high)


def _heights(n: int) -> tuple[int, int, int]:
    """Return what it takes on a phone, in a narrow column and in a wide one."""
    return 253 + 70 * n, 222 + 49 * n, 177 + 49 * n
