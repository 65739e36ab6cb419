"""What predictions compute in the browser: strokes at places, distances, orders with ties."""

from itertools import combinations
from typing import Any

import numpy as np


def strokes() -> list[dict[str, Any]]:
    """Strokes from left to right, straight between their points, at places in between."""
    rng = np.random.default_rng(0)
    cases = []
    for n_points, n_places in [(2, 3), (5, 13), (60, 13), (300, 7)]:
        along = np.sort(rng.uniform(0, 1, n_points))
        along[[0, -1]] = 0, 1
        up = rng.uniform(-2, 2, n_points)
        places = np.sort(rng.uniform(0, 1, n_places))
        places[[0, -1]] = 0, 1
        values = np.interp(places, along, up)
        stroke = np.column_stack([along, up])
        for drawn in (stroke, stroke[::-1]):  # a hand may go either way
            cases.append(
                {"places": places.tolist(), "stroke": drawn.tolist(), "values": values.tolist()}
            )
    return cases


def gaps() -> list[dict[str, Any]]:
    """Guesses beside measured curves: where they are farthest apart, how many lie inside."""
    rng = np.random.default_rng(1)
    cases = []
    for log in (False, True):
        for n_curves, n_places in [(1, 5), (3, 8)]:
            guess = rng.uniform(1, 100, (n_curves, n_places))
            middle = rng.uniform(1, 100, (n_curves, n_places))
            half = rng.uniform(0, 40, (n_curves, n_places))
            low, high = middle - half, middle + half
            far = np.abs(np.log(guess / middle)) if log else np.abs(guess - middle)
            curve, place = np.unravel_index(np.argmax(far), far.shape)
            cases.append(
                {
                    "log": log,
                    "guess": guess.tolist(),
                    "measured": np.stack([middle, low, high], axis=-1).tolist(),
                    "farthest": {"curve": int(curve), "place": int(place)},
                    "inside": ((low <= guess) & (guess <= high)).sum(axis=1).tolist(),
                }
            )
    return cases


def orders() -> list[dict[str, Any]]:
    """Orders against intervals of which some overlap."""
    rng = np.random.default_rng(2)
    cases = []
    for n in (2, 3, 5, 8):
        middle, half = rng.uniform(0, 10, n), rng.uniform(0, 1.5, n)
        low, high = middle - half, middle + half
        signs = (low[:, None] > high[None, :]).astype(int)
        signs = signs - signs.T
        gaps = np.abs(middle[:, None] - middle[None, :])
        order = rng.permutation(n)
        pairs = [(a, b) for a, b in combinations(order, 2) if signs[a, b]]
        wrong = [(gaps[a, b], [int(a), int(b)]) for a, b in pairs if signs[a, b] > 0]
        cases.append(
            {
                "order": order.tolist(),
                "signs": signs.tolist(),
                "gaps": gaps.tolist(),
                "told": len(pairs),
                "right": len(pairs) - len(wrong),
                "worst": max(wrong)[1] if wrong else None,
            }
        )
    return cases


def predictions() -> dict[str, Any]:
    """Return all of them."""
    return {"strokes": strokes(), "gaps": gaps(), "orders": orders()}
