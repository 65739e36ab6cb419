"""What the run explorer shows, computed from results: means, and half-widths of intervals."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from dropoutlab.experiments import Results
from dropoutlab.stats import mean_band, mean_interval, paired_difference

__all__ = ["END", "LEARNED", "parameters", "run_numbers"]

LEARNED = ("train", "validation")  # what is drawn as curves
END = "test"  # what is measured once, at the end
SCALES = {"error": (100, 2), "loss": (1, 4)}  # percent or nats, and the decimals kept


def parameters(results: Results, x: str = "p") -> dict[str, list[Any]]:
    """Return the values of every setting that was varied, ``x`` first, those of ``lr`` not.

    Raises
    ------
    ValueError
        ``x`` was not varied, or some combination of the others was not run or run twice.

    Examples
    --------
    >>> from dropoutlab.experiments import Experiment, run
    >>> grid = {"width": [8, 16], "p": [0.0, 0.5], "lr": [0.1]}
    >>> some = Experiment("some", lambda seed, p, width, lr: {"e": p}, grid=grid, seeds=[0, 1])
    >>> parameters(run(some, store=False))
    {'p': [0.0, 0.5], 'width': [8, 16]}
    """
    names = [name for name in results.settings[0] if name != "lr"]
    values = {name: list(dict.fromkeys(s[name] for s in results.settings)) for name in names}
    varied = {name: each for name, each in values.items() if len(each) > 1}
    if x not in varied:
        known = ", ".join(map(repr, varied)) or "nothing"
        raise ValueError(f"the runs must differ in {x!r}; they differ in {known}")
    ordered = {x: varied[x], **{name: each for name, each in varied.items() if name != x}}
    n_expected = math.prod(map(len, ordered.values()))
    here = {tuple(setting[name] for name in ordered) for setting in results.settings}
    if not n_expected == len(here) == len(results.settings):
        raise ValueError(
            f"the runs must hold every combination of {', '.join(ordered)} once: {n_expected} "
            f"settings, got {len(results.settings)}; Results.tuned() chooses a learning rate"
        )
    return ordered


def run_numbers(results: Results, x: str = "p") -> dict[str, Any]:
    """Return what the browser needs, for JSON.

    Parameters
    ----------
    results : Results
        With ``train`` and ``validation`` curves and a final ``test`` value, as loss and error,
        on at least two seeds. If a metric ``step`` was measured, it gives the horizontal
        axis; else that is the epoch.
    x : str
        The setting that the end result is drawn against. Its first value is the baseline.

    Returns
    -------
    dict
        ``parameters``; ``n_seeds``; ``recorded``: the day, or None if measured now; ``axis``
        and ``steps``; ``lr`` of every setting, or None; and for ``"error"`` (in percent) and
        ``"loss"`` (in nats), ``train``, ``validation``, ``test`` and ``difference``, each a
        ``mean`` and a ``half`` (of the 95 % interval) for every setting. Settings are in the
        order of the product of the parameters. ``difference`` is that of ``test`` from the
        baseline, paired by seed, the others being equal.
    """
    values = parameters(results, x)
    if len(results.seeds) < 2:
        raise ValueError("intervals need runs of at least two seeds, got one")
    settings = [
        dict(zip(values, each, strict=True)) for each in itertools.product(*values.values())
    ]
    numbers: dict[str, Any] = {
        "parameters": values,
        "n_seeds": len(results.seeds),
        "recorded": results.manifest["finished"][:10] if results.recorded else None,
        **_axis(results, settings[0]),
        "lr": _learning_rates(results, settings),
    }
    for kind, (scale, decimals) in SCALES.items():
        by_setting = [
            _measured(results, kind, setting, {x: values[x][0]}) for setting in settings
        ]
        numbers[kind] = {
            name: {
                part: [
                    np.round(scale * each[name][part], decimals).tolist() for each in by_setting
                ]
                for part in ("mean", "half")
            }
            for name in by_setting[0]
        }
    return numbers


def _measured(
    results: Results, kind: str, setting: dict[str, Any], baseline: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    measured: dict[str, dict[str, Any]] = {}
    for name in LEARNED:
        mean, _, high = mean_band(results.curves(f"{name} {kind}", **setting))
        measured[name] = {"mean": mean, "half": high - mean}
    end = results.final(f"{END} {kind}", **setting)
    start = results.final(f"{END} {kind}", **setting | baseline)
    for name, interval in (
        (END, mean_interval(end)),
        ("difference", paired_difference(end, start)),
    ):
        measured[name] = {"mean": interval.estimate, "half": interval.high - interval.estimate}
    return measured


def _axis(results: Results, setting: dict[str, Any]) -> dict[str, Any]:
    if "step" in results.metrics:
        return {"axis": "step", "steps": results.curves("step", **setting)[0].tolist()}
    n_points = results.curves(f"{LEARNED[0]} error", **setting).shape[1]
    return {"axis": "epoch", "steps": list(range(n_points))}


def _learning_rates(results: Results, settings: list[dict[str, Any]]) -> list[Any] | None:
    if "lr" not in results.settings[0]:
        return None
    return [
        next(s["lr"] for s in results.settings if s.items() >= setting.items())
        for setting in settings
    ]
