"""Where finished runs are kept, so that a second call goes on where the first one ended.

In the store's folder, every state of the library has a folder, and in it every experiment,
together with the fingerprint of its function. A run is a small file there.
"""

import json
import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.files import (
    StoreError,
    remove_leftovers,
    require_writable,
    write_atomically,
)
from dropoutlab.experiments.fingerprint import fingerprint
from dropoutlab.experiments.finished import FinishedRun, identity
from dropoutlab.experiments.grid import Setting
from dropoutlab.experiments.state import checkout, library_changed, library_key

__all__ = ["NoStore", "Store", "default_folder", "open_store"]

DAY = 86400


class Store:
    """The finished runs of one experiment, for one state of the library.

    Parameters
    ----------
    folder : Path
        Where the files are. Need not exist yet.

    Attributes
    ----------
    fingerprint, library : str or None
        What the folder's name says, for the manifest.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library: str | None = folder.parent.name
        self.fingerprint: str | None = folder.name.rpartition("-")[2]

    def prepare(self) -> None:
        """Find out, before work starts, whether runs can be written; clear leftovers.

        Raises
        ------
        StoreError
            They cannot.
        """
        require_writable(self.folder)
        remove_leftovers(self.folder)

    def read(self, setting: Setting, seed: int) -> FinishedRun | None:
        """Return a run, or None if it is not there; a damaged file counts as not there."""
        try:
            stored = self._file(setting, seed).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreError(f"cannot read {self.folder}: {error.strerror}") from error
        run = FinishedRun.from_bytes(stored)
        if run is None or (run.setting, run.seed) != (setting, seed):
            return None
        return replace(run, setting=setting)  # the grid may list its names in another order

    def write(self, run: FinishedRun) -> None:
        """Keep a run. Two processes may write the same one: the files say the same."""
        write_atomically(self._file(run.setting, run.seed), run.to_bytes())

    def read_manifest(self) -> dict[str, Any] | None:
        """Return the manifest of the last complete call, or None."""
        try:
            manifest = json.loads((self.folder / "manifest.json").read_bytes())
        except (OSError, ValueError):
            return None
        return manifest if isinstance(manifest, dict) else None

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Keep the manifest of a complete call."""
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        write_atomically(self.folder / "manifest.json", text.encode())

    def _file(self, setting: Setting, seed: int) -> Path:
        return self.folder / f"{identity(setting, seed)}.json"


class NoStore(Store):
    """Keeps nothing: every run is computed."""

    def __init__(self) -> None:
        self.library = self.fingerprint = None

    def prepare(self) -> None:
        """Do nothing."""

    def read(self, setting: Setting, seed: int) -> FinishedRun | None:
        """Return None."""
        return None

    def write(self, run: FinishedRun) -> None:
        """Do nothing."""

    def read_manifest(self) -> dict[str, Any] | None:
        """Return None."""
        return None

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Do nothing."""


def open_store(
    experiment: Experiment, store: str | os.PathLike[str] | Literal[False] | None
) -> Store:
    """Return the place of an experiment's runs in a store.

    Parameters
    ----------
    experiment : Experiment
    store : path, False or None
        The store's folder; None for the default one (see `default_folder`), from which
        the runs of older states of the library are then removed; False to keep nothing.

    Raises
    ------
    NoFingerprint
        The function of the experiment uses something that cannot be compared.
    RuntimeError
        A file of the library changed after this process had imported it.
    """
    if store is False:
        return NoStore()
    changed = library_changed()
    if changed is not None:
        raise RuntimeError(
            f"{changed} changed after this process had imported the library, so it is "
            "unknown which of the two would run. Restart the kernel or the process, or keep "
            "nothing: run(…, store=False)"
        )
    folder, ours = default_folder() if store is None else (Path(store).absolute(), False)
    state = folder / library_key()
    if ours:
        _remove_older_states(state)
    return Store(state / f"{experiment.name}-{fingerprint(experiment.function)}")


def default_folder() -> tuple[Path, bool]:
    """Return the folder of the default store, and whether it is ours to clear.

    ``$DROPOUTLAB_STORE``; else ``_build/experiments`` in a checkout; else in the user's
    folder for caches. The first belongs to the user.
    """
    chosen = os.environ.get("DROPOUTLAB_STORE")
    if chosen:
        return Path(chosen).absolute(), False
    folder = checkout()
    if folder is not None:
        return folder / "_build" / "experiments", True
    from platformdirs import user_cache_path

    return user_cache_path("dropoutlab") / "experiments", True


def _remove_older_states(state: Path) -> None:
    """Remove the other states' folders, unless something was written there for a day.

    Another checkout, or a process that began before an edit, may be at work in them.
    """
    with suppress(OSError):
        for folder in state.parent.iterdir():
            if folder == state or not re.fullmatch("[0-9a-f]{16}", folder.name):
                continue
            # Every file that is written into a folder renews the folder's date.
            dates = [path.stat().st_mtime for path in (folder, *folder.iterdir())]
            if time.time() - max(dates) > DAY:
                shutil.rmtree(folder, ignore_errors=True)
