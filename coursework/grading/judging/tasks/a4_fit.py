"""Judges ``mean_loss`` and ``fit``: which rows, in which mode, down which gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.tails import alarm
from grading.judging.task import Context, Criterion, Task, Wrong, alike, require
from grading.judging.tasks.a4_fit_loss import (
    MODES,
    a_loss_an_epoch,
    any_losses,
    best,
    dropout_off,
    layer,
    loss_value,
    many_rows,
    whole_state,
)
from grading.judging.tasks.a4_fit_runs import (
    N_MODULES,
    Run,
    gradient_of,
    some_data,
    watch,
)
from grading.judging.tasks.a4_tensors import probe
from grading.running.calls import Name

__all__ = ["FIT"]


def rows(context: Context) -> None:
    """Each epoch visits each row once, in batches, and gives one validation loss."""
    for n, batch_size, n_epochs in [(15, 5, 3), (12, 4, 2), (9, 9, 1)]:
        run = watch(context, some_data(context, n, 8, 0.2), 0.05, n_epochs, batch_size)
        a_loss_an_epoch(run, n_epochs)


def last_batch(context: Context) -> None:
    """The last batch may be smaller, and the only one smaller than asked for."""
    for n, batch_size, n_epochs in [(13, 5, 3), (9, 20, 2), (7, 6, 2), (1, 4, 2)]:
        data = some_data(context, n, 8, 0.2)
        for epoch in watch(context, data, 0.2, n_epochs, batch_size).epochs:
            _down_the_gradient(data, epoch)


def steps(context: Context) -> None:
    """Each step goes down the gradient of its own batch, and of nothing else."""
    run = watch(context, some_data(context, 25, 8, 0.2), 0.3, 3, 5)
    for epoch in run.epochs:
        _down_the_gradient(run.data, epoch)
    data = some_data(context, 25, 8, 0.2)
    data[0][:, 1:] *= 40  # the gradient is large
    run = watch(context, data, 1e-3, 2, 5)
    context.at(f"{context.where}, with large x")
    for epoch in run.epochs:
        _down_the_gradient(run.data, epoch)


def _down_the_gradient(data: list[Any], epoch: list[tuple[Any, Any]]) -> None:
    for call, step in epoch:
        x, y = (values[call["rows"]] for values in data[:2])
        wanted = gradient_of(x[:, 1:].astype(float), y, *step["before"])
        close = [
            np.allclose(got, right, rtol=1e-4, atol=2e-5 * max(1, 5 * np.abs(right).max() - 5))
            for got, right in zip(step["grads"], wanted, strict=True)
        ]
        length = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in step["grads"]))
        right = np.sqrt(sum(np.sum(g**2) for g in wanted))
        words = f"a step on {len(x)} rows is not down the gradient of their mean loss: "
        words += f"its length is {length:.4g} where that of the gradient is {right:.4g}"
        require(all(close), words)


def dropout_on(context: Context) -> None:
    """In every step the whole net is in training mode."""
    mixed = [False, True, False, True, False, True]
    for modes in ([True] * N_MODULES, [False] * N_MODULES, mixed):
        run = watch(context, some_data(context, 12, 8, 0.2), 0.1, 4, 4, modes=modes)
        handed = MODES["train" if all(modes) else "mixed" if any(modes) else "eval"]
        context.at(f"{context.where}, and the net handed over {handed}")
        _trains(run)


def _trains(run: Run) -> None:
    for number, epoch in enumerate(run.epochs, 1):
        for call, _ in epoch:
            words = f"in epoch {number} the net is called, for a step,"
            require(
                call["mode"] == "train", f"{words} {MODES[call['mode']]}, not in training mode"
            )


def order(context: Context) -> None:
    """The generator alone decides the order, and the global one stays as it is."""
    data, seed = some_data(context, 24, 8, 0.2), context.seed()
    runs = [watch(context, data, 0.05, 2, 6, s) for s in (seed, seed, seed + 1)]
    orders = [
        [np.concatenate([call["rows"] for call, _ in epoch]).tolist() for epoch in run.epochs]
        for run in runs
    ]
    first, second = (order[0][:4] for order in orders[:2])
    words = f"two generators of one seed begin with the rows {first} and {second}"
    require(orders[0] == orders[1], f"{words}, where the same order is expected")
    words = f"generators of two seeds both begin with the rows {first}"
    require(orders[0] != orders[2], f"{words}, where two orders are expected")
    words = f"two epochs both begin with the rows {first}, where two orders are expected"
    require(orders[0][0] != orders[0][1], words)
    untouched = all(run.said["untouched"] for run in runs)
    words = "torch.get_rng_state(), the global generator, is another after fit than before"
    require(untouched, words)
    _drawn_anew(context)


def _drawn_anew(context: Context) -> None:
    """Raise `Wrong` unless any row can come anywhere, in each epoch by a draw of its own."""
    n, n_epochs = 20, 40
    run = watch(context, some_data(context, n, 3, 0.2), 0.0, n_epochs, 5)
    orders = np.array([np.concatenate([call["rows"] for call, _ in e]) for e in run.epochs])
    different = len(np.unique(orders, axis=0))
    words = f"{n_epochs} epochs have {different} different orders"
    require(different == n_epochs, f"{words}, where {n_epochs} are expected")
    first = (orders.argsort(axis=1) < n // 2).sum(axis=0)  # of each row, in the first half
    seen = alarm(first, n_epochs, 0.5, unit="epochs")
    require(not seen, f"some rows come early, or late, too often: in the first half in {seen}")
    for step in (1, -1):
        follows = (np.diff(orders, axis=1) == step).sum(axis=0)  # of each place
        seen = alarm(follows, n_epochs, 1 / n, unit="epochs")
        require(
            not seen, f"neighbours in train stay neighbours too often: at one place in {seen}"
        )


def two_methods(context: Context) -> None:
    """An optimiser that has zero_grad() and step() is enough."""
    for n, batch_size, n_epochs in [(12, 4, 2), (5, 5, 1)]:
        data = some_data(context, n, 8, 0.2)
        for bare in (False, True):
            run = watch(context, data, 0.2, n_epochs, batch_size, bare=bare)
            try:
                for epoch in run.epochs:
                    _down_the_gradient(data, epoch)
            except Wrong:
                if bare:
                    raise
                return  # wrong with any optimiser, which costs where steps are asked for


def nothing_changed(context: Context) -> None:
    """The data stay as they are; floats come back, and gradients are recorded as before."""
    for n_epochs in (1, 3):
        run = watch(context, some_data(context, 10, 6, 0.3), 0.1, n_epochs, 4)
        names = "x of train", "y of train", "x of validation", "y of validation"
        for name, after, before in zip(names, run.said["data"], run.data, strict=True):
            alike(np.asarray(after), before, f"{name} was modified: it")
        kind = run.said["kind"]
        words = f"fit returns a {kind}, in which not all are Python floats: a list of them"
        require(run.said["floats"] is True, f"{words} is expected")
        words = "afterwards the optimiser's lr, or requires_grad of a parameter, is another"
        require(run.said["kept"] is True, f"{words} than before")
        words = "afterwards torch.is_grad_enabled() is False, not True as before"
        require(run.said["grad_mode"] is True, words)
    weight, bias = layer(context)
    context.at("mean_loss, with 5 rows and the net in training mode")
    x, y = some_data(context, 5, 3, 0.2)[:2]
    arguments = [x, y, weight, bias, [True] * N_MODULES]
    said = probe(context, "loss_watched", Name("mean_loss"), *arguments)
    _, other, _, after, recording, given, untouched = said
    require(not other, f"{other} is returned, not a Python float")
    words = f"{sum(after)} of {len(after)} modules are in training mode afterwards, not 0"
    require(not any(after), words)
    words = "afterwards torch.is_grad_enabled() is False, not True as before"
    require(recording is True, words)
    for name, now, before in zip("xy", given, (x, y), strict=True):
        alike(np.asarray(now), before, f"{name} was modified: afterwards {name}")
    words = "torch.get_rng_state(), the global generator, is another afterwards than before"
    require(untouched is True, words)
    context.at("called by the names of the task, mean_loss(net=…, x=…) or fit(net=…, train=…)")
    data = some_data(context, 5, 3, 0.2)
    probe(context, "by_name", Name("mean_loss"), Name("fit"), data, weight, bias)


FIT = Task(
    "fit",
    [
        Criterion(0.5, "each epoch visits each row once and gives a loss", rows),
        Criterion(0.5, "batches that are smaller than asked for", last_batch),
        Criterion(1, "each step goes down its own batch's gradient", steps),
        Criterion(1, "every step is in training mode", dropout_on),
        Criterion(0.75, "losses are measured in evaluation mode", dropout_off),
        Criterion(0.5, "mean_loss is the mean over all rows", loss_value),
        Criterion(0.75, "at the end, the weights of the best epoch", best),
        Criterion(0.5, "all of the state; of equal epochs the earliest", whole_state),
        Criterion(0.5, "losses that go up and down, hardly change or are huge", any_losses),
        Criterion(0.25, "many rows, images, many epochs", many_rows),
        Criterion(0.5, "the generator alone decides the order", order),
        Criterion(1, "zero_grad() and step() are all that is used", two_methods),
        Criterion(0.25, "data, rate and modes stay; Python floats", nothing_changed),
    ],
    needs=("mean_loss", "fit"),
)
