"""Every test has a store of its own, and a library that nobody edits meanwhile."""

import pytest


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """The folder of the store in use."""
    folder = tmp_path / "store"
    monkeypatch.setenv("DROPOUTLAB_STORE", str(folder))
    monkeypatch.setattr("dropoutlab.experiments.run_store.changed", lambda modules: None)
    return folder
