"""What the browser modules are checked against: written by NumPy and `dropoutlab`.

``python tests/js/golden.py`` writes ``golden/*.json`` again; ``test_golden.py`` checks that
they are what this file would write, and ``*.test.js`` that the modules agree with them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

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


GOLDEN: dict[str, Callable[[], Any]] = {"polynomial_fits": polynomial_fits}


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name, compute in GOLDEN.items():
        text = json.dumps(compute(), allow_nan=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
