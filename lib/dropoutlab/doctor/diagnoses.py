"""From what the passes showed to findings: a function for each kind."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn.modules.dropout import _DropoutNd

from dropoutlab.doctor.acts import Act, Mask
from dropoutlab.doctor.passes import Passes
from dropoutlab.doctor.report import Finding
from dropoutlab.doctor.watching import Watch

__all__ = ["diagnose"]

LARGE = 0.8  # from here on p looks like the probability of keeping
SHIFT = 0.05  # of the variance, before batch normalisation
CHANNELS = {"F.dropout1d": 3, "F.dropout2d": 4, "F.dropout3d": 5, "torch.feature_dropout": 3}


def diagnose(passes: Passes) -> tuple[list[Finding], list[str]]:
    """Return the findings, each once, and what cannot be judged.

    In one module several calls can have one fault: they are told apart by what was called.
    """
    found: dict[tuple[str, str, str], Finding] = {}
    for each in (
        active_in_eval, never_acts, same_mask, shared_by_batch, elements_not_channels,
        before_batch_norm, on_logits, keep_probability, batch_norm_in_training,
    ):  # fmt: skip
        for finding in each(passes):
            found.setdefault((finding.kind, finding.module, finding.call), finding)
    return [*found.values()], [*_notes(passes, found)]


def _sites(watch: Watch) -> Iterator[tuple[tuple[str, str, int], Act]]:
    """Yield every act with the place by which it is found again in another pass."""
    counts: dict[tuple[str, str], int] = {}
    for act in watch.acts:
        number = counts.setdefault((act.module, act.what), 0)
        counts[act.module, act.what] += 1
        yield (act.module, act.what, number), act


def active_in_eval(passes: Passes) -> Iterator[Finding]:
    """Something drops although the model is in evaluation mode."""
    given = [passes.as_given] if passes.as_given is not None else []
    for watch in [*passes.evaluating, *given]:
        asked = "in the modes it came in" if watch is passes.as_given else "after model.eval()"
        for act in watch.acts:
            if not act.active:
                continue
            share = f", {act.mask.share_dropped:.0%} were dropped" if act.mask else ""
            yield Finding(
                "active-in-eval",
                act.module,
                f"{asked}, {act.what} was called with p = {act.p:g}{share}"
                if act.p is not None
                else f"{asked}, {act.what} was applied{share}",
                _turn_off(act.what),
                act.what,
            )
    silent = not any(act.active for watch in passes.evaluating for act in watch.acts)
    if passes.varies and silent and not passes.evaluating[0].draws:
        yield Finding(
            "active-in-eval",
            "",
            "two passes after model.eval() return different numbers for one batch, and no "
            "random function of PyTorch was called: chance comes from elsewhere, as NumPy",
            "Draw masks with PyTorch, in a module, and only `if self.training`.",
        )


def _turn_off(what: str) -> str:
    if what.startswith("scaled_dot"):
        return "Pass `dropout_p=self.p if self.training else 0.0`: this function has no mode."
    if what.startswith(("F.", "torch.")):
        return (
            "Pass `training=self.training`, or use a module of torch.nn that the model holds, "
            "not in a list and not made in forward, so that eval() reaches it."
        )
    return "Drop only `if self.training`, and call model.eval() before evaluating."


def never_acts(passes: Passes) -> Iterator[Finding]:
    """Dropout is there and drops nothing in training."""
    # What evaluation reaches and training does not, chance leaves out: LayerDrop.
    reached = set.union(*(w.reached for w in [*passes.training, *passes.evaluating]))
    for name, module in passes.model.named_modules():
        if isinstance(module, _DropoutNd):
            if module.p == 0:
                words = "its p is 0: nothing is ever dropped", "Give it a p, or delete it."
                yield Finding("never-acts", name, *words)
            elif id(module) not in reached:
                evidence = "two passes in training mode did not reach it"
                yield Finding("never-acts", name, evidence, "Call it in forward, or delete it.")
        elif isinstance(module, nn.RNNBase) and module.dropout > 0 and module.num_layers == 1:
            yield Finding(
                "never-acts",
                name,
                f"dropout = {module.dropout:g} with one layer: {type(module).__name__} drops "
                "between its layers only, of which there are none",
                "Put an nn.Dropout behind it, or give it more layers.",
            )
    first, second = ({site: act for site, act in _sites(w)} for w in passes.training)
    for site, act in first.items():
        if act.p == 0 or (
            act.p and not act.active and not act.what.startswith(("LSTM", "GRU", "RNN"))
        ):
            why = "p = 0" if act.p == 0 else f"p = {act.p:g}, and its mode is not training"
            evidence = f"in training mode, {act.what} was called with {why}"
            advice = "Pass `training=self.training`, and a p above 0."
            if not _in_a_dropout(passes.model, act.module):
                yield Finding("never-acts", act.module, evidence, advice, act.what)
        later = second.get(site)
        if act.active and not act.used and later is not None and not later.used:
            yield Finding(
                "never-acts",
                act.module,
                f"what {act.what} returned was used by nothing",
                "Go on with what it returns: `x = self.dropout(x)`.",
                act.what,
            )


def _in_a_dropout(model: nn.Module, name: str) -> bool:
    """Say whether a path is that of a dropout layer, which somebody has put into eval mode."""
    return isinstance(dict(model.named_modules()).get(name), _DropoutNd)


def same_mask(passes: Passes) -> Iterator[Finding]:
    """Two passes in training drop the same."""
    first, second = ({site: act for site, act in _sites(w)} for w in passes.training)
    for site, act in first.items():
        later = second.get(site)
        if later is None or not (act.active and later.active):
            continue
        if act.mask is not None and later.mask is not None:
            n, same = act.mask.n_units, act.mask.is_surely(later.mask)
        else:
            n, same = 0, False
            if act.trace and later.trace:
                same = act.trace == later.trace
        if same:
            units = f" all {n} units" if n else ""
            yield Finding(
                "same-mask",
                act.module,
                f"two passes in training mode drop the same{units} in {act.what}",
                "Draw a new mask in every call, and set no seed inside the model.",
                act.what,
            )


def shared_by_batch(passes: Passes) -> Iterator[Finding]:
    """All examples of a batch lose the same units."""
    first, second = ({site: act for site, act in _sites(w)} for w in passes.training)
    axis, time_first = passes.batch_axis, _time_may_come_first(passes)
    for site, act in first.items():
        later = second.get(site)
        masks = [a.mask for a in (act, later) if a is not None and a.mask is not None]
        if len(masks) < 2 or masks[0].kept.ndim <= max(axis, 1):
            continue
        if time_first and masks[0].kept.ndim == 3:
            continue  # one mask for all times of a sequence is no fault
        if all(mask.is_surely_shared(axis) for mask in masks):
            n = masks[0].kept.shape[axis]
            yield Finding(
                "shared-by-batch",
                act.module,
                f"all {n} examples lose the same units in {act.what}, of shape {act.shape}",
                "Draw a mask of the shape of the input, so that each example gets its own.",
                act.what,
            )


def _time_may_come_first(passes: Passes) -> bool:
    recurrent = [m for m in passes.model.modules() if isinstance(m, nn.RNNBase)]
    return passes.batch_axis == 0 and any(not m.batch_first for m in recurrent)


def elements_not_channels(passes: Passes) -> Iterator[Finding]:
    """Dropout of channels got an input that has none where it looks for them."""
    for act in passes.training[0].acts:
        axes = CHANNELS.get(act.what)
        if axes is None or not act.active or len(act.shape) >= min(axes, 4):
            continue
        single = "single numbers" if len(act.shape) == 2 else f"rows of {act.shape[-1]} numbers"
        yield Finding(
            "elements-not-channels",
            act.module,
            f"{act.what} got {len(act.shape)} axes, {act.shape}, where (N, C, ...) with {axes} "
            f"is meant: it drops {single}, and takes axis 1 for the channels",
            "Use the dropout of your shape (Dropout1d for three axes), channels on axis 1.",
            act.what,
        )


def before_batch_norm(passes: Passes) -> Iterator[Finding]:
    """Dropout changes the variance of what batch normalisation gets."""
    if passes.still is None:
        return
    runs = [watch.norms for watch in passes.training]
    for number, still in enumerate(passes.still.norms):
        loud = [norms[number] for norms in runs if len(norms) > number]
        if len(loud) < 2 or not all(norm.n_acts and norm.training for norm in loud):
            continue
        alive = still.variance > 1e-12
        ratios = [float((n.variance[alive] / still.variance[alive]).mean()) for n in loud]
        if alive.any() and min(ratios) > 1 + SHIFT / 2 and sum(ratios) / 2 > 1 + SHIFT:
            ratio = sum(ratios) / 2
            yield Finding(
                "before-batch-norm",
                still.module,
                f"the variance of what it gets is {ratio:.2f} times as large with dropout as "
                "without: its running statistics are of training, and do not fit evaluation",
                "Put dropout behind the last batch normalisation.",
            )


def on_logits(passes: Passes) -> Iterator[Finding]:
    """Nothing comes after dropout but a softmax or a loss."""
    for act in passes.training[0].dropped_logits:
        yield Finding(
            "on-logits",
            act.module,
            f"{act.what} drops what a linear layer returned, and that is the output, of shape "
            f"{act.shape}: a class whose logit is dropped gets a logit of 0",
            "Put dropout before the last linear layer.",
            act.what,
        )


def keep_probability(passes: Passes) -> Iterator[Finding]:
    """Nearly everything is dropped, or kept units are scaled by the share of the dropped."""
    for act in passes.training[0].acts:
        if not act.active:
            continue
        mask = act.mask
        share = mask.share_dropped if mask is not None else None
        if act.p is not None and LARGE <= act.p < 1:
            seen = "" if share is None else f" ({share:.0%} of the units were dropped)"
            evidence = f"p = {act.p:g} in {act.what}{seen}"
        elif act.p is None and mask and share and _is_nearly_all_scaled_up(mask, share):
            evidence = f"{share:.0%} of the units are dropped by {act.what}"
        elif act.p is None and mask and share and _is_scaled_the_wrong_way(mask, share):
            evidence = (
                f"{1 - share:.0%} are kept by {act.what}, and multiplied by {mask.scale:.3g} "
                f"and not by {1 / (1 - share):.3g}"
            )
        else:
            continue
        keep = 1 - (act.p or share or 0)
        advice = f"In PyTorch p is the probability of dropping; it may have to be {keep:.2g}."
        yield Finding("keep-probability", act.module, evidence, advice, act.what)


def _is_nearly_all_scaled_up(mask: Mask, share: float) -> bool:
    """Say whether nearly all is dropped, by a mask that does not just choose between things."""
    return share >= LARGE and mask.n_units >= 32 and mask.scale > 1.01


def _is_scaled_the_wrong_way(mask: Mask, share: float) -> bool:
    """Say whether the kept units are divided by the share of the dropped ones."""
    if mask.n_units < 32 or abs(share - 0.5) < 0.1 or share == 1 or mask.scale < 1.01:
        return False
    return abs(mask.scale * share - 1) < 0.25 * abs(mask.scale * (1 - share) - 1)


def batch_norm_in_training(passes: Passes) -> Iterator[Finding]:
    """Batch normalisation uses the batch in evaluation, although it has running statistics."""
    given = [passes.as_given] if passes.as_given is not None else []
    for watch in [*passes.evaluating, *given]:
        dropping = any(act.active for act in watch.acts)
        for norm in watch.norms:
            if norm.training and norm.has_statistics:
                beside = ", beside dropout that is on" if dropping else ""
                yield Finding(
                    "batch-norm-in-training",
                    norm.module,
                    f"in evaluation it normalises by the batch{beside}: an example's output "
                    "depends on the others, and the running statistics change",
                    "For Monte-Carlo dropout put only the dropout layers into training mode.",
                )


def _notes(passes: Passes, found: dict[tuple[str, str, str], Finding]) -> Iterator[str]:
    scripted = [
        name or "the model itself"
        for name, module in passes.model.named_modules()
        if isinstance(module, torch.jit.ScriptModule)
    ]
    if scripted:
        yield f"cannot look into what is scripted: {', '.join(scripted[:5])}"
    known = any(kind == "active-in-eval" for kind, *_ in found)
    if passes.varies and not known and passes.evaluating[0].draws:
        module, function = passes.evaluating[0].draws[0]
        yield (
            f"the output varies in evaluation: {function} is called in "
            f"{module or 'the model itself'}. If that is sampling, all is well"
        )
    for act in passes.training[0].dropped_features:
        yield (
            f"{act.what} in {act.module or 'the model'} drops the output of a linear layer "
            f"or a convolution, and that is what the model returns, of shape {act.shape}. If "
            "these are logits, put dropout before that layer"
        )
    if passes.n_examples == 1 and passes.training[0].acts:
        yield "the batch has one example, so nothing can be said of masks that examples share"
