"""Two files that hold an experiment's rows, to be committed: of the rows, and of what they are.

Rows are CSV, compressed; the manifest beside them says how they came about, and has their
checksum.
"""

import gzip
import hashlib
import io
import json
import os
import zlib
from pathlib import Path
from typing import Any

from dropoutlab.atomic import write_atomically
from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.library import checkout
from dropoutlab.experiments.tidy_rows import from_csv

__all__ = ["MANIFEST", "read_recording", "recorded_folder", "write_recording"]

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


def write_recording(
    manifest: dict[str, Any], rows: str, folder: str | os.PathLike[str] | None = None
) -> Path:
    """Write rows and manifest into ``folder``, and return it; see `Results.record`."""
    chosen = recorded_folder(manifest["experiment"]) if folder is None else Path(folder)
    text = rows.encode()
    described = {**manifest, "rows": {"sha256": hashlib.sha256(text).hexdigest()}}
    content = json.dumps(described, indent=1, ensure_ascii=False) + "\n"
    try:
        write_atomically(chosen / ROWS, _compressed(text))
        write_atomically(chosen / MANIFEST, content.encode())
    except OSError as error:
        raise StoreError(f"cannot write to {chosen}: {error.strerror or error}") from error
    return chosen


def read_recording(folder: Path) -> tuple[dict[str, Any], list[FinishedRun]]:
    """Return the manifest and the runs in ``folder``, which know their rows alone.

    Raises
    ------
    StoreError
        A file is missing, damaged, or something else. The message says which.
    """
    manifest = _manifest(folder / MANIFEST)
    try:
        return manifest, _runs(folder / ROWS, manifest)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise StoreError(
            f"{folder / MANIFEST} is not the manifest of a recording: {error!r}"
        ) from error


def _runs(path: Path, manifest: dict[str, Any]) -> list[FinishedRun]:
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
