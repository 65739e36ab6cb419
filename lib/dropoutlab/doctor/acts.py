"""What is seen of one call that drops, or could: its p, its mask, what it multiplies by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

__all__ = ["Act", "Mask", "NormCall", "bytes_of", "is_plain", "mask_between", "tensors_in"]

LARGEST = 1 << 22  # elements of a mask that are looked at
SURE = 1e-6  # so unlikely has chance to be before a fault is named


@dataclass(frozen=True)
class Mask:
    """Which elements of an input are kept.

    Attributes
    ----------
    kept : Tensor of bool
        True where the output is not 0.
    known : Tensor of bool
        True where the input is not 0, so that this says something.
    scale : float
        By what the kept elements are multiplied.
    """

    kept: Tensor
    known: Tensor
    scale: float

    @property
    def share_dropped(self) -> float:
        """The share of elements that are dropped."""
        n = int(self.known.sum())
        return float((self.known & ~self.kept).sum()) / n if n else 0.0

    @property
    def n_units(self) -> int:
        """How many are dropped by themselves: axes along which all agree do not count."""
        n = 1
        for axis in range(self.kept.ndim):
            if not _agree_along(self.kept, self.known, axis):
                n *= self.kept.shape[axis]
        return n

    def is_surely(self, other: Mask) -> bool:
        """Say whether another mask is the same, and chance no explanation."""
        if self.kept.shape != other.kept.shape:
            return False
        both = self.known & other.known
        if not bool((self.kept[both] == other.kept[both]).all()):
            return False
        return _chance(self.share_dropped, self.n_units) < SURE

    def is_surely_shared(self, axis: int) -> bool:
        """Say whether all examples along an axis have one mask, and chance no explanation."""
        n = self.kept.shape[axis]
        if n < 2 or not _agree_along(self.kept, self.known, axis):
            return False
        # A mask that is all kept, or all dropped, is a layer that is left out as a whole.
        return 0 < self.share_dropped < 1 and (
            _chance(self.share_dropped, self.n_units * (n - 1)) < SURE
        )


def _chance(p: float, n: int) -> float:
    """Return how likely n pairs of independent draws are to agree all."""
    return math.exp(n * math.log(p * p + (1 - p) * (1 - p)))


def _agree_along(kept: Tensor, known: Tensor, axis: int) -> bool:
    """Say whether all that is known along an axis is kept, or all is dropped, everywhere."""
    some_kept = (kept & known).any(axis)
    some_dropped = (~kept & known).any(axis)
    return not bool((some_kept & some_dropped).any())


def mask_between(before: Tensor, known: Tensor, after: Tensor) -> Mask | None:
    """Return the mask by which an output came from an input; None if it is none.

    Parameters
    ----------
    before : Tensor
        The input, of any floating dtype; may have been written over since.
    known : Tensor of bool
        Where it was not 0.
    after : Tensor
        The output.
    """
    if before.shape != after.shape or after.numel() == 0 or after.numel() > LARGEST:
        return None
    after = after.detach()
    kept = after != 0
    seen = kept & known
    scale = 1.0
    if before.data_ptr() != after.data_ptr() and bool(seen.any()):
        scale = float((after[seen].double() / before.detach()[seen].double()).median())
    return Mask(kept.cpu(), known.cpu(), scale)


@dataclass(frozen=True)
class Act:
    """One call that drops, or could.

    Attributes
    ----------
    module : str
        In which module it happened.
    what : str
        What was called, as the source would write it.
    p : float or None
        The probability of dropping, as it was given; None where the model draws by itself.
    active : bool
        Whether anything could be dropped in this call.
    shape : tuple of int
        Of the input.
    mask : Mask or None
        Where it can be seen.
    trace : tuple of bytes or None
        Stands for input and output where no mask can be seen.
    used : list of bool
        Filled when the result is used by another call, or returned.
    """

    module: str
    what: str
    p: float | None
    active: bool
    shape: tuple[int, ...]
    mask: Mask | None
    trace: tuple[bytes, bytes] | None
    used: list[bool]


@dataclass(frozen=True)
class NormCall:
    """One call of batch normalisation.

    Attributes
    ----------
    module : str
        In which module.
    training : bool
        Whether it normalised by the batch.
    has_statistics : bool
        Whether it has running statistics.
    variance : Tensor
        Of what it was given, for each channel.
    n_acts : int
        How many calls had dropped since the batch normalisation before it.
    """

    module: str
    training: bool
    has_statistics: bool
    variance: Tensor
    n_acts: int


def is_plain(tensor: Tensor) -> bool:
    """Say whether the numbers of a tensor can be looked at: not sparse, nested or mapped."""
    wrapped = torch._C._functorch.is_functorch_wrapped_tensor(tensor)
    strided = tensor.layout == torch.strided and not tensor.is_nested
    return strided and not wrapped and not tensor.is_meta


def bytes_of(tensor: Tensor) -> bytes:
    """Return what stands for the values of a tensor."""
    flat = tensor.detach().reshape(-1)[:65536]
    if flat.is_complex():
        flat = torch.view_as_real(flat)
    return flat.to("cpu", torch.float64).numpy().tobytes()


def tensors_in(value: Any) -> Iterator[Tensor]:
    """Yield the tensors in nested lists, tuples, dictionaries and objects with attributes."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from tensors_in(item)
    elif isinstance(value, (list, tuple, set)):
        for item in value:
            yield from tensors_in(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from tensors_in(getattr(value, name, None))
