"""What the judge of A4 defines in the worker, and what it computes of nets itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from grading.judging.tails import alarm
from grading.judging.task import Context, Wrong, alike, require
from grading.judging.tasks.a2_forward import dropped_of
from grading.running.calls import Call, Probe

__all__ = [
    "LOOK",
    "TENSORS",
    "Floats",
    "check_dropped",
    "check_gradient",
    "look",
    "losses",
    "probe",
    "softmax",
]

Floats = NDArray[np.floating]

TENSORS = """
import torch
class Expected(TypeError):
    pass
def array(value):
    if not torch.is_tensor(value):
        raise Expected(f"a {type(value).__name__} came back where a tensor is expected")
    return value.detach().cpu().numpy()
def set_modes(net, modes):
    for module, mode in zip(net.modules(), modes):
        module.training = mode
def get_modes(net):
    return [bool(module.training) for module in net.modules()]
"""

# Calls a net, and tells what went into each linear layer and what came out. What a net computes
# with F.linear of a layer's weight counts as a call of the layer.
LOOK = (
    TENSORS
    + """
from torch.overrides import TorchFunctionMode
class Functional(TorchFunctionMode):
    def __init__(self, layers, note):
        super().__init__()
        self.inside, self.note = 0, note
        self.known = {id(layer.weight): layer for layer in layers}
    def enter(self, layer, inputs):
        self.inside += 1
    def leave(self, layer, inputs, output):
        self.inside -= 1
    def __torch_function__(self, func, types, args=(), kwargs=None):
        output = func(*args, **(kwargs or {}))
        if func is torch.nn.functional.linear and not self.inside:
            given = dict(zip(("input", "weight", "bias"), args), **(kwargs or {}))
            if id(given["weight"]) in self.known:
                self.note(self.known[id(given["weight"])], [given["input"]], output)
        return output
RECORDING = [True]
def record(whether):
    RECORDING[0] = whether
def look(net, x, mode, w=None):
    {"train": net.train, "eval": net.eval, "": lambda: None}[mode]()
    seen, called = [], []
    def hook(module, inputs, output):
        bias = torch.full((1,), float("nan")) if module.bias is None else module.bias
        seen.append([array(v).copy() for v in (module.weight, bias, inputs[0], output)])
        called.append(module)
    layers = [m for m in net.modules() if isinstance(m, torch.nn.Linear)]
    functional = Functional(layers, hook)
    hooks = [layer.register_forward_pre_hook(functional.enter) for layer in layers]
    hooks += [layer.register_forward_hook(each) for layer in layers
              for each in (functional.leave, hook)]
    given = torch.from_numpy(x)
    try:
        with functional, torch.set_grad_enabled(RECORDING[0]):
            logits = net(given)
        out = array(logits).copy()
    finally:
        for each in hooks:
            each.remove()
    trained = all(parameter.requires_grad for parameter in net.parameters())
    if w is not None:
        net.zero_grad()
        logits.backward(torch.from_numpy(w))
        grads = [None if layer.weight.grad is None else array(layer.weight.grad).copy()
                 for layer in called]
        return seen, grads
    return out, seen, sum(p.numel() for p in net.parameters()), trained, array(given)
"""
)


def probe(context: Context, name: str, *args: Any, **options: Any) -> Any:
    """Call one of the judge's functions in the worker and return what it returns."""
    return context.worker.call(Call(Probe(name), args, **options)).value


def look(
    context: Context, net: Any, x: Floats, mode: str, shapes: list[Any], *, new: bool = False
) -> list[Any]:
    """Call a net and return ``[input, output]`` of its linear layers; check all but dropout.

    Parameters
    ----------
    shapes : list of tuple
        The shape of each layer's weight, in the order in which they are called.
    mode : {"train", "eval", ""}
        The mode to switch to; the last stays in the one that is.
    new : bool
        Check also that there are no other parameters, that they are as PyTorch initialises
        them and can be trained, and that x stays.
    """
    out, seen, n_parameters, trained, after = probe(context, "look", net, x, mode)
    if new:
        alike(np.asarray(after), x, "the net writes into what it is given: afterwards x")
    require(
        not new or trained is True,
        "a parameter has requires_grad = False where True is expected",
    )
    found = [np.shape(weight) for weight, *_ in seen]
    require(found == shapes, f"the linear layers have the shapes {found}, not {shapes}")
    has_bias = not any(np.isnan(bias).any() for _, bias, *_ in seen)
    require(not new or has_bias, "a linear layer has no bias, where each has to have one")
    n_expected = sum(rows * columns + rows for rows, columns in shapes)
    words = f"the net has {n_parameters} numbers in its parameters, not {n_expected}"
    require(not new or n_parameters == n_expected, words)
    for weight, bias, given, result in seen:
        bias = np.nan_to_num(bias)
        whole = given.shape == (len(x), weight.shape[1])
        size = f"where {(len(x), weight.shape[1])} is expected"
        require(whole, f"a linear layer gets an input of shape {given.shape}, {size}")
        computed = given @ weight.T + bias
        close = np.isclose(computed, result, rtol=1e-3, atol=1e-4)
        alike(result, computed, "a linear layer does not compute what it should: output", close)
        bound = (1 + 1e-5) / np.sqrt(weight.shape[1])
        usual = max(np.abs(weight).max(), np.abs(bias).max()) <= bound and np.ptp(weight) > 0
        usual = usual and (np.ptp(bias) > 0 or (bias.size == 1 and bias.any()))
        # Uniform numbers up to the bound have a mean square of a third of its square.
        least = 1 / 3 - 7 * 0.3 / np.sqrt(weight.size)
        usual = usual and np.mean((weight / bound) ** 2) >= least
        words = "the layers are not initialised as PyTorch does: in one of shape"
        words = (
            f"{words} {weight.shape} weights go from {weight.min():.3g} to {weight.max():.3g}"
        )
        words = f"{words} and biases from {bias.min():.3g} to {bias.max():.3g}, where all are"
        require(usual or not new, f"{words} uniform numbers up to ± {bound:.3g}")
    wanted, words = (
        seen[-1][3],
        "what the net returns is not what its last linear layer computes",
    )
    same_shape = np.shape(out) == wanted.shape
    require(same_shape, f"{words}: it has shape {np.shape(out)}, not {wanted.shape}")
    alike(out, wanted, f"{words}: logits", np.isclose(out, wanted, rtol=1e-4, atol=1e-5))
    return [pair for _, _, *pair in seen]


def check_gradient(context: Context, net: Any, x: Floats, w: Floats) -> None:
    """Raise `Wrong` unless the gradient goes back through the net as it was called."""
    seen, grads = probe(context, "look", net, x, "train", w)
    context.at(
        f"{context.where}, after net.train() and net(x).backward(w), x of shape {x.shape}"
    )
    back = w.astype(float)
    for number in reversed(range(len(seen))):
        weight, _, given, _ = (np.asarray(value, dtype=float) for value in seen[number])
        wanted, got = back.T @ given, grads[number]
        what = f"weight.grad of linear layer {number + 1}"
        require(got is not None, f"{what} is None, where a gradient is expected")
        found = np.shape(got)
        require(found == wanted.shape, f"{what} has shape {found}, not {wanted.shape}")
        near = 1e-4 * max(1.0, float(np.abs(wanted).max()))
        alike(np.asarray(got), wanted, what, np.isclose(got, wanted, rtol=1e-3, atol=near))
        if number:
            before = np.asarray(seen[number - 1][3], dtype=float)
            factor = given / np.where(before > 0, before, 1)
            back = (back @ weight) * factor * (before > 0)


def check_dropped(context: Context, got: Floats, full: Floats, p: float, what: str) -> None:
    """Raise `Wrong` unless ``got`` is ``full`` after dropout with p; zeros may stay zeros."""
    alive = full != 0
    alike(got, full, f"{what}: what was 0 does not stay 0: it", alive | (got == 0))
    if p == 0:
        same = np.isclose(got, full, rtol=1e-5, atol=0)
        alike(got, full, f"{what}: with p = 0 nothing may change: it", same)
        return
    try:
        dropped = dropped_of(got[alive], full[alive], p)
    except Wrong as reason:
        raise Wrong(f"{what}, of which p = {p:.4g} are dropped: {reason}") from None
    seen = alarm(dropped.sum(), dropped.size, p, unit="elements")
    require(not seen, f"{what}: the share that is dropped is not p = {p:.4g}: {seen}")
    _drawn_alone((got == 0) & alive, alive, p, what)


def _drawn_alone(
    dropped: NDArray[np.bool_], alive: NDArray[np.bool_], p: float, what: str
) -> None:
    """Raise `Wrong` where neighbours in a row or in a column share their fate."""
    for axis, words in [(1, "within an example"), (0, "from example to example")]:
        size = dropped.shape[axis] // 2
        if not size:
            continue
        pairs = [np.take(v, range(2 * size), axis).reshape(
            (-1, size, 2) if axis else (size, 2, -1)) for v in (dropped, alive)]  # fmt: skip
        both = pairs[1].all(axis=1 + axis)
        agree = (pairs[0].sum(axis=1 + axis) != 1) & both
        seen = alarm(agree.sum(), both.sum(), p**2 + (1 - p) ** 2, unit="cases")
        said = f"{what}: what is dropped is not drawn independently {words}: two neighbours"
        require(not seen, f"{said} share their fate in {seen}")


def softmax(logits: Floats) -> Floats:
    """Return the probabilities of logits, over the last axis, in float64.

    Examples
    --------
    >>> softmax(np.zeros(2))
    array([0.5, 0.5])
    """
    shifted = np.exp(logits.astype(float) - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def losses(logits: Floats, y: NDArray[np.int64]) -> float:
    """Return the mean cross-entropy.

    Examples
    --------
    >>> round(losses(np.zeros((3, 2)), np.array([0, 1, 1])), 4)
    0.6931
    """
    logs = log_softmax(logits.astype(float), axis=-1)
    return float(-logs[np.arange(len(y)), y].mean())
