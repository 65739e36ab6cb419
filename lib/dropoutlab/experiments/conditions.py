"""What the rows of a run depend on besides its setting and its seed.

The function; the modules of the library that it can reach; Python, and the packages that
these compute with. All of it is one mapping of names to versions, which names the place of
the runs in a store, and which every worker compares with its own.

Files of data need no part in it: the library reads none without comparing its SHA-256 with
the one that is written in the library.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import metadata
from typing import Any

from dropoutlab.experiments.fingerprint import NoFingerprint, trace
from dropoutlab.experiments.library import LOADED, PACKAGE, digest, reached

__all__ = ["conditions", "differences", "here", "key", "loosely"]

# What draws, fetches, sends and packs, but computes no row.
COMPUTE_NOTHING = {
    *("anywidget", "cloudpickle", "IPython", "joblib", "matplotlib", "platformdirs", "pooch"),
    *("requests", "threadpoolctl", "tqdm"),
}
# NumPy computes all of them; the other two are used without a word in the library's imports.
ALWAYS = {"numpy", "scipy", "names"}
DISTRIBUTIONS = {"sklearn": "scikit-learn"}  # where the two names differ


def conditions(function: Callable[..., Any]) -> dict[str, str]:
    """Return what the rows of a function depend on, as it is in this process.

    Raises
    ------
    NoFingerprint
        It uses something that cannot be compared.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> found = conditions(lambda seed, p: {"p": nn.Dropout(p, rng=np.random.default_rng(0)).p})
    >>> list(found)[:3], "dropoutlab.nn.dropout" in found, "dropoutlab.quiz" in found
    (['function', 'python', 'names'], True, False)
    """
    fingerprint, names = trace(function)
    return {"function": fingerprint, **_conditions(names)}


def loosely(function: Callable[..., Any]) -> dict[str, str]:
    """Return the same where it can be told, else what all that is imported depends on."""
    try:
        return conditions(function)
    except NoFingerprint:
        return _conditions(name for name in LOADED if name in sys.modules)


def here(names: Iterable[str]) -> dict[str, str]:
    """Return what this process has of what is named, for comparison."""
    return {name: _version(name) for name in names}


def differences(
    wanted: Mapping[str, str], found: Mapping[str, str], *, there: str = "there"
) -> list[str]:
    """Say what is not the same: packages first, and of the library's modules one.

    Examples
    --------
    >>> differences({"numpy": "2.4.6", "scipy": "1.17"}, {"numpy": "2.4.5", "scipy": "1.17"})
    ['numpy 2.4.5 there, 2.4.6 here']
    """
    differing = [name for name in wanted if found.get(name) != wanted[name]]
    modules = [name for name in differing if name.startswith(PACKAGE.name)]
    said = [
        f"{name} {found.get(name, 'none')} {there}, {wanted[name]} here"
        for name in differing
        if name not in modules
    ]
    if modules and not any(text.startswith("python ") for text in said):
        first, *others = modules
        more = f" (and {len(others)} other modules)" if others else ""
        versions = f"{found.get(first, 'none')} {there}, {wanted[first]} here"
        said.append(f"another {PACKAGE.name}: {first}{more} is {versions}")
    return said


def key(wanted: Mapping[str, str]) -> str:
    """Return a short name for conditions.

    Examples
    --------
    >>> len(key({"numpy": "2.4.6"}))
    16
    """
    text = json.dumps(sorted(wanted.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _conditions(names: Iterable[str]) -> dict[str, str]:
    modules, packages = reached(names)
    packages = (packages | ALWAYS) - COMPUTE_NOTHING
    return here(["python", *sorted(packages), *sorted(modules)])


def _version(name: str) -> str:
    if name == "python":
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    if name.partition(".")[0] == PACKAGE.name:
        return digest(LOADED.get(name))
    return _installed(name)


@cache
def _installed(name: str) -> str:
    try:
        return metadata.version(DISTRIBUTIONS.get(name, name))
    except metadata.PackageNotFoundError:
        known = metadata.packages_distributions().get(name)
        return metadata.version(known[0]) if known else "none"
