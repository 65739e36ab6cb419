"""Name the state of everything that results depend on besides the code that asks for them.

The book's execution cache and the store of runs both keep what they have under such a
name, so that a change in the library, the pinned versions or the data is never hidden by
an old result.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

__all__ = ["INPUTS", "checkout", "input_files", "library_changed", "library_key", "state_key"]

PACKAGE = Path(__file__).resolve().parents[1]
INPUTS = ("lib", "requirements.txt", "constraints.txt")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
# Their versions count as installed, too: the pins say what should be there.
VERSIONS = ("numpy", "scipy", "torch")
IMPORTED = time.time()


def checkout() -> Path | None:
    """Return the folder of the checkout that the library lies in, or None.

    Examples
    --------
    >>> folder = checkout()
    >>> folder is None or (folder / "lib" / "dropoutlab").is_dir()
    True
    """
    folder = PACKAGE.parents[1]
    markers = (folder / "pyproject.toml", folder / "_config.yml")
    return folder if all(marker.is_file() for marker in markers) else None


def input_files(root: Path, inputs: Iterable[str]) -> Iterator[Path]:
    """Yield, sorted, the files in ``root`` that ``inputs`` name or contain.

    Generated files (byte code, checkpoints, installation records) are left out.

    Examples
    --------
    >>> [file.name for file in input_files(PACKAGE, ["history.py", "no such folder"])]
    ['history.py']
    """
    for name in inputs:
        path = root / name
        if path.is_file():
            yield path
        for file in sorted(path.rglob("*")):
            generated = any(p in IGNORED or p.endswith(".egg-info") for p in file.parts)
            if file.is_file() and not generated:
                yield file


def state_key(root: Path, inputs: Iterable[str]) -> str:
    """Return the name of the present state of ``inputs``, files and folders in ``root``.

    Python's version, the installed versions of NumPy, SciPy and PyTorch, and the data in
    ``$DROPOUTLAB_DATA`` are part of it.

    Parameters
    ----------
    root : Path
        The folder that the names are relative to: moving it changes nothing.
    inputs : iterable of str
        Names of files and folders. Those that are missing count as empty.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> state_key(PACKAGE, ["nn"]) == state_key(PACKAGE, ["loop.py"])
    False
    """
    digest = hashlib.sha256(
        f"python {sys.version_info.major}.{sys.version_info.minor}".encode()
    )
    for name in VERSIONS:
        digest.update(f"\0{name} {_installed_version(name)}".encode())
    for file in input_files(root, inputs):
        digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    # The optional data sets are large: their names, sizes and dates stand for them.
    data = os.environ.get("DROPOUTLAB_DATA")
    for file in sorted(Path(data).rglob("*")) if data else ():
        if file.is_file():
            digest.update(
                f"\0{file}\0{file.stat().st_size}\0{file.stat().st_mtime_ns}".encode()
            )
    return digest.hexdigest()[:16]


def library_key() -> str:
    """Return the name of the present state of the library and of what it computes with.

    In a checkout, its ``lib/`` and its lists of pinned versions count; installed without
    one, the package's own files.

    Examples
    --------
    >>> len(library_key())
    16
    """
    folder = checkout()
    if folder is not None:
        return state_key(folder, INPUTS)
    return state_key(PACKAGE.parent, [PACKAGE.name])


def library_changed() -> Path | None:
    """Return a source file that was edited after this process had imported the library.

    What runs then is no longer what `library_key` names.

    Examples
    --------
    >>> changed = library_changed()
    >>> changed is None or changed.suffix == ".py"
    True
    """
    for file in input_files(PACKAGE.parent, [PACKAGE.name]):
        if file.suffix == ".py" and file.stat().st_mtime > IMPORTED:
            return file
    return None


def _installed_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
