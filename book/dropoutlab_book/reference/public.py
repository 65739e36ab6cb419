"""What a module offers, what it says of it, and where that is described in full."""

from __future__ import annotations

import inspect
import sys
from functools import cache
from importlib import import_module

from sphinx.pycode import ModuleAnalyzer

from .sources import PACKAGE, modules


def public_names(module: str) -> list[str]:
    """Return the names in a module's ``__all__``."""
    return list(getattr(import_module(module), "__all__", ()))


def public(module: str, name: str) -> object:
    """Return what a module offers under a name; None where it does not keep its word."""
    return getattr(import_module(module), name, None)


def home(module: str, name: str) -> str:
    """Return the full name under which something is described.

    A module may offer what another one defines: `dropoutlab.training.History` is described
    in `dropoutlab.history`.
    """
    defined_in = getattr(public(module, name), "__module__", None) or module
    other = ".".join(defined_in.split(".")[:2])
    if other.startswith(f"{PACKAGE}.") and name in public_names(other):
        return f"{other}.{name}"
    return f"{module}.{name}"


@cache
def class_homes() -> dict[str, str]:
    """Return where each class is described, by its name; of two of a name, neither."""
    found: dict[str, set[str]] = {}
    for module in modules():
        for name in public_names(module):
            if inspect.isclass(public(module, name)):
                found.setdefault(name, set()).add(home(module, name))
    return {name: places.pop() for name, places in found.items() if len(places) == 1}


def docstring(module: str, name: str = "") -> list[str]:
    """Return the lines of what is said about a module, or about something that it offers.

    Of a constant, that is the comment or the string beside it, in the file that defines it.
    """
    thing = public(module, name) if name else import_module(module)
    if not name or callable(thing):
        return (inspect.getdoc(thing) or "").splitlines()
    own = [m for m in sys.modules if m == module or m.startswith(f"{module}.")]
    for place in own:
        if vars(sys.modules[place]).get(name) is thing:
            documented = ModuleAnalyzer.for_module(place).find_attr_docs()
            if ("", name) in documented:
                return documented["", name]
    return []


def summary(module: str, name: str = "") -> str:
    """Return the first line of what is said about a module or a name; empty without one."""
    return next(iter(docstring(module, name)), "")
