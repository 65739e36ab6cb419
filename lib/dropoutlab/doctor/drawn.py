"""Follows the masks that a model draws by itself, from the draw to the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakTensorKeyDictionary

from dropoutlab.doctor.acts import (
    Act,
    Mask,
    NormCall,
    bytes_of,
    is_plain,
    mask_between,
    tensors_in,
)
from dropoutlab.doctor.torch_calls import CHOICES, DRAWN, PRODUCTS, STILL_A_DRAW

__all__ = ["DrawnMasks"]


class DrawnMasks(TorchFunctionMode):
    """What happens in one forward pass, and the masks that it draws by itself.

    Parameters
    ----------
    names : dict
        The paths of modules, by their ``id``.
    masks : WeakTensorKeyDictionary, optional
        What came of draws in earlier passes.
    neutral : bool
        Let nothing be dropped.

    Attributes
    ----------
    acts : list of Act
        The calls that dropped, or could.
    norms : list of NormCall
        The calls of batch normalisation.
    reached : set of int
        The modules that ran, by their ``id``.
    draws : list of (str, str)
        Module and function of all other random calls.
    dropped_logits, dropped_features : list of Act
        Those that dropped what a linear layer returned, and whose result is the output: with a
        softmax or a loss behind it or two axes, or without.
    """

    def __init__(
        self, names: dict[int, str], masks: Any = None, *, neutral: bool = False
    ) -> None:
        super().__init__()
        self.names, self.neutral = names, neutral
        self.stack: list[tuple[str, nn.Module]] = []
        self.acts: list[Act] = []
        self.norms: list[NormCall] = []
        self.reached: set[int] = set()
        self.draws: list[tuple[str, str]] = []
        self.dropped_logits: list[Act] = []
        self.dropped_features: list[Act] = []
        self.softened: list[Act] = []  # dropped logits that went through a softmax
        # What came of a draw alone, and of which: also of earlier passes, for it may be kept.
        self.masks: Any = WeakTensorKeyDictionary() if masks is None else masks
        self.results: Any = WeakTensorKeyDictionary()  # of acts
        self.linear: Any = WeakTensorKeyDictionary()
        self.logits: Any = (
            WeakTensorKeyDictionary()
        )  # dropped ones, and what only reshapes them
        self.since_norm = 0

    @property
    def here(self) -> str:
        """The path of the module that runs just now."""
        return self.stack[-1][0] if self.stack else ""

    def _note(
        self,
        what: str,
        p: float | None,
        active: bool,
        shape: tuple[int, ...],
        mask: Mask | None,
        trace: tuple[bytes, bytes] | None,
        out: Tensor,
        *,
        logits: bool = False,
    ) -> None:
        act = Act(self.here, what, p, active, shape, mask, trace, [])
        self.acts.append(act)
        self.since_norm += active
        if active:
            self.results[out] = act
        if active and logits:
            self.logits[out] = act

    # --- what a model draws by itself ---------------------------------------------------------

    def _draw(
        self, func: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        out = func(*args, **kwargs)
        self.draws.append((self.here, name))
        if isinstance(out, Tensor):
            self.masks[out] = name
        return out

    def _with_a_draw(
        self,
        func: Callable[..., Any],
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        draw: Tensor,
    ) -> Any:
        """Follow what came of a draw: into another mask, or into the product with an input."""
        given = [*tensors_in((args, kwargs))]
        others = [t for t in given if t not in self.masks and t.numel() > 1]
        source = self.masks[draw]
        if name == "__setitem__" and draw is not args[0] and len(others) >= 1:
            return self._overwritten(func, args, kwargs, args[0])
        if others and name in PRODUCTS | CHOICES:
            x = max(others, key=Tensor.numel)
            return self._applied(func, name, args, kwargs, x, draw)
        out = func(*args, **kwargs)
        if isinstance(out, Tensor) and (not others or name in STILL_A_DRAW):
            self.masks[out] = source
        return out

    def _overwritten(
        self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], x: Tensor
    ) -> Any:
        if self.neutral:
            return None
        known = x.detach() != 0
        before = x.detach().clone()
        out = func(*args, **kwargs)
        self._if_it_drops(before, known, x)
        return out

    def _applied(
        self,
        func: Callable[..., Any],
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        x: Tensor,
        draw: Tensor,
    ) -> Any:
        known, before = x.detach() != 0, x.detach().clone()
        out = func(*args, **kwargs)
        if not isinstance(out, Tensor) or not out.is_floating_point() or not is_plain(out):
            return out
        if out.shape != known.shape:
            known, before = known.expand(out.shape), before.expand(out.shape)
        logits = x in self.linear
        drops = self._if_it_drops(before, known, out, draw if name in PRODUCTS else None)
        if drops and logits:
            self.logits[out] = self.acts[-1]
        if drops and self.neutral:
            return before.clone()
        return out

    def _if_it_drops(
        self, before: Tensor, known: Tensor, out: Tensor, factor: Tensor | None = None
    ) -> bool:
        """Note an act if an output is the input with parts of it gone; say whether it is."""
        if not out.is_floating_point():
            return False
        mask = mask_between(before, known, out)
        if mask is None or not bool(known.any()):
            return False
        noise = factor is not None and factor.is_floating_point() and _is_noise_around_1(factor)
        if noise:
            trace = bytes_of(before), bytes_of(out)
            self._note("noise to multiply by", None, True, tuple(out.shape), None, trace, out)
            return True
        if factor is not None and _n_values(factor) > 2:
            return False
        if factor is not None and not bool((factor == 0).any()):
            return False  # all is kept this time, or it is no mask
        if mask.share_dropped == 0:
            return False
        self._note(DRAWN, None, True, tuple(out.shape), mask, None, out)
        return True


def _n_values(tensor: Tensor) -> int:
    return int(torch.unique(tensor.detach()).numel())


def _is_noise_around_1(factor: Tensor) -> bool:
    """Say whether a factor is noise around 1, as in Gaussian dropout, and not around 0."""
    values = factor.detach().double()
    if values.numel() < 64 or _n_values(values) <= 2:
        return False
    spread = float(values.std())
    return abs(float(values.mean()) - 1) < 0.25 and 0.05 < spread < 3
