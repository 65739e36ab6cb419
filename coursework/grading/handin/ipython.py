"""Turns what learners' notebooks accept into Python that ours runs.

IPython's own transformer takes care of magics, shell commands, prompts and indented cells, a
newer interpreter of words that ours does not know.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

from grading.handin.newer_python import in_older_words

__all__ = ["as_python", "is_newer", "tree_of"]

# Longer cells that are no Python are left as they are: IPython's time grows with the square.
LONGEST = 20_000
BODY_RUNS = re.compile(r"%%(time|timeit|capture|prun)\b")
TIMED = re.compile(r"^(\s*(?:[^\n=]+=\s*)?)%(?:time|prun)\s+(?=\S)", re.MULTILINE)
FILTERS = threading.Lock()  # the filters of warnings belong to the whole process


@lru_cache(maxsize=1024)
def as_python(source: str) -> str:
    r"""Return a cell as the Python that IPython makes of it.

    What is Python already stays as it is. A magic becomes a call of ``get_ipython()``, in whose
    place a worker has something that does nothing; a cell that is a magic as a whole keeps its
    body where that would run.

    Examples
    --------
    >>> as_python(">>> x = 1\n... ")
    'x = 1\n\n'
    >>> as_python("%%time\nx = 1")
    '\nx = 1'
    """
    plain = _without_ipython(source)
    if tree_of(plain) is not None or len(plain) > LONGEST:
        return plain
    return in_older_words(plain) or plain


def is_newer(source: str) -> bool:
    """Say whether only a newer Python than ours can read a cell."""
    return as_python(source) != _without_ipython(source)


def _without_ipython(source: str) -> str:
    first, _, rest = source.lstrip("\n").partition("\n")
    if first.startswith("%%"):
        source = "\n" + rest if BODY_RUNS.match(first) else ""
    if tree_of(source) is not None or len(source) > LONGEST:
        return source
    try:
        made = TransformerManager().transform_cell(TIMED.sub(r"\1", source))  # type: ignore[no-untyped-call]
    except Exception:  # whatever a cell does to it, the cell stays what it is
        return source
    return str(made)


def tree_of(source: str) -> ast.Module | None:
    """Return the syntax tree of Python code; None if it is none."""
    with FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
