"""What the commands of ``python -m dropoutlab.experiments`` do, each given its arguments."""

import argparse
import shutil
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from dropoutlab.experiments.catalogue import CATALOGUE
from dropoutlab.experiments.conditions import conditions, differences
from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.final_means import aligned, summary
from dropoutlab.experiments.merging import Merged, merge
from dropoutlab.experiments.on_dask import on_dask
from dropoutlab.experiments.recorded import load_recorded
from dropoutlab.experiments.recording import MANIFEST, recorded_folder
from dropoutlab.experiments.results import Results
from dropoutlab.experiments.run_store import absolute, default_folders, open_store, stores_in
from dropoutlab.experiments.runner import run, stored

__all__ = ["forget_", "list_", "merge_", "record_", "run_", "show_"]


def list_(chosen: argparse.Namespace) -> None:
    """Print which experiments there are, and what is kept of each."""
    lines = [["name", "runs", "kept", "what it measures"]]
    for name, experiment in CATALOGUE.items():
        store = open_store(experiment, chosen.store)
        n_stored = sum(store.read(*each) is not None for each in experiment.runs)
        others = (
            s for s in stores_in(store.folder.parents[1], name) if s.folder != store.folder
        )
        n_others = sum(sum(1 for _ in other.runs()) for other in others)
        kept = [f"{n_stored} stored"] if n_stored else []
        kept += [f"{n_others} of other versions"] if n_others else []
        kept += ["recorded"] if (recorded_folder(name) / MANIFEST).is_file() else []
        n_runs = str(len(experiment.runs))
        lines.append([name, n_runs, ", ".join(kept) or "-", experiment.description])
    print(aligned(lines))


def run_(chosen: argparse.Namespace) -> None:
    """Run an experiment, or a part of it, and print its means."""
    import joblib

    experiment = chosen.experiment
    if chosen.seeds is not None:
        experiment = replace(experiment, seeds=range(chosen.seeds))
    workers = chosen.workers or min(joblib.cpu_count(), len(experiment.runs))
    with ExitStack() as places:
        if chosen.dask is not None:
            workers = places.enter_context(on_dask(chosen.dask))
        results = run(
            experiment,
            workers=workers,
            store=chosen.store,
            shard=chosen.shard,
            progress="lines",
        )
    print(summary(results))
    print(f"\n{results.n_computed} runs computed, {results.n_read} read from the store.")
    if results.partial:
        print(f"{len(results)} of {len(experiment.runs)} runs are there; other shards go on.")
    if chosen.record:
        print(f"Recorded in {results.record()}.")


def show_(chosen: argparse.Namespace) -> None:
    """Print what the last complete call measured, or else what is recorded."""
    experiment = chosen.experiment
    results, n_stored = _last_complete(chosen)
    if results is None and (recorded_folder(experiment.name) / MANIFEST).is_file():
        results = load_recorded(experiment.name, partial=True)
    if results is None:
        raise StoreError(
            f"{experiment.name} has not been run to its end with this state of the library: "
            f"{n_stored} of {len(experiment.runs)} runs are stored. To go on: "
            f"python -m dropoutlab.experiments run {experiment.name}"
        )
    print(summary(results))
    print(f"\n{_origin(results)}")


def _last_complete(chosen: argparse.Namespace) -> tuple[Results | None, int]:
    """Return what the last complete call had, if it is all there, or how much there is."""
    experiment, store = chosen.experiment, open_store(chosen.experiment, chosen.store)
    manifest = store.read_manifest()
    if manifest is not None:
        experiment = replace(experiment, grid=manifest["settings"], seeds=manifest["seeds"])
    try:
        results = stored(experiment, chosen.store)
    except StoreError:
        return None, 0
    return None if results.partial else results, len(results)


def _origin(results: Results) -> str:
    manifest, kind = results.manifest, "Recorded" if results.recorded else "Stored"
    finished = datetime.fromisoformat(manifest["finished"])
    partial = f"{len(results)} runs so far; others are missing.\n" if results.partial else ""
    return (
        f"{partial}{kind} {finished:%Y-%m-%d %H:%M} UTC by: {manifest['command']}\n"
        f"({manifest['runs']['computed']} runs computed then, {manifest['runs']['read']} read; "
        f"{manifest['runs']['seconds']:.0f} s of work in all)"
    )


def record_(chosen: argparse.Namespace) -> None:
    """Record what is stored, without running anything."""
    results = stored(chosen.experiment, chosen.store)
    total = len(chosen.experiment.runs)
    if results.partial and not chosen.partial:
        raise StoreError(
            f"{len(results)} of {total} runs of {chosen.name} are stored. Run the others, or "
            f"record what there is: python -m dropoutlab.experiments record {chosen.name} "
            "--partial"
        )
    folder = results.record(partial=chosen.partial)
    marked = f" as partial, {len(results)} of {total} runs," if results.partial else ""
    print(f"Recorded{marked} in {folder}.")


def merge_(chosen: argparse.Namespace) -> None:
    """Copy what stores and recordings have into another store, and say what came of it."""
    into = absolute(chosen.into)
    for source in chosen.sources:
        for merged in merge(absolute(source), into):
            print(f"{source}: {_merged(merged)}")


def _merged(merged: Merged) -> str:
    name = merged.store.experiment
    said = f"{merged.copied} runs of {name} copied, {merged.there} were there"
    if merged.differing:
        said += f", {merged.differing} were there with other rows, which stay"
    experiment = CATALOGUE.get(name)
    if experiment is not None:
        differing = differences(
            conditions(experiment.function), merged.store.conditions, there="in these runs"
        )
        if differing:
            said += f". This checkout will not read them: {'; '.join(differing)}"
    return said


def forget_(chosen: argparse.Namespace) -> None:
    """Remove the runs of an experiment, under whatever conditions they were computed."""
    store = default_folders()[0] if chosen.store is None else absolute(chosen.store)
    folder = store / chosen.forgotten
    n_runs = sum(len(list(place.runs())) for place in stores_in(store, chosen.forgotten))
    if not folder.is_dir():
        raise StoreError(f"nothing is stored of {chosen.forgotten} in {store}")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StoreError(f"cannot remove {folder}: {error.strerror}") from error
    print(f"{n_runs} runs of {chosen.forgotten} were removed from {store}.")
