"""Imports that fail in grading: the reason for much that goes wrong further down in a cell."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.handin.ipython import as_python, tree_of
from grading.harmless import one_line

__all__ = ["Missing", "explained", "missing_imports"]

NAMES = {"numpy": "NumPy", "torch": "PyTorch"}
UNKNOWN = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class Missing:
    """An import that failed.

    Attributes
    ----------
    cell : str
        Grade id of the cell.
    line : int
        Where it stands there.
    text : str
        The statement.
    why : str
        What Python says of it.
    names : frozenset of str
        What it would have defined; ``"*"`` stands for any name.
    """

    cell: str
    line: int
    text: str
    why: str
    names: frozenset[str]


def missing_imports(cell: str, source: str, failures: Sequence[Any]) -> list[Missing]:
    """Return the imports among the statements of a cell that failed.

    Parameters
    ----------
    cell, source : str
        Grade id and text of the cell.
    failures : sequence of dict
        What a worker says of the statements that failed; ``at`` is the line of each.

    Examples
    --------
    >>> failed = {"at": 1, "kinds": ["ImportError"], "message": "No module named 'seaborn'"}
    >>> missing_imports("fit", "import seaborn as sns", [failed])[0].names
    frozenset({'sns'})
    """
    why = {f["at"]: one_line(f.get("message"), 80) for f in failures if _of_an_import(f)}
    tree = tree_of(as_python(source)) if why else None
    return [
        Missing(
            cell, node.lineno, one_line(ast.unparse(node), 80), why[part.lineno], _names(node)
        )
        for part in (tree.body if tree else [])
        if part.lineno in why
        for node in ast.walk(part)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def _of_an_import(failure: Any) -> bool:
    if not isinstance(failure, dict):
        return False
    kinds, at = failure.get("kinds"), failure.get("at")
    return isinstance(kinds, list) and "ImportError" in kinds and isinstance(at, int)


def _names(node: ast.Import | ast.ImportFrom) -> frozenset[str]:
    return frozenset(alias.asname or alias.name.split(".")[0] for alias in node.names)


def explained(
    fault: str, missing: Sequence[Missing], cell: str, packages: Sequence[str]
) -> str:
    """Return a reason, with the import that it comes from and what may be imported.

    Examples
    --------
    >>> why = "No module named 'seaborn'"
    >>> line = Missing("fit", 1, "import seaborn as sns", why, frozenset({"sns"}))
    >>> explained("it raised NameError: name 'sns' is not defined", [line], "fit", ["numpy"])
    ... # doctest: +NORMALIZE_WHITESPACE
    "line 1: import seaborn as sns: No module named 'seaborn': this assignment may import NumPy
    and Python's standard library; the line was left out, and then it raised NameError: name
    'sns' is not defined"
    """
    known = ", ".join(NAMES.get(package, package) for package in packages)
    may = f"this assignment may import {known} and Python's standard library"
    unknown = UNKNOWN.search(fault) if "NameError" in fault else None
    for each in missing:
        if unknown and each.names & {unknown.group(1), "*"}:
            where = f"line {each.line}" + (f" of {each.cell}" if each.cell != cell else "")
            words = f"{where}: {each.text}: {each.why}: {may}"
            return f"{words}; the line was left out, and then {fault}"
    return f"{fault}: {may}" if "ModuleNotFoundError" in fault else fault
