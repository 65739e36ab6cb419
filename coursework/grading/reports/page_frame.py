"""The frame of the HTML pages: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape

__all__ = ["page", "table"]

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem }
body { margin: 2rem auto; padding: 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem }
th:first-child, td:first-child { white-space: nowrap; width: 1% }
td { border-top: 1px solid #8886 }
pre { background: #8881; padding: .6rem; overflow-x: auto; white-space: pre-wrap }
.number { text-align: right; font-variant-numeric: tabular-nums }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e6e6 } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, body: str) -> str:
    """Return a page; ``body`` is HTML, ``title`` is text."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a table of texts and numbers.

    Examples
    --------
    >>> "<td>&lt;b&gt;</td>" in table(["x"], [["<b>"]])
    True
    """
    sample = rows[0] if rows else [""] * len(head)
    heads = (_cell(word, "th", value) for word, value in zip(head, sample, strict=True))
    lines = ["<table>", "<tr>" + "".join(heads) + "</tr>"]
    for row in rows:
        lines.append("<tr>" + "".join(_cell(value) for value in row) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _cell(value: object, tag: str = "td", like: object = None) -> str:
    style = (
        " class='number'" if isinstance(value if like is None else like, int | float) else ""
    )
    text = f"{value:g}" if isinstance(value, int | float) else escape(str(value))
    return f"<{tag}{style}>{text}</{tag}>"
