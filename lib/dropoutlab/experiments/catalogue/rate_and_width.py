"""``rate-and-width``: rates from 0 to 0.9, in nets of one width and of 64 kept units."""

from dropoutlab.experiments.catalogue.amounts import SEEDS, WIDTH, amounts, train_amount
from dropoutlab.experiments.experiment import Experiment

__all__ = ["KEPT_UNITS", "RATES", "rate_and_width", "widened"]

RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
KEPT_UNITS = 64  # a layer, on average, where a net is widened as more of it is dropped


def widened(p: float) -> int:
    """Return the width of which `KEPT_UNITS` units are kept on average.

    Examples
    --------
    >>> [widened(p) for p in (0.0, 0.5, 0.9)]
    [64, 128, 640]
    """
    return round(KEPT_UNITS / (1 - p))


rate_and_width = Experiment(
    "rate-and-width",
    train_amount,
    grid=amounts(
        # At p = 0.5 the two series meet.
        [{"p": p, "width": width} for p in RATES for width in {WIDTH, widened(p)}],
    ),
    seeds=SEEDS,
    description="Rates from 0 to 0.9, at one width and at 64 kept units, on 1,000 digits",
)
