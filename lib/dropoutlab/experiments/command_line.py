"""The commands of ``python -m dropoutlab.experiments``."""

import argparse
import difflib
import io
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dropoutlab.experiments.catalogue import CATALOGUE
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.failures import RunsFailed, RunsInterrupted
from dropoutlab.experiments.files import StoreError
from dropoutlab.experiments.recorded import MANIFEST, load_recorded, record, recorded_folder
from dropoutlab.experiments.results import Results
from dropoutlab.experiments.runner import run
from dropoutlab.experiments.store import Store, open_store
from dropoutlab.experiments.summary import aligned, summary

__all__ = ["main"]

FAILED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command and return the exit code: 0 well, 1 something failed, 130 Ctrl-C.

    Wrong usage raises ``SystemExit(2)``, as `argparse` does.

    Examples
    --------
    >>> main(["run"])
    Traceback (most recent call last):
    SystemExit: 2
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ± and − are not in every code page
            stream.reconfigure(errors="replace")
    parser = _parser()
    chosen = parser.parse_args(arguments)
    experiment = None
    if "name" in chosen:
        experiment = CATALOGUE.get(chosen.name)
        if experiment is None:
            parser.error(_unknown(chosen.name))
    try:
        return int(chosen.command(experiment, chosen))
    except RunsInterrupted as error:
        return _said(f"\n{error}", INTERRUPTED)
    except KeyboardInterrupt:
        return _said("\ninterrupted", INTERRUPTED)
    except (RunsFailed, StoreError, RuntimeError) as error:
        return _said(str(error), FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dropoutlab.experiments",
        description="Run the experiments of the course, and look at what they measured.",
    )
    commands = parser.add_subparsers(required=True, metavar="list|run|show")
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", type=Path, metavar="DIR", help="keep runs in this folder")

    listing = commands.add_parser("list", parents=[store], help="say which experiments exist")
    listing.set_defaults(command=_list)

    running = commands.add_parser(
        "run", parents=[store], help="run one; what is stored already is not run again"
    )
    running.add_argument("name", metavar="NAME")
    running.add_argument(
        "--seeds",
        type=_positive,
        metavar="N",
        help="use seeds 0 to N - 1, not its own",
    )
    running.add_argument(
        "--workers", type=_positive, metavar="N", help="processes (default: one a processor)"
    )
    running.add_argument(
        "--record", action="store_true", help="write rows and manifest into results/NAME"
    )
    running.set_defaults(command=_run)

    showing = commands.add_parser("show", parents=[store], help="print what one measured")
    showing.add_argument("name", metavar="NAME")
    showing.set_defaults(command=_show)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be an integer of at least 1, got {text!r}")
    return int(text)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, CATALOGUE, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"there is no experiment {name!r}; {hint}known: {', '.join(sorted(CATALOGUE))}"


def _list(_: None, chosen: argparse.Namespace) -> int:
    lines = [["name", "runs", "kept", "what it measures"]]
    for name, experiment in CATALOGUE.items():
        store = open_store(experiment, chosen.store)
        n_stored = sum(store.read(*each) is not None for each in experiment.runs)
        kept = [f"{n_stored} stored"] if n_stored else []
        kept += ["recorded"] if (recorded_folder(name) / MANIFEST).is_file() else []
        n_runs = str(len(experiment.runs))
        lines.append([name, n_runs, ", ".join(kept) or "-", experiment.description])
    print(aligned(lines))
    return 0


def _run(experiment: Experiment, chosen: argparse.Namespace) -> int:
    import joblib

    if chosen.seeds is not None:
        experiment = replace(experiment, seeds=range(chosen.seeds))
    workers = chosen.workers or min(joblib.cpu_count(), len(experiment.runs))
    results = run(experiment, workers=workers, store=chosen.store)
    print(summary(results))
    print(f"\n{results.n_computed} runs computed, {results.n_read} read from the store.")
    if chosen.record:
        print(f"Recorded in {record(results)}.")
    return 0


def _show(experiment: Experiment, chosen: argparse.Namespace) -> int:
    store = open_store(experiment, chosen.store)
    results = _stored(experiment, store)
    if results is None and (recorded_folder(experiment.name) / MANIFEST).is_file():
        results = load_recorded(experiment.name)
    if results is None:
        n_stored = sum(store.read(*each) is not None for each in experiment.runs)
        return _said(
            f"{experiment.name} has not been run to its end with this state of the library: "
            f"{n_stored} of {len(experiment.runs)} runs are stored. To go on: "
            f"python -m dropoutlab.experiments run {experiment.name}",
            FAILED,
        )
    print(summary(results))
    print(f"\n{_origin(results)}")
    return 0


def _stored(experiment: Experiment, store: Store) -> Results | None:
    """Return the results of the last complete call, if everything of it is still there."""
    manifest: dict[str, Any] | None = store.read_manifest()
    if manifest is None:
        return None
    experiment = replace(experiment, grid=manifest["settings"], seeds=manifest["seeds"])
    runs = [store.read(*each) for each in experiment.runs]
    complete = [each for each in runs if each is not None]
    return Results(complete, manifest) if len(complete) == len(runs) else None


def _origin(results: Results) -> str:
    manifest, kind = results.manifest, "Recorded" if results.recorded else "Stored"
    finished = datetime.fromisoformat(manifest["finished"])
    return (
        f"{kind} {finished:%Y-%m-%d %H:%M} UTC by: {manifest['command']}\n"
        f"({manifest['runs']['computed']} runs computed then, {manifest['runs']['read']} read; "
        f"{manifest['runs']['seconds']:.0f} s of work in all)"
    )


def _said(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
