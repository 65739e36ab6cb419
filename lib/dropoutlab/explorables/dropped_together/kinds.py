"""What is dropped together on a layer of maps: the masks of the browser, number by number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.nn.masks import block_rate

__all__ = ["KINDS", "draw_together"]

#: Which numbers share a coin.
KINDS = ("numbers", "blocks", "maps", "places")


def draw_together(
    rng: BrowserRandom, kind: str, p: float, block: int, shape: tuple[int, int, int]
) -> NDArray[np.bool_]:
    """Draw a mask for a layer of maps.

    Parameters
    ----------
    rng : BrowserRandom
        Tosses a coin for each number ("numbers"), for the corner of each block ("blocks"),
        for each map ("maps"), or for each place in all maps ("places").
    kind : one of `KINDS`
    p : float
        Probability with which each number is dropped, whatever the kind.
    block : int
        Side of a block, in numbers.
    shape : (maps, rows, columns)

    Returns
    -------
    ndarray of bool
        True = kept.

    Examples
    --------
    >>> mask = draw_together(BrowserRandom(0), "maps", 0.5, 3, (8, 2, 2))
    >>> mask.all(axis=(1, 2)).tolist() == mask.any(axis=(1, 2)).tolist()
    True
    """
    maps, rows, columns = shape
    if kind == "blocks":
        more = block - 1
        begun = ~_coins(rng, block_rate(p, block), (maps, rows + more, columns + more))
        windows = np.lib.stride_tricks.sliding_window_view(begun, (block, block), axis=(1, 2))
        return np.asarray(~windows.any(axis=(-2, -1)))
    tossed = {
        "numbers": (maps, rows, columns),
        "maps": (maps, 1, 1),
        "places": (1, rows, columns),
    }[kind]
    return np.broadcast_to(_coins(rng, p, tossed), shape).copy()


def _coins(rng: BrowserRandom, p: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Toss coins that are False with probability p."""
    words = np.array([rng.word() for _ in range(int(np.prod(shape)))], dtype=np.float64)
    return words.reshape(shape) >= p * 2**32
