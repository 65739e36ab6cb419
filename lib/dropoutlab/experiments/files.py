"""Files that are there whole or not at all, whenever the process or the power goes."""

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["StoreError", "remove_leftovers", "require_writable", "write_atomically"]

MINIMUM_FREE = 10_000_000  # bytes
LEFTOVER_AGE = 3600  # seconds: another process may be writing


class StoreError(OSError):
    """A file of results cannot be read or written. The message names it, and says why."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it has its old or its new content at every moment.

    Raises
    ------
    StoreError
        The disk is full, the folder cannot be written to, …. Nothing is left behind, and
        the old file is as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder, "new", "rows.csv"), b"seed,value")
    ...     [file.name for file in Path(folder, "new").iterdir()]
    ['rows.csv']
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def require_writable(folder: Path) -> None:
    """Make ``folder``, and find out whether files can be written to it, by writing one.

    Raises
    ------
    StoreError
        They cannot, or less than 10 MB are free.
    """
    probe = folder / ".probe"
    write_atomically(probe, bytes(4096))
    with suppress(OSError):
        probe.unlink()
    free = shutil.disk_usage(folder).free
    if not free >= MINIMUM_FREE:
        raise StoreError(
            f"cannot write to {folder}: only {free / 1e6:.1f} MB are free on its disk, and at "
            f"least {MINIMUM_FREE / 1e6:.0f} MB are needed"
        )


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes left half-written: temporary files of an hour ago."""
    for file in folder.glob(".*.tmp"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > LEFTOVER_AGE:
                file.unlink()


def _sync_folder(folder: Path) -> None:
    """Make sure that the new name, too, is on the disk; POSIX alone knows how."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
