"""Watches one forward pass: which calls drop, and in which module.

PyTorch hands every call of its functions to a `torch.overrides.TorchFunctionMode`, by whatever
name a model has imported them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules import module as hooks

from dropoutlab.doctor.acts import Mask, NormCall, bytes_of, is_plain, mask_between, tensors_in
from dropoutlab.doctor.drawn import DrawnMasks
from dropoutlab.doctor.torch_calls import (
    ALPHA,
    CHANCE,
    DRAWS,
    DROPOUTS,
    LINEAR,
    LOSSES,
    RECURRENT,
    SAME_LOGITS,
    SCALINGS,
    SOFTMAX,
)

__all__ = ["Watch", "watching"]


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


class Watch(DrawnMasks):
    """What happens in one forward pass: see `DrawnMasks` for its attributes."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Look at a call, make it, and look at what came of it."""
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        given = [*tensors_in((args, kwargs))]
        if not all(map(is_plain, given)):
            return func(*args, **kwargs)
        for tensor in given:
            if tensor in self.results:
                self.results[tensor].used.append(True)
        if func in DROPOUTS:
            return self._dropout(func, name, args, kwargs)
        if func is F.scaled_dot_product_attention:
            return self._attention(func, args, kwargs)
        if func is F.multi_head_attention_forward:
            return self._heads(func, args, kwargs)
        if name in RECURRENT and any(isinstance(a, bool) for a in args):
            return self._recurrent(func, name, args, kwargs)
        if func is F.batch_norm:
            self._norm(args, kwargs)
        if name in CHANCE:
            self.draws.append((self.here, name))
        if name in DRAWS:
            return self._draw(func, name, args, kwargs)
        drawn = [t for t in given if t in self.masks]
        if drawn:
            return self._with_a_draw(func, name, args, kwargs, drawn[0])
        out = func(*args, **kwargs)
        self._follow(name, given, out)
        return out

    # --- what drops -----------------------------------------------------------------------

    def _dropout(
        self, func: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        signature = _signature(func)
        if signature is not None:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            said = bound.arguments
            x, p, training = said["input"], said["p"], said["training"]
        else:  # torch.dropout(input, p, train)
            said = dict(zip(("input", "p", "train"), args, strict=False)) | kwargs
            x, p, training = said["input"], said["p"], said["train"]
        active = bool(training) and p > 0
        if self.neutral and active:
            return x
        known = x.detach() != 0 if active else None
        logits, before = x in self.linear, bytes_of(x) if func in ALPHA else b""
        out = func(*args, **kwargs)
        mask = trace = None
        if func in ALPHA:
            trace = before, bytes_of(out)
        elif active and known is not None:
            mask = mask_between(x, known, out)
        if active and x.numel() > 1 and bool((x == x.reshape(-1)[0]).all()):
            self.masks[out] = name  # of ones: what is dropped is yet to be multiplied by it
        words = (
            f"torch.{name}" if "torch._C" in str(func) or name.endswith("_") else f"F.{name}"
        )
        self._note(words, float(p), active, tuple(x.shape), mask, trace, out, logits=logits)
        return out

    def _attention(
        self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        p = kwargs.get("dropout_p", args[4] if len(args) > 4 else 0.0)
        if self.neutral and p:
            said = {key: value for key, value in kwargs.items() if key != "dropout_p"}
            later = (0.0, *args[5:]) if len(args) > 4 else ()
            return func(*args[:4], *later, **said)
        out = func(*args, **kwargs)
        if p:
            before = b"".join(map(bytes_of, tensors_in((args, kwargs))))
            what, shape = f"scaled_dot_product_attention(dropout_p={p:g})", tuple(out.shape)
            self._note(what, float(p), True, shape, None, (before, bytes_of(out)), out)
        return out

    def _heads(
        self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        signature = _signature(func)
        assert signature is not None
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        p, training = bound.arguments["dropout_p"], bound.arguments["training"]
        if self.neutral:
            bound.arguments["dropout_p"] = 0.0
            return func(*bound.args, **bound.kwargs)
        out = func(*args, **kwargs)
        if p:
            before = b"".join(bytes_of(bound.arguments[n]) for n in ("query", "key", "value"))
            active, shape = bool(training), tuple(out[0].shape)
            what = f"MultiheadAttention(dropout={p:g})"
            trace = (before, bytes_of(out[0])) if active else None
            self._note(what, float(p), active, shape, None, trace, out[0])
        return out

    def _recurrent(
        self, func: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        at = next(i for i, a in enumerate(args) if isinstance(a, bool))
        n_layers, p, training = args[at + 1 : at + 4]
        active = bool(training) and p > 0 and n_layers > 1
        if self.neutral:
            return func(*args[: at + 2], 0.0, *args[at + 3 :], **kwargs)
        out = func(*args, **kwargs)
        if p > 0:
            first = out[0]
            trace = (bytes_of(args[0]), bytes_of(first)) if active else None
            what = f"{name.upper()}(dropout={p:g}, num_layers={n_layers})"
            self._note(what, float(p), active, tuple(first.shape), None, trace, first)
            if active:
                for state in out[1:]:
                    self.results[state] = self.acts[-1]
        return out

    # --- what else is of interest -------------------------------------------------------------

    def _norm(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        signature = _signature(F.batch_norm)
        assert signature is not None
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        said = bound.arguments
        x = said["input"].detach().double()
        axes = [axis for axis in range(x.ndim) if axis != 1]
        training, has_statistics = bool(said["training"]), said["running_mean"] is not None
        n_acts, self.since_norm = self.since_norm, 0
        self.norms.append(
            NormCall(
                self.here, training, has_statistics, x.var(axes, correction=0).cpu(), n_acts
            )
        )

    def _follow(self, name: str, given: list[Tensor], out: Any) -> None:
        """Remember which tensors are logits, and which of them were dropped."""
        if name in LOSSES and given and given[0] in self.logits:
            self.dropped_logits.append(self.logits[given[0]])
        if not isinstance(out, Tensor):
            return
        if name in SCALINGS and len(given) == 1:
            self._scale(given[0], out)
        if name in LINEAR:
            self.linear[out] = True
        elif name in SAME_LOGITS and given:
            if given[0] in self.linear:
                self.linear[out] = True
            if given[0] in self.logits:
                self.logits[out] = self.logits[given[0]]
                if name in SOFTMAX:
                    self.softened.append(self.logits[given[0]])

    def _scale(self, x: Tensor, out: Tensor) -> None:
        """Follow a mask of the model's own through what it is scaled by."""
        if x in self.logits:
            self.logits[out] = self.logits[x]
        if x in self.linear:
            self.linear[out] = True
        act = self.results.get(x)
        if act is None or act.mask is None or act.p is not None or x.shape != out.shape:
            return
        number = next((i for i, each in enumerate(self.acts) if each is act), None)
        seen = act.mask.kept & act.mask.known
        if number is None or not bool(seen.any()) or x.data_ptr() == out.data_ptr():
            return
        by = float(
            (out.detach().cpu()[seen].double() / x.detach().cpu()[seen].double()).median()
        )
        self.acts[number] = act = replace(
            act, mask=replace(act.mask, scale=act.mask.scale * by)
        )
        self.results[x] = self.results[out] = act
        if out in self.logits:
            self.logits[out] = act

    def finish(self, output: Any) -> None:
        """Look at what the model returned."""
        for tensor in tensors_in(output):
            if tensor in self.results:
                self.results[tensor].used.append(True)
            if tensor in self.logits:
                act = self.logits[tensor]
                flat = len(act.shape) == 2 or any(act is each for each in self.softened)
                (self.dropped_logits if flat else self.dropped_features).append(act)

    # --- modules ------------------------------------------------------------------------------

    def enter(self, module: nn.Module, inputs: tuple[Any, ...]) -> None:
        """Note that a module begins."""
        made_here = f"{self.here}.{type(module).__name__}() made in forward".lstrip(".")
        self.reached.add(id(module))
        self.stack.append((self.names.get(id(module), made_here), module))
        self._inputs = [(t, t.detach() != 0, t.detach().clone()) for t in inputs if _small(t)]
        self._acts_before = len(self.acts)

    def leave(self, module: nn.Module, output: Any) -> None:
        """Look whether a module without children, and of nobody's watching, has dropped."""
        own = not type(module).__module__.startswith("torch.") and not any(module.children())
        if own and len(self._inputs) == 1 and len(self.acts) == self._acts_before:
            x, known, before = self._inputs[0]
            same = isinstance(output, Tensor) and output.shape == x.shape
            if same and output.is_floating_point() and bool(known.any()):
                mask = mask_between(before, known, output)
                if (
                    mask is not None
                    and 0 < mask.share_dropped < 1
                    and _is_scaled(before, output, mask)
                ):
                    shape = tuple(output.shape)
                    self._note("a mask from elsewhere", None, True, shape, mask, None, output)
        self._inputs = []
        if self.stack and self.stack[-1][1] is module:
            self.stack.pop()


def _small(value: Any) -> bool:
    whole = isinstance(value, Tensor) and is_plain(value)
    return whole and value.is_floating_point() and value.numel() <= 1 << 20


def _is_scaled(before: Tensor, after: Tensor, mask: Mask) -> bool:
    """Say whether what is kept is the input times one number above 1, as no ReLU makes it."""
    seen = mask.kept & mask.known
    ratio = (after.detach().double().cpu() / before.double().cpu())[seen]
    return mask.scale > 1.01 and bool((ratio - mask.scale).abs().max() < 1e-3 * mask.scale)


@contextmanager
def watching(model: nn.Module, masks: Any = None, *, neutral: bool = False) -> Iterator[Watch]:
    """Watch everything that runs inside the block."""
    names = {id(module): name for name, module in model.named_modules()}
    watch = Watch(names, masks, neutral=neutral)

    def enter(module: nn.Module, inputs: tuple[Any, ...]) -> None:
        watch.enter(module, inputs)

    def leave(module: nn.Module, _: tuple[Any, ...], output: Any) -> None:
        watch.leave(module, output)

    before = hooks.register_module_forward_pre_hook(enter)
    after = hooks.register_module_forward_hook(leave, always_call=True)
    try:
        with watch:
            yield watch
    finally:
        before.remove()
        after.remove()
