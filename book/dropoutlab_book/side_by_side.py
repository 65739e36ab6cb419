"""Run the chapters that have to be run two at a time, before they are read one by one.

MyST-NB runs a notebook when it reads it, and the next one afterwards, so a processor with
several cores has little to do. What is put into its execution cache beforehand it finds there.
A notebook that fails is not put there: MyST-NB runs it once more, and reports it as always.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from . import borrowed

AT_A_TIME = 2  # each takes up to 2 GB

logger = logging.getLogger(__name__)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Have matrix products take so many threads, where the environment says nothing else."""
    new = [
        name for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS") if name not in os.environ
    ]
    os.environ.update(dict.fromkeys(new, str(count)))
    try:
        yield
    finally:
        for name in new:
            del os.environ[name]


def missing(cache: Any, notebooks: list[Path]) -> list[tuple[Path, nbformat.NotebookNode]]:
    """Return the notebooks that the cache does not hold, with what is in them."""
    found = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            found.append((path, notebook))
    return found


def run_side_by_side(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run what is not in the cache, and put it there."""
    if app.config.nb_execution_mode != "cache":
        return
    sources = (Path(env.doc2path(name)) for name in sorted(docnames))
    cache = get_cache(app.config.nb_execution_cache_path)
    jobs = missing(cache, [path for path in sources if path.suffix == ".ipynb"])
    at_a_time = min(AT_A_TIME, os.cpu_count() or 1, len(jobs))
    if at_a_time < 2:
        return
    run = borrowed.runner()

    def execute(notebook: nbformat.NotebookNode) -> Any:
        with TemporaryDirectory() as folder:
            return run(
                notebook,
                cwd=folder,
                timeout=app.config.nb_execution_timeout,
                allow_errors=False,
                meta_override=True,
            )

    logger.info("Running %s notebooks, %s at a time", len(jobs), at_a_time)
    # More threads than cores wait for one another.
    each = max(1, (os.cpu_count() or 1) // at_a_time)
    with threads(each), ThreadPoolExecutor(at_a_time) as pool:
        running = {pool.submit(execute, notebook): (path, notebook) for path, notebook in jobs}
        for number, done in enumerate(as_completed(running), 1):
            path, notebook = running[done]
            result = done.result()
            if result.err is None:
                content = CacheBundleIn(
                    notebook, str(path), data={"execution_seconds": result.time}
                )
                cache.cache_notebook_bundle(content, check_validity=False, overwrite=True)
            outcome = "failed after" if result.err else "took"
            place = f"{number} of {len(jobs)}: {path.stem}"
            logger.info("%s %s %.0f seconds", place, outcome, result.time)


def setup(app: Sphinx) -> None:
    """Run them once it is known what has to be read."""
    app.connect("env-before-read-docs", run_side_by_side)
