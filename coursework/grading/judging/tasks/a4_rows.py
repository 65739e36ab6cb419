"""Judges ``limit_rows(net, c)``, max-norm by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, one_number, require
from grading.judging.tasks.a4_tensors import TENSORS, Floats, probe
from grading.running.calls import Name

__all__ = ["ROWS"]

PROBES = (
    TENSORS
    + """
def limit_watched(limit_rows, weights, others, c):
    nn = torch.nn
    inner = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Linear(6, 6), nn.Dropout(0.5)))
    net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), inner, nn.Linear(6, 5))
    net.append(nn.Embedding(3, 5)).append(nn.Conv1d(2, 3, 2)).append(nn.LayerNorm(5))
    linear = [m for m in net.modules() if isinstance(m, nn.Linear)]
    linear[1].weight.requires_grad_(False)
    limited = [layer.weight for layer in linear]
    known = set(map(id, limited))
    rest = [v for v in [*net.parameters(), *net.buffers()] if id(v) not in known]
    with torch.no_grad():
        for value, new in zip(limited, weights):
            value.copy_(torch.from_numpy(new))
        for value in rest:
            if value.is_floating_point():
                value.fill_(others)
    for value in net.parameters():
        if value.requires_grad:
            value.grad = torch.full_like(value, 2.0)
    before = [(id(v), v.data_ptr(), v.requires_grad) for v in net.parameters()]
    count = limit_rows(net, c)
    after = [(id(v), v.data_ptr(), v.requires_grad) for v in net.parameters()]
    leaves = all(v.is_leaf for v in net.parameters())
    grads = all(v.grad is not None and bool((v.grad == 2).all())
                for v in net.parameters() if v.requires_grad)
    kept = all(bool((v == others).all()) for v in rest if v.is_floating_point())
    return {"count": count, "weights": [array(layer.weight).copy() for layer in linear],
            "same": before == after, "leaves": leaves, "grads": grads, "others": kept}
"""
)


OTHER_NETS = (
    TENSORS
    + """
class Capped(torch.nn.Linear):
    pass
class Own(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.first, self.parts = layers[0], torch.nn.ModuleList(layers[1:3])
        self.named = torch.nn.ModuleDict({"last": torch.nn.ModuleList(layers[3:])})
        self.again = self.first
        self.pair = torch.nn.Bilinear(3, 3, 2)
def limit_other(limit_rows, weights, c, kind, dtype):
    layers = []
    for number, new in enumerate(weights):
        cls = Capped if number == 1 else torch.nn.Linear
        layer = cls(new.shape[1], new.shape[0], bias=number != 2, dtype=getattr(torch, dtype))
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(new))
        layers.append(layer)
    net = layers[0] if kind == "linear" else Own(layers)
    layers = layers[:1] if kind == "linear" else layers
    net.eval()
    pair = array(net.pair.weight).copy() if kind == "own" else None
    count = limit_rows(net, c)
    same = pair is None or bool((array(net.pair.weight) == pair).all())
    grads = all(v.grad is None and v.requires_grad for v in net.parameters())
    return {"count": count, "weights": [array(l.weight).copy() for l in layers], "pair": same,
            "grads": grads, "mode": torch.is_grad_enabled(), "modes": get_modes(net)}
"""
)


@dataclass
class Outcome:
    """What became of some weights."""

    c: float
    before: list[Floats]
    said: dict[str, Any]


def _limit(context: Context) -> Outcome:
    """Let the learner limit rows of all lengths; a third are clearly longer than c."""
    context.worker.probe(PROBES)
    rng, c = context.rng, float(context.rng.uniform(0.5, 3))
    weights = []
    for shape in [(6, 4), (6, 6), (5, 6)]:
        rows = rng.normal(size=shape)
        kinds = np.resize([1.5, 0.7, 0.95, 4.0, 0.05, 0.0], shape[0])
        factors = rng.permutation(kinds * rng.uniform(0.98, 1.02, shape[0]))
        lengths = np.linalg.norm(rows, axis=1)
        weights.append((rows * (c * factors / lengths)[:, None]).astype(np.float32))
    said = probe(context, "limit_watched", Name("limit_rows"), weights, 4 * c, c)
    return Outcome(c, weights, said)


def long_rows(context: Context) -> None:
    """Rows that are longer than c have length c afterwards, and their direction."""
    for _ in range(3):
        outcome = _limit(context)
        for before, after in zip(outcome.before, outcome.said["weights"], strict=True):
            length = np.linalg.norm(before, axis=1, keepdims=True)
            wanted = np.where(
                length > outcome.c, before * outcome.c / np.maximum(length, 1e-9), before
            )
            long = length[:, 0] > outcome.c
            close = np.allclose(after[long], wanted[long], rtol=1e-4, atol=1e-6)
            require(close, "a row that is longer than c is not scaled to length c")


def the_rest(context: Context) -> None:
    """Everything else keeps its values: short rows up to rounding."""
    outcome = _limit(context)
    for before, after in zip(outcome.before, outcome.said["weights"], strict=True):
        short = np.linalg.norm(before, axis=1) < outcome.c
        same = np.allclose(after[short], before[short], rtol=2e-6, atol=0)
        require(same, "a row that is not longer than c is changed")
    require(outcome.said["others"] is True, "a bias or another kind of layer is changed")


def in_place(context: Context) -> None:
    """The parameters are the same objects, and autograd knows of nothing."""
    said = _limit(context).said
    require(said["same"] is True, "the parameters are not the same objects in the same memory")
    require(said["leaves"] is True, "the change is recorded for autograd")
    require(said["grads"] is True, "the gradients are changed")


def count(context: Context) -> None:
    """The number of rows that were longer is returned."""
    for _ in range(2):
        outcome = _limit(context)
        wanted = sum(
            int((np.linalg.norm(before, axis=1) > outcome.c).sum()) for before in outcome.before
        )
        said = one_number(outcome.said["count"], "what is returned")
        require(said == wanted, "the number of rows that were longer is wrong")


def _rows_of(rng: np.random.Generator, shape: tuple[int, int], c: float, long: int) -> Floats:
    """Return rows of which so many are longer than c, in a random order."""
    rows = rng.normal(size=shape)
    short = rng.uniform(0, 0.99, shape[0] - long)
    factors = np.concatenate([rng.uniform(1.01, 30, long), short])
    rows *= (c * rng.permutation(factors) / np.linalg.norm(rows, axis=1))[:, None]
    return rows


def other_nets(context: Context) -> None:
    """Any module, any number of long rows, a row of exactly c, any c and dtype."""
    context.worker.probe(OTHER_NETS)
    rng = context.rng
    for kind, dtype, c in [
        ("own", "float32", 5.0),
        ("own", "float64", 0.0625),
        ("own", "float32", 640.0),
        ("linear", "float32", 2.5),
        ("linear", "float64", 1e-3),
    ]:
        shapes = [(7, 3), (1, 5), (4, 2), (9, 2), (3, 1)]
        long = [int(n) for n in rng.integers(0, [8, 2, 4, 10, 4])]
        weights = [
            _rows_of(rng, s, c, n).astype(dtype) for s, n in zip(shapes, long, strict=True)
        ]
        if c == 5.0:
            weights[2][0], weights[3][0] = (3.0, -4.0), (0.0, 5.0)  # exactly c: not longer
        weights = weights[:1] if kind == "linear" else weights
        said = probe(context, "limit_other", Name("limit_rows"), weights, c, kind, dtype)
        what = "a single Linear" if kind == "linear" else "a module of one's own"
        counted = 0
        for before, after in zip(weights, said["weights"], strict=True):
            length = np.linalg.norm(before.astype(float), axis=1, keepdims=True)
            counted += int(np.sum(length > c))
            wanted = before * np.where(length > c, c / np.maximum(length, 1e-12), 1.0)
            close = np.allclose(after, wanted, rtol=1e-5, atol=1e-7 * c)
            require(close, f"with {what}, {dtype} and c = {c:g} a row is wrong")
        found = one_number(said["count"], "what is returned")
        require(found == counted, f"with {what} and c = {c:g} the number of rows is wrong")
        require(said["pair"] is True, "another kind of layer is changed")
        require(said["grads"] is True, ".grad or requires_grad is not as before")
        require(said["mode"] is True, "afterwards no gradients are recorded any more")
        require(not any(said["modes"]), "the mode of a module is changed")


ROWS = Task(
    "limit_rows",
    [
        Criterion(1.5, "rows longer than c get length c", long_rows),
        Criterion(0.75, "all else keeps its values", the_rest),
        Criterion(0.75, "any module, any rows, any c", other_nets),
        Criterion(0.5, "the parameters stay the same objects", in_place),
        Criterion(0.5, "the number of longer rows is returned", count),
    ],
)
