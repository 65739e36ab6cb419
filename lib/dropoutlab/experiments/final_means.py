"""Results as a table of text: for every setting and metric, the final mean over seeds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dropoutlab.experiments.results import Results
from dropoutlab.experiments.setting import cell
from dropoutlab.stats import mean_interval

__all__ = ["aligned", "summary"]


def summary(results: Results) -> str:
    """Return the final mean of every metric at every setting, with its 95 % interval.

    The interval is Student's t over the seeds that are there; a single one has none.

    Examples
    --------
    >>> from dropoutlab.experiments import Experiment, run
    >>> halves = Experiment(
    ...     "halves", lambda seed, n: {"half": (n + seed) / 2}, grid={"n": [2, 4]}, seeds=[0, 1]
    ... )
    >>> print(summary(run(halves, store=False)))
    n  metric  final mean
    2  half    1.2 ± 3.2 (95 %, 2 seeds)
    4  half    2.2 ± 3.2 (95 %, 2 seeds)
    """
    lines = [[*results.settings[0], "metric", "final mean"]]
    for setting in results.settings:
        for metric in results.metrics:
            values = np.array(list(results.final_by_seed(metric, **setting).values()))
            lines.append([*map(cell, setting.values()), metric, _mean(values)])
    return aligned(lines)


def _mean(values: NDArray[np.float64]) -> str:
    if len(values) > 1:
        return mean_interval(values).text()
    return f"{values[0]:.4g} (1 seed)" if len(values) else "-"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells as text, each column as wide as its widest cell.

    Examples
    --------
    >>> print(aligned([["p", "error"], ["0.25", "3 %"]]))
    p     error
    0.25  3 %
    """
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    padded = (
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)
