"""What nbgrader needs around it: its commands on the PATH, and its known warnings unheard."""

from __future__ import annotations

import os
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Gradebook

__all__ = ["open_gradebook", "surroundings"]

COURSE = "dropout-lab"


@contextmanager
def surroundings() -> Iterator[None]:
    """Let nbgrader find ``alembic``, which it runs by name, and keep its warnings quiet."""
    scripts, before = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([scripts, before])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy's and traitlets', about nbgrader
            yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def open_gradebook(database: str) -> Iterator[Gradebook]:
    """Open nbgrader's gradebook at an address, and close it."""
    with surroundings(), Gradebook(database, COURSE) as gradebook:
        yield gradebook
