"""Where finished runs are kept, so that a second call goes on where the first one ended.

In the store's folder, every experiment has a folder, and in it all the conditions under
which it was run. A run is a small file there, written in one go; its checksum tells whether
all of it is there, and a damaged one counts as not there. Nothing is ever removed here.
"""

import json
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dropoutlab.experiments.conditions import conditions, key, loosely
from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.finished import FinishedRun, identity
from dropoutlab.experiments.library import changed, checkout
from dropoutlab.experiments.setting import Setting

__all__ = ["NoStore", "Store", "absolute", "default_folders", "open_store", "stores_in"]

CONDITIONS, MANIFEST = "conditions.txt", "manifest.json"


class Store:
    """The finished runs of one experiment, under one set of conditions.

    Parameters
    ----------
    folder : Path
        Where the files are. Need not exist yet.
    conditions : mapping of str to str, optional
        What the folder's name stands for. Left out, they are read from the folder.
    behind : Path, optional
        Where else runs are read, and never written.
    """

    def __init__(
        self,
        folder: Path,
        conditions: Mapping[str, str] | None = None,
        behind: Path | None = None,
    ) -> None:
        self.folder = folder
        self.conditions = _read_conditions(folder) if conditions is None else conditions
        self._behind = behind

    def prepare(self) -> None:
        """Make the folder, before work starts.

        Raises
        ------
        StoreError
            It cannot be made, or not be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if _read_conditions(self.folder) != self.conditions:
                lines = (f"{name} {version}\n" for name, version in self.conditions.items())
                (self.folder / CONDITIONS).write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise StoreError(f"cannot write to {self.folder}: {error.strerror}") from error

    def read(self, setting: Setting, seed: int) -> FinishedRun | None:
        """Return a run, or None if it is not there; a damaged file counts as not there."""
        for folder in (self.folder, self._behind):
            run = None if folder is None else _read(folder / _file(setting, seed))
            if run is not None and (run.setting, run.seed) == (setting, seed):
                return replace(run, setting=setting)  # the grid may order its names otherwise
        return None

    @property
    def experiment(self) -> str:
        """The name of the experiment."""
        return self.folder.parent.name

    def runs(self) -> Iterator[FinishedRun]:
        """Yield all sound runs, in no particular order."""
        for file in sorted(self.folder.glob("*.json")):
            run = None if file.name == MANIFEST else _read(file)
            if run is not None:
                yield run

    def write(self, run: FinishedRun) -> None:
        """Keep a run. Two processes may write the same one: the files say the same.

        Raises
        ------
        StoreError
            The disk is full, the folder cannot be written to, ….
        """
        file = self.folder / _file(run.setting, run.seed)
        try:
            try:
                file.write_bytes(run.to_bytes())
            except FileNotFoundError:  # somebody removed the folder meanwhile
                self.prepare()
                file.write_bytes(run.to_bytes())
        except OSError as error:
            raise StoreError(f"cannot write {file}: {error.strerror or error}") from error

    def read_manifest(self) -> dict[str, Any] | None:
        """Return the manifest of the last complete call, or None."""
        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return None
        return manifest if isinstance(manifest, dict) else None

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Keep the manifest of a complete call."""
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        try:
            (self.folder / MANIFEST).write_text(text, encoding="utf-8")
        except OSError as error:
            raise StoreError(f"cannot write to {self.folder}: {error.strerror}") from error


class NoStore(Store):
    """Keeps nothing: every run is computed."""

    def __init__(self, conditions: Mapping[str, str]) -> None:
        self.conditions = conditions

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
        The store's folder, in which ``~`` is the user's; None for the default one (see
        `default_folders`); False to keep nothing.

    Raises
    ------
    NoFingerprint
        The function of the experiment uses something that cannot be compared.
    RuntimeError
        A module that it can reach changed after this process had imported the library.
    """
    if store is False:
        return NoStore(loosely(experiment.function))
    found = conditions(experiment.function)
    edited = changed(name for name in found if name.startswith("dropoutlab"))
    if edited is not None:
        raise RuntimeError(
            f"{edited} changed after this process had imported the library, so it is "
            "unknown which of the two would run. Restart the kernel or the process, or keep "
            "nothing: run(…, store=False)"
        )
    place = Path(experiment.name, key(found))
    if store is not None:
        return Store(absolute(store) / place, found)
    folder, behind = default_folders()
    return Store(folder / place, found, None if behind is None else behind / place)


def stores_in(folder: Path, name: str = "*") -> Iterator[Store]:
    """Yield the places in a store's folder, of one experiment or of all."""
    for conditions_file in sorted(folder.glob(f"{name}/*/{CONDITIONS}")):
        yield Store(conditions_file.parent)


def default_folders() -> tuple[Path, Path | None]:
    """Return the folder of the default store, and one behind it that is only read.

    ``$DROPOUTLAB_STORE``; else ``_build/experiments`` in a checkout; else in the user's
    folder for caches. That is taken, too, where a checkout cannot be written to, whose own
    folder is then read besides; a warning says so, once.
    """
    chosen = os.environ.get("DROPOUTLAB_STORE")
    if chosen:
        return absolute(chosen), None
    from platformdirs import user_cache_path

    in_cache, folder = user_cache_path("dropoutlab") / "experiments", checkout()
    if folder is None:
        return in_cache, None
    in_checkout = folder / "_build" / "experiments"
    if _writable(in_checkout):
        return in_checkout, None
    _say_once(
        f"{in_checkout} cannot be written to, so finished runs are kept in {in_cache}. "
        "$DROPOUTLAB_STORE names another folder."
    )
    return in_cache, in_checkout


def _writable(folder: Path) -> bool:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return os.access(folder, os.W_OK)


@cache
def _say_once(sentence: str) -> None:
    warnings.warn(sentence, stacklevel=2)


def absolute(folder: str | os.PathLike[str]) -> Path:
    """Return a folder by its whole path, with the user's in place of ``~``."""
    return Path(folder).expanduser().absolute()


def _file(setting: Setting, seed: int) -> str:
    return f"{identity(setting, seed)}.json"


def _read(file: Path) -> FinishedRun | None:
    try:
        return FinishedRun.from_bytes(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(f"cannot read {file}: {error.strerror}") from error


def _read_conditions(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / CONDITIONS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return dict(line.split(" ", 1) for line in lines if " " in line)
