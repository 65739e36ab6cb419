"""The experiments that have a name: ``python -m dropoutlab.experiments list``.

Each has a file of its name, and is put together from pieces that can be imported, so that
others can run the same data and net in their own way.
"""

from dropoutlab.experiments.catalogue import (
    contest,
    cures,
    data_size,
    data_size_mnist,
    doubt,
    family_early,
    family_maps,
    family_schedule,
    how_much,
    paper_frontier,
    paper_table,
    paper_torch,
    paper_tuning,
    rate,
    rate_and_width,
    where_to_drop,
)

__all__ = ["CATALOGUE"]

CATALOGUE = {
    experiment.name: experiment
    for experiment in (
        rate.rate,
        how_much.how_much,
        cures.cures,
        contest.contest,
        rate_and_width.rate_and_width,
        where_to_drop.where_to_drop,
        data_size.data_size,
        data_size_mnist.data_size_mnist,
        family_maps.family_maps,
        family_early.family_early,
        family_schedule.family_schedule,
        doubt.doubt,
        paper_tuning.paper_tuning,
        paper_table.paper_table,
        paper_torch.paper_torch,
        paper_frontier.paper_frontier,
    )
}
