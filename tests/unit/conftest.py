"""The optional files, where there are any, and the site as the place of outputs."""

import os
from pathlib import Path

import pytest

NAMED = os.environ.get("DROPOUTLAB_DATA")
BESIDE_THE_CHECKOUT = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_folder():
    """The folder of the optional files, where there is one."""
    folder = Path(NAMED) if NAMED else BESIDE_THE_CHECKOUT
    if not folder.is_dir():
        where = "which $DROPOUTLAB_DATA names" if NAMED else "and $DROPOUTLAB_DATA names none"
        pytest.skip(f"no optional data: there is no folder {folder}, {where}")
    return folder


@pytest.fixture
def real_data(real_folder, monkeypatch):
    """The loaders find the optional files."""
    monkeypatch.setenv("DROPOUTLAB_DATA", str(real_folder))
    return real_folder


@pytest.fixture
def on_the_site(monkeypatch):
    """Outputs are made as in a build of the book, and not for a notebook."""
    monkeypatch.setenv("DROPOUTLAB_SITE", "1")
