"""Judges the class ``OwnDropout``: a layer with dice of its own that can be saved."""

from __future__ import annotations

import contextlib
import itertools
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
    alike,
    array_like,
    must_raise,
    require,
)
from grading.judging.tasks.a2_forward import (
    FAR,
    away_from_zero,
    dropped_of,
    sizes,
    some_p,
    tolerance,
)
from grading.judging.tasks.a4_tensors import TENSORS, Floats, probe
from grading.judging.words import shape_of
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
def unrecorded(layer, x):
    with torch.no_grad():
        return array(layer(torch.from_numpy(x)))
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
    layer.eval()  # what is recorded stays recorded, whatever comes before backward()
    layer(leaf)
    loss.backward()
    layer.train()
    return np.stack([array(out) for out in outs]), leaf.grad.numpy()
def masks_of(cls, p, seeds):
    return np.stack([array(cls(p, seed)(torch.ones(8, 9))) == 0 for seed in seeds])
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
def one_state_for_two(layer, one, other):
    state, ones = layer.state_dict(), torch.ones(8, 9)
    masks = []
    for each in (one, other, one):
        each.load_state_dict(state)
        masks.append(array(each(ones)) == 0)
    return np.stack([*masks, array(layer(ones)) == 0])
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
    context.at(f"with OwnDropout({p:.6g}, {seed})")
    made = context.call("OwnDropout", p, seed, keep=True).object
    assert isinstance(made, Opaque)
    return made


def _forward(context: Context, layer: Any, x: Floats, *, strict: bool = False) -> Floats:
    """Return the output for x; where strict, also its dtype and x afterwards must be right."""
    context.at(f"{context.where.split(' and x of ')[0]} and x of {shape_of(x)}")
    reply = context.worker.call(Call(Probe("forward"), [layer, x], echo=[1]))
    out = reply.value
    if strict:
        alike(reply.echo[0], x, "x was modified: afterwards x")
        return array_like(out, x, "the output")
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
                raise Wrong(f"a share {share:.2f} of x is dropped where {p:.2f} is expected")


def exactness(context: Context) -> None:
    """Survivors are x/(1 − p) up to rounding, in x's dtype, and x stays; p of 0."""
    context.worker.probe(PROBES)
    rng = context.rng
    for p in (0, 0.0, 1e-4, some_p(rng, 0.2, 0.4), some_p(rng, 0.85, 0.92)):
        layer = _layer(context, p, context.seed())
        for dtype in ("f4", "f8"):
            x = away_from_zero(rng, (20, 30), np.dtype(dtype))
            dropped_of(_forward(context, layer, x, strict=True), x, p, exact=True)
        for factor, dtype in sizes(rng):
            x = (factor * away_from_zero(rng, (6, 9))).astype(dtype)
            dropped_of(_forward(context, layer, x, strict=True), x, p, exact=True)
    _, given = probe(context, "turned", layer, x)
    alike(np.asarray(given), x.T, "where x is transposed, x was modified: afterwards x")
    probe(context, "switch", layer, "eval")
    for dtype in ("f4", "f8"):
        x = away_from_zero(rng, (6, 5), np.dtype(dtype))
        out = _forward(context, layer, x, strict=True)
        alike(out, x, "in evaluation mode the output is not x: output")


def any_shape(context: Context) -> None:
    """No dimensions, no elements, one and four dimensions, in both modes."""
    context.worker.probe(PROBES)
    rng, p = context.rng, some_p(context.rng, 0.3, 0.6)
    layer = _layer(context, p, context.seed())
    for shape in [(), (0,), (0, 4), (3, 0, 2), (1, 1), (1000,), (4, 5, 6, 7), (3, 2, 5)]:
        for mode, dtype in itertools.product(("train", "eval"), (np.float32, np.float64)):
            probe(context, "switch", layer, mode)
            x = away_from_zero(rng, shape, dtype)
            out = _forward(context, layer, x, strict=dtype is np.float32)
            if mode == "train":
                dropped_of(out, x, p)
            else:
                alike(out, x, "in evaluation mode the output is not x: output")


def independence(context: Context) -> None:
    """Each element of each call is drawn by itself."""
    context.worker.probe(PROBES)
    rng = context.rng
    deep = tuple(rng.permutation([2, 3, *rng.integers(1, 3, 3)]).tolist())
    for shape, dtype in [
        ((4, 6), "f4"), ((3, 7), "f8"), ((2, 2, 3, 2), "f4"), ((2, 3, 2, 2), "f8"),
        ((4, 2, 3), "f4"), ((), "f4"), ((1,), "f8"), ((2,), "f4"), ((3, 1), "f4"),
        (deep, "f4"), ((30,), "f4"),
    ]:  # fmt: skip
        p, x = some_p(rng, *((0.8, 0.9) if len(shape) < 2 else (0.3, 0.6))), np.ones(shape)
        if rng.random() < 0.5:
            x = away_from_zero(rng, shape)
        x = np.asarray(x, dtype=dtype)
        layer = _layer(context, p, context.seed())
        calls = CALLS if x.size > 1 else 4 * CALLS
        context.at(f"in {calls} calls, with p = {p:.4g} and x of {shape_of(x)}")
        stack = probe(context, "many", layer, x, calls)
        fault = fault_across_calls(np.asarray(stack) == 0, p)
        require(fault is None, str(fault))
    large = away_from_zero(context.rng, (120, 130), np.float32)
    context.at(f"in one call, with p = {p:.4g}")
    fault = fault_in_one_call(_forward(context, layer, large) == 0, p)
    require(fault is None, str(fault))
    for low, high in [(0.05, 0.1), (0.2, 0.4), (0.6, 0.7), (0.85, 0.92)]:
        p = some_p(context.rng, low, high)
        dropped = _forward(context, _layer(context, p, context.seed()), large) == 0
        seen = alarm(dropped.sum(), dropped.size, p, unit="elements")
        require(not seen, f"the share of dropped elements is not p: {seen}")


def any_rate(context: Context) -> None:
    """The share is p also where p is tiny, nearly 1, or just below a round number."""
    context.worker.probe(PROBES)
    whole = int(context.rng.integers(2, 9)) / 10
    for p in (0.0096, 2e-4, whole + 0.0096, whole - 0.0004, 0.9996):
        layer = _layer(context, p, context.seed())
        zeros, size = probe(context, "share", layer, p, 2)
        context.at(f"in two calls with p = {p:.5g} and x of shape (500, 400)")
        seen = alarm(zeros, size, p, unit="elements")
        require(not seen, f"the share of dropped elements is not p: {seen}")


def modes(context: Context) -> None:
    """Evaluation returns x and draws nothing, however the mode is set."""
    context.worker.probe(PROBES)
    p, seed = some_p(context.rng, 0.3, 0.6), context.seed()
    x = away_from_zero(context.rng, (8, 9), np.float32)
    layer, twin = _layer(context, p, seed), _layer(context, p, seed)
    first = _masks(context, layer, x, p)
    probe(context, "switch", layer, "eval")
    for _ in range(2):
        out = _forward(context, layer, x)
        alike(out, x, "in evaluation mode the output is not x: output")
    probe(context, "switch", layer, "train")
    second = _masks(context, layer, x, p)
    words = f"after eval() and train(), none of {second.size} elements is dropped"
    words = f"{words}, where a share p is expected"
    require(bool(second.any()), words)
    expected = [_masks(context, twin, x, p) for _ in range(2)]
    # Where a seed does not decide the masks, `own_dice` says so.
    decided = np.array_equal(_masks(context, _layer(context, p, seed), x, p), first)
    moved = int(np.sum(np.array([first, second]) != np.array(expected)))
    words = "calls in evaluation mode move the dice: of the masks that come after them,"
    words = f"{words} {moved} of {2 * first.size} elements differ from those without, not 0"
    require(not (decided and moved), words)
    out = probe(context, "unrecorded", layer, x)
    words = "in training mode, under torch.no_grad(), nothing is dropped, not a share p"
    require(bool((out == 0).any()), words)


def mode_of_the_module(context: Context) -> None:
    """The mode is `training`, be it set by hand or through a net around the layer."""
    context.worker.probe(PROBES)
    p, x = some_p(context.rng, 0.4, 0.6), away_from_zero(context.rng, (20, 20), np.float32)
    layer = _layer(context, p, context.seed())
    for mode in ("off", "on", "off", "train", "eval", "on"):
        probe(context, "switch", layer, mode)
        same = np.array_equal(_forward(context, layer, x), x)
        how = {"on": "layer.training = True", "off": "layer.training = False"}
        words = f"after {how.get(mode, mode + '()')} the output is {'' if same else 'not '}x"
        require(same == (mode in ("off", "eval")), f"{words}, as in the other mode")
    for on in (False, True):
        same = np.array_equal(probe(context, "in_the_net", layer, x, on), x)
        words = (
            f"after net.train({on}) of a net around it the output is {'' if same else 'not '}x"
        )
        require(same != on, f"{words}, as in the other mode")


def refusals(context: Context) -> None:
    """Bad p is refused, and nothing else."""
    for good in (0, 0.0, 1e-300, 1 - 1e-12):
        _layer(context, good, 1)
    for bad in (1.0, 1, 1.5, 2, -0.1, -1, -1e-12, float("nan"), float("inf"), -float("inf")):
        must_raise(partial(_layer, context, bad, 1), "ValueError", "it")


def own_dice(context: Context) -> None:
    """The seed decides, and PyTorch's global generator does not come into it."""
    context.worker.probe(PROBES)
    p, seed = some_p(context.rng, 0.3, 0.6), context.seed()
    x = away_from_zero(context.rng, (8, 9), np.float32)
    before = probe(context, "global_dice", context.seed())
    layer = _layer(context, p, seed)
    twin = _layer(context, p, seed)
    pairs = []
    for given in (x, x.astype(float), x):
        masks = [dropped_of(_forward(context, each, given), given, p) for each in (layer, twin)]
        pairs.append(masks)
    _evaluate_and_restore(context, twin, layer, x)
    _forward(context, _layer(context, 0.0, seed), x)
    after = probe(context, "global_dice", 0)
    context.at(
        f"with p = {p:.4g}, after two new layers, calls in both modes and a restored state"
    )
    words = "PyTorch's global generator is in another state"
    require(np.array_equal(before, after), f"{words} than before")
    for one, other in pairs:
        _same_masks(one, other, "two layers with one seed draw different masks")
    probe(context, "global_dice", context.seed())
    third = _masks(context, _layer(context, p, seed), x, p)
    words = "after torch.manual_seed the same seed draws other masks"
    _same_masks(third[0], pairs[0][0], words)
    other = _masks(context, _layer(context, p, seed + 1), x, p)
    words = (
        f"seed {seed + 1} draws the masks of seed {seed}: of {other.size} elements none differs"
    )
    require(not np.array_equal(other, third), f"{words}, where many are expected to")
    _other_seeds(context, p)


def _other_seeds(context: Context, p: float) -> None:
    """Raise `Wrong` where two of many seeds, near each other or far, draw the same masks."""
    seed, steps = (
        context.seed(),
        [1, 2, *(10**k for k in range(2, 8)), *(2**k for k in range(4, 30))],
    )
    seeds = [
        seed,
        *(seed + step for step in steps),
        *context.rng.integers(10**6, size=30).tolist(),
    ]
    masks = probe(context, "masks_of", Name("OwnDropout"), p, sorted(set(seeds)))
    found: dict[bytes, int] = {}
    for now, mask in zip(sorted(set(seeds)), np.asarray(masks), strict=True):
        before = found.setdefault(mask.tobytes(), now)
        context.at(f"with p = {p:.4g} and seeds {before} and {now}")
        words = f"both draw one mask: of {mask.size} elements none differs"
        require(before == now, f"{words}, where many are expected to")


def _evaluate_and_restore(context: Context, layer: Any, other: Any, x: Floats) -> None:
    """Do what may touch the global dice; what fails costs points where it is asked for."""
    with contextlib.suppress(LearnerError, Wrong):
        probe(context, "switch", layer, "eval")
        _forward(context, layer, x)
        probe(context, "switch", layer, "train")
        probe(context, "restore", layer, other)


def _same_masks(one: NDArray[np.bool_], other: NDArray[np.bool_], words: str) -> None:
    """Raise `Wrong`, with their number, where elements have another fate in two masks."""
    apart = int(np.sum(one != other))
    require(apart == 0, f"{words}: {apart} of {one.size} elements differ, not 0")


def gradient(context: Context) -> None:
    """The gradient goes through each call's own mask."""
    context.worker.probe(PROBES)
    for calls, dtype in [(1, "f4"), (3, "f8"), (2, "f4")]:
        p = some_p(context.rng, 0.3, 0.6)
        layer = _layer(context, p, context.seed())
        x = away_from_zero(context.rng, (7, 9), np.dtype(dtype))
        context.at(f"with p = {p:.4g}, x of {shape_of(x)} and {calls} calls before backward()")
        w = away_from_zero(context.rng, (calls, 7, 9), np.dtype(dtype))
        outs, grad = probe(context, "gradients", layer, x, w, calls)
        kept = [~dropped_of(out, x, p) for out in outs]
        wanted = np.sum(w.astype(float) * kept / (1 - p), axis=0)
        got = array_like(grad, x, "the gradient")
        near = 10 * tolerance(x.dtype, p) * np.abs(w).sum(axis=0) / (1 - p)
        words = "the gradient is not the sum of w · mask / (1 − p) over the calls: x.grad"
        alike(got, wanted, words, np.abs(got - wanted) <= near)
    gradient_at_zero(context)


def gradient_at_zero(context: Context) -> None:
    """A kept element gets its gradient also where x is 0."""
    seed, p = context.seed(), some_p(context.rng, 0.3, 0.6)
    ones = np.ones((7, 9), np.float32)
    x = (ones * (context.rng.random(ones.shape) < 0.5)).astype(np.float32)
    for given in (x, 0 * x):
        kept = np.asarray(probe(context, "many", _layer(context, p, seed), ones, 1))[0] != 0
        layer = _layer(context, p, seed)
        context.at(f"with p = {p:.4g} and x of {shape_of(x)}, where some of x is 0")
        outs, grad = probe(context, "gradients", layer, given, ones[None], 1)
        if not np.array_equal(np.asarray(outs)[0] != 0, kept & (given != 0)):
            return  # a seed does not decide the mask, which costs points elsewhere
        wanted = kept / (1 - p)
        words = "the gradient is not that through the mask: x.grad"
        close = np.isclose(grad, wanted, rtol=1e-4, atol=0)
        alike(array_like(grad, x, "the gradient"), wanted, words, close)


def _same_from_here(context: Context, layer: Any, other: Any, x: Floats) -> None:
    ours = np.stack([_forward(context, layer, x) for _ in range(3)])
    theirs = np.stack([_forward(context, other, x) for _ in range(3)])
    context.at("after other.load_state_dict(layer.state_dict()), in three calls of each")
    words = "other does not draw the masks that layer draws"
    _same_masks(ours == 0, theirs == 0, words)
    alike(theirs, ours, "the outputs of the two differ: output")
    words = "after its state is saved, a layer repeats its mask, where each call draws anew"
    require(bool(np.any(ours[0] != ours[1])), words)


def restored(context: Context) -> None:
    """The dice are in the state: alone, in a net, and more than once."""
    context.worker.probe(PROBES)
    p, q = some_p(context.rng, 0.3, 0.5), some_p(context.rng, 0.5, 0.6)
    x = away_from_zero(context.rng, (8, 9), np.float32)
    layer, other = (_layer(context, p, context.seed()) for _ in range(2))
    for n_calls, dtype in ((2, "f4"), (1, "f8")):
        x = x.astype(dtype)
        _masks(context, layer, x, p)
        for _ in range(n_calls):
            _forward(context, other, x)
        probe(context, "restore", other, layer)
        _same_from_here(context, layer, other, x)
    x = x.astype("f4")
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
            context.at(f"with seed {seed}, in calls with x of shapes {shapes}")
            words = f"two layers with one seed draw different masks for shape {shape}"
            _same_masks(one == 0, other == 0, words)
    layer, x = _layer(context, 0.4, 5), away_from_zero(rng, (30, 20), np.float64)
    out, _ = probe(context, "turned", layer, x)
    dropped_of(np.ascontiguousarray(out), np.ascontiguousarray(x.T), 0.4)
    seed = context.seed()
    one, other = (_layer(context, 0.4, seed) for _ in range(2))
    for _ in range(2):
        out, _ = probe(context, "turned", one, x)
        straight = _forward(context, other, np.ascontiguousarray(x.T))
        words = "two layers with one seed draw different masks where x is transposed in memory"
        _same_masks(np.asarray(out) == 0, straight == 0, words)
    holes = np.where(rng.random((9, 9)) < 0.5, 0.0, x[:9, :9])
    for kind, given in [
        ("0 here and there", holes), ("0 everywhere", 0 * holes), ("tiny", 1e-30 * x[:9, :9]),
    ]:  # fmt: skip
        one, other = (_layer(context, 0.4, seed) for _ in range(2))
        zeros, full = _forward(context, one, given), _forward(context, other, x[:9, :9])
        alike(zeros, 0 * zeros, "where x is 0: output", (given != 0) | (zeros == 0))
        now, then = (_forward(context, each, x[:9, :9]) == 0 for each in (one, other))
        words = f"where x is {kind}, one seed draws another mask"
        seen = given != 0
        _same_masks((zeros == 0)[seen], (full == 0)[seen], words)
        _same_masks(now, then, f"{words} in the call after that")
    grad = probe(context, "evaluated", layer, x)
    context.at("in evaluation mode, after layer(x).sum().backward()")
    alike(np.asarray(grad), np.ones_like(x), "x.grad")


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
    words = (
        "a copy of a state, loaded after a further call, does not bring back the dice of then"
    )
    first, second = (_forward(context, each, x) == 0 for each in (twin, layers[1]))
    context.at("with a copy of layer.state_dict()")
    _same_masks(first, second, words)
    masks = probe(context, "one_state_for_two", *layers[:3])
    context.at("with one state_dict() that is loaded three times, a call after each")
    for mask in masks[:3]:
        _same_masks(mask, masks[3], "the layer does not draw what the saved one draws next")


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
