"""``where-to-drop``: pixels, hidden units or both, in nets of one, two and four layers."""

from dropoutlab.experiments.catalogue.amounts import PLACES, SEEDS, amounts, train_amount
from dropoutlab.experiments.experiment import Experiment

__all__ = ["where_to_drop"]


where_to_drop = Experiment(
    "where-to-drop",
    train_amount,
    grid=amounts(
        [
            {"p": p, "p_input": p_input, "depth": depth}
            for depth in (1, 2, 4)
            for p_input, p in PLACES
        ]
    ),
    seeds=SEEDS,
    description="Pixels, hidden units or both, in nets of one, two and four hidden layers",
)
