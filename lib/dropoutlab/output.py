"""What every HTML output of the library shares: its stylesheet, its drawings, its escaping.

A notebook output must stand by itself, in Jupyter as on the site, so each one
carries its styles. They are written in ``assets/*.css``; the colours come from
the page (see ``assets/output.css``), which is why dark mode needs no second
version.

Who opens a notebook that somebody else has run sees its outputs without their ``<style>``,
``<script>`` and ``<svg>``, of which the text between the tags remains: JupyterLab strips them
until the notebook is trusted, GitHub always. An output in a notebook must make sense then,
too. On the site nothing is stripped.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files

__all__ = ["drawing", "minified", "on_the_site", "prose", "style", "text_field"]

# What an image of a drawing brings along, since it does not see its page: the ink and the
# fonts of the site (book/styles/10-tokens.css), and paper, for a host may be dark.
LIGHT = "#1f2329"
FONTS = (
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Liberation Sans',Arial,"
    "sans-serif"
)
PAPER = f"background:#fff;color:{LIGHT};font-family:{FONTS};font-variant-numeric:tabular-nums"


def on_the_site() -> bool:
    """Tell whether outputs go to the site: ``$DROPOUTLAB_SITE`` is 1, as in a build.

    Examples
    --------
    >>> on_the_site()  # not in an example
    False
    """
    return os.environ.get("DROPOUTLAB_SITE") == "1"


def drawing(html: str) -> str:
    """Return HTML with its drawings as they will be seen: inline on the site, else as images.

    Parameters
    ----------
    html : str
        Each ``<svg>`` in it has an ``aria-label``, or is hidden from assistive technology.

    Returns
    -------
    str

    Examples
    --------
    >>> drawing('<svg width="9" height="9" aria-label="A dot."></svg>')[:53]
    '<img class="dl-drawing" width="9" height="9" alt="A d'
    """
    if on_the_site():
        return html
    return re.sub(r"<svg .*?</svg>", lambda svg: _image(svg[0]), html, flags=re.DOTALL)


def _image(svg: str) -> str:
    """Return an ``<img>`` of an inline ``<svg>``."""
    root = svg[: svg.index(">")]
    size = "".join(re.findall(r' (?:width|height)="[\d.]+"', root))
    name = re.search(r'aria-label="([^"]*)"', root)
    file = svg.replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" style="{PAPER}"', 1)
    address = "data:image/svg+xml;base64," + b64encode(file.encode()).decode()
    alt = name[1] if name else ""
    return f'<img class="dl-drawing"{size} alt="{alt}" src="{address}">'


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
    return _style("output", *names, *([] if on_the_site() else ["notebook"]), own=own)


@cache
def _style(*names: str, own: str) -> str:
    sheets = [(files("dropoutlab") / "assets" / f"{n}.css").read_text("utf-8") for n in names]
    return f"<style>{minified(''.join(sheets) + own)}</style>"


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
