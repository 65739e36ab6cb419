"""The Sphinx extension that makes a Jupyter Book into the Dropout Lab site.

Each module does one thing and has its own ``setup``:

``execution``
    chapters run again when the library, the data or the pinned versions change
``strictness``
    a build with a warning fails, and so does the next one until it is mended
``alternative_text``
    every picture says in words what it shows
``maths``
    formulae are rendered by KaTeX during the build
``repository``
    launch and source links point at the repository the book is built from
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import alternative_text, execution, maths, repository, strictness

PARTS = (strictness, execution, alternative_text, maths, repository)


def setup(app: Sphinx) -> dict[str, object]:
    """Set up every part of the extension."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
