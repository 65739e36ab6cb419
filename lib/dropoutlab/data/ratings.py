"""What people thought of films, for recommenders: MovieTweetings, an optional set."""

import csv
import gzip
import io
from functools import cache

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dropoutlab.checks import float_type, positive_integer
from dropoutlab.data.disjoint import disjoint_rows, enough
from dropoutlab.data.interactions import Ratings, RatingSplit
from dropoutlab.data.optional import read

__all__ = ["ratings"]

_FILE = "movietweetings/movietweetings_10core_{}.csv.gz"
_Codes = NDArray[np.int64]


def ratings(
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    dtype: DTypeLike = np.float32,
) -> RatingSplit:
    """Draw disjoint parts from 44,613 ratings of 1,099 films by 2,059 people.

    The ratings are whole numbers from 0 to 10, which people tweeted. Each of the people
    rated at least 10 of the films, and each film was rated by at least 10 of them; 2 % of
    all pairs are rated, none twice.

    No model of factors can say anything of a user or a film it never met. Such *cold starts*
    are another problem, and the parts are drawn so that there are none: in a random order
    of all ratings, the first one of every user and of every film is kept for the training
    part (about 2,650 in all), whatever its size; the parts are then drawn from the rest, all
    ratings being equally likely. No rating is dropped for it, and the price is small: who
    rated little is a little rarer in the test part than in the whole.

    Parameters
    ----------
    n_train, n_validation, n_test : int
        Numbers of ratings, together at most 44,613. ``n_train`` must be large enough for
        those that are kept. For one ``seed`` and ``n_test``, the test part is the same
        whatever the others, and a larger training part contains the smaller ones (if
        ``n_validation`` is the same too).
    seed : int
        Equal seeds give equal parts.
    dtype : dtype, default float32
        Of the ratings.

    Returns
    -------
    RatingSplit
        Its parts have ``user``, ``item`` and ``rating``, in random order.

    Raises
    ------
    DataUnavailable
        The files are not to be had: see `dropoutlab.data.optional.read`, which says where
        they are looked for.
    TypeError
        A size or the seed is not an integer, or ``dtype`` is neither float32 nor float64.
    ValueError
        A size is too small, or more ratings are asked for than there are.

    Notes
    -----
    Source: Dooms, De Pessemier & Martens, "MovieTweetings: a movie rating dataset collected
    from Twitter" (2013); MIT licence, copyright 2013 Simon Dooms. The files hold the 10-core
    of its snapshot of 100,000 ratings, derived for this course.

    Examples
    --------
    >>> parts = ratings(n_train=36_000, n_test=8_000, seed=0)  # doctest: +SKIP
    >>> parts.train  # doctest: +SKIP
    Ratings(36000 ratings, 2059 users, 1099 items, float32)
    """
    sizes = {
        "n_train": positive_integer("n_train", n_train),
        "n_validation": positive_integer("n_validation", n_validation, minimum=0),
        "n_test": positive_integer("n_test", n_test),
    }
    rng = np.random.default_rng(positive_integer("seed", seed, minimum=0))
    dtype = float_type(dtype)
    user, item, rating = _table()
    enough(len(rating), **sizes)
    kept, free = _one_of_each(user, item, rng)
    if n_train < len(kept):
        raise ValueError(
            f"n_train must be at least {len(kept):,} with this seed, so that every user and "
            f"every film is in the training part, got {n_train:,}"
        )
    drawn = disjoint_rows(len(free), (n_test, n_validation, n_train - len(kept)), rng)
    test, validation, more = (free[part] for part in drawn)
    train = rng.permutation(np.concatenate([kept, more]))

    def part(rows: NDArray[np.intp]) -> Ratings:
        return Ratings(user[rows], item[rows], rating[rows].astype(dtype))

    return RatingSplit(
        train=part(train),
        validation=part(validation) if n_validation else None,
        test=part(test),
        n_users=int(user.max()) + 1,
        titles=_titles(),
    )


def _one_of_each(
    user: _Codes, item: _Codes, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows that have every user and every film in them, and the other rows."""
    order = rng.permutation(len(user))
    firsts = [np.unique(codes[order], return_index=True)[1] for codes in (user, item)]
    kept = np.union1d(*firsts)
    return order[kept], np.delete(order, kept)


@cache
def _table() -> tuple[_Codes, _Codes, _Codes]:
    """Read users, films and ratings."""
    lines = io.BytesIO(gzip.decompress(read(_FILE.format("ratings"))))
    table = np.loadtxt(lines, delimiter=",", skiprows=1, dtype=np.int64)
    user, item, rating = table.T
    return user, item, rating


@cache
def _titles() -> tuple[str, ...]:
    """Read the titles of the films, in the order of their numbers."""
    text = gzip.decompress(read(_FILE.format("movies"))).decode("utf-8")
    return tuple(f"{row['title']} ({row['year']})" for row in csv.DictReader(io.StringIO(text)))
