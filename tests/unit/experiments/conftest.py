"""Every test has a store of its own, and a library that nobody edits meanwhile."""

import pytest


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """The folder of the store in use."""
    folder = tmp_path / "store"
    monkeypatch.setenv("DROPOUTLAB_STORE", str(folder))
    monkeypatch.setattr("dropoutlab.experiments.store.library_key", lambda: "0" * 16)
    monkeypatch.setattr("dropoutlab.experiments.store.library_changed", lambda: None)
    return folder
