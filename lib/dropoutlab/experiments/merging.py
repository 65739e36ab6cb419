"""Put the runs that several machines have kept into one store."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dropoutlab.experiments.conditions import key
from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.recording import MANIFEST, read_recording
from dropoutlab.experiments.run_store import Store, stores_in

__all__ = ["Merged", "merge"]


@dataclass
class Merged:
    """What became of the runs of one experiment, under one set of conditions.

    Attributes
    ----------
    store : Store
        Where they are now.
    copied, there, differing : int
        How many were copied, and how many had been there: with equal rows, with others.
        What had been there stays.
    """

    store: Store
    copied: int = 0
    there: int = 0
    differing: int = 0


def merge(source: Path, into: Path) -> list[Merged]:
    """Copy into a store the sound runs that it lacks.

    Parameters
    ----------
    source : Path
        The folder of a store, or of a recording, be it partial.
    into : Path
        The folder of a store. Made if it is not there.

    Raises
    ------
    StoreError
        ``source`` holds no runs, or something cannot be read or written.
    """
    merged = []
    for place, conditions, runs in _found(source):
        result = Merged(Store(into / place, conditions))
        result.store.prepare()
        for run in runs:
            kept = result.store.read(run.setting, run.seed)
            if kept is None:
                result.store.write(run)
                result.copied += 1
            elif dict(kept.measured) == dict(run.measured):
                result.there += 1
            else:
                result.differing += 1
        merged.append(result)
    if not merged:
        raise StoreError(f"there are no runs in {source}")
    return merged


def _found(source: Path) -> Iterator[tuple[Path, dict[str, str], Iterator[FinishedRun]]]:
    if (source / MANIFEST).is_file():
        manifest, runs = read_recording(source)
        if "conditions" not in manifest:
            raise StoreError(f"{source / MANIFEST} does not say on what its rows depend")
        machine = _machine(manifest["machines"])
        restored = (replace(run, machine=machine) for run in runs)
        place = Path(manifest["experiment"], key(manifest["conditions"]))
        yield place, manifest["conditions"], restored
    for store in stores_in(source):
        yield store.folder.relative_to(source), dict(store.conditions), store.runs()


def _machine(machines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the machine of a recorded run; of several, the recording knows no more."""
    known = [{k: v for k, v in machine.items() if k != "runs"} for machine in machines]
    return known[0] if len(known) == 1 else {"host": None, "one of": known}
