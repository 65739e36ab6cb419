"""Runs of a made-up experiment: quick, and easy to check by hand."""

import numpy as np

from dropoutlab.experiments import Experiment, run

GRID = {"p": [0.0, 0.2, 0.5], "width": [8, 16], "lr": [0.1]}


def measure(seed, p, width, lr=0.1):
    """The end depends on everything; each seed adds a hundredth."""
    end = 0.05 + (p - 0.2) ** 2 + 1 / width + seed / 100
    curve = np.array([0.9, 0.4, end])
    return {
        "step": [0.0, 50.0, 100.0],
        **{f"{part} error": curve for part in ("train", "validation")},
        **{f"{part} loss": 2 * curve for part in ("train", "validation")},
        "test error": end,
        "test loss": 2 * end,
    }


def results(grid=GRID, seeds=(0, 1, 2), measure=measure):
    return run(Experiment("made-up", measure, grid=grid, seeds=seeds), store=False)
