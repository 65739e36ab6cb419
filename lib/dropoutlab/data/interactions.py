"""Who rated what, and how: no matrix, because most of it would be missing."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe, float_array

__all__ = ["RatingSplit", "Ratings"]


@dataclass(frozen=True, eq=False, repr=False)
class Ratings:
    """Who rated what, and how: one row a rating, that nobody can change by accident.

    Parameters
    ----------
    user, item : array_like of int, shape (n,)
        Numbers of the user and of the film, from 0. Copied; the copies are read-only.
    rating : array_like of float, shape (n,)
        Finite. Copied; the copy is read-only.

    Raises
    ------
    TypeError
        A number of a user or film is not an integer, or a rating not floating-point.
    ValueError
        The shapes differ, there is no rating, or a number is negative or not finite.

    Examples
    --------
    >>> Ratings([0, 0, 1], [4, 2, 4], [7.0, 9.0, 8.0])
    Ratings(3 ratings, 2 users, 2 items, float64)
    """

    user: NDArray[np.int64]
    item: NDArray[np.int64]
    rating: NDArray[np.floating]

    def __post_init__(self) -> None:
        rating = np.array(float_array("rating", self.rating))
        if rating.ndim != 1 or not len(rating):
            raise ValueError(
                f"rating must have shape (n,) with n at least 1, got shape {rating.shape}"
            )
        if not np.isfinite(rating).all():
            i = np.flatnonzero(~np.isfinite(rating))[0]
            raise ValueError(f"rating must be finite, got {rating[i]} at index {i}")
        for name in ("user", "item"):
            codes = np.asarray(getattr(self, name))
            if codes.dtype.kind not in "iu":
                raise TypeError(f"{name} must be integers from 0, got {describe(codes)}")
            if codes.shape != rating.shape:
                raise ValueError(
                    f"{name} must have shape {rating.shape}, one for each rating, got shape "
                    f"{codes.shape}"
                )
            if not codes.min() >= 0:
                raise ValueError(f"{name} must be integers from 0, got {codes.min()}")
            self._keep(name, codes.astype(np.int64))
        self._keep("rating", rating)

    def _keep(self, name: str, array: NDArray[Any]) -> None:
        array.flags.writeable = False
        object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.rating)

    def __reduce__(self) -> tuple[Any, ...]:
        # Unpickled arrays would be writable; going through __init__ protects them again.
        return Ratings, (self.user, self.item, self.rating)

    def __repr__(self) -> str:
        users, items = len(np.unique(self.user)), len(np.unique(self.item))
        return (
            f"Ratings({len(self)} ratings, {users} users, {items} items, {self.rating.dtype})"
        )


@dataclass(frozen=True, eq=False)
class RatingSplit:
    """Three parts of a set of ratings that share no rating.

    Attributes
    ----------
    train : Ratings
        To fit on. Every user and every film is in it.
    validation : Ratings or None
        To choose settings on. None where none was asked for.
    test : Ratings
        To look at once, at the end.
    n_users : int
        Users are numbered from 0 to ``n_users - 1``.
    titles : tuple of str
        Of the films, ``titles[item]``, with the year: "The Thing (1982)". No two are equal.
    """

    train: Ratings
    validation: Ratings | None
    test: Ratings
    n_users: int
    titles: tuple[str, ...]
