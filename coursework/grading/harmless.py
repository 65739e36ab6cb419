"""Text that learners chose, where it could do harm: in an id, a line, a table, a page."""

from __future__ import annotations

import hashlib
import re
from typing import Any

__all__ = ["no_formula", "one_line", "safe_id", "without_html"]


def safe_id(name: str) -> str:
    """Return an id made of letters, digits and ``. @ _ -`` that differs for different names.

    Examples
    --------
    >>> safe_id("ada"), safe_id("a*b")
    ('ada', 'a_b-15eb0a')
    """
    safe = re.sub(r"[^A-Za-z0-9.@_-]", "_", name).strip(".-")[:80]
    if safe == name:
        return name
    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def one_line(text: Any, most: int = 300) -> str:
    """Return text of a learner's in one line, short, and printable everywhere."""
    shown = str(text)[:most].encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())


def no_formula(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula.

    Examples
    --------
    >>> no_formula("=1+1"), no_formula("-3"), no_formula("ada")
    ("'=1+1", '-3', 'ada')
    """
    text = str(value)
    try:
        float(text)
        return text
    except ValueError:
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def without_html(text: str) -> str:
    """Return Markdown in which no HTML works: an instructor's browser will show it.

    Examples
    --------
    >>> without_html("2 < 3 <b>bold</b>")
    '2 &lt; 3 &lt;b>bold&lt;/b>'
    """
    return text.replace("<", "&lt;")
