"""Reads code that is written for a newer Python than the one that grades.

A newer interpreter, where there is one at hand, parses the text and writes it in the words
that ours knows; it runs nothing of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache, lru_cache
from pathlib import Path

__all__ = ["in_older_words", "newest"]

# f-strings become calls of format, aliases of types assignments; parameters of types go, with
# the annotations that use them.
REWRITES = r"""
import ast, sys
def call(name, *arguments):
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])
class Older(ast.NodeTransformer):
    def visit_JoinedStr(self, node):
        self.generic_visit(node)
        empty = ast.Attribute(ast.Constant(""), "join", ast.Load())
        return ast.Call(empty, [ast.List(node.values, ast.Load())], [])
    def visit_FormattedValue(self, node):
        self.generic_visit(node)
        value = node.value
        if node.conversion != -1:
            value = call({"r": "repr", "s": "str", "a": "ascii"}[chr(node.conversion)], value)
        return call("format", value, node.format_spec or ast.Constant(""))
    def visit_TypeAlias(self, node):
        self.generic_visit(node)
        return ast.Assign([node.name], node.value, lineno=node.lineno)
    def bare(self, node):
        self.generic_visit(node)
        if getattr(node, "type_params", None):
            node.type_params = []
            for part in ast.walk(node):
                if isinstance(part, ast.arg):
                    part.annotation = None
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    part.returns = None
        return node
    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = bare
tree = ast.parse(sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(ast.unparse(ast.fix_missing_locations(Older().visit(tree))).encode())
"""


@cache
def newest() -> tuple[str, str] | None:
    """Return path and version of the newest Python at hand that is newer than ours, if any."""
    names = [f"python3.{minor}" for minor in range(sys.version_info.minor + 1, 30)]
    found = {shutil.which(name) for name in names}
    found |= {str(p) for p in Path(sys.base_prefix).parent.glob("*/bin/python3.*")}
    best: tuple[tuple[int, ...], str, str] | None = None
    for path in sorted(filter(None, found)):
        if not re.fullmatch(r"python3\.\d+", Path(path).name):
            continue
        ask = "import sys; print(*sys.version_info[:3])"
        said = _run(path, ask, b"", 20)
        version = tuple(int(word) for word in said.split()) if said else ()
        if version > tuple(sys.version_info[:3]) and (best is None or version > best[0]):
            best = version, path, ".".join(map(str, version))
    return None if best is None or best[0][:2] == sys.version_info[:2] else best[1:]


@lru_cache(maxsize=256)
def in_older_words(source: str) -> str | None:
    """Return a text that the newest Python at hand can read in words of ours; else None."""
    at_hand = newest()
    return (
        _run(at_hand[0], REWRITES, source.encode("utf-8", "replace"), 20) if at_hand else None
    )


def _run(python: str, code: str, given: bytes, seconds: float) -> str | None:
    try:
        done = subprocess.run(
            [python, "-I", "-S", "-W", "ignore", "-c", code],
            input=given,
            capture_output=True,
            timeout=seconds,
            env={"PATH": os.defpath},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
