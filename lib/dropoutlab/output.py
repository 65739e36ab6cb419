"""What every HTML output of the library shares: its stylesheet and its escaping.

A notebook output must stand by itself, in Jupyter as on the site, so each one
carries its styles. They are written in ``assets/*.css``; the colours come from
the page (see ``assets/output.css``), which is why dark mode needs no second
version.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files

__all__ = ["minified", "prose", "style", "text_field"]


@cache
def style(*names: str, own: str = "") -> str:
    """Return a ``<style>`` element with the shared rules, those of `names`, and others.

    Parameters
    ----------
    *names : str
        Stylesheets in ``dropoutlab/assets``, without ``.css``.
    own : str
        Rules that stand elsewhere.

    Returns
    -------
    str
        One line of HTML.

    Examples
    --------
    >>> style("quiz").startswith("<style>.dl-out{--dl-ink:")
    True
    """
    sheets = [(files("dropoutlab") / "assets" / f"{n}.css").read_text("utf-8") for n in names]
    base = (files("dropoutlab") / "assets" / "output.css").read_text("utf-8")
    return f"<style>{minified(base + ''.join(sheets) + own)}</style>"


def minified(css: str) -> str:
    """Return a style sheet without comments and without white space that means nothing.

    Examples
    --------
    >>> minified("a { color: red; } /* links */ a:hover > b { margin: 0 auto }")
    'a{color:red}a:hover>b{margin:0 auto}'
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?|(?<=[\w-]:) ", lambda m: m[1] or "", css)
    return css.replace(";}", "}").strip()


def prose(text: str) -> str:
    """Escape plain text for HTML; what stands between backticks becomes code.

    Examples
    --------
    >>> prose("call `net.eval()` if p < 1")
    'call <code>net.eval()</code> if p &lt; 1'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def text_field(value: object, name: str) -> str:
    """Return `value` if it is text with something in it, stripped at the ends.

    Parameters
    ----------
    value : object
        What the caller passed.
    name : str
        The argument's name, for the message.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If it is no string.
    ValueError
        If it is empty or blank.

    Examples
    --------
    >>> text_field(" Test error turns. ", "caption")
    'Test error turns.'
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {value!r}")
    if not value.strip():
        raise ValueError(f"{name} must not be empty")
    return value.strip()
