"""The library's own modules: which of them a run can reach, and what they say.

What a run computes can depend on the modules that its function uses, on those that these
import, and so on. It cannot depend on any other module, on a style sheet or a script, nor
on comments and docstrings. So a module counts by its syntax tree, if it can be reached.
The ``__init__`` of a package counts where something is imported from it by name: that it
runs before a module inside gives that module nothing.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

__all__ = ["LOADED", "PACKAGE", "changed", "checkout", "digest", "imported", "reached"]

PACKAGE = Path(__file__).resolve().parents[1]


def checkout() -> Path | None:
    """Return the folder of the checkout that the library lies in, or None.

    Examples
    --------
    >>> folder = checkout()
    >>> folder is None or (folder / "lib" / "dropoutlab").is_dir()
    True
    """
    folder = PACKAGE.parents[1]
    markers = (folder / "pyproject.toml", folder / "_config.yml")
    return folder if all(marker.is_file() for marker in markers) else None


def _sources() -> dict[str, bytes]:
    return {_name(file): file.read_bytes() for file in sorted(PACKAGE.rglob("*.py"))}


def _name(file: Path) -> str:
    parts = (PACKAGE.name, *file.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


# What runs in this process, as long as nobody edits a file: the modules by their names.
LOADED = _sources()


def changed(modules: Iterable[str]) -> str | None:
    """Return one of the modules whose file says something else than when it was imported.

    Contents are compared and no dates, which say nothing where a clock is behind.

    Examples
    --------
    >>> changed(["dropoutlab.nn.dropout"]) is None
    True
    """
    now = _sources()
    for name in modules:
        if now.get(name) != LOADED.get(name) and digest(now.get(name)) != digest(LOADED[name]):
            return name
    return None


def reached(names: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the library's modules that named ones can reach, and the packages outside it.

    Parameters
    ----------
    names : iterable of str
        Full names of modules, or of what is in them.

    Examples
    --------
    >>> modules, packages = reached(["dropoutlab.nn.dropout.Dropout"])
    >>> "dropoutlab.nn.module" in modules, "dropoutlab.training" in modules, packages
    (True, False, {'numpy'})
    """
    modules, packages, waiting = set(), set(), list(names)
    while waiting:
        name = waiting.pop()
        root = name.partition(".")[0]
        if root != PACKAGE.name:
            packages.add(root)
            continue
        while name not in LOADED:
            name = name.rpartition(".")[0]
        if name not in modules:
            modules.add(name)
            waiting.extend(imported(LOADED[name]))
    return modules, packages - sys.stdlib_module_names


def imported(source: bytes) -> frozenset[str]:
    """Return the full names that a module imports, wherever in it.

    Examples
    --------
    >>> sorted(imported(b"import numpy as np; from dropoutlab import nn, training"))
    ['dropoutlab.nn', 'dropoutlab.training', 'numpy']
    """
    return _read(source)[0]


def digest(source: bytes | None) -> str:
    """Return a name for what a module says, comments and docstrings apart.

    Examples
    --------
    >>> digest(b"x = 1") == digest(b"x  =  1  # one") != digest(b"x = 2")
    True
    """
    return "none" if source is None else _read(source)[1]


@cache
def _read(source: bytes) -> tuple[frozenset[str], str]:
    names: set[str] = set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # somebody is editing it
        return frozenset(), hashlib.sha256(source).hexdigest()[:12]
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(), level=0):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if ast.get_docstring(node, clean=False) is not None:
                    del node.body[0]
    return frozenset(names), hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:12]
