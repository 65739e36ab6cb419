"""Runs the text of a cell, and describes what went wrong in it."""

from __future__ import annotations

import ast
import traceback
from typing import Any

__all__ = ["described", "run_cell"]

RAN: set[str] = set()  # names of the cells


def run_cell(name: str, source: str, namespace: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a cell statement by statement, and return what failed.

    A plot or a print that fails does not take the functions beside it along.
    """
    RAN.add(name)
    try:
        tree = ast.parse(source, filename=name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [described(error, name)]
    failures = []
    for statement in tree.body:
        try:
            exec(compile(ast.Module([statement], []), name, "exec"), namespace)
        except BaseException as error:
            failures.append(described(error, name) | {"at": statement.lineno})
    return failures


def described(error: BaseException, cell: str = "") -> dict[str, Any]:
    """Return type, message and line of an exception, as far as it will say."""
    try:
        message = str(error)[:300]
    except BaseException:
        message = ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.lineno for f in frames if f.filename in RAN]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    kinds = [c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins"]
    return {
        "type": type(error).__name__[:80],
        "kinds": kinds,
        "message": message,
        "line": line,
        "cell": cell,
    }
