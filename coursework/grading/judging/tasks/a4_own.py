"""Judges the class ``OwnDropout``: a layer with dice of its own that can be saved."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.chance import fault_across_calls, fault_in_one_call
from grading.judging.tails import alarm
from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    array_like,
    must_raise,
    require,
)
from grading.judging.tasks.a2_forward import FAR, away_from_zero, dropped_of, some_p, tolerance
from grading.judging.tasks.a4_tensors import TENSORS, Floats, probe
from grading.running.calls import Call, Name, Opaque, Probe
from grading.running.remote import LearnerError, is_array

__all__ = ["OWN"]

CALLS = 256

PROBES = (
    TENSORS
    + """
def forward(layer, x):
    return array(layer(torch.from_numpy(x)))
def many(layer, x, calls):
    return np.stack([array(layer(torch.from_numpy(x.copy()))).copy() for _ in range(calls)])
def switch(layer, mode):
    if mode in ("on", "off"):
        layer.training = mode == "on"
    else:
        getattr(layer, mode)()
def share(layer, p, calls):
    zeros = sum(int((layer(torch.ones(500, 400)) == 0).sum()) for _ in range(calls))
    return zeros, 200_000 * calls
def global_dice(seed):
    if seed:
        torch.manual_seed(seed)
    return torch.get_rng_state().numpy().copy()
def gradients(layer, x, w, calls):
    leaf = torch.from_numpy(x).requires_grad_()
    outs = [layer(leaf) for _ in range(calls)]
    loss = sum((torch.from_numpy(v) * out).sum() for v, out in zip(w, outs))
    loss.backward()
    return np.stack([array(out) for out in outs]), leaf.grad.numpy()
def restore(other, layer):
    other.load_state_dict(layer.state_dict())
def turned(layer, x):
    given = torch.from_numpy(x).T
    return array(layer(given)).copy(), array(given)
def copy_state(other, layer):
    import copy
    state = copy.deepcopy(layer.state_dict())
    layer(torch.ones(5))
    other.load_state_dict(state)
def in_the_net(layer, x, mode):
    torch.nn.Sequential(torch.nn.Identity(), torch.nn.ModuleList([layer])).train(mode)
    return array(layer(torch.from_numpy(x)))
def evaluated(layer, x):
    layer.eval()
    leaf = torch.from_numpy(x).requires_grad_()
    layer(leaf).sum().backward()
    layer.train()
    return leaf.grad.numpy()
def net_of(cls, ps, seeds):
    first, second = [cls(p, seed) for p, seed in zip(ps, seeds)]
    return torch.nn.Sequential(first, torch.nn.Sequential(torch.nn.ReLU(), second))
"""
)


def _layer(context: Context, p: float, seed: int) -> Any:
    made = context.call("OwnDropout", p, seed, keep=True).object
    assert isinstance(made, Opaque)
    return made


def _forward(context: Context, layer: Any, x: Floats, *, strict: bool = False) -> Floats:
    """Return the output for x; where strict, also its dtype and x afterwards must be right."""
    reply = context.worker.call(Call(Probe("forward"), [layer, x], echo=[1]))
    out = reply.value
    if strict:
        shape = f"with x of shape {x.shape} and dtype {x.dtype}"
        require(np.array_equal(reply.echo[0], x), f"{shape}, x was modified")
        return array_like(out, x, f"{shape}, the output")
    if is_array(out) and out.dtype.kind == "f":
        out = out.astype(x.dtype)
    return array_like(out, x, "the output")


def _masks(context: Context, layer: Any, x: Floats, p: float) -> NDArray[np.bool_]:
    return np.stack([dropped_of(_forward(context, layer, x), x, p) for _ in range(3)])


def training(context: Context) -> None:
    """Every element is dropped or x/(1 − p), as many as p says, in every shape and dtype."""
    context.worker.probe(PROBES)
    rng = context.rng
    for low, high in [(0.05, 0.1), (0.2, 0.4), (0.6, 0.7), (0.85, 0.92)]:
        p = some_p(rng, low, high)
        layer = _layer(context, p, context.seed())
        for shape in [(40, 30), (7, 200), (25, 24)]:
            x = away_from_zero(rng, shape, np.dtype("f4"))
            dropped = dropped_of(_forward(context, layer, x), x, p)
            share = dropped.mean()
            if abs(share - p) > FAR:
                raise Wrong(f"at p = {p:.2f} a share {share:.2f} of x is dropped")


def exactness(context: Context) -> None:
    """Survivors are x/(1 − p) up to rounding, in x's dtype, and x stays; p of 0."""
    context.worker.probe(PROBES)
    rng = context.rng
    for p in (0, 0.0, 1e-4, some_p(rng, 0.2, 0.4), some_p(rng, 0.85, 0.92)):
        layer = _layer(context, p, context.seed())
        for dtype in ("f4", "f8"):
            x = away_from_zero(rng, (20, 30), np.dtype(dtype))
            dropped_of(_forward(context, layer, x, strict=True), x, p, exact=True)
    _, given = probe(context, "turned", layer, x)
    require(np.array_equal(given, x.T), "with a transposed x, x was modified")
    probe(context, "switch", layer, "eval")
    for dtype in ("f4", "f8"):
        x = away_from_zero(rng, (6, 5), np.dtype(dtype))
        same = np.array_equal(_forward(context, layer, x, strict=True), x)
        require(same, f"in evaluation mode, with x of dtype {x.dtype}, the output is not x")


def any_shape(context: Context) -> None:
    """No dimensions, no elements, one and four dimensions, in both modes."""
    context.worker.probe(PROBES)
    rng, p = context.rng, some_p(context.rng, 0.3, 0.6)
    layer = _layer(context, p, context.seed())
    for shape in [(), (0,), (0, 4), (3, 0, 2), (1, 1), (1000,), (4, 5, 6, 7)]:
        for mode in ("train", "eval"):
            probe(context, "switch", layer, mode)
            x = away_from_zero(rng, shape, np.float32)
            try:
                out = _forward(context, layer, x)
            except LearnerError as error:
                raise Wrong(f"with x of shape {shape}, {error}") from error
            if mode == "train":
                dropped_of(out, x, p)
            else:
                require(np.array_equal(out, x), f"with x of shape {shape} eval() changes x")


def independence(context: Context) -> None:
    """Each element of each call is drawn by itself."""
    context.worker.probe(PROBES)
    p, x = some_p(context.rng, 0.3, 0.6), away_from_zero(context.rng, (4, 6), np.float32)
    layer = _layer(context, p, context.seed())
    stack = probe(context, "many", layer, x, CALLS)
    fault = fault_across_calls(np.asarray(stack) == 0, p)
    large = away_from_zero(context.rng, (120, 130), np.float32)
    fault = fault or fault_in_one_call(_forward(context, layer, large) == 0, p)
    require(fault is None, str(fault))
    for low, high in [(0.05, 0.1), (0.2, 0.4), (0.6, 0.7), (0.85, 0.92)]:
        p = some_p(context.rng, low, high)
        dropped = _forward(context, _layer(context, p, context.seed()), large) == 0
        words = f"the share of dropped elements is not p, at p = {p:.2f}"
        require(not alarm(dropped.sum(), dropped.size, p), words)


def any_rate(context: Context) -> None:
    """The share is p also where p is tiny, nearly 1, or just below a round number."""
    context.worker.probe(PROBES)
    whole = int(context.rng.integers(2, 9)) / 10
    for p in (0.0096, 2e-4, whole + 0.0096, whole - 0.0004, 0.9996):
        layer = _layer(context, p, context.seed())
        zeros, size = probe(context, "share", layer, p, 2)
        words = f"at p = {p:.5g}, {zeros} of {size} elements are dropped"
        require(not alarm(zeros, size, p), words)


def modes(context: Context) -> None:
    """Evaluation returns x and draws nothing, however the mode is set."""
    context.worker.probe(PROBES)
    p, seed = some_p(context.rng, 0.3, 0.6), context.seed()
    x = away_from_zero(context.rng, (8, 9), np.float32)
    layer, twin = _layer(context, p, seed), _layer(context, p, seed)
    first = _masks(context, layer, x, p)
    probe(context, "switch", layer, "eval")
    for _ in range(2):
        same = np.array_equal(_forward(context, layer, x), x)
        require(same, "in evaluation mode the output is not x")
    probe(context, "switch", layer, "train")
    second = _masks(context, layer, x, p)
    require(bool(second.any()), "train() does not switch dropout on again")
    expected = [_masks(context, twin, x, p) for _ in range(2)]
    # Where a seed does not decide the masks, `own_dice` says so.
    decided = np.array_equal(_masks(context, _layer(context, p, seed), x, p), first)
    moved = not np.array_equal([first, second], expected)
    require(not (decided and moved), "evaluation moves the dice")


def mode_of_the_module(context: Context) -> None:
    """The mode is `training`, be it set by hand or through a net around the layer."""
    context.worker.probe(PROBES)
    p, x = some_p(context.rng, 0.4, 0.6), away_from_zero(context.rng, (20, 20), np.float32)
    layer = _layer(context, p, context.seed())
    for mode in ("off", "on", "off", "train", "eval", "on"):
        probe(context, "switch", layer, mode)
        same = np.array_equal(_forward(context, layer, x), x)
        how = {"on": "layer.training = True", "off": "layer.training = False"}
        words = f"after {how.get(mode, mode + '()')} the layer is in the other mode"
        require(same == (mode in ("off", "eval")), words)
    for on in (False, True):
        same = np.array_equal(probe(context, "in_the_net", layer, x, on), x)
        require(same != on, f"net.train({on}) of a net around the layer does not switch it")


def refusals(context: Context) -> None:
    """Bad p is refused, and nothing else."""
    for good in (0, 0.0, 1e-300, 1 - 1e-12):
        _layer(context, good, 1)
    for bad in (1.0, 1, 1.5, 2, -0.1, -1, -1e-12, float("nan"), float("inf"), -float("inf")):
        words = f"p = {bad} is accepted, or refused with another error than ValueError"
        must_raise(partial(_layer, context, bad, 1), "ValueError", words)


def own_dice(context: Context) -> None:
    """The seed decides, and PyTorch's global generator does not come into it."""
    context.worker.probe(PROBES)
    p, seed = some_p(context.rng, 0.3, 0.6), context.seed()
    x = away_from_zero(context.rng, (8, 9), np.float32)
    before = probe(context, "global_dice", context.seed())
    layer = _layer(context, p, seed)
    twin = _layer(context, p, seed)
    pairs = []
    for _ in range(3):
        pairs.append([dropped_of(_forward(context, each, x), x, p) for each in (layer, twin)])
    after = probe(context, "global_dice", 0)
    require(np.array_equal(before, after), "PyTorch's global generator is changed")
    again = all(np.array_equal(one, other) for one, other in pairs)
    require(again, "two layers with one seed draw different masks")
    probe(context, "global_dice", context.seed())
    third = _masks(context, _layer(context, p, seed), x, p)
    require(np.array_equal(third[0], pairs[0][0]), "the seed alone does not decide the masks")
    other = _masks(context, _layer(context, p, seed + 1), x, p)
    require(not np.array_equal(other, third), "another seed draws the same masks")


def gradient(context: Context) -> None:
    """The gradient goes through each call's own mask."""
    context.worker.probe(PROBES)
    for calls, dtype in [(1, "f4"), (3, "f8"), (2, "f4")]:
        p = some_p(context.rng, 0.3, 0.6)
        layer = _layer(context, p, context.seed())
        x = away_from_zero(context.rng, (7, 9), np.dtype(dtype))
        w = away_from_zero(context.rng, (calls, 7, 9), np.dtype(dtype))
        outs, grad = probe(context, "gradients", layer, x, w, calls)
        kept = [~dropped_of(out, x, p) for out in outs]
        wanted = np.sum(w.astype(float) * kept / (1 - p), axis=0)
        got = array_like(grad, x, "the gradient")
        near = 10 * tolerance(x.dtype, p) * np.abs(w).sum(axis=0) / (1 - p)
        require(bool(np.all(np.abs(got - wanted) <= near)), "the gradient is not the right one")


def _same_from_here(context: Context, layer: Any, other: Any, x: Floats) -> None:
    ours = [_forward(context, layer, x) for _ in range(3)]
    theirs = [_forward(context, other, x) for _ in range(3)]
    words = "a restored layer does not go on where the saved one was"
    require(np.array_equal(ours, theirs), words)
    require(bool(np.any(ours[0] != ours[1])), "after it is saved, a layer repeats its mask")


def restored(context: Context) -> None:
    """The dice are in the state: alone, in a net, and more than once."""
    context.worker.probe(PROBES)
    p, q = some_p(context.rng, 0.3, 0.5), some_p(context.rng, 0.5, 0.6)
    x = away_from_zero(context.rng, (8, 9), np.float32)
    layer, other = (_layer(context, p, context.seed()) for _ in range(2))
    for n_calls in (2, 1):
        _masks(context, layer, x, p)
        for _ in range(n_calls):
            _forward(context, other, x)
        probe(context, "restore", other, layer)
        _same_from_here(context, layer, other, x)
    nets = []
    for _ in range(2):
        seeds = [context.seed(), context.seed()]
        call = Call(Probe("net_of"), [Name("OwnDropout"), [p, q], seeds], keep=True)
        nets.append(context.worker.call(call).object)
    positive = np.abs(x)
    _forward(context, nets[0], positive)
    probe(context, "restore", nets[1], nets[0])
    _same_from_here(context, nets[0], nets[1], positive)


def any_use(context: Context) -> None:
    """Shapes that change from call to call, any values of x, any seed."""
    context.worker.probe(PROBES)
    rng = context.rng
    for seed in (0, int(rng.integers(1, 100)), 2**40 + context.seed()):
        p = some_p(rng, 0.3, 0.6)
        layers = [_layer(context, p, seed), _layer(context, p, seed)]
        shapes = [(7,), (4, 5), (3, 2, 6), (1, 1, 3, 3), (4, 5), (60,)]
        ones = [np.ones(shape, np.float32) for shape in shapes]
        others = [away_from_zero(rng, shape, np.float32) for shape in shapes]
        first = [_forward(context, layers[0], x) for x in ones]
        second = [_forward(context, layers[1], x) for x in others]
        for shape, one, other in zip(shapes, first, second, strict=True):
            words = f"with x of shape {shape} in the middle, one seed draws different masks"
            require(np.array_equal(one == 0, other == 0), words)
    layer, x = _layer(context, 0.4, 5), away_from_zero(rng, (30, 20), np.float64)
    out, _ = probe(context, "turned", layer, x)
    dropped_of(np.ascontiguousarray(out), np.ascontiguousarray(x.T), 0.4)
    seed = context.seed()
    holes = np.where(rng.random((9, 9)) < 0.5, 0.0, x[:9, :9])
    for kind in ("holes", "all 0", "tiny"):
        given = {"holes": holes, "all 0": 0 * holes, "tiny": 1e-30 * x[:9, :9]}[kind]
        one, other = (_layer(context, 0.4, seed) for _ in range(2))
        zeros, full = _forward(context, one, given), _forward(context, other, x[:9, :9])
        require(bool(np.all(zeros[given == 0] == 0)), "where x is 0, the output is not 0")
        wrong = ((zeros == 0) != (full == 0)) & (given != 0)
        now, then = (_forward(context, each, x[:9, :9]) == 0 for each in (one, other))
        words = f"the values of x ({kind}) change the masks that one seed draws"
        require(not wrong.any() and np.array_equal(now, then), words)
    grad = probe(context, "evaluated", layer, x)
    require(np.array_equal(grad, np.ones_like(x)), "in evaluation mode the gradient is not 1")


def restored_in_turn(context: Context) -> None:
    """A state is restored from layer to layer, and from a copy that was made earlier."""
    context.worker.probe(PROBES)
    p, x = some_p(context.rng, 0.3, 0.5), away_from_zero(context.rng, (8, 9), np.float32)
    layers = [_layer(context, p, context.seed()) for _ in range(4)]
    _masks(context, layers[0], x, p)
    for before, after in [(0, 1), (1, 2), (2, 3), (3, 0)]:
        probe(context, "restore", layers[after], layers[before])
        _same_from_here(context, layers[before], layers[after], x)
    twin = _layer(context, p, context.seed())
    probe(context, "restore", twin, layers[0])
    probe(context, "copy_state", layers[1], layers[0])
    words = "a state that was saved does not bring back the dice of that time"
    first, second = (_forward(context, each, x) for each in (twin, layers[1]))
    require(np.array_equal(first, second), words)


OWN = Task(
    "own_dropout",
    [
        Criterion(1, "a share p is dropped, survivors are scaled", training),
        Criterion(0.5, "exact up to rounding, in x's dtype; x stays; p of 0", exactness),
        Criterion(0.5, "any shape", any_shape),
        Criterion(1, "each element of each call is drawn by itself", independence),
        Criterion(0.5, "any p: tiny, near 1, near round numbers", any_rate),
        Criterion(0.5, "evaluation returns x and draws nothing", modes),
        Criterion(0.25, "the mode is the module's training", mode_of_the_module),
        Criterion(0.5, "bad p is refused", refusals),
        Criterion(0.5, "the layer's own seed decides, and nothing else", own_dice),
        Criterion(0.5, "other shapes in between, any x, any seed", any_use),
        Criterion(1, "autograd goes through each call's own mask", gradient),
        Criterion(0.75, "the dice are saved and restored", restored),
        Criterion(0.5, "from layer to layer, and from a copy", restored_in_turn),
    ],
    needs=("OwnDropout",),
)
