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

__all__ = ["OWN"]

CALLS = 256

PROBES = (
    TENSORS
    + """
def forward(layer, x):
    return array(layer(torch.from_numpy(x)))
def many(layer, x, calls):
    return np.stack([array(layer(torch.from_numpy(x))).copy() for _ in range(calls)])
def switch(layer, mode):
    getattr(layer, mode)()
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


def _forward(context: Context, layer: Any, x: Floats) -> Floats:
    reply = context.worker.call(Call(Probe("forward"), [layer, x], echo=[1]))
    require(np.array_equal(reply.echo[0], x), "x was modified")
    return array_like(reply.value, x, "the output")


def _masks(context: Context, layer: Any, x: Floats, p: float) -> NDArray[np.bool_]:
    return np.stack([dropped_of(_forward(context, layer, x), x, p) for _ in range(3)])


def training(context: Context) -> None:
    """Every element is dropped or x/(1 − p), as many as p says, in every shape and dtype."""
    context.worker.probe(PROBES)
    rng = context.rng
    for low, high in [(0.05, 0.1), (0.2, 0.4), (0.6, 0.7), (0.85, 0.92)]:
        p = some_p(rng, low, high)
        layer = _layer(context, p, context.seed())
        for shape, dtype in [((40, 30), "f4"), ((1000,), "f8"), ((4, 5, 6, 7), "f4")]:
            x = away_from_zero(rng, shape, np.dtype(dtype))
            dropped = dropped_of(_forward(context, layer, x), x, p)
            if abs(dropped.mean() - p) > FAR:
                raise Wrong(f"the share of dropped elements is far from p, at p = {p:.2f}")


def exactness(context: Context) -> None:
    """Survivors are x/(1 − p) up to rounding; p of 0, no dimensions, no elements."""
    context.worker.probe(PROBES)
    rng = context.rng
    for p in (0, 0.0, 1e-4, some_p(rng, 0.2, 0.4), some_p(rng, 0.85, 0.92)):
        layer = _layer(context, p, context.seed())
        for shape in [(), (0,), (3, 0, 2), (1, 1), (20, 30)]:
            for dtype in ("f4", "f8"):
                x = away_from_zero(rng, shape, np.dtype(dtype))
                dropped_of(_forward(context, layer, x), x, p, exact=True)


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


def modes(context: Context) -> None:
    """Evaluation returns x and draws nothing; bad p is refused."""
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
    require(np.array_equal([first, second], expected), "evaluation moves the dice")
    _layer(context, 1 - 1e-12, 1)
    for bad in (1.0, 1.5, -0.1, -1e-12, float("nan"), float("inf"), -float("inf")):
        words = f"p = {bad} is accepted, or refused with another error"
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
        shapes = [(7,), (4, 5), (), (3, 2, 6), (1, 1, 3, 3), (4, 5), (0, 4), (60,)]
        ones = [np.ones(shape, np.float32) for shape in shapes]
        others = [away_from_zero(rng, shape, np.float32) for shape in shapes]
        first = [_forward(context, layers[0], x) for x in ones]
        second = [_forward(context, layers[1], x) for x in others]
        for shape, one, other in zip(shapes, first, second, strict=True):
            words = f"with x of shape {shape} in the middle, one seed draws different masks"
            require(np.array_equal(one == 0, other == 0), words)
    layer, x = _layer(context, 0.4, 5), away_from_zero(rng, (30, 20), np.float64)
    out, given = probe(context, "turned", layer, x)
    dropped_of(np.ascontiguousarray(out), np.ascontiguousarray(x.T), 0.4)
    require(np.array_equal(given, x.T), "x was modified")
    holes = np.where(rng.random((9, 9)) < 0.5, 0.0, x[:9, :9])
    zeros = _forward(context, layer, holes)
    require(bool(np.all(zeros[holes == 0] == 0)), "where x is 0, the output is not 0")
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
        Criterion(1.5, "a share p is dropped, survivors are scaled", training),
        Criterion(0.5, "exact up to rounding; p of 0, any shape", exactness),
        Criterion(1, "each element of each call is drawn by itself", independence),
        Criterion(1, "evaluation draws nothing; bad p is refused", modes),
        Criterion(0.5, "the layer's own seed decides, and nothing else", own_dice),
        Criterion(0.5, "other shapes in between, any x, any seed", any_use),
        Criterion(1.5, "autograd goes through each call's own mask", gradient),
        Criterion(1, "the dice are saved and restored", restored),
        Criterion(0.5, "from layer to layer, and from a copy", restored_in_turn),
    ],
    needs=("OwnDropout",),
)
