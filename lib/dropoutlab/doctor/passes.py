"""What the passes of an examination showed, all together."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import nn

from dropoutlab.doctor.watching import Watch

__all__ = ["Passes"]


@dataclass
class Passes:
    """What all passes showed.

    Attributes
    ----------
    model : torch.nn.Module
        That was examined.
    batch_axis : int
        Which axis counts the examples.
    as_given : Watch or None
        The pass in the modes that the model had, where the model itself was in evaluation mode.
    evaluating, training : list of Watch
        Two passes each.
    still : Watch or None
        A pass in training mode in which nothing was dropped; only where batch normalisation
        comes after something that drops.
    varies : bool
        The output differs between the passes in evaluation.
    n_examples : int or None
        Of the batch, as far as its first tensor tells.
    """

    model: nn.Module
    batch_axis: int
    as_given: Watch | None = None
    evaluating: list[Watch] = field(default_factory=list)
    training: list[Watch] = field(default_factory=list)
    still: Watch | None = None
    varies: bool = False
    n_examples: int | None = None
