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
from importlib.metadata import version
from pathlib import Path

import zmq
from jupyter_client import AsyncKernelManager
from sphinx.application import Sphinx
from sphinx.config import Config
from traitlets import default

from . import borrowed

INPUTS = ("lib", "results", "requirements.txt", "constraints.txt")
GENERATED = {"__pycache__", ".ipynb_checkpoints"}


class EncryptedKernel(AsyncKernelManager):
    """A kernel whose messages nobody else on the machine can read: else it warns of that."""

    @default("transport_encryption")
    def encryption_where_there_is_some(self) -> str:
        """Return the policy; a ZeroMQ without encryption would refuse to be asked for it."""
        return "auto" if zmq.has("curve") else "disabled"


def execution_key(book: Path) -> str:
    """Return the name of the cache that belongs to the present state of ``book``.

    Moving the whole folder changes nothing. Optional data sets are large: their names,
    sizes and dates stand for them.
    """
    parts = [sys.version.partition(" ")[0], *map(version, ("numpy", "scipy", "torch"))]
    for file in _files(book):
        parts += [file.relative_to(book).as_posix(), file.read_bytes().hex()]
    data = os.environ.get("DROPOUTLAB_DATA")
    for file in sorted(Path(data).rglob("*")) if data else ():
        if file.is_file():
            parts += [str(file), str(file.stat().st_size), str(file.stat().st_mtime_ns)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _files(book: Path) -> Iterator[Path]:
    for name in INPUTS:
        for path in [book / name, *sorted((book / name).rglob("*"))]:
            generated = any(p in GENERATED or p.endswith(".egg-info") for p in path.parts)
            if path.is_file() and not generated:
                yield path


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
    """Choose the cache before MyST-NB reads its configuration, and the kernel."""
    borrowed.run_notebooks_with(kernel_manager_class=EncryptedKernel)
    app.connect("config-inited", choose_cache, priority=100)
