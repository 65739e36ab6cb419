"""The experiments that have a name: ``python -m dropoutlab.experiments list``.

Each is put together from pieces that can be imported, so that others can run the same
data and net in their own way.
"""

from dropoutlab.experiments.catalogue.amount_on_digits import (
    data_size,
    rate_and_width,
    where_to_drop,
)
from dropoutlab.experiments.catalogue.contest_on_digits import contest
from dropoutlab.experiments.catalogue.cures_on_digits import cures
from dropoutlab.experiments.catalogue.data_size_on_mnist import data_size_mnist
from dropoutlab.experiments.catalogue.how_much_on_digits import how_much
from dropoutlab.experiments.catalogue.rate_on_digits import rate

__all__ = ["CATALOGUE"]

CATALOGUE = {
    experiment.name: experiment
    for experiment in (
        rate,
        how_much,
        cures,
        contest,
        rate_and_width,
        where_to_drop,
        data_size,
        data_size_mnist,
    )
}
