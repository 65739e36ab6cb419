"""Layers with a byte a weight, light enough to travel with a page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ByteLinear", "pack_layers", "unpack_layers"]


@dataclass(frozen=True, eq=False)
class ByteLinear:
    """A linear layer with a byte a weight: row i of its matrix is ``scale[i] * weight[i]``.

    Attributes
    ----------
    weight : ndarray of int8, shape (out_features, in_features)
        From −127 to 127.
    scale, bias : ndarray of float32, shape (out_features,)
    """

    weight: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def rounded(cls, weight: ArrayLike, bias: ArrayLike) -> ByteLinear:
        """Round a layer's weights to 255 steps a row, the largest of a row exactly.

        Examples
        --------
        >>> layer = ByteLinear.rounded([[0.5, -0.25]], [1.0])
        >>> layer.weight
        array([[127, -64]], dtype=int8)
        """
        weight = np.asarray(weight, dtype=np.float64)
        scale = (np.abs(weight).max(axis=1) / 127).astype(np.float32)
        scale[scale == 0] = 1
        steps = np.rint(weight / scale[:, None])
        return cls(
            np.clip(steps, -127, 127).astype(np.int8), scale, np.asarray(bias, np.float32)
        )

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``x @ W.T + bias`` in float64, for x of shape (..., in_features)."""
        weight = self.weight * self.scale[:, None].astype(np.float64)
        result: NDArray[np.float64] = x @ weight.T + self.bias
        return result


def pack_layers(*layers: ByteLinear) -> str:
    """Return layers as a text of base64: of each the weights, the scales, the biases."""
    parts = [
        part.astype(part.dtype.newbyteorder("<")).tobytes()
        for layer in layers
        for part in (layer.weight, layer.scale, layer.bias)
    ]
    return base64.b64encode(b"".join(parts)).decode("ascii")


def unpack_layers(text: str, shapes: Sequence[tuple[int, int]]) -> list[ByteLinear]:
    """Return the layers of a text that `pack_layers` made.

    Parameters
    ----------
    text : str
    shapes : sequence of (out_features, in_features)

    Raises
    ------
    ValueError
        The text is no base64, not of the right length, or holds what is not finite.

    Examples
    --------
    >>> layer = ByteLinear.rounded([[0.5, -0.25]], [1.0])
    >>> unpack_layers(pack_layers(layer), [(1, 2)])[0].bias
    array([1.], dtype=float32)
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise ValueError(f"weights must be base64: {error}") from None
    length = sum(rows * (columns + 8) for rows, columns in shapes)
    if len(content) != length:
        raise ValueError(f"weights must hold {length} bytes, got {len(content)}")
    layers, at = [], 0
    for rows, columns in shapes:
        weight = np.frombuffer(content, np.int8, rows * columns, at)
        floats = np.frombuffer(content, "<f4", 2 * rows, at + rows * columns)
        if not np.isfinite(floats).all():
            raise ValueError("weights must be finite")
        scale, bias = floats.astype(np.float32).reshape(2, rows)
        layers.append(ByteLinear(weight.reshape(rows, columns), scale, bias))
        at += rows * (columns + 8)
    return layers
