"""A choice among a few answers, before the measurement says which one holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dropoutlab.claims.expectation import Expectation
from dropoutlab.output import text_field
from dropoutlab.predictions.measured import as_interval
from dropoutlab.predictions.prediction import Prediction, as_list
from dropoutlab.stats import Interval

__all__ = ["ChoicePrediction", "predict_choice"]


def predict_choice(
    question: str,
    options: Sequence[str] | Mapping[str, Expectation],
    *,
    measured: Any,
    answer: str | None = None,
    several: bool = False,
    unit: str = "",
    decimals: int | None = None,
    name: str | None = None,
) -> ChoicePrediction:
    """Have the reader choose before the measurement says which answer holds.

    Parameters
    ----------
    question : str
        With all that is needed to answer it.
    options : sequence of str, or dict of str to Expectation
        The answers. With an expectation each, as claims have them
        (:func:`~dropoutlab.claims.above` and its like), those are right that the interval
        does not exclude: where it reaches into two, it cannot tell them apart, and either
        is right. Together they must leave no gap.
    measured : Interval, float, array_like; or str, or iterable of str
        With expectations, what they are held against. Without, the answer or the answers
        that hold, as code found them; never typed.
    answer : str or None
        What was measured, in a sentence; made from the arrays. Needed without expectations.
    several : bool
        Whether to choose all that hold, rather than one.
    unit, decimals
        Of an interval, as in :meth:`dropoutlab.stats.Interval.text`.
    name : str or None
        Names the prediction for good, uniquely in its page: a guess is kept under it. By
        default the first words of the question.

    Returns
    -------
    ChoicePrediction
        To be the last expression of a cell. Its ``guess`` is a list of the texts chosen.

    Raises
    ------
    TypeError, ValueError
        An argument is not as described; no option holds, or every one of several.

    Examples
    --------
    >>> from dropoutlab.claims import above, below
    >>> from dropoutlab.stats import Interval
    >>> asked = predict_choice(
    ...     "Does the test error fall?",
    ...     {"it falls": below(0), "it rises": above(0)},
    ...     measured=Interval(-1.49, -1.71, -1.27, n=8),
    ...     unit="points",
    ... )
    >>> print(asked.plain())
    Does the test error fall?
      a) it falls
      b) it rises
    Measured: “it falls”, −1.49 ± 0.22 points (95 %, 8 seeds).
    """
    texts = [text_field(option, "an option") for option in options]
    if len(texts) < 2 or len(set(texts)) < len(texts):
        raise ValueError(f"options must be two at least, and differ, got {texts}")
    if isinstance(options, Mapping):
        interval = as_interval(measured, "measured")
        right = _allowed(options, interval)
        found = f"{_either(right)}, {interval.text(unit=unit, decimals=decimals)}"
        words = answer or f"Measured: {found}."
    else:
        right = [measured] if isinstance(measured, str) else list(_iterable(measured))
        if answer is None:
            raise TypeError(
                "answer must say what was measured, where options have no expectation"
            )
        words = text_field(answer, "answer")
    for text in right:
        if text not in texts:
            raise ValueError(
                f"measured must be among options ({', '.join(texts)}); got {text!r}"
            )
    if not right and not several:
        raise ValueError("measured must hold the option that is right, or those that are")
    prompt = {
        "options": texts,
        "right": [texts.index(text) for text in right],
        "several": bool(several),
        "answer": words,
    }
    return ChoicePrediction(
        question,
        prompt,
        name=name,
        caption=words,
        picture=as_list(texts, "ul"),
        heights=_heights(len(texts)),
    )


class ChoicePrediction(Prediction):
    """Answers to choose from: made by :func:`predict_choice`."""

    kind = "choice"

    def plain(self) -> str:
        """Return question, options and answer as text."""
        letters = map(chr, range(ord("a"), ord("z") + 1))
        rows = [
            f"  {at}) {text}" for at, text in zip(letters, self.prompt["options"], strict=False)
        ]
        return "\n".join([self.title, *rows, self.caption])

    def _problem(self, guess: Any) -> str | None:
        options = self.prompt["options"]
        fits = isinstance(guess, list) and all(text in options for text in guess)
        alone = self.prompt["several"] or not fits or len(guess) == 1
        return None if fits and alone else f"a list of some of {options}"


def _allowed(options: Mapping[str, Expectation], interval: Interval) -> list[str]:
    """Return the options that an interval does not exclude."""
    for text, expectation in options.items():
        if not isinstance(expectation, Expectation):
            raise TypeError(
                f"options must be made by above, below, within or equal, got {expectation!r} "
                f"for {text!r}"
            )
    allowed = [
        text for text, each in options.items() if not each.excludes(interval.low, interval.high)
    ]
    if not allowed:
        raise ValueError(f"options must leave no gap, and none holds of {interval}")
    return allowed


def _either(texts: list[str]) -> str:
    return " or ".join(f"“{text}”" for text in texts)


def _iterable(measured: Any) -> Iterable[str]:
    if not isinstance(measured, Iterable):
        raise TypeError(f"measured must be an option, or several, got {measured!r}")
    return measured


def _heights(n: int) -> tuple[int, int, int]:
    """Return what it takes on a phone, in a narrow column and in a wide one."""
    return 225 + 44 * n, 200 + 44 * n, 135 + 44 * n
