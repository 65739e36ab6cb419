"""What is dropped together: a digit's maps, and which of their numbers share a coin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.dropped_together.kinds import KINDS, draw_together
from dropoutlab.explorables.dropped_together.map_reader import (
    SHAPE,
    MapReader,
    known_to_neighbours,
)
from dropoutlab.explorables.dropped_together.maps_picture import maps_picture
from dropoutlab.explorables.shared.digit_pad import DigitPad
from dropoutlab.explorables.traits import Bounded, OneOf

__all__ = ["Draws", "DroppedTogether"]

N_DRAWS = 100
BLOCKS = (3, 5, 7)


@dataclass(frozen=True, eq=False)
class Draws:
    """What comes of a hundred masks on the maps of one digit.

    Attributes
    ----------
    masks : ndarray of bool, shape (100, 8, 12, 12)
        True = kept.
    known : float
        What their neighbours still know of dropped numbers, over all draws, as R²: see
        `map_reader.known_to_neighbours`.
    reads : ndarray of int, shape (10,)
        How many draws are read as each digit.
    whole : int
        How the digit is read with nothing dropped.
    """

    masks: NDArray[np.bool_]
    known: float
    reads: NDArray[np.intp]
    whole: int


class DroppedTogether(DigitPad):
    """A digit's eight maps, dropped by single numbers, blocks, maps or places.

    Parameters
    ----------
    reader : MapReader, optional
        The net. By default that of ``map_training.train_map_reader``, which needs PyTorch and
        takes some seconds.

    Attributes
    ----------
    digit, rotation, strokes, digits
        As for any `DigitPad`: what is shown, drawn or real.
    kind : str
        Which numbers share a coin: ``"numbers"`` (none), ``"blocks"``, ``"maps"``, ``"places"``
        (one place in all maps).
    p : float
        Probability with which each number is dropped, 0 to 0.9, whatever the kind.
    block : int
        Side of a block: 3, 5 or 7.
    seed : int
        Decides the masks, from 0.

    Raises
    ------
    traitlets.TraitError
        A value is out of its range, or NaN, or does not fit the others.

    Examples
    --------
    >>> widget = DroppedTogether(kind="maps")
    >>> int(widget.ask().reads.sum()), widget.ask().known
    (100, 0.0)
    """

    kind_of_reader = MapReader
    folder = "dropped_together"
    title = "What is dropped together?"
    caption = (
        "Eight maps of a 3, half of their numbers dropped in four ways; a cross stands for a "
        "dropped number. With a coin for each number, the neighbours still know much of what "
        "is gone; with a coin for each map, nobody on the map does."
    )
    heights = (1710, 1570, 980)

    kind = OneOf(KINDS, "numbers").tag(sync=True)
    p = Bounded(0.5, 0, 0.9).tag(sync=True)
    block = OneOf(BLOCKS, 3).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=2**32 - 1).tag(sync=True)

    @traitlets.default("reader")
    def _trained(self) -> dict[str, Any]:
        # Brings PyTorch.
        from dropoutlab.explorables.dropped_together.map_training import train_map_reader

        return train_map_reader().state()

    @property
    def net(self) -> MapReader:
        """The net whose maps are shown."""
        return MapReader.from_state(self.reader)

    def maps(self) -> NDArray[np.float64]:
        """Return the maps of what is shown, shape ``(8, 12, 12)``, with nothing dropped."""
        maps: NDArray[np.float64] = self.net.maps(self.image())[0]
        return maps

    def masks(self, kind: str | None = None) -> NDArray[np.bool_]:
        """Return the hundred masks of a kind, by default the chosen one; True = kept."""
        rng = BrowserRandom(self.seed)
        kind = kind or self.kind
        return np.array(
            [draw_together(rng, kind, self.p, self.block, SHAPE) for _ in range(N_DRAWS)]
        )

    def ask(self, kind: str | None = None) -> Draws:
        """Drop a hundred times, by default in the chosen way, and see what comes of it."""
        net, maps, masks = self.net, self.maps(), self.masks(kind)
        answers = net.logits(maps * masks / (1 - self.p)).argmax(axis=1)
        return Draws(
            masks=masks,
            known=known_to_neighbours(np.broadcast_to(maps, masks.shape), masks),
            reads=np.bincount(answers, minlength=10),
            whole=int(net.logits(maps).argmax()),
        )

    def picture(self) -> str:
        """Draw the maps under one mask of each kind."""
        net, draws = self.net, {kind: self.ask(kind) for kind in KINDS}
        words = "; ".join(
            f"{kind}: {1 - d.masks[0].mean():.0%} dropped in this draw, neighbours know "
            f"{d.known:.0%}, {d.reads.max()} of 100 draws read as {d.reads.argmax()}"
            for kind, d in draws.items()
        )
        alt = (
            f"Eight maps of a digit, dropped in four ways. {words.capitalize()}. With nothing "
            f"dropped the net misreads {round(net.test_error * net.n_test)} of {net.n_test} "
            "digits that it never saw."
        )
        return maps_picture(self.maps(), {kind: d.masks[0] for kind, d in draws.items()}, alt)
