"""Runs a model in both modes, and collects what the passes show."""

from __future__ import annotations

import copy
import time
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_map
from torch.utils.weak import WeakTensorKeyDictionary

from dropoutlab.doctor.acts import is_plain, tensors_in
from dropoutlab.doctor.diagnoses import diagnose
from dropoutlab.doctor.passes import Passes
from dropoutlab.doctor.report import KINDS, Report
from dropoutlab.doctor.unchanged import generators_unchanged, model_unchanged
from dropoutlab.doctor.watching import Watch, watching

__all__ = ["examine"]


def examine(
    model: nn.Module,
    *inputs: Any,
    ignore: Collection[str] = (),
    batch_axis: int = 0,
    **keywords: Any,
) -> Report:
    """Look for dropout's classic faults in a model.

    Runs ``model(*inputs, **keywords)`` four to six times, in evaluation and in training mode,
    and watches what is called. Afterwards parameters, buffers, running statistics, modes, hooks
    and the states of generators are what they were, after an exception, too.

    Parameters
    ----------
    model : torch.nn.Module
        On any device, in any precision.
    *inputs, **keywords
        What the model is called with: a batch of at least two examples, so that masks can be
        compared. Tensors are copied for each pass.
    ignore : collection of str
        Kinds that are meant to be so, such as ``"active-in-eval"`` for Monte-Carlo dropout.
    batch_axis : int
        Which axis of activations counts the examples: 1 where time comes first.

    Returns
    -------
    Report
        ``report.findings`` is empty for a sound model.

    Raises
    ------
    TypeError
        ``model`` is no module.
    ValueError
        A kind to ignore does not exist, or the model has lazy layers that have not run yet.

    Examples
    --------
    >>> from torch.nn import Dropout, Linear, ReLU, Sequential
    >>> model = Sequential(Linear(4, 64), ReLU(), Linear(64, 10), Dropout(0.5))
    >>> [finding.kind for finding in examine(model, torch.ones(8, 4)).findings]
    ['on-logits']

    In a test of your own:

    >>> sound = Sequential(Linear(4, 64), ReLU(), Dropout(0.5), Linear(64, 10))
    >>> assert not examine(sound, torch.ones(8, 4)).findings
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    unknown = sorted(set(ignore) - set(KINDS))
    if unknown:
        raise ValueError(f"ignore names no kind: {', '.join(unknown)}; kinds are {[*KINDS]}")
    model = getattr(model, "_orig_mod", model)  # of what torch.compile returns
    if any(isinstance(m, nn.modules.lazy.LazyModuleMixin) for m in model.modules()):
        raise ValueError("the model has lazy layers that have not run yet: run it once first")
    started = time.perf_counter()
    with generators_unchanged(model), model_unchanged(model), _eagerly():
        passes, n_passes = _run(model, inputs, keywords, batch_axis)
        findings, notes = diagnose(passes)
    kept = [finding for finding in findings if finding.kind not in ignore]
    return Report(kept, notes, n_passes, time.perf_counter() - started)


def _run(
    model: nn.Module, inputs: tuple[Any, ...], keywords: dict[str, Any], batch_axis: int
) -> tuple[Passes, int]:
    passes, n_passes = Passes(model, batch_axis), 0
    masks: Any = WeakTensorKeyDictionary()
    first = next(tensors_in((inputs, keywords)), None)
    if first is not None and first.ndim > batch_axis:
        passes.n_examples = first.shape[batch_axis]

    def run(*, neutral: bool = False) -> tuple[Watch, list[Tensor]]:
        nonlocal n_passes
        n_passes += 1
        args, kwargs = tree_map(_copy, (inputs, keywords))
        with watching(model, masks, neutral=neutral) as watch:
            output = model(*args, **kwargs)
            watch.finish(output)
        return watch, [t.detach().clone() for t in tensors_in(output)]

    if not model.training and any(module.training for module in model.modules()):
        passes.as_given = run()[0]
    model.eval()
    outputs = []
    for _ in range(2):
        with model_unchanged(model):  # what a model remembers of a pass is not chance
            watch, output = run()
        passes.evaluating.append(watch)
        outputs.append(output)
    passes.varies = not all(_alike(a, b) for a, b in zip(*outputs, strict=False))
    model.train()
    passes.training = [run()[0] for _ in range(2)]
    if any(norm.n_acts for norm in passes.training[0].norms):
        passes.still = run(neutral=True)[0]
    return passes, n_passes


def _copy(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, (nn.Module, Iterator)):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:  # what cannot be copied is handed over as it is
        return value


def _alike(a: Tensor, b: Tensor) -> bool:
    """Say whether two outputs agree but for rounding; True where they cannot be compared."""
    if not (is_plain(a) and is_plain(b)):
        return True
    if a.shape != b.shape:
        return False
    if not a.is_floating_point():
        return bool(torch.equal(a, b))
    close = 1e-2 if a.dtype in (torch.float16, torch.bfloat16) else 1e-4
    finite = a[a.isfinite()].abs()
    largest = float(finite.max()) if finite.numel() else 0.0
    return torch.allclose(a, b, rtol=close, atol=close * largest, equal_nan=True)


def _eagerly() -> AbstractContextManager[Any]:
    """Let compiled parts of the model run as they are written, so that they can be watched."""
    stance = getattr(torch.compiler, "set_stance", None)
    return stance("force_eager") if stance is not None else nullcontext()
