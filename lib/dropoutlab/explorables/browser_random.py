"""The random numbers of ``shared/random.js``: what the browser draws can be drawn here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

__all__ = ["BrowserRandom"]


class BrowserRandom:
    """A stream of the generator sfc32, word for word the one of the browser.

    Parameters
    ----------
    seed : int
        From 0 to 2⁵³ − 1.
    stream : int, optional
        Another one makes other numbers of the same seed.

    Examples
    --------
    >>> rng = BrowserRandom(0)
    >>> 0 <= rng.uniform() < 1
    True
    """

    def __init__(self, seed: int, stream: int = 0) -> None:
        #: Return one of 2³² integers from 0 on.
        self.word: Callable[[], int] = _words(seed, stream).__next__

    def uniform(self) -> float:
        """Return a number in [0, 1), with 53 random bits."""
        return ((self.word() >> 5) * 2**26 + (self.word() >> 6)) / 2**53

    def normal(self) -> float:
        """Return a standard normal number (Box and Muller)."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def permutation(self, n: int) -> list[int]:
        """Return the numbers from 0 to n − 1, in random order."""
        rows: list[int] = []
        for i in range(n):
            j = math.floor(self.uniform() * (i + 1))
            rows.append(i)
            rows[i], rows[j] = rows[j], i
        return rows


def _words(seed: int, stream: int) -> Iterator[int]:
    a, b, c = seed % 2**32, seed >> 32, stream
    for counter in itertools.count(1):
        word = (a + b + counter) % 2**32
        a, b = b ^ b >> 9, c * 9 % 2**32
        c = ((c << 21 | c >> 11) + word) % 2**32
        if counter > 16:  # by then every bit of the seed has reached the rest
            yield word
