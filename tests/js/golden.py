"""What the browser modules are checked against: written by NumPy and `dropoutlab`.

``python tests/js/golden.py`` writes ``golden/*.json`` again; ``test_golden.py`` checks that
they are what it would write, and ``*.test.js`` that the modules agree with them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from golden_digits import digit_inputs, hundred_votes
from golden_doubt import gaussian_processes, how_sure_nets, how_sure_points
from golden_maps import dropped_maps
from golden_networks import thinned_network, trained_networks
from golden_predictions import predictions

from dropoutlab import data
from dropoutlab.explorables import Overfit, Playground
from dropoutlab.explorables.playground.duel import Settings, duel

FOLDER = Path(__file__).parent / "golden"


def polynomial_fits() -> list[dict[str, Any]]:
    """Fits of least squares in Legendre polynomials: many points, few, coinciding ones."""
    rng = np.random.default_rng(0)
    cases = []
    for n_points, degree in [(2, 0), (5, 3), (16, 15), (40, 15), (8, 15), (3, 15)]:
        x = rng.uniform(-1, 1, n_points).round(3)
        cases.append((x, degree))
    cases.append((np.repeat([-0.5, 0.1, 0.7], 4), 5))
    fits = []
    for x, degree in cases:
        y = (np.sin(np.pi * x) + 0.3 * rng.standard_normal(len(x))).round(3)
        design = np.polynomial.legendre.legvander(x, degree)
        coefficients = np.linalg.lstsq(design, y, rcond=1e-10)[0]
        fits.append(
            {
                "points": np.column_stack([x, y]).tolist(),
                "degree": degree,
                "coefficients": coefficients.tolist(),
                "at": (at := np.linspace(-1, 1, 9)).tolist(),
                "values": np.polynomial.legendre.legval(at, coefficients).tolist(),
            }
        )
    return fits


def overfit_samples() -> list[dict[str, Any]]:
    """Where the points of a seed lie, and their noise."""
    return [
        {"seed": seed, "sample": Overfit(seed=seed).sample().tolist()}
        for seed in (0, 1, 2**32 - 1)
    ]


def planar_shapes() -> dict[str, Any]:
    """Points of each shape without noise, and their labels."""
    shapes = {}
    for draw in (data.moons, data.circles, data.spirals, data.gaussians):
        drawn = draw(60, noise=0, rng=np.random.default_rng(0), dtype=np.float64)
        shapes[draw.__name__] = {"x": drawn.x.round(6).tolist(), "labels": drawn.y.tolist()}
    return shapes


def playground_defaults() -> dict[str, Any]:
    """What the playground begins with."""
    return Playground().state()


def playground_traits() -> dict[str, Any]:
    """What each of its traits allows: a range, or a list of values."""
    traits = Playground().traits()
    return {
        name: list(trait.values)
        if isinstance(trait := traits[name], traitlets.Enum)
        else {"min": trait.min, "max": trait.max}
        for name in playground_defaults()
    }


def playground_duels() -> list[dict[str, Any]]:
    """The losses of the net without dropout, from the browser's points, weights and order."""
    duels = []
    for traits in [
        {},
        {"shape": "circles", "activation": "tanh", "depth": 1, "batch_size": 7, "seed": 3},
        {"shape": "spirals", "noise": 0.05, "width": 5, "depth": 3, "weight_decay": 0.01},
        {"shape": "gaussians", "n_points": 11, "wrong": 0.3, "lr": 0.1, "seed": 9999},
    ]:
        state = Playground(**traits).state()
        ended = [duel(Settings(**state), n_epochs) for n_epochs in (0, 15)]
        losses = [loss for each in ended for loss in each.losses("without")]
        duels.append({"settings": state, "losses": losses})
    return duels


GOLDEN: dict[str, Callable[[], Any]] = {
    "digit_inputs": digit_inputs,
    "dropped_maps": dropped_maps,
    "gaussian_processes": gaussian_processes,
    "how_sure_nets": how_sure_nets,
    "how_sure_points": how_sure_points,
    "hundred_votes": hundred_votes,
    "overfit_samples": overfit_samples,
    "planar_shapes": planar_shapes,
    "playground_duels": playground_duels,
    "playground_defaults": playground_defaults,
    "playground_traits": playground_traits,
    "polynomial_fits": polynomial_fits,
    "predictions": predictions,
    "thinned_network": thinned_network,
    "trained_networks": trained_networks,
}


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name, compute in GOLDEN.items():
        text = json.dumps(compute(), allow_nan=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
