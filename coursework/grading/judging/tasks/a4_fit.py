"""Judges ``mean_loss`` and ``fit``: which rows, in which mode, down which gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, Wrong, one_number, require
from grading.judging.tasks.a4_fit_probe import PROBES
from grading.judging.tasks.a4_fit_runs import (
    N_CLASSES,
    N_FEATURES,
    Run,
    gradient_of,
    kept,
    lowest,
    overfitting,
    some_data,
    validation_losses,
    watch,
    wrong_buffers,
    zigzag,
)
from grading.judging.tasks.a4_tensors import losses, probe
from grading.running.calls import Name
from grading.running.remote import LearnerError

__all__ = ["FIT"]


def rows(context: Context) -> None:
    """Each epoch visits each row once, in batches, and gives one validation loss."""
    for n, batch_size, n_epochs in [(15, 5, 3), (12, 4, 2), (9, 9, 1)]:
        run = watch(context, some_data(context, n, 8, 0.2), 0.05, n_epochs, batch_size)
        said = run.said["losses"]
        require(isinstance(said, list), "fit does not return a list")
        words = f"fit returns {len(said)} losses for {n_epochs} epochs"
        require(len(said) == n_epochs, words)


def many_rows(context: Context) -> None:
    """The same with many rows, with images, and in many epochs in which nothing improves."""
    for n, n_new, batch_size, n_epochs, shape in [
        (130, 170, 32, 2, None),
        (300, 1, 300, 1, None),
        (10, 6, 5, 2, (1, 7, 1)),
        (4, 3, 4, 45, None),
    ]:
        data = some_data(context, n, n_new, 0.2)
        lr = 0.0 if n_epochs > 9 else 0.1
        try:
            run = watch(context, data, lr, n_epochs, batch_size, shape=shape)
        except (LearnerError, Wrong) as error:
            what = f"{n} rows of shape {shape or (7,)}, {n_epochs} epochs"
            raise Wrong(f"with {what}: {error}") from error
        found = validation_losses(run)
        require(len(run.said["losses"]) == n_epochs, "fit does not return a loss an epoch")
        for said, wanted in zip(run.said["losses"], found, strict=True):
            _close(said, wanted, f"with {n_new} rows, a validation loss of fit")
        words = f"after {n_epochs} epochs the net does not have the weights of the best one"
        require(bool(set(kept(run)) & set(lowest(run))), words)


def nothing_changed(context: Context) -> None:
    """The data stay as they are; floats come back, and gradients are recorded as before."""
    for n_epochs in (1, 3):
        run = watch(context, some_data(context, 10, 6, 0.3), 0.1, n_epochs, 4)
        same = all(map(np.array_equal, run.said["data"], run.data))
        require(same, "train or validation was modified")
        require(run.said["floats"] is True, "fit does not return a list of Python floats")
        require(run.said["kept"] is True, "the optimiser's rate or requires_grad is changed")
        require(run.said["grad_mode"] is True, "afterwards no gradients are recorded any more")
    weight, bias = _layer(context)
    x, y = some_data(context, 5, 3, 0.2)[:2]
    arguments = [x, y, weight, bias, [True] * 5]
    _, other, _, after, recording = probe(
        context, "loss_watched", Name("mean_loss"), *arguments
    )
    require(not other, f"mean_loss returns {other}, not a Python float")
    require(not any(after), "mean_loss does not leave the net in evaluation mode")
    require(recording is True, "after mean_loss no gradients are recorded any more")


def steps(context: Context) -> None:
    """Each step goes down the gradient of its own batch, and of nothing else."""
    run = watch(context, some_data(context, 25, 8, 0.2), 0.3, 3, 5)
    for epoch in run.epochs:
        _down_the_gradient(run.data, epoch)


def _down_the_gradient(data: list[Any], epoch: list[tuple[Any, Any]]) -> None:
    for call, step in epoch:
        x, y = (values[call["rows"]] for values in data[:2])
        wanted = gradient_of(x[:, 1:].astype(float), y, *step["before"])
        close = [
            np.allclose(got, right, rtol=1e-3, atol=1e-4)
            for got, right in zip(step["grads"], wanted, strict=True)
        ]
        length = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in step["grads"]))
        right = np.sqrt(sum(np.sum(g**2) for g in wanted))
        words = f"a step on {len(x)} rows is not down the gradient of their mean loss: "
        words += f"its length is {length:.4g}, that of the gradient {right:.4g}"
        require(all(close), words)


def dropout_on(context: Context) -> None:
    """In every step the whole net is in training mode."""
    run = watch(context, some_data(context, 12, 8, 0.2), 0.1, 4, 4)
    for number, epoch in enumerate(run.epochs, 1):
        for call, _ in epoch:
            require(
                call["mode"] == "train", f"in epoch {number} a step is not in training mode"
            )


def _layer(context: Context) -> tuple[Any, Any]:
    context.worker.probe(PROBES)
    weight = context.rng.normal(size=(N_CLASSES, N_FEATURES)).astype(np.float32)
    return weight, context.rng.normal(size=N_CLASSES).astype(np.float32)


def loss_value(context: Context) -> None:
    """The loss is the mean cross-entropy over all rows, be they one or a thousand."""
    weight, bias = _layer(context)
    for n, scale in [(14, 1.0), (1, 1.0), (150, 1.0), (1030, 0.3), (20, 40.0)]:
        x, y = some_data(context, n, 3, 0.2)[:2]
        arguments = [x, y, scale * weight, scale * bias, [True] * 5]
        said = probe(context, "loss_watched", Name("mean_loss"), *arguments)[0]
        wanted = losses(x[:, 1:].astype(float) @ (scale * weight).T + scale * bias, y)
        _close(said, wanted, f"with {n} rows, mean_loss")


def dropout_off(context: Context) -> None:
    """All that measures a loss is in evaluation mode and records no gradients."""
    weight, bias = _layer(context)
    x, y = some_data(context, 14, 3, 0.2)[:2]
    for modes in ([True] * 5, [True, False, True, True, False], [False] * 5):
        arguments = [x, y, weight, bias, modes]
        _not_training(
            probe(context, "loss_watched", Name("mean_loss"), *arguments)[2],
            "mean_loss calls the net",
        )
    run = watch(context, some_data(context, 12, 17, 0.2), 0.3, 3, 4)
    log = [e for e in run.said["log"] if e["what"] == "call" and e["rows"].min() >= 1000]
    require(bool(log), "fit does not call the net on the validation data")
    _not_training(log, "the validation in fit calls the net")
    for said, wanted in zip(run.said["losses"], validation_losses(run), strict=True):
        _close(said, wanted, "a validation loss of fit")


def _not_training(log: list[Any], what: str) -> None:
    for entry in log:
        require(entry["mode"] == "eval", f"{what} with a part of it in training mode")
        require(not entry["recording"], f"{what} with gradients recorded")


def _close(said: Any, wanted: float, what: str) -> None:
    value = one_number(said, what)
    near = abs(value - wanted) <= 1e-4 * max(1.0, abs(wanted))
    require(near, f"{what} is {value:.6g}; the mean cross-entropy is {wanted:.6g}")


def best(context: Context) -> None:
    """The net ends with the weights of its best epoch, in evaluation mode."""
    for batch_size in (12, 4):
        run = watch(context, overfitting(context, 12, 0.5), 0.5, 12, batch_size)
        words = "the net does not end with the weights of its best epoch"
        require(bool(set(kept(run)) & set(lowest(run))), words)
        require(not any(run.said["modes"]), "the net does not end in evaluation mode")


def whole_state(context: Context) -> None:
    """All of the state is that of the best epoch; of equal epochs the earliest counts."""
    run = watch(context, overfitting(context, 12, 0.5), 0.5, 12, 4)
    wrong = min((wrong_buffers(run, number) for number in lowest(run)), key=len)
    require(not wrong, f"{', '.join(wrong)} of the net is not that of the best epoch")
    run = watch(context, some_data(context, 9, 8, 0.2), 0.0, 3, 9)
    require(wrong_buffers(run, 0) == [], "of equal losses the earliest does not count")


def any_losses(context: Context) -> None:
    """Losses that go up and down, that hardly change, that are huge; the best at either end."""
    runs = 0
    for attempt in range(40):
        run = watch(context, some_data(context, 12, 9, 0.5), 2.5, 8, 3)
        if zigzag(run):
            runs += 1
            _ends_best(run, "where the losses go up and down")
        if runs == 2 or attempt == 39:
            break
    for n_epochs, lr, scale in [
        (40, 0.02, 1.0),
        (6, 2e-4, 1.0),
        (6, 1e-5, 1.0),
        (3, 0.0, 3e3),
        (3, 0.05, 300.0),
        (5, 0.05, 1.0),
        (1, 0.1, 1.0),
    ]:
        for _ in range(12):
            run = watch(context, some_data(context, 10, 6, 0.5), lr, n_epochs, 5, scale=scale)
            found = validation_losses(run)
            if n_epochs != 6 or found[-1] < found[0]:  # a small improvement counts
                break
        require(len(run.said["losses"]) == n_epochs, "fit does not return a loss an epoch")
        for said, wanted in zip(run.said["losses"], found, strict=True):
            _close(said, wanted, "a validation loss of fit")
        _ends_best(run, f"with losses from {min(found):.6g} to {max(found):.6g}")


def _ends_best(run: Run, where: str) -> None:
    words = f"{where} in {len(run.epochs)} epochs, the net ends without the best one's weights"
    require(bool(set(kept(run)) & set(lowest(run))), words)


def last_batch(context: Context) -> None:
    """The last batch may be smaller, and the only one smaller than asked for."""
    for n, batch_size, n_epochs in [(13, 5, 3), (9, 20, 2), (7, 6, 2)]:
        data = some_data(context, n, 8, 0.2)
        for epoch in watch(context, data, 0.2, n_epochs, batch_size).epochs:
            _down_the_gradient(data, epoch)


def order(context: Context) -> None:
    """The generator alone decides the order, and the global one stays as it is."""
    data, seed = some_data(context, 24, 8, 0.2), context.seed()
    runs = [watch(context, data, 0.05, 2, 6, s) for s in (seed, seed, seed + 1)]
    orders = [
        [np.concatenate([call["rows"] for call, _ in epoch]).tolist() for epoch in run.epochs]
        for run in runs
    ]
    require(orders[0] == orders[1], "the order is not decided by the generator alone")
    require(orders[0] != orders[2], "another generator makes the same order")
    require(orders[0][0] != orders[0][1], "two epochs have the same order")
    untouched = all(run.said["untouched"] for run in runs)
    require(untouched, "PyTorch's global generator is used")


FIT = Task(
    "fit",
    [
        Criterion(0.75, "each epoch visits each row once and gives a loss", rows),
        Criterion(0.5, "batches that are smaller than asked for", last_batch),
        Criterion(1.25, "each step goes down its own batch's gradient", steps),
        Criterion(1.25, "every step is in training mode", dropout_on),
        Criterion(1, "losses are measured in evaluation mode", dropout_off),
        Criterion(0.5, "mean_loss is the mean over all rows", loss_value),
        Criterion(0.75, "at the end, the weights of the best epoch", best),
        Criterion(0.5, "all of the state; of equal epochs the earliest", whole_state),
        Criterion(0.5, "losses that go up and down, hardly change or are huge", any_losses),
        Criterion(0.25, "many rows, images, many epochs", many_rows),
        Criterion(0.5, "the generator alone decides the order", order),
        Criterion(0.25, "data, rate and modes stay; Python floats", nothing_changed),
    ],
    needs=("mean_loss", "fit"),
)
