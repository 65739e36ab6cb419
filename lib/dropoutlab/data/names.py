"""Names of people in the census of the United States, for models that spell."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

from dropoutlab.checks import describe, positive_integer
from dropoutlab.data.disjoint import split_rows

__all__ = ["NameSplit", "names"]

# The files of the package `names`: name, share in per cent, cumulated share, rank.
_FILES = {
    "surnames": "dist.all.last",
    "female": "dist.female.first",
    "male": "dist.male.first",
}
_CUT = 13  # letters, at which the census ended longer surnames


@dataclass(frozen=True)
class NameSplit:
    """Three lists of names of which no two share a name.

    Attributes
    ----------
    train : tuple of str
        To fit on.
    validation : tuple of str or None
        To choose settings on. None where none was asked for.
    test : tuple of str
        To look at once, at the end; and to compare with, where a model that copies its
        training names is to be told from one that hits on real names by skill.
    """

    train: tuple[str, ...]
    validation: tuple[str, ...] | None
    test: tuple[str, ...]


def names(
    *,
    n_train: int,
    n_validation: int = 0,
    n_test: int,
    seed: int,
    kind: str = "surnames",
    commonest: int | None = None,
) -> NameSplit:
    """Draw disjoint parts from the names of the United States' census of 1990.

    Every name is there once, however many people bear it, and all names that may be drawn
    are equally likely. They are in lower case: the census has capitals only, so that case
    tells nothing, and 26 letters are all that a model needs to know.

    Parameters
    ----------
    n_train, n_validation, n_test : int
        Numbers of names. For one ``seed`` and ``n_test``, the test part is the same whatever
        the others, and a larger training part contains the smaller ones (if
        ``n_validation`` is the same too).
    seed : int
        Equal seeds give equal parts.
    kind : {"surnames", "female", "male"}
        88,549 surnames, or 4,275 or 1,219 first names. 331 first names are both female and
        male; parts of different kinds can therefore share names.
    commonest : int, optional
        Draw from as many of the commonest names only. Without it, most surnames are rare
        ones.

    Returns
    -------
    NameSplit
        Of tuples of str, in random order.

    Raises
    ------
    TypeError
        A size, the seed or ``commonest`` is not an integer.
    ValueError
        A size is too small, more names are asked for than there are, or there is no such
        ``kind``.

    Notes
    -----
    The census cut surnames after 13 letters. The 250 of that length are left out, because
    nobody can tell the stumps among them ("christopherso") from the whole ones.

    Source: U.S. Census Bureau, "Frequently occurring surnames from the 1990 census", by way
    of the package `names`.

    Examples
    --------
    >>> parts = names(n_train=2000, n_test=2000, seed=1, commonest=5000)
    >>> len(parts.train), set(parts.train) & set(parts.test)
    (2000, set())
    >>> parts.train[:3]
    ('rhoades', 'caudill', 'carrion')
    """
    if not (isinstance(kind, str) and kind in _FILES):
        raise ValueError(f"kind must be one of {', '.join(_FILES)}, got {describe(kind)}")
    pool = _pool(kind)
    if commonest is not None:
        commonest = positive_integer("commonest", commonest)
        if not commonest <= len(pool):
            raise ValueError(
                f"commonest must be at most {len(pool):,}, the number of {kind} "
                f"{'' if kind == 'surnames' else 'first names '}there are, got {commonest:,}"
            )
    rows = split_rows(
        len(pool) if commonest is None else commonest,
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
    )
    train, validation, test = (tuple(pool[row] for row in part) for part in rows)
    return NameSplit(train, validation or None, test)


@cache
def _pool(kind: str) -> tuple[str, ...]:
    """Read the names of one kind, the commonest first."""
    table = resources.files("names").joinpath(_FILES[kind]).read_text("ascii")
    found = dict.fromkeys(line.split()[0].lower() for line in table.splitlines())
    return tuple(name for name in found if len(name) < _CUT)
