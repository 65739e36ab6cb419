"""Make a build with any warning fail, and fail again until the cause is mended.

Sphinx reads only pages that changed, so a page that raised a warning in one build would
pass silently in the next. While a build runs, a marker lies beside the doctrees; only a
clean build takes it away. Where a build finds the marker of an earlier one (failed,
interrupted or killed), it reads every page afresh. Executed notebooks stay cached.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from . import borrowed

logger = logging.getLogger(__name__)


def marker(app: Sphinx) -> Path:
    """Return the path of the file that exists while a build is not known to be clean."""
    return Path(app.doctreedir).with_suffix(".unfinished")


def start(app: Sphinx, config: Config) -> None:
    """Forget the pages that an unclean build read, and mark this build as unfinished."""
    doctrees = Path(app.doctreedir)
    if marker(app).exists():
        shutil.rmtree(doctrees, ignore_errors=True)
    doctrees.mkdir(parents=True, exist_ok=True)
    marker(app).touch()


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Take the marker away after a clean build; otherwise make the build fail."""
    warnings = borrowed.warnings_so_far(app)
    if exception is None and not warnings:
        marker(app).unlink(missing_ok=True)
    elif exception is None:
        app.statuscode = 1
        logger.error(
            "The build raised %d warning(s), listed above. Each is a fault in a page: "
            "mend it and build again.",
            warnings,
        )


def setup(app: Sphinx) -> None:
    """Watch the beginning and the end of the build."""
    app.connect("config-inited", start, priority=50)
    app.connect("build-finished", finish, priority=900)
