"""Parameters in a file: the .npz format of NumPy, one array for each name."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.atomic import write_atomically
from dropoutlab.checks import describe, float_array
from dropoutlab.nn.module import Module

__all__ = ["load", "save"]


def save(net: Module | Mapping[str, ArrayLike], path: str | os.PathLike[str]) -> None:
    """Write the parameters of a net to a file, from which `load` reads them bit for bit.

    The file appears whole or not at all: whatever interrupts the writing, an older file of
    that name stays as it was. Equal parameters give equal files. The state of an optimiser
    is not saved.

    Parameters
    ----------
    net : Module or mapping of str to array_like of float
        A net, or a ``state_dict()``.
    path : path-like
        Where to write, exactly as given; the usual ending is ``.npz``.

    Raises
    ------
    TypeError
        ``net`` is neither, a name is not a string, or an array not floating-point.
    OSError
        The file cannot be written: the folder does not exist (`FileNotFoundError`) or may
        not be written to, the path is a folder, the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> from dropoutlab import nn
    >>> net, other = (nn.Linear(3, 2, rng=np.random.default_rng(seed)) for seed in (0, 1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(net, f"{folder}/net.npz")
    ...     other.load_state_dict(load(f"{folder}/net.npz"))
    >>> np.array_equal(net.weight.data, other.weight.data)
    True
    """
    state = _state(net)
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path must lie in an existing folder, got {str(path)!r}")
    if path.is_dir():
        raise IsADirectoryError(f"path must name a file, got the folder {str(path)!r}")
    content = io.BytesIO()
    _write(state, content)
    write_atomically(path, content.getvalue())


def load(path: str | os.PathLike[str]) -> dict[str, NDArray[np.floating]]:
    """Read what `save` has written, for ``net.load_state_dict``.

    Nothing in a file is executed, so one from a stranger can do no harm.

    Parameters
    ----------
    path : path-like
        The file. One that `numpy.savez` made of float arrays is as good.

    Returns
    -------
    dict of str to ndarray
        New arrays in the byte order of this machine, wherever the file comes from.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        There is no such file.
    ValueError
        The file is of another kind, truncated or damaged.
    """
    path = Path(path)
    expected = "a file of parameters (.npz), as nn.save writes it"
    if path.is_dir():
        raise IsADirectoryError(f"path must name {expected}, got the folder {str(path)!r}")
    if not path.exists():
        raise FileNotFoundError(f"path must name {expected}, but {str(path)!r} does not exist")
    with open(path, "rb") as file:
        try:
            return _read(file)
        except Exception as error:  # a damaged archive makes zipfile raise a dozen kinds
            raise ValueError(
                f"path must name {expected}, but {str(path)!r} is of another kind, truncated "
                f"or damaged: {error}"
            ) from error


def _state(net: Module | Mapping[str, ArrayLike]) -> dict[str, NDArray[np.floating]]:
    if isinstance(net, Module):
        return net.state_dict()
    if not isinstance(net, Mapping):
        raise TypeError(f"net must be a Module or a state_dict, got {describe(net)}")
    for name in net:
        if not isinstance(name, str):
            raise TypeError(f"the names in net must be strings, got {describe(name)}")
    return {name: float_array(f"net[{name!r}]", values) for name, values in net.items()}


def _write(state: Mapping[str, NDArray[np.floating]], file: BinaryIO) -> None:
    # As np.savez, which would take the names "file" and "allow_pickle" for arguments.
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in state.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _read(file: BinaryIO) -> dict[str, NDArray[np.floating]]:
    state = {}
    with zipfile.ZipFile(file) as archive:
        for member in archive.namelist():
            name = member.removesuffix(".npy")
            if name == member or name in state:
                raise ValueError(f"{member!r} is not an array, or there twice")
            content = io.BytesIO(archive.read(member))  # the whole of it: verifies its checksum
            array = np.lib.format.read_array(content, allow_pickle=False)
            if content.read():
                raise ValueError(f"{member!r} goes on after the end of the array")
            array = float_array(repr(name), array)
            state[name] = array.astype(array.dtype.newbyteorder("="), copy=False)
    return state
