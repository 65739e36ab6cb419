"""Judges what ``mean_loss`` measures and what ``fit`` keeps: losses, and the best epoch."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, one_number, require
from grading.judging.tasks.a4_fit_probe import PROBES
from grading.judging.tasks.a4_fit_runs import (
    N_CLASSES,
    N_FEATURES,
    N_MODULES,
    Run,
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
from grading.judging.words import brief
from grading.running.calls import Name

__all__ = [
    "MODES", "a_loss_an_epoch", "any_losses", "best", "dropout_off", "layer", "loss_value",
    "many_rows", "whole_state",
]  # fmt: skip

MODES = {
    "train": "in training mode",
    "eval": "in evaluation mode",
    "mixed": "with some modules in training and some in evaluation mode",
}


def layer(context: Context) -> tuple[Any, Any]:
    """Return the weight and the bias of a linear layer."""
    context.worker.probe(PROBES)
    weight = context.rng.normal(size=(N_CLASSES, N_FEATURES)).astype(np.float32)
    return weight, context.rng.normal(size=N_CLASSES).astype(np.float32)


def loss_value(context: Context) -> None:
    """The loss is the mean cross-entropy over all rows, be they one or a thousand."""
    weight, bias = layer(context)
    for n, scale in [(14, 1.0), (1, 1.0), (150, 1.0), (1030, 0.3), (20, 40.0)]:
        x, y = some_data(context, n, 3, 0.2)[:2]
        arguments = [x, y, scale * weight, scale * bias, [True] * N_MODULES]
        context.at(f"with {n} rows")
        said = probe(context, "loss_watched", Name("mean_loss"), *arguments)[0]
        wanted = losses(x[:, 1:].astype(float) @ (scale * weight).T + scale * bias, y)
        _close(said, wanted, "mean_loss")


def a_loss_an_epoch(run: Run, n_epochs: int) -> list[Any]:
    """Return the losses that fit returned; raise `Wrong` unless there is one an epoch."""
    said: list[Any] = run.said["losses"]
    require(
        isinstance(said, list), f"fit returns {brief(said)} where a list of losses is expected"
    )
    require(len(said) == n_epochs, f"fit returns {len(said)} losses, not {n_epochs}")
    return said


def _losses_right(run: Run) -> None:
    """Raise `Wrong` unless all losses are those of the weights after each epoch."""
    wanted = validation_losses(run)
    pairs = zip(a_loss_an_epoch(run, len(wanted)), wanted, strict=True)
    for number, (said, right) in enumerate(pairs, 1):
        _close(said, right, f"the validation loss of epoch {number} that fit returns")


def dropout_off(context: Context) -> None:
    """All that measures a loss is in evaluation mode and records no gradients."""
    weight, bias = layer(context)
    x, y = some_data(context, 14, 3, 0.2)[:2]
    mixed = [True, False, True, True, False, True]
    inside = [False, True, True, False, True, True]  # the net itself is not in training
    for modes in ([True] * N_MODULES, mixed, inside, [False] * N_MODULES):
        arguments = [x, y, weight, bias, modes]
        context.at(f"with a net of which {sum(modes)} of {N_MODULES} modules train before")
        log = probe(context, "loss_watched", Name("mean_loss"), *arguments)[2]
        _not_training(log, "mean_loss calls the net")
    run = watch(context, some_data(context, 12, 17, 0.2), 0.3, 3, 4)
    log = [e for e in run.said["log"] if e["what"] == "call" and e["rows"].min() >= 1000]
    words = "fit never calls the net on the validation data, where it has to after each epoch"
    require(bool(log), words)
    _not_training(log, "for the validation loss fit calls the net")
    _losses_right(run)


def _not_training(log: list[Any], what: str) -> None:
    for entry in log:
        words = f"{what} {MODES[entry['mode']]}, not in evaluation mode"
        require(entry["mode"] == "eval", words)
        words = f"{what} while torch.is_grad_enabled() is True, where it has to be False"
        require(not entry["recording"], words)


def _close(said: Any, wanted: float, what: str) -> None:
    value = one_number(said, what)
    near = abs(value - wanted) <= 1e-4 * max(1.0, abs(wanted))
    require(near, f"{what} is {value:.6g} where the mean cross-entropy is {wanted:.6g}")


def best(context: Context) -> None:
    """The net ends with the weights of its best epoch, in evaluation mode."""
    for batch_size in (12, 4):
        run = watch(context, overfitting(context, 12, 0.5), 0.5, 12, batch_size)
        _ends_best(run, "")
        on = sum(run.said["modes"])
        words = (
            f"at the end {on} of {len(run.said['modes'])} modules are in training mode, not 0"
        )
        require(not on, words)


def _ends_best(run: Run, where: str) -> None:
    found, wanted = kept(run), lowest(run)
    ends = f"those of epoch {found[0] + 1}" if found else "those of no epoch"
    words = f"{where}the net ends with other weights than those of its best epoch: {ends}"
    require(bool(set(found) & set(wanted)), f"{words}, not those of epoch {wanted[0] + 1}")
    said = run.said["losses"]  # of losses that float32 cannot tell apart, those that it returns
    if isinstance(said, list) and all(isinstance(loss, float) for loss in said):
        number = int(np.argmin(said))
        ends = (
            f"{ends}, not those of epoch {number + 1}, whose loss is the lowest that it returns"
        )
        require(number in found, f"{where}the net ends with other weights: {ends}")


def whole_state(context: Context) -> None:
    """All of the state is that of the best epoch; of equal epochs the earliest counts."""
    run = watch(context, overfitting(context, 12, 0.5), 0.5, 12, 4)
    wrong = min((wrong_buffers(run, number) for number in lowest(run)), key=len)
    number = min(lowest(run)) + 1
    words = f"where that of the best epoch, epoch {number}, is expected"
    require(not wrong, f"{' and '.join(wrong)} of the net is that of another time, {words}")
    run = watch(context, some_data(context, 9, 8, 0.2), 0.0, 3, 9)
    wrong = wrong_buffers(run, 0)
    words = f"where all losses are equal, {' and '.join(wrong)}: not that of the first epoch"
    require(not wrong, f"{words}, but of a later one")


def any_losses(context: Context) -> None:
    """Losses that go up and down, that hardly change, that are huge; the best at either end."""
    runs = 0
    for attempt in range(40):
        run = watch(context, some_data(context, 12, 9, 0.5), 2.5, 8, 3)
        if zigzag(run):
            runs += 1
            _ends_best(run, "where the losses go up and down, ")
        if runs == 2 or attempt == 39:
            break
    for n_epochs, lr, scale in [
        (40, 0.02, 1.0),
        (6, 2e-4, 1.0),
        (6, 1e-5, 1.0),
        (6, 2e-7, 1.0),
        (6, 3e-7, 1.0),
        (6, 4e-7, 1.0),
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
        _losses_right(run)
        _ends_best(run, f"where losses go from {min(found):.6g} to {max(found):.6g}, ")


FROZEN = """
def frozen(fit, x, y, seed):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(7, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3))
    net[0].requires_grad_(False)
    before = [array(value).copy() for value in net.parameters()]
    data = torch.from_numpy(x), torch.from_numpy(y)
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    fit(net, sgd, data, data, 2, 4, torch.Generator())
    return [not np.array_equal(old, array(now)) for old, now in zip(before, net.parameters())]
"""


def _part_is_frozen(context: Context) -> None:
    """Train a net whose first layer stays as it is, as that of a pretrained net may."""
    context.worker.probe(PROBES + FROZEN)
    x, y = some_data(context, 12, 1, 0.2)[:2]
    context.at("with a net whose first layer has requires_grad = False")
    moved = probe(context, "frozen", Name("fit"), x / 10, y, context.seed())
    words = f"of its four parameters {moved} have changed, not the last two alone"
    require(moved == [False, False, True, True], words)


def many_rows(context: Context) -> None:
    """The same with many rows, with images, in many epochs, also where nothing improves."""
    for n, n_new, batch_size, n_epochs, shape, lr in [
        (130, 170, 32, 2, None, 0.1),
        (300, 1, 300, 1, None, 0.1),
        (10, 6, 5, 2, (1, 7, 1), 0.1),
        (4, 3, 4, 45, None, 0.0),
        (4, 3, 4, 110, None, 0.003),
    ]:
        data = some_data(context, n, n_new, 0.2)
        run = watch(context, data, lr, n_epochs, batch_size, shape=shape)
        context.at(f"{context.where}, with {n_new} rows for validation")
        _losses_right(run)
        _ends_best(run, "")
    _part_is_frozen(context)
