"""How sure is a measured number? Intervals over seeds, and for proportions.

A course on generalisation may not compare two single runs. Everything that a
chapter measures over several seeds passes through here and leaves as an
:class:`Interval`: a number, the range that goes with it, and how many runs
stand behind it.
"""

from dropoutlab.stats.estimate import (
    mean_band,
    mean_interval,
    paired_difference,
    proportion_interval,
)
from dropoutlab.stats.interval import Interval

__all__ = ["Interval", "mean_band", "mean_interval", "paired_difference", "proportion_interval"]
