"""Judges ``limit_rows(net, c)``, max-norm by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, Criterion, Task, alike, one_number, require
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


PLAIN = (
    TENSORS
    + """
def limit_plain(limit_rows, weights, c, named):
    nn = torch.nn
    layers = [nn.Linear(w.shape[1], w.shape[0]) for w in weights]
    net = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.Dropout(0.5), layers[2])
    with torch.no_grad():
        for layer, new in zip(layers, weights):
            layer.weight.copy_(torch.from_numpy(new))
    count = limit_rows(net=net, c=c) if named else limit_rows(net, c)
    kind = "" if type(count) is int else f"a {type(count).__name__}"
    if torch.is_tensor(count) and count.numel() == 1:
        count = float(count)
    return {"count": count, "kind": kind, "weights": [array(l.weight).copy() for l in layers]}
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
        nn, made = torch.nn, {"dtype": layers[0].weight.dtype}
        self.own = nn.Parameter(torch.ones(4, 3, **made))
        self.others = nn.ModuleList([
            nn.Bilinear(3, 3, 2, **made), nn.LSTM(3, 4, **made), nn.GRUCell(3, 2, **made),
            nn.Embedding(5, 3, **made), nn.Conv2d(1, 2, 2, **made), nn.LayerNorm(3, **made)])
        self.attention = nn.MultiheadAttention(4, 2, **made)
def limit_tied(limit_rows, weight, c):
    first, second = (torch.nn.Linear(weight.shape[1], weight.shape[0]) for _ in range(2))
    with torch.no_grad():
        first.weight.copy_(torch.from_numpy(weight))
    second.weight = first.weight
    limit_rows(torch.nn.Sequential(first, torch.nn.ReLU(), second), c)
    return array(first.weight).copy()
def limit_other(limit_rows, weights, c, kind, dtype):
    layers = []
    for number, new in enumerate(weights):
        cls = Capped if number == 1 and kind == "own" else torch.nn.Linear
        if number < 5:  # the last is the attention's
            layers.append(cls(new.shape[1], new.shape[0], bias=number != 2 or kind != "own",
                              dtype=getattr(torch, dtype)))
    if kind == "own":
        net = Own(layers)
        layers = [*layers, net.attention.out_proj]
    else:
        net = layers[0] if kind == "linear" else torch.nn.Sequential(*layers)
    limited = {id(layer.weight) for layer in layers}
    rest = {name: v for name, v in net.named_parameters() if id(v) not in limited}
    with torch.no_grad():
        for value in rest.values():
            value.copy_(4 * c * torch.rand(value.shape, dtype=value.dtype) + c)
        for layer, new in zip(layers, weights):
            layer.weight.copy_(torch.from_numpy(new))
    if kind == "plain":  # one that lies in memory by columns
        layers[3].weight = torch.nn.Parameter(layers[3].weight.detach().t().contiguous().t())
    net.eval()
    before = {name: array(v).copy() for name, v in rest.items()}
    count = limit_rows(net, c)
    changed = [name for name, v in rest.items() if not np.array_equal(before[name], array(v))]
    grads = all(v.grad is None and v.requires_grad for v in net.parameters())
    return {"count": None if count is None else int(count),
            "weights": [array(l.weight).copy() for l in layers],
            "changed": changed, "grads": grads, "mode": torch.is_grad_enabled(),
            "modes": get_modes(net)}
"""
)


@dataclass
class Outcome:
    """What became of some weights."""

    c: float
    before: list[Floats]
    said: dict[str, Any]


def _limit(context: Context) -> Outcome:
    """Let the learner limit rows of all lengths in a nested net."""
    context.worker.probe(PROBES)
    c = float(context.rng.uniform(0.5, 3))
    weights = _some_rows(context, c)
    context.at(f"with layers nested in a net with other layers, and c = {c:.4g}")
    said = probe(context, "limit_watched", Name("limit_rows"), weights, 4 * c, c)
    return Outcome(c, weights, said)


def _some_rows(context: Context, c: float, dtype: str = "f4") -> list[Floats]:
    """Return three matrices with rows of all lengths, from 0 to 4 c."""
    rng, weights = context.rng, []
    for shape in [(6, 4), (6, 6), (5, 6)]:
        rows = rng.normal(size=shape)
        kinds = np.resize([1.5, 0.7, 0.95, 4.0, 0.05, 0.0], shape[0])
        factors = rng.permutation(kinds * rng.uniform(0.98, 1.02, shape[0]))
        lengths = np.linalg.norm(rows, axis=1)
        weights.append((rows * (c * factors / lengths)[:, None]).astype(dtype))
    return weights


def _plain(context: Context, named: bool = False) -> Outcome:
    """Let the learner limit the rows of three layers side by side."""
    context.worker.probe(PLAIN)
    c = float(context.rng.uniform(0.5, 3))
    weights = _some_rows(context, c)
    how = "called by the names of the task, limit_rows(net=…, c=…), " if named else ""
    context.at(f"{how}with a Sequential of three Linear layers and c = {c:.4g}")
    said = probe(context, "limit_plain", Name("limit_rows"), weights, c, named)
    return Outcome(c, weights, said)


def _limited(before: Floats, c: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what rows should be, and which of them are longer than c."""
    length = np.linalg.norm(before.astype(float), axis=1, keepdims=True)
    wanted = before * np.where(length > c, c / np.maximum(length, 1e-300), 1.0)
    return wanted, length[:, 0] > c


def _long_rows_right(outcome: Outcome) -> None:
    c = outcome.c
    for before, after in zip(outcome.before, outcome.said["weights"], strict=True):
        wanted, long = _limited(before, c)
        close = np.allclose(after[long], wanted[long], rtol=1e-4, atol=1e-6)
        lengths = ", ".join(f"{v:.4g}" for v in np.linalg.norm(after[long], axis=1)[:3])
        were = ", ".join(f"{v:.4g}" for v in np.linalg.norm(before[long], axis=1)[:3])
        words = f"of rows of lengths {were} the lengths are {lengths} afterwards, not {c:.4g}"
        require(bool(close), f"{words}, in the direction that they had")


def long_rows(context: Context) -> None:
    """Rows that are longer than c have length c afterwards, and their direction."""
    for _ in range(3):
        _long_rows_right(_plain(context))


def nested(context: Context) -> None:
    """The same in layers that are nested in others."""
    for _ in range(2):
        _long_rows_right(_limit(context))


def the_rest(context: Context) -> None:
    """Everything else keeps its values: short rows up to rounding."""
    outcome = _limit(context)
    for before, after in zip(outcome.before, outcome.said["weights"], strict=True):
        short = np.linalg.norm(before, axis=1) < outcome.c
        same = np.isclose(after, before, rtol=2e-6, atol=0) | ~short[:, None]
        alike(after, before, "a row that is not longer than c is changed: weight", same)
    words = "a bias, or weights of BatchNorm1d, Embedding, Conv1d or LayerNorm, are changed"
    require(outcome.said["others"] is True, f"{words}, where all of these stay")


def in_place(context: Context) -> None:
    """The parameters are the same objects, and autograd knows of nothing."""
    said = _limit(context).said
    words = "afterwards id(), data_ptr() or requires_grad of a parameter is another than before"
    require(said["same"] is True, words)
    words = "the change is recorded for autograd: is_leaf of a parameter is False, not True"
    require(said["leaves"] is True, words)
    words = "each .grad was 2 everywhere, and one is no longer, where it has to stay"
    require(said["grads"] is True, words)


def count(context: Context) -> None:
    """The number of rows that were longer is returned."""
    for _ in range(3):
        outcome = _plain(context)
        wanted = sum(int(_limited(before, outcome.c)[1].sum()) for before in outcome.before)
        said = one_number(outcome.said["count"], "what is returned")
        require(said == wanted, f"{said:g} is returned where {wanted} rows were longer")


def an_int(context: Context) -> None:
    """What is returned is an int."""
    kind = _plain(context).said["kind"]
    require(kind in ("", "a int64", "a int32"), f"what is returned is {kind}, not an int")
    _plain(context, named=True)


def _rows_of(rng: np.random.Generator, shape: tuple[int, int], c: float, long: int) -> Floats:
    """Return rows of which so many are longer than c, in a random order."""
    rows = rng.normal(size=shape)
    short = rng.uniform(0, 0.99, shape[0] - long)
    factors = np.concatenate([rng.uniform(1.01, 30, long), short])
    rows *= (c * rng.permutation(factors) / np.linalg.norm(rows, axis=1))[:, None]
    return rows


def any_module(context: Context) -> None:
    """A module of one's own, subclasses, no bias, shared layers; other layers with weights."""
    for dtype in ("float32", "float64"):
        _other(context, "own", dtype, 2.0)
    c = float(context.rng.uniform(0.5, 3))
    weight = _rows_of(context.rng, (5, 5), c, 3).astype(np.float32)
    context.at(f"with two Linear layers that share their weight, and c = {c:.4g}")
    after = probe(context, "limit_tied", Name("limit_rows"), weight, c)
    wanted, _ = _limited(weight, c)
    close = np.isclose(after, wanted, rtol=1e-5, atol=1e-7)
    alike(
        np.asarray(after),
        wanted,
        "rows longer than c have another length than c: weight",
        close,
    )


def any_rows(context: Context) -> None:
    """Rows of almost or exactly c, tiny ones, any c, any dtype, a single layer."""
    for kind, dtype, c in [
        ("plain", "float32", 5.0),
        ("plain", "float64", 0.0625),
        ("plain", "float32", 640.0),
        ("linear", "float32", 2.5),
        ("linear", "float64", 0.02),
        ("linear", "float32", 3),
    ]:
        _other(context, kind, dtype, c)
    for dtype in ("float32", "float64"):
        _other(context, "plain", dtype, float(context.rng.uniform(1, 4)), large=True)


def _other(context: Context, kind: str, dtype: str, c: float, *, large: bool = False) -> None:
    context.worker.probe(OTHER_NETS)
    rng = context.rng
    shapes = [(7, 3), (1, 5), (4, 2), (9, 2), (3, 1), (4, 4)]
    if large:
        rows, columns = rng.integers(100, 300, (2, 2)).tolist()
        shapes = [(rows[0], 3), (1, columns[0]), (rows[1], columns[1]), (9, 2), (3, 1), (4, 4)]
    long = [int(n) for n in rng.integers(0, [shape[0] + 1 for shape in shapes])]
    weights = [_rows_of(rng, s, c, n).astype(dtype) for s, n in zip(shapes, long, strict=True)]
    weights[1] *= 1e-4  # far from c, and still not zero
    if c == 5.0:
        weights[2][0], weights[3][0] = (3.0, -4.0), (0.0, 5.0)  # exactly c: not longer
    if large:
        weights[1][:] *= rng.choice([1e4, 2e4])
    if c != 2.0:  # hardly longer, hardly shorter
        weights[0][:2] *= (c * np.array([1.0004, 0.9996]) / np.linalg.norm(
            weights[0][:2].astype(float), axis=1))[:, None]  # fmt: skip
    weights = weights[: {"linear": 1, "plain": 5, "own": 6}[kind]]
    what = {"linear": "a single Linear", "plain": "a Sequential", "own": "a module of its own"}
    context.at(f"with {what[kind]}{' of large layers' * large}, {dtype} and c = {c:g}")
    said = probe(context, "limit_other", Name("limit_rows"), weights, c, kind, dtype)
    counted = 0
    for before, after in zip(weights, said["weights"], strict=True):
        wanted, longer = _limited(before, c)
        counted += int(longer.sum())
        close = np.isclose(after, wanted, rtol=1e-5, atol=1e-7 * c)
        row = int(np.argmin(close.all(axis=1)))
        length = f"a row of length {np.linalg.norm(before[row].astype(float)):.6g} is wrong"
        alike(after, wanted, f"{length}: weight", close)
    found = one_number(said["count"], "what is returned")
    require(found == counted, f"{found:g} is returned where {counted} rows were longer")
    changed = ", ".join(map(str, said["changed"]))
    words = f"other parameters change, where they have to stay: {changed}"
    require(said["changed"] == [], words)
    words = "requires_grad of a parameter is not True as before, or .grad is no longer None"
    require(said["grads"] is True, words)
    words = "afterwards torch.is_grad_enabled() is False, not True as before"
    require(said["mode"] is True, words)
    words = "the net was in evaluation mode, and afterwards a module is in training mode"
    require(not any(said["modes"]), words)


ROWS = Task(
    "limit_rows",
    [
        Criterion(1, "rows longer than c get length c", long_rows),
        Criterion(0.5, "in nested layers, too", nested),
        Criterion(0.5, "all else keeps its values", the_rest),
        Criterion(0.5, "any module, other layers with weights", any_module),
        Criterion(0.5, "rows of almost or exactly c, any c, a single layer", any_rows),
        Criterion(0.5, "the parameters stay the same objects", in_place),
        Criterion(0.25, "the number of longer rows is returned", count),
        Criterion(0.25, "an int", an_int),
    ],
)
