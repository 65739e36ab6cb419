"""A net of eight maps that reads digits, light enough to travel with a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.data import Dataset
from dropoutlab.explorables.shared.byte_layers import ByteLinear, pack_layers, unpack_layers

__all__ = ["MAPS", "SHAPE", "MapReader", "known_to_neighbours"]

POOLED, WINDOW, MAPS = 14, 3, 8
SIDE = POOLED - WINDOW + 1
SHAPE = (MAPS, SIDE, SIDE)  # of what dropout is applied to
SHAPES = ((MAPS, WINDOW**2), (10, MAPS * (SIDE // 2) ** 2))


@dataclass(frozen=True, eq=False)
class MapReader:
    """A small convolutional net, its weights rounded to bytes.

    It averages 28 × 28 pixels two by two, looks at them through eight windows of 3 × 3, and
    puts out eight maps of 12 × 12 (ReLU). Dropout acts there. Then the largest of each two by
    two goes to a linear layer with 10 logits.

    Attributes
    ----------
    windows, output : ByteLinear
        Of 9 inputs each, and of 288.
    test_error : float
        Fraction of ``n_test`` digits that this net, as it is here, misreads with nothing
        dropped; it never saw them before.
    n_test : int
    """

    windows: ByteLinear
    output: ByteLinear
    test_error: float
    n_test: int

    def maps(self, images: ArrayLike) -> NDArray[np.float64]:
        """Return what the windows see, shape ``(n, 8, 12, 12)``, for images (n, 784)."""
        pixels = np.asarray(images, dtype=np.float64).reshape(-1, POOLED, 2, POOLED, 2)
        patches = np.lib.stride_tricks.sliding_window_view(
            pixels.mean(axis=(2, 4)), (WINDOW, WINDOW), axis=(1, 2)
        )
        seen = self.windows(patches.reshape(-1, SIDE, SIDE, WINDOW**2))
        return np.maximum(np.moveaxis(seen, -1, 1), 0)

    def pooled(self, maps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the largest of each two by two: what the next layer gets."""
        half = SIDE // 2
        largest: NDArray[np.float64] = maps.reshape(*maps.shape[:-2], half, 2, half, 2).max(
            axis=(-3, -1)
        )
        return largest

    def logits(self, maps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logits, shape ``(n, 10)``, for maps as the dropout leaves them."""
        pooled = self.pooled(maps)
        return self.output(pooled.reshape(*pooled.shape[:-3], -1))

    def error(self, dataset: Dataset) -> float:
        """Return the fraction of a set that is misread with nothing dropped."""
        answers = self.logits(self.maps(dataset.x)).argmax(axis=1)
        return float(np.mean(answers != dataset.y))

    def state(self) -> dict[str, Any]:
        """Return the net as JSON can hold it."""
        return {
            "test_error": self.test_error,
            "n_test": self.n_test,
            "weights": pack_layers(self.windows, self.output),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> MapReader:
        """Return the net that `state` describes.

        Raises
        ------
        ValueError
            Something is missing, out of range, or not of the right length.
        """
        wanted = {"test_error", "n_test", "weights"}
        if set(state) != wanted:
            raise ValueError(f"a reader has {sorted(wanted)}, got {sorted(state)}")
        if not (0 <= state["test_error"] <= 1 and state["n_test"] > 0):
            raise ValueError(
                "test_error must be in [0, 1] and n_test positive, got "
                f"{state['test_error']!r}, {state['n_test']!r}"
            )
        windows, output = unpack_layers(state["weights"], SHAPES)
        return cls(windows, output, state["test_error"], state["n_test"])


def known_to_neighbours(maps: NDArray[np.float64], masks: NDArray[np.bool_]) -> float:
    r"""Return how much of the dropped numbers their neighbours on the map still know.

    Each dropped number is guessed as the mean of those of its eight neighbours that are kept;
    without any, as the mean of all numbers. The share of the variance that this explains is

    .. math:: R^2 = 1 - \frac{\sum (x - \text{guess})^2}{\sum (x - \bar x)^2}

    with both sums over all dropped numbers: 1 if they are known exactly, 0 if not at all.

    Parameters
    ----------
    maps : ndarray, shape (..., rows, columns)
    masks : ndarray of bool, shape of ``maps``
        True = kept.

    Returns
    -------
    float
        NaN if nothing is dropped, or if nothing varies.

    Examples
    --------
    >>> level = np.ones((1, 3, 3))
    >>> slope = level * np.arange(3)
    >>> mask = np.ones((1, 3, 3), dtype=bool)
    >>> mask[0, 0, 0] = False
    >>> round(known_to_neighbours(slope, mask), 3)
    0.556
    """
    kept = np.where(masks, maps, 0.0)
    total, count = _around(kept), _around(masks.astype(np.float64))
    mean = maps.mean()
    guess = np.divide(total, count, out=np.full(maps.shape, mean), where=count > 0)
    gone = ~masks
    spread = float(np.sum((maps[gone] - mean) ** 2))
    if spread == 0:
        return float("nan")
    return float(1 - np.sum((maps[gone] - guess[gone]) ** 2) / spread)


def _around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum over the eight neighbours of each number; at the edge there are fewer."""
    padding = [(0, 0)] * (values.ndim - 2) + [(1, 1), (1, 1)]
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(values, padding), (3, 3), axis=(-2, -1)
    )
    around: NDArray[np.float64] = windows.sum(axis=(-2, -1)) - values
    return around
