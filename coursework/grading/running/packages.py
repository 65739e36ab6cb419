"""Which installed packages a worker may import, and the folder that holds nothing else.

The course's own library is installed beside NumPy. So a worker does not get
``site-packages``, but a folder of links to what an assignment names and what that needs.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["importable"]


@cache
def importable(names: tuple[str, ...]) -> dict[str, Path]:
    """Return the top-level files and folders of some distributions and of what they need.

    Parameters
    ----------
    names : tuple of str
        Names of distributions, such as ``("numpy",)``.

    Returns
    -------
    dict
        The name under which each is imported, and where it lies.

    Examples
    --------
    >>> sorted(importable(("numpy",)))[0]
    'numpy'
    """
    found: dict[str, Path] = {}
    pending = [Requirement(name) for name in names]
    seen: set[tuple[str, frozenset[str]]] = set()
    while pending:
        wanted = pending.pop()
        name, extras = wanted.name, frozenset(wanted.extras)
        if (name.lower(), extras) in seen:
            continue
        seen.add((name.lower(), extras))
        try:
            package = distribution(name)
        except PackageNotFoundError:
            if name in names:
                raise
            continue
        found |= _top_level(package)
        pending += _needed(package, extras)
    return found


def _needed(package: Distribution, extras: frozenset[str]) -> list[Requirement]:
    """Return what a distribution needs here, with some of its extras."""
    requirements = [Requirement(text) for text in package.requires or []]
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None
        or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def _top_level(package: Distribution) -> dict[str, Path]:
    tops = {path.parts[0] for path in package.files or [] if ".." not in path.parts}
    paths = {top: Path(str(package.locate_file(top))) for top in tops}
    return {
        top: path
        for top, path in paths.items()
        if path.exists() and top != "__pycache__" and not top.endswith(".pth")
    }
