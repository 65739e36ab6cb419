"""A curve that the reader draws on the axes of the figure that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from numbers import Real
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dropoutlab.output import text_field
from dropoutlab.plots import arm_style, interval_points, legend, new_axes, ticks
from dropoutlab.plots.palette import INK
from dropoutlab.plots.svg import inline_svg
from dropoutlab.predictions.axis import Scale, scale
from dropoutlab.predictions.measured import as_intervals, basis, ends, labelled, written
from dropoutlab.predictions.prediction import Prediction
from dropoutlab.stats import Interval
from dropoutlab.stats.interval import MINUS

__all__ = ["CurvePrediction", "predict_curve"]

MOST_PLACES = 13  # that a hand sets one by one; also, up to so many x intervals are bars
ARM_NAMES = ("first", "second", "third", "fourth")


def predict_curve(
    question: str,
    *,
    x: ArrayLike,
    measured: Mapping[str, Any],
    xlabel: str,
    ylabel: str,
    ylim: tuple[float, float],
    caption: str,
    alt: str,
    unit: str = "",
    decimals: int | None = None,
    at: str | None = None,
    given: Sequence[float] = (),
    lines: Mapping[str, float] | None = None,
    about: str | None = None,
    arms: Mapping[str, str] | None = None,
    xlim: tuple[float, float] | None = None,
    xticks: Sequence[float] | None = None,
    log_x: bool = False,
    log_y: bool = False,
    name: str | None = None,
) -> CurvePrediction:
    """Have the reader draw curves before the measured ones appear over them.

    It takes the place of the figure, which it draws itself: without scripts, in print and
    where a notebook is not trusted, the figure of `measured` stands there, with caption and
    alternative text.

    Parameters
    ----------
    question : str
        With all that is needed to answer it: sizes, units, where the curve begins.
    x : array_like, shape (n,)
        Where the curves were measured, ascending. At most 13 of them, evenly chosen, become
        the places where the reader's curve is held and compared.
    measured : dict of str to array_like or sequence of Interval
        What appears, by label: an :class:`~dropoutlab.stats.Interval` for each x, or an
        array of shape (runs, n), whose means get their t interval at 95 %, or one of shape
        (n,), which is exact. The same that the claims take.
    xlabel, ylabel : str
        Names of the axes, with units.
    ylim : pair of float
        Ends of the vertical axis. It has no default, since ends that fit the curves would
        give them away. They move only for a measured value that lies beyond them.
    caption : str
        What to see, in plain text; shown with the answer.
    alt : str
        The finding, for who cannot see it.
    unit : str
        Of y, for the sentence: ``"%"``.
    decimals : int or None
        Of measured values in the sentence, as in :meth:`dropoutlab.stats.Interval.text`.
    at : str or None
        What a place is called, with braces for x: ``"p = {}"``, ``"{} digits"``. By default
        `xlabel` and the number.
    given : sequence of float
        Those x whose measured values are known from the start: where the curves begin.
    lines : dict of str to float
        Horizontal lines that are known, by what is written on them.
    about : str or None
        Of several curves the one that the question turns on: the comparison names the largest
        difference of this one. By default that of all.
    arms : dict of str to str
        The look of each curve, a key of :data:`dropoutlab.plots.ARMS`.
    xlim : pair of float or None
        By default the first and the last x.
    xticks : sequence of float or None
        By default the x where they are few, else round numbers.
    log_x, log_y : bool
        Whether an axis is logarithmic.
    name : str or None
        Names the prediction for good, uniquely in its page: a guess is kept under it. By
        default the first words of the question.

    Returns
    -------
    CurvePrediction
        To be the last expression of a cell. Its ``guess`` is a dict of lists, a value for
        each of its ``places``, ``None`` where nothing was drawn.

    Raises
    ------
    TypeError, ValueError
        An argument is not as described.

    Examples
    --------
    >>> asked = predict_curve(
    ...     "How does the test error change with p?",
    ...     x=[0.0, 0.5, 0.9],
    ...     measured={"test error": [9.0, 9.5, 77.0]},
    ...     xlabel="p",
    ...     ylabel="test error (%)",
    ...     ylim=(0, 100),
    ...     unit="%",
    ...     caption="Test digits, six seeds.",
    ...     alt="The error stays at 9 % up to p = 0.5 and is 77 % at 0.9.",
    ... )
    >>> asked.guess = {"test error": [9, 9, 12]}
    >>> asked.places, asked.stage
    ([0.0, 0.5, 0.9], 'open')
    """
    xs = _ascending(x)
    curves = {
        label: as_intervals(values, len(xs), f"measured[{label!r}]")
        for label, values in labelled(measured, "curve").items()
    }
    if about is not None and about not in curves:
        raise ValueError(f"about must be one of {', '.join(curves)}, got {about!r}")
    looks = _looks(list(curves), arms or {})
    few = xticks if xticks is not None else (xs if len(xs) <= 7 else None)
    across = scale(xlabel, xlim or (xs[0], xs[-1]), log=log_x, argument="xlim", ticks=few)
    measurements = [i.estimate for intervals in curves.values() for i in intervals]
    up = scale(ylabel, ylim, log=log_y, argument="ylim", holding=measurements)
    if not all(across.holds(each) for each in xs):
        raise ValueError(f"xlim must hold every x, got {xlim} and x from {xs[0]:g}")
    places = _places(xs, given, log_x)
    if len(given) == len(places):
        raise ValueError("given must leave something to draw, got all of x")
    known = dict(lines or {})
    fig = _figure(xs, curves, looks, across, up, known)
    alt = text_field(alt, "alt")
    digest = sha256(f"{question}\x1f{alt}".encode()).hexdigest()[:8]
    prompt = {
        "x": across.state(),
        "y": up.state(),
        "at": xs,
        "places": places,
        "names": [_name(at or xlabel, xs[k]) for k in places],
        "given": [places.index(xs.index(float(each))) for each in given],
        "lines": {name: float(value) for name, value in known.items()},
        "curves": [
            {
                "label": label,
                "look": _look(looks[label]),
                "measured": [ends(i) for i in intervals],
                "words": [written(intervals[k], unit, decimals) for k in places],
            }
            for label, intervals in curves.items()
        ],
        "writing": {"unit": unit, "digits": up.digits(), "log": log_y},
        "about": about or "",
        "alt": alt,
        "basis": basis([i for intervals in curves.values() for i in intervals]),
    }
    picture = inline_svg(fig, alt=alt, prefix=f"dl{digest}")
    return CurvePrediction(
        question,
        prompt,
        name=name,
        caption=caption,
        picture=picture,
        heights=_heights(list(curves)),
        room=_room(prompt),
    )


class CurvePrediction(Prediction):
    """A curve to draw: made by :func:`predict_curve`."""

    kind = "curve"

    @property
    def places(self) -> list[float]:
        """The x at which the reader's curves are held and compared."""
        return [self.prompt["at"][k] for k in self.prompt["places"]]

    def _problem(self, guess: Any) -> str | None:
        labels = [curve["label"] for curve in self.prompt["curves"]]
        n = len(self.prompt["places"])
        fits = isinstance(guess, dict) and all(
            label in labels
            and len(values) == n
            and all(value is None or isinstance(value, Real) for value in values)
            for label, values in guess.items()
        )
        return None if fits else f"a dict of lists of {n} numbers or None, by {labels}"


def _ascending(x: ArrayLike) -> list[float]:
    values = np.asarray(x, dtype=float)
    if values.ndim != 1 or len(values) < 2 or not (np.diff(values) > 0).all():
        raise ValueError(f"x must hold at least two numbers, ascending, got {x!r}")
    return [float(value) for value in values]


def _places(xs: list[float], given: Sequence[float], log: bool) -> list[int]:
    """Return which x become places: all, or as many as a hand sets, evenly on the axis."""
    for each in given:
        if float(each) not in xs:
            raise ValueError(f"given must hold some of x, got {each!r}")
    if len(xs) <= MOST_PLACES:
        return list(range(len(xs)))
    along = np.log(xs) if log else np.asarray(xs)
    wanted = np.linspace(along[0], along[-1], MOST_PLACES)
    chosen = {int(np.argmin(np.abs(along - each))) for each in wanted}
    return sorted(chosen | {xs.index(float(each)) for each in given})


def _name(pattern: str, x: float) -> str:
    """Write where a place is: p = 0.9, epoch 30, 200 digits."""
    number = f"{x:,.6g}".replace("-", MINUS)
    if "{}" in pattern:
        return pattern.replace("{}", number)
    return f"{pattern} = {number}" if len(pattern) == 1 else f"{pattern} {number}"


def _looks(labels: list[str], arms: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    for label in arms:
        if label not in labels:
            raise ValueError(
                f"arms must name curves of measured ({', '.join(labels)}); got {label!r}"
            )
    if len(labels) > len(ARM_NAMES):
        raise ValueError(
            f"measured must hold at most {len(ARM_NAMES)} curves, got {len(labels)}"
        )
    return {
        label: arm_style(arms.get(label, name)) | {"arm": arms.get(label, name)}
        for label, name in zip(labels, ARM_NAMES, strict=False)
    }


def _look(style: dict[str, Any]) -> dict[str, str]:
    """Return colour, dashes and marker as the browser takes them."""
    line = style["linestyle"]
    dash = "" if isinstance(line, str) else " ".join(f"{2 * each:g}" for each in line[1])
    color = "currentColor" if style["color"] == INK else style["color"]
    return {"color": color, "dash": dash, "marker": style["marker"]}


def _figure(
    xs: list[float],
    curves: Mapping[str, list[Interval]],
    looks: Mapping[str, dict[str, Any]],
    across: Scale,
    up: Scale,
    lines: Mapping[str, float],
) -> Figure:
    """Draw what was measured, for where no script runs."""
    fig, ax = new_axes(5.6, 3.2)
    for label, intervals in curves.items():
        name = label if len(curves) > 1 else None
        if len(xs) <= MOST_PLACES:
            interval_points(ax, xs, intervals, arm=looks[label]["arm"], label=name)
            continue
        middle, low, high = zip(*(ends(i) for i in intervals), strict=True)
        style = {key: looks[label][key] for key in ("color", "linestyle", "marker")}
        ax.fill_between(xs, low, high, color=style["color"], alpha=0.25, linewidth=0)
        spacing = max(1, -(-len(xs) // 8))
        ax.plot(xs, middle, label=name, markevery=spacing, markersize=5.5, linewidth=2, **style)
        if name:
            legend(ax)
    for name, value in lines.items():
        ax.axhline(value, color=INK, linewidth=0.8, linestyle=(0, (2, 3)))
        ax.text(across.ends[1], value, name, ha="right", va="bottom")
    room = 0.02 * (up.ends[1] - up.ends[0])
    ax.set(xlabel=across.name, ylabel=up.name)
    if across.log:
        ax.set_xscale("log")
    if up.log:
        ax.set_yscale("log")
    ax.set_ylim(up.ends if up.log else (up.ends[0] - room, up.ends[1]))
    for axis, line in ((ax.xaxis, across), (ax.yaxis, up)):
        ticks(axis, line.ticks, [f"{tick:,.6g}".replace("-", MINUS) for tick in line.ticks])
    return fig


def _heights(labels: list[str]) -> tuple[int, int, int]:
    """Return what it takes on a phone, in a narrow column and in a wide one."""
    picker = 50 if len(labels) > 1 else 0
    on_a_phone = picker * -(-len(labels) // 2)
    return 417 + on_a_phone, 392 + picker, 431 + picker


def _room(prompt: Mapping[str, Any]) -> int:
    """Return how many characters the comparison has at most."""
    labels = [curve["label"] for curve in prompt["curves"]]
    words = max(len(text) for curve in prompt["curves"] for text in curve["words"])
    named = max(map(len, labels)) + max(map(len, prompt["names"]))
    return 145 + named + 2 * words + sum(len(label) + 24 for label in labels)
