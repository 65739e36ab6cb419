"""Names as numbers: the letters before, and the letter that comes next."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from dropoutlab.checks import describe, positive_integer

__all__ = ["SYMBOLS", "contexts"]

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"
"""What a code stands for: ``SYMBOLS[code]``. The full stop is the start and the end."""


def contexts(names: Sequence[str], length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Turn names into examples of "these characters came before, which comes next?".

    A name of k letters gives k + 1 examples: one for each letter, and one for its end.
    Before its first letter there are full stops.

    Parameters
    ----------
    names : sequence of str
        At least one; each of the letters a to z, at least one of them.
    length : int
        Number of characters that are shown, at least 1.

    Returns
    -------
    codes : ndarray of int64, shape (n, length)
        The characters before, as positions in `SYMBOLS`: 0 to 26.
    labels : ndarray of int64, shape (n,)
        The character that comes next; 0 is the end.

    Raises
    ------
    TypeError
        ``length`` is not an integer, or ``names`` is a single string.
    ValueError
        There is no name, or one with other characters; ``length`` is below 1.

    Examples
    --------
    >>> codes, labels = contexts(["ab"], 3)
    >>> ["".join(SYMBOLS[code] for code in before) for before in codes]
    ['...', '..a', '.ab']
    >>> [SYMBOLS[code] for code in labels]
    ['a', 'b', '.']

    A dense layer wants each character as 27 zeros and ones:

    >>> np.eye(len(SYMBOLS), dtype=np.float32)[codes].reshape(len(codes), -1).shape
    (3, 81)
    """
    length = positive_integer("length", length)
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"names must be a sequence of names, got {describe(names)}")
    names = tuple(names)
    if not len(names):
        raise ValueError("names must hold at least one name, got none")
    for i, name in enumerate(names):
        if not (isinstance(name, str) and name and set(name) <= set(SYMBOLS[1:])):
            raise ValueError(
                f"names must be made of the letters a to z, got {describe(name)} at index {i}"
            )
    # Full stops before every name and after the last: no window reaches two names.
    text = "".join("." * length + name for name in names) + "."
    letters = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - ord("a") + 1
    codes = np.maximum(letters, 0)
    windows = sliding_window_view(codes, length + 1)
    before, after = windows[:, :-1], windows[:, -1]
    # A full stop follows a name only once; the others are the start of the next.
    wanted = (after > 0) | (before[:, -1] > 0)
    return before[wanted], after[wanted]
