"""The machine that a run was computed on, and what it computed with."""

import os
import platform
import socket
from functools import cache
from importlib import metadata
from typing import Any

from dropoutlab import __version__

__all__ = ["this_machine", "this_process"]

PACKAGES = ("numpy", "scipy", "torch", "joblib")


@cache
def this_machine() -> dict[str, Any]:
    """Describe this machine for the record.

    Returns
    -------
    dict
        ``host``, ``platform``, ``processors``, and ``versions`` of Python and packages.

    Examples
    --------
    >>> list(this_machine())
    ['host', 'platform', 'processors', 'versions']
    """
    versions = {"python": platform.python_version(), "dropoutlab": __version__}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "host": socket.gethostname(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "versions": versions,
    }


def this_process() -> str:
    """Name this process among those of a cluster: machine and process id."""
    return f"{socket.gethostname()} (process {os.getpid()})"
