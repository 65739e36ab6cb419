"""Which installed packages a worker may import, and the folder that holds nothing else.

The course's own library is installed beside NumPy. So a worker does not get
``site-packages``, but a folder of links to what an assignment names and what that needs.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

__all__ = ["importable"]

REQUIREMENT = re.compile(r"^([A-Za-z0-9_.-]+)[^;]*$")  # without a marker: needed everywhere


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
    pending, seen = list(names), set()
    while pending:
        name = pending.pop()
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        try:
            package = distribution(name)
        except PackageNotFoundError:
            if name in names:
                raise
            continue
        found |= _top_level(package)
        matches = [REQUIREMENT.match(text) for text in package.requires or []]
        pending += [match[1] for match in matches if match]
    return found


def _top_level(package: Distribution) -> dict[str, Path]:
    tops = {path.parts[0] for path in package.files or [] if ".." not in path.parts}
    paths = {top: Path(str(package.locate_file(top))) for top in tops}
    return {
        top: path
        for top, path in paths.items()
        if path.exists() and top != "__pycache__" and not top.endswith(".pth")
    }
