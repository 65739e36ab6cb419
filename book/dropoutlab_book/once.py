"""What several outputs of a page bring along, each for itself, stands in the page once.

An output of a notebook must stand by itself, so every explorable and every prediction carries
its module and the script that starts it. On a page the first of a kind carries them for all.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

MODULE = re.compile(
    r'(<script type="text/plain" data-of="[^"]*" class="dl-module">)(.*?)(?=</script>)',
    re.DOTALL,
)
HOST = re.compile(r"<script>[^<]*?globalThis\)?\.dropoutlabHost \?\?=.*?</script>", re.DOTALL)
CALL = "<script>dropoutlabHost(document.currentScript.parentElement)</script>"


def once(html: str) -> str:
    """Return HTML in which each module, and the host, is written out where it first stands.

    Examples
    --------
    >>> module = '<script type="text/plain" data-of="a" class="dl-module">1</script>'
    >>> once(module * 2).count("1</script>")
    1
    """
    seen: set[str] = set()

    def is_known(text: str) -> bool:
        known = text in seen
        seen.add(text)
        return known

    html = MODULE.sub(lambda found: found[1] if is_known(found[0]) else found[0], html)
    return HOST.sub(lambda found: CALL if is_known(found[0]) else found[0], html)


def slim(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Do so with the body of a page."""
    if "body" in context:
        context["body"] = once(context["body"])


def setup(app: Sphinx) -> None:
    """Do so as pages are written, before their templates are filled."""
    app.connect("html-page-context", slim)
