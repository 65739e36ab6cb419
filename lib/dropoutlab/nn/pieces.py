"""Updates of whole arrays, a piece at a time."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pieces"]

PIECE = 32_768  # entries: 128 KB of float32


def pieces(
    *changed: NDArray[np.floating], read: NDArray[np.floating]
) -> Iterator[tuple[NDArray[np.floating], ...]]:
    """Walk through arrays of one shape together, in pieces that may be written to.

    An equation such as ``w -= lr * v`` makes an array of the size of its result. Of weight
    size, that is memory to ask for, to write and to read again, which takes longer than to
    compute. A piece stays in the processor's cache until the last equation is done with it.
    Entry by entry, what is computed is the same to the bit.

    Parameters
    ----------
    *changed : ndarray
        What the equations update, in place.
    read : ndarray
        What they only read: the gradient.

    Yields
    ------
    tuple of ndarray
        A piece of each, in the order of the arguments: of one axis, or the arrays themselves
        where they are small.

    Examples
    --------
    >>> w, g = np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones((2, 2))
    >>> for piece_of_w, piece_of_g in pieces(w, read=g):
    ...     piece_of_w -= 0.5 * piece_of_g
    >>> w
    array([[0.5, 1.5],
           [2.5, 3.5]])
    """
    if read.size <= PIECE:
        yield *changed, read
        return
    access: Any = [*[["readwrite"]] * len(changed), ["readonly"]]
    with np.nditer(
        [*changed, read],
        flags=["external_loop", "buffered"],
        op_flags=access,
        buffersize=PIECE,
    ) as iterator:
        yield from iterator
