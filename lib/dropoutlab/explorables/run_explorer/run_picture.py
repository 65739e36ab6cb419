"""The picture of the run explorer: learning curves, and the end result against the rate."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from dropoutlab.explorables.run_explorer.run_numbers import END, LEARNED
from dropoutlab.explorables.traits import place_of
from dropoutlab.plots import arm_style, interval_points, legend, new_axes
from dropoutlab.plots.axes import narrow
from dropoutlab.plots.svg import inline_svg
from dropoutlab.stats import Interval

__all__ = ["position", "run_picture"]

UNITS = {"error": "error (%)", "loss": "loss (nats)"}


def position(parameters: dict[str, list[Any]], chosen: dict[str, Any]) -> int:
    """Return where a setting stands among all combinations.

    Examples
    --------
    >>> position({"p": [0.0, 0.5], "width": [8, 16, 32]}, {"p": 0.5, "width": 16})
    4
    """
    at = 0
    for name, values in parameters.items():
        place = place_of(values, chosen[name])
        if place is None:
            raise ValueError(f"{name} must be one of {values}, got {chosen[name]!r}")
        at = at * len(values) + place
    return at


def run_picture(runs: dict[str, Any], chosen: dict[str, Any], metric: str) -> str:
    """Return both panels as HTML.

    Parameters
    ----------
    runs : dict
        As `run_numbers` returns it.
    chosen : dict
        A value for each of its parameters.
    metric : {"error", "loss"}
    """
    panels = []
    for name, draw in (("curves", _curves), ("end", _end)):
        fig, ax = new_axes()
        narrow(fig, 4.0)
        alt = draw(ax, runs, chosen, metric)
        panels.append(f"<div>{inline_svg(fig, alt=alt, prefix=f'runs-{name}')}</div>")
    return f'<div class="dl-panels">{"".join(panels)}</div>'


def _curves(ax: Axes, runs: dict[str, Any], chosen: dict[str, Any], metric: str) -> str:
    x, values = next(iter(runs["parameters"].items()))
    ends = []
    for value, arm in ((values[0], "no dropout"), (chosen[x], "dropout")):
        at = position(runs["parameters"], chosen | {x: value})
        for name, dash in zip(LEARNED, ("--", "-"), strict=True):
            mean, half = (np.array(runs[metric][name][part][at]) for part in ("mean", "half"))
            look = arm_style(arm) | {"linestyle": dash, "marker": ""}
            ax.fill_between(
                runs["steps"], mean - half, mean + half, color=look["color"], alpha=0.25, lw=0
            )
            ax.plot(runs["steps"], mean, label=f"{x} = {value:g}, {name}", **look)
            ends.append(mean[-1])
    ax.set(xlabel=runs["axis"], ylabel=UNITS[metric], ylim=(0, 2.5 * max(ends) or 1))
    legend(ax)
    without, with_it = (
        f"{train:.2f} on the training and {validation:.2f} on the validation set"
        for train, validation in (ends[:2], ends[2:])
    )
    what = f"{UNITS[metric]} at the end"
    return f"{what}: {without} at {x} = {values[0]:g}; {with_it} at {chosen[x]:g}."


def _end(ax: Axes, runs: dict[str, Any], chosen: dict[str, Any], metric: str) -> str:
    x, values = next(iter(runs["parameters"].items()))
    intervals = []
    for value in values:
        at = position(runs["parameters"], chosen | {x: value})
        mean, half = (runs[metric][END][part][at] for part in ("mean", "half"))
        intervals.append(Interval(mean, mean - half, mean + half, n=runs["n_seeds"]))
    interval_points(ax, values, intervals, arm="dropout")
    ax.set(xlabel=x, ylabel=f"{END} {UNITS[metric]}")
    best = min(intervals, key=lambda interval: interval.estimate)
    at_best = values[intervals.index(best)]
    first, last = intervals[0].estimate, intervals[-1].estimate
    return (
        f"{END} {UNITS[metric]} is {first:.2f} at {x} = {values[0]:g}, lowest with "
        f"{best.estimate:.2f} at {at_best:g}, and {last:.2f} at {values[-1]:g}."
    )
