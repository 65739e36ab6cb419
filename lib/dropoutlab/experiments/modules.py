"""Which code the state of the library already stands for, and which is the user's own."""

import importlib.util
import site
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from dropoutlab.experiments.library import PACKAGE

__all__ = ["installed_name", "is_installed", "module_named", "user_modules"]


def is_installed(module: ModuleType) -> bool:
    """Return whether a module belongs to Python, an installed package or this library.

    Examples
    --------
    >>> import json
    >>> is_installed(json), is_installed(sys.modules["__main__"])
    (True, False)
    """
    root = module.__name__.partition(".")[0]
    if root == "__main__":
        return False
    origin = getattr(module, "__file__", None)
    if origin is not None:
        return _is_installed_file(origin)
    if hasattr(module, "__path__"):  # a folder without __init__.py
        return all(_is_installed_file(folder) for folder in module.__path__)
    if root != module.__name__ and root in sys.modules:  # made by a compiled package
        return is_installed(sys.modules[root])
    return root in sys.builtin_module_names


def installed_name(value: Any) -> str | None:
    """Return under which name an installed module has ``value``, or None if none has.

    Examples
    --------
    >>> import json
    >>> installed_name(json.dumps), installed_name(lambda x: x)
    ('json.dumps', None)
    """
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if module is None or not isinstance(name, str) or not is_installed(module):
        return None
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module.__name__}.{name}" if found is value else None


def module_named(name: str) -> ModuleType | None:
    """Return a module that is imported already, or describe one that could be.

    The second is an empty module with just its name and file.
    """
    if name in sys.modules:
        return sys.modules[name]
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    return None if spec is None else importlib.util.module_from_spec(spec)


def user_modules(module: ModuleType) -> Iterator[ModuleType]:
    """Yield a module of the user's and, without end or repetition, those it refers to."""
    found, waiting = set(), [module]
    while waiting:
        module = waiting.pop()
        if module.__name__ in found or is_installed(module):
            continue
        found.add(module.__name__)
        yield module
        for value in list(vars(module).values()):
            owner = value if isinstance(value, ModuleType) else _module_of(value)
            if owner is not None:
                waiting.append(owner)


def _module_of(value: Any) -> ModuleType | None:
    name = getattr(value, "__module__", None)
    return sys.modules.get(name) if isinstance(name, str) else None


@cache
def _is_installed_file(origin: str) -> bool:
    file = Path(origin).resolve()
    return any(file.is_relative_to(root) for root in _installed_roots())


@cache
def _installed_roots() -> tuple[Path, ...]:
    paths = sysconfig.get_paths()
    roots = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    roots |= {*site.getsitepackages(), site.getusersitepackages()}
    return (PACKAGE, *sorted(Path(root).resolve() for root in roots))
