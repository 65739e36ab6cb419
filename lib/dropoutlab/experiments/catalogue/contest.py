"""``contest``: every cure as ``cures`` has tuned it, on digits and seeds of its own.

Here the test digits are read, once the tuning is done. Every run keeps the setting that it
was made with, so that the recorded rows say which tuning they belong to.
"""

from functools import cache
from typing import cast

from dropoutlab.experiments.catalogue.cures import WRONG, train_cure, tuned_cures
from dropoutlab.experiments.catalogue.strengths import CURES
from dropoutlab.experiments.experiment import Experiment

__all__ = ["contest", "run_tuned_cure"]


@cache
def _tuned(cure: str, wrong: float) -> dict[str, float]:
    (setting,) = tuned_cures([cure], wrong=[wrong])
    return {name: cast(float, setting[name]) for name in ("lr", "strength", "second")}


def run_tuned_cure(seed: int, cure: str, wrong: float) -> dict[str, float]:
    """Train one net with a tuned cure, and test it: the run of the experiment ``contest``.

    Parameters
    ----------
    seed, cure, wrong
        As for `train_cure`.

    Returns
    -------
    dict
        ``lr``, ``strength`` and ``second`` as they were tuned, and what `train_cure` measures.
    """
    setting = _tuned(cure, wrong)
    return {**setting, **train_cure(seed, cure, wrong, **setting)}


contest = Experiment(
    "contest",
    run_tuned_cure,
    grid={"cure": list(CURES), "wrong": WRONG},
    seeds=range(100, 120),
    description="The tuned cures against each other, on other seeds and on test digits",
)
