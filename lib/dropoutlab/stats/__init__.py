"""How sure is a measured number? Intervals over seeds, and for proportions.

A course on generalisation may not compare two single runs. Everything that a
chapter measures over several seeds passes through here and leaves as an
:class:`Interval`: a number, the range that goes with it, and how many runs
stand behind it.

Take :func:`paired_difference` to compare two arms, :func:`paired_ratio` where one needs
so many times what the other needs, :func:`mean_interval` for one arm,
:func:`proportion_interval` for a share of independent cases, and
:func:`bootstrap_interval` for a median or whatever else has no formula.
"""

from dropoutlab.stats.bootstrap import bootstrap_interval
from dropoutlab.stats.interval import Interval
from dropoutlab.stats.proportion import proportion_interval
from dropoutlab.stats.student import mean_band, mean_interval, paired_difference, paired_ratio

__all__ = [
    "Interval",
    "bootstrap_interval",
    "mean_band",
    "mean_interval",
    "paired_difference",
    "paired_ratio",
    "proportion_interval",
]
