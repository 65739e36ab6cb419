"""Runs too long for a build: their rows and manifest, committed under ``results/``."""

import gzip
import hashlib
import io
import json
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dropoutlab.experiments.experiment import NAME
from dropoutlab.experiments.files import StoreError, write_atomically
from dropoutlab.experiments.manifest import to_json
from dropoutlab.experiments.results import Results
from dropoutlab.experiments.rows import from_csv
from dropoutlab.experiments.state import checkout

if TYPE_CHECKING:
    from dropoutlab.experiments.finished import FinishedRun

__all__ = ["load_recorded", "record", "recorded_folder"]

ROWS, MANIFEST = "rows.csv.gz", "manifest.json"


def recorded_folder(name: str) -> Path:
    """Return where an experiment is recorded: ``results/<name>`` of the checkout.

    Without a checkout, of the current folder.

    Examples
    --------
    >>> recorded_folder("rate").parts[-2:]
    ('results', 'rate')
    """
    return (checkout() or Path.cwd()) / "results" / name


def record(results: Results, folder: str | os.PathLike[str] | None = None) -> Path:
    """Write rows (exact, compressed) and manifest into ``folder``, and return it.

    Equal rows give an equal file of rows. The manifest is written last and holds their
    checksum, so that a recording broken off between the two is noticed.

    Parameters
    ----------
    results : Results
    folder : path, optional
        By default, `recorded_folder` of the experiment.

    Raises
    ------
    ValueError
        Runs are missing because they failed.
    StoreError
        The folder cannot be written to.
    """
    total = len(results.settings) * len(results.seeds)
    if len(results) != total:
        raise ValueError(
            f"a recording must be complete, got {len(results)} of {total} runs; run the "
            "experiment again"
        )
    text = str(results.to_csv()).encode()
    chosen = recorded_folder(results.manifest["experiment"]) if folder is None else Path(folder)
    write_atomically(chosen / ROWS, _compressed(text))
    manifest = {**results.manifest, "rows": {"sha256": hashlib.sha256(text).hexdigest()}}
    write_atomically(chosen / MANIFEST, to_json(manifest))
    return chosen


def load_recorded(name_or_folder: str | os.PathLike[str]) -> Results:
    """Return recorded results, with the rows that were recorded.

    Parameters
    ----------
    name_or_folder : str or path
        Name of an experiment (see `recorded_folder`), or the folder of a recording.

    Returns
    -------
    Results
        With ``recorded`` true, and every run counted as read.

    Raises
    ------
    StoreError
        The recording is missing, damaged, or something else. The message says which file.
    """
    is_name = isinstance(name_or_folder, str) and NAME.fullmatch(name_or_folder)
    folder = recorded_folder(str(name_or_folder)) if is_name else Path(name_or_folder)
    manifest = _manifest(folder / MANIFEST)
    try:
        runs = _runs(folder / ROWS, manifest)
        results = Results(runs, manifest, recorded=True)
        total = len(results.settings) * len(results.seeds)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise StoreError(
            f"{folder / MANIFEST} is not the manifest of a recording: {error!r}"
        ) from error
    if len(results) != total:
        raise StoreError(f"{folder / ROWS} has {len(results)} of {total} runs; record it again")
    return results


def _runs(path: Path, manifest: dict[str, Any]) -> "list[FinishedRun]":
    expected = manifest["rows"]["sha256"]
    try:
        text = gzip.decompress(_bytes(path))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise StoreError(f"{path} is damaged ({error}); record it again") from error
    if hashlib.sha256(text).hexdigest() != expected:
        raise StoreError(
            f"{path} does not hold the rows that the manifest beside it describes; record "
            "it again"
        )
    try:
        return from_csv(text.decode(), manifest["settings"])
    except ValueError as error:
        raise StoreError(f"{path} does not hold rows of this experiment: {error}") from error


def _manifest(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(_bytes(path))
    except ValueError as error:
        raise StoreError(f"{path} is not JSON ({error}); record it again") from error
    return content


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read the recording {path}: {error.strerror}") from error


def _compressed(text: bytes) -> bytes:
    """Compress without date, name and operating system, which would differ each time."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(text)
    return packed.getvalue()
