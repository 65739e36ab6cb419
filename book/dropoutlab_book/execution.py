"""Key the execution cache with everything that a chapter's output depends on.

Jupyter Book looks a notebook up in its cache by the code cells alone, so a change in
``lib/`` would go on showing the old results. We give every state of the library, the
recorded results, the data and the pinned versions a cache of its own. Editing prose
changes none of them, and re-executes nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from dropoutlab.experiments.state import INPUTS, state_key
from sphinx.application import Sphinx
from sphinx.config import Config

# Chapters show recorded results, too, on which the runs of experiments do not depend.
BOOK_INPUTS = (*INPUTS, "results")


def execution_key(book: Path) -> str:
    """Return the name of the cache that belongs to the present state of ``book``."""
    return state_key(book, BOOK_INPUTS)


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point MyST-NB at the cache of the present state, and remove those of older states.

    MyST-NB registers the path as a setting that pages depend on, so when the key changes
    Sphinx reads every page again.
    """
    caches = Path(app.outdir).parent / ".jupyter_cache"
    cache = caches / execution_key(Path(app.srcdir))
    for stale in caches.glob("*") if caches.is_dir() else ():
        if stale != cache:
            shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
    config["nb_execution_cache_path"] = str(cache)


def setup(app: Sphinx) -> None:
    """Choose the cache before MyST-NB reads its configuration."""
    app.connect("config-inited", choose_cache, priority=100)
