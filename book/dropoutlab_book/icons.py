"""Icons as SVG inside the page: the few we use, and no icon font or script.

The drawings are Font Awesome's own (``book/vendor/fontawesome``, CC BY 4.0).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

DRAWINGS = Path(__file__).parents[1] / "vendor" / "fontawesome"


@cache
def icon(name: str) -> Markup:
    """Return an icon that takes the colour and the size of the text around it.

    It is decoration: the button or link around it says in words what it does.

    Raises
    ------
    FileNotFoundError
        When the drawing is not among the vendored ones.
    """
    svg = (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8")
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg class="icon" aria-hidden="true" ', 1)
    return Markup(svg.replace(' xmlns="http://www.w3.org/2000/svg"', ""))
