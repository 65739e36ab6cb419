"""``data-size``: with and without dropout, on 100 to 2,000 digits."""

from dropoutlab.experiments.catalogue.amounts import PLACES, SEEDS, amounts, train_amount
from dropoutlab.experiments.experiment import Experiment

__all__ = ["data_size"]


data_size = Experiment(
    "data-size",
    train_amount,
    grid=amounts(
        [
            {"p": p, "p_input": p_input, "n": n}
            for n in (100, 200, 500, 1000, 2000)
            for p_input, p in (PLACES[0], PLACES[-1])
        ]
    ),
    seeds=SEEDS,
    description="With and without dropout, on 100 to 2,000 digits",
)
