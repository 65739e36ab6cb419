"""What a table of numbers must say about itself: who made it, with what, when, where."""

import json
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from dropoutlab import __version__
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.store import Store

__all__ = ["command", "manifest", "to_json"]

PACKAGES = ("numpy", "scipy", "torch", "joblib")


def manifest(
    experiment: Experiment,
    runs: Sequence[FinishedRun],
    *,
    n_computed: int,
    store: Store,
    started: datetime,
) -> dict[str, Any]:
    """Describe how ``runs`` came about; JSON can hold it.

    Parameters
    ----------
    experiment : Experiment
    runs : sequence of FinishedRun
        All of them, those that were read included.
    n_computed : int
        How many this call computed.
    store : Store
        Says which state of the library, and which function.
    started : datetime
        With its time zone.

    Returns
    -------
    dict
        ``experiment``, ``description``, ``settings``, ``seeds``; ``runs``: ``total``,
        ``computed``, ``read`` and their ``seconds``, summed; ``started``, ``finished``
        (UTC) and ``seconds`` of the call; ``command``; ``versions``; ``machine``;
        ``library``, ``fingerprint``.
    """
    finished = datetime.now(UTC)
    return {
        "experiment": experiment.name,
        "description": experiment.description,
        "settings": experiment.settings,
        "seeds": list(experiment.seeds),
        "runs": {
            "total": len(runs),
            "computed": n_computed,
            "read": len(runs) - n_computed,
            "seconds": round(sum(run.seconds or 0.0 for run in runs), 3),
        },
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 3),
        "command": command(),
        "versions": _versions(),
        "machine": {"platform": platform.platform(), "processors": os.cpu_count()},
        "library": store.library,
        "fingerprint": store.fingerprint,
    }


def to_json(content: dict[str, Any]) -> bytes:
    """Write a manifest for files: one that people read, and version control compares."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def command() -> str:
    """Return what started this process, ``"notebook"`` in a notebook.

    Examples
    --------
    >>> isinstance(command(), str)
    True
    """
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        return "notebook"
    name, *arguments = sys.argv or [""]
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None:
        started = ["-m", spec.name.removesuffix(".__main__")]
    else:
        started = [Path(name).name] if name else []
    return shlex.join(["python", *started, *arguments])


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "dropoutlab": __version__}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
