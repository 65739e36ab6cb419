"""What the browser's bands are checked against: a Gaussian process, and nets on numbers."""

from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial.distance import cdist

from dropoutlab.explorables import HowSure
from dropoutlab.explorables.how_sure.nets import Setting, lines


def gaussian_processes() -> list[dict[str, Any]]:
    """Means and standard deviations by SciPy: few points, many, coinciding ones, counts."""
    rng = np.random.default_rng(0)
    cases = [
        (rng.uniform(-2, 2, (n_points, 2)).round(3), count)
        for n_points, count in [(2, 1), (14, 1), (14, 10), (14, 100), (40, 1), (40, 100)]
    ]
    cases.append((np.repeat([[0.1, 1.0], [0.7, -1.0]], 3, axis=0), 100))
    return [{"count": count, **posterior(points, count)} for points, count in cases]


def posterior(points: np.ndarray, count: int) -> dict[str, Any]:
    """Return the answers of a process with length scale 0.5, amplitude 1 and noise 0.15."""
    x, at = points[:, :1], np.linspace(-2, 2, 9)[:, np.newaxis]
    covariance = np.exp(-2 * cdist(x, x, "sqeuclidean"))
    across = np.exp(-2 * cdist(x, at, "sqeuclidean"))
    factor = cho_factor(covariance + 0.15**2 / count * np.eye(len(x)))
    variance = 1 - np.sum(across * cho_solve(factor, across), axis=0)
    return {
        "points": points.tolist(),
        "at": at.ravel().tolist(),
        "mean": (across.T @ cho_solve(factor, points[:, 1])).tolist(),
        "sd": np.sqrt(variance).tolist(),
    }


def how_sure_points() -> list[dict[str, Any]]:
    """The points of a few seeds."""
    return [
        {"seed": seed, "points": HowSure(seed=seed).training_points().tolist()}
        for seed in (0, 1, 2**32 - 1)
    ]


def how_sure_nets() -> list[dict[str, Any]]:
    """What the six nets say after their first steps; later, rounding errors have grown."""
    at = [-2.0, -1.0, 0.0, 0.5, 2.0]
    cases = []
    for traits, n_steps in [
        ({}, 30),
        ({"p": 0.5, "width": 8, "seed": 7, "points": [[-1, 0.5], [0, 2], [1.5, -1]]}, 30),
        ({}, 200),
    ]:
        widget = HowSure(**traits)
        points = tuple((x, y) for x, y in widget.training_points().tolist())
        setting = Setting(points, widget.p, widget.width, widget.seed)
        said = lines(setting, at, n_steps)
        cases.append(
            {
                "state": widget.state() | {"points": [list(point) for point in points]},
                "n_steps": n_steps,
                "at": at,
                "passes": said["dropout"][:3].tolist(),
                "answers": said["five nets"].tolist(),
            }
        )
    return cases
