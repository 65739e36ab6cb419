"""What a table of numbers must say about itself: who made it, with what, when, where."""

import json
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.machine import this_machine
from dropoutlab.experiments.run_store import Store

__all__ = ["command", "manifest"]


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
        Says under which conditions they were computed.
    started : datetime
        With its time zone.

    Returns
    -------
    dict
        ``experiment``, ``description``, ``settings``, ``seeds``; ``partial``, whether runs
        are missing; ``runs``: ``total``, ``computed``, ``read`` and their ``seconds``,
        summed; ``started``, ``finished`` (UTC) and ``seconds`` of the call; ``command``;
        ``versions`` and ``machine`` of the process that called; ``machines``, all that
        computed, each with its versions and the number of its runs; ``conditions``, what
        the rows depend on.
    """
    finished, caller = datetime.now(UTC), this_machine()
    return {
        "experiment": experiment.name,
        "description": experiment.description,
        "settings": experiment.settings,
        "seeds": list(experiment.seeds),
        "partial": len(runs) < len(experiment.runs),
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
        "versions": caller["versions"],
        "machine": {name: caller[name] for name in ("platform", "processors")},
        "machines": _machines(runs),
        "conditions": dict(store.conditions),
    }


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


def _machines(runs: Sequence[FinishedRun]) -> list[dict[str, Any]]:
    """Return every machine and set of versions that computed runs, with their number."""
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        machine = run.machine or {"host": None}
        text = json.dumps(machine, sort_keys=True)
        found.setdefault(text, {**machine, "runs": 0})["runs"] += 1
    return sorted(found.values(), key=lambda machine: str(machine.get("host")))
