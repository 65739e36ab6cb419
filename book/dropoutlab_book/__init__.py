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
``curriculum``, ``course_map``
    parts and chapter numbers, and the map of the course on the landing page
``citations``
    papers on claim cards link to the bibliography
``ledger``, ``glossary``, ``what_ran``
    all claims in a table, terms linked where they are first used, what ran and for how long
``folded``
    solutions and scaffolding fold, and say what they hide
``reference``
    the library reference, from the docstrings
``wide_tables``
    tables scroll within themselves, and have no empty headers
``veils``, ``once``
    what gives a prediction's answer away is veiled; what several outputs of a page bring along
    stands in it once
``reading``
    what a chapter holds that a reader can predict, answer and read, by name
``illustration``, ``explorable_directive``, ``frame_files``
    the picture on the landing page, explorables on pages that are no notebooks, and the
    figures of ``explore()`` as files
``page``, ``icons``, ``assets``
    what the templates in ``book/theme`` are given, and the files that pages load
``borrowed``
    what we use of other packages without their promise
``take_away``
    the notebooks that pages offer say where the library comes from
``search_index``
    the search index, by section, loaded on first use
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import (
    alternative_text,
    assets,
    citations,
    course_map,
    curriculum,
    execution,
    explorable_directive,
    folded,
    frame_files,
    glossary,
    illustration,
    ledger,
    maths,
    once,
    page,
    reading,
    reference,
    repository,
    search_index,
    strictness,
    take_away,
    veils,
    what_ran,
    wide_tables,
)

PARTS = (
    *(strictness, execution, alternative_text, maths, repository, curriculum, course_map),
    *(citations, ledger, glossary, what_ran, folded, reference, wide_tables),
    *(veils, once, reading, illustration, explorable_directive, frame_files),
    *(assets, page, take_away, search_index),
)


def setup(app: Sphinx) -> dict[str, object]:
    """Set up every part of the extension."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
