"""Key the execution cache with everything that a chapter's output depends on.

Jupyter Book looks a notebook up in its cache by the code cells alone, so a change in
``lib/`` would go on showing the old results. We give every state of the library, the
recorded results, the data and the pinned versions a cache of its own. Editing prose
changes none of them, and re-executes nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

# What a chapter shows can hang on any file of these: styles and scripts stand in its outputs.
INPUTS = ("lib", "requirements.txt", "constraints.txt", "results")
GENERATED = ("__pycache__", ".ipynb_checkpoints")
# Their versions count as installed, too: the pins say what should be there.
VERSIONS = ("numpy", "scipy", "torch")


def execution_key(book: Path) -> str:
    """Return the name of the cache that belongs to the present state of ``book``."""
    versions = [f"{name} {metadata.version(name)}" for name in VERSIONS]
    text = f"python {sys.version_info.major}.{sys.version_info.minor} {versions}"
    digest = hashlib.sha256(text.encode())
    for file in input_files(book):
        digest.update(f"\0{file.relative_to(book).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    # The optional data sets are large: their names, sizes and dates stand for them.
    data = os.environ.get("DROPOUTLAB_DATA")
    for file in sorted(Path(data).rglob("*")) if data else ():
        if file.is_file():
            stat = file.stat()
            digest.update(f"\0{file}\0{stat.st_size}\0{stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def input_files(book: Path) -> Iterator[Path]:
    """Yield, sorted, the files that `INPUTS` name or contain, without generated ones."""
    for name in INPUTS:
        path = book / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            made = any(p in GENERATED or p.endswith(".egg-info") for p in file.parts)
            if file.is_file() and not made:
                yield file


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
