"""Run an experiment: read what is stored, compute the rest, keep each run as it comes."""

import os
from contextlib import closing
from datetime import UTC, datetime
from typing import Literal

from dropoutlab.checks import describe, positive_integer
from dropoutlab.experiments.attempt import alone
from dropoutlab.experiments.engine import outcomes
from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.failures import FailedRun, RunsFailed, RunsInterrupted, RunsStopped
from dropoutlab.experiments.finished import FinishedRun, identity
from dropoutlab.experiments.manifest import manifest
from dropoutlab.experiments.results import Results
from dropoutlab.experiments.run_store import NoStore, Store, open_store
from dropoutlab.experiments.setting import Setting
from dropoutlab.progress import progress_bar

__all__ = ["run", "stored"]


def run(
    experiment: Experiment,
    *,
    workers: int | None = None,
    store: str | os.PathLike[str] | Literal[False] | None = None,
    shard: tuple[int, int] | None = None,
    progress: bool | Literal["lines"] | None = None,
) -> Results:
    """Run an experiment at every setting with every seed, in parallel if asked to.

    Each run is kept as soon as it is finished. Whatever ends the call early, the next one
    goes on from there, and comes to the same rows.

    Parameters
    ----------
    experiment : Experiment
    workers : int, optional
        Processes on this machine; 1 stays in this one. Left out, the runs go where
        `joblib.parallel_config` says: to Dask, Ray or Spark, for example, and be it to a
        single worker. Without that, they stay in this process.
    store : path or False, optional
        Folder to keep runs in. Left out: ``$DROPOUTLAB_STORE``, or ``_build/experiments``
        in a checkout, or the user's folder for caches. False keeps nothing, and reads
        nothing.
    shard : pair of int, optional
        ``(i, n)`` computes the i-th of n equal parts alone, i from 1: for n jobs that know
        nothing of each other. What the others have stored is read.
    progress : bool or "lines", optional
        Whether to draw a progress bar, or to write a line a minute; see
        `dropoutlab.progress.progress_bar`.

    Returns
    -------
    Results
        The same rows for any number of workers, and whatever was stored before; ``partial``
        as long as other shards have not ended.

    Raises
    ------
    RunsFailed
        Some runs raised; the others are complete, kept, and in its ``results``.
    RunsInterrupted
        Somebody stopped it. It is a `KeyboardInterrupt`.
    RunsStopped
        The workers were lost.
    WorkerRefused
        A worker has another library, other packages or no data. It is a `RunsStopped`.
    StoreError
        The store cannot be written to: before any work, unless the disk is full.
    NoFingerprint
        The function uses something that cannot be compared with a stored run's.

    Examples
    --------
    >>> import numpy as np
    >>> def guess(seed, n):
    ...     return {"error": np.random.default_rng(seed).random(n).mean()}
    >>> guessing = Experiment("guessing", guess, grid={"n": [10, 1000]}, seeds=range(3))
    >>> results = run(guessing, store=False)
    >>> results
    Results(guessing: 2 settings × 3 seeds; 6 computed, 0 read)
    >>> results.final("error", n=1000).round(2)
    array([0.52, 0.5 , 0.5 ])
    """
    if not isinstance(experiment, Experiment):
        raise TypeError(f"experiment must be an Experiment, got {describe(experiment)}")
    if workers is not None:
        workers = positive_integer("workers", workers)
    started = datetime.now(UTC)
    opened = open_store(experiment, store)
    found = [opened.read(setting, seed) for setting, seed in experiment.runs]
    done = {identity(run.setting, run.seed): run for run in found if run is not None}
    n_read = len(done)
    mine = _part(experiment.runs, shard)
    failures = _compute(experiment, mine, done, opened, workers, progress)
    runs = _ordered(experiment, done)
    n_computed = len(runs) - n_read
    described = manifest(experiment, runs, n_computed=n_computed, store=opened, started=started)
    results = Results(runs, described)
    if failures:
        raise RunsFailed(experiment.name, failures, results)
    if n_computed and not results.partial:
        opened.write_manifest(described)
    return results


def stored(experiment: Experiment, store: str | os.PathLike[str] | None = None) -> Results:
    """Return what a store has of an experiment, and compute nothing.

    Parameters
    ----------
    experiment, store
        As for `run`.

    Returns
    -------
    Results
        ``partial`` if runs are missing. Those of a complete call come with its manifest.

    Raises
    ------
    StoreError
        Nothing is stored, or it cannot be read.
    """
    opened, started = open_store(experiment, store), datetime.now(UTC)
    found = [opened.read(*each) for each in experiment.runs]
    runs = [run for run in found if run is not None]
    if not runs:
        raise StoreError(f"no runs of {experiment.name} are stored in {opened.folder.parent}")
    described = manifest(experiment, runs, n_computed=0, store=opened, started=started)
    then = opened.read_manifest()
    same = then is not None and all(then[k] == described[k] for k in ("settings", "seeds"))
    return Results(runs, then if then and same and len(runs) == len(found) else described)


def _part(
    runs: list[tuple[Setting, int]], shard: tuple[int, int] | None
) -> list[tuple[Setting, int]]:
    """Return every n-th run: the settings that take long are shared out, too."""
    if shard is None:
        return runs
    i, n = (positive_integer("shard: each", number) for number in shard)
    if i > n:
        raise ValueError(f"shard must be (i, n) with i from 1 to n, got ({i}, {n})")
    return runs[i - 1 :: n]


def _compute(
    experiment: Experiment,
    mine: list[tuple[Setting, int]],
    done: dict[str, FinishedRun],
    store: Store,
    workers: int | None,
    progress: bool | Literal["lines"] | None,
) -> list[FailedRun]:
    """Do those of ``mine`` that are missing in ``done``, keep them, and add them to it."""
    pending = [run for run in mine if identity(*run) not in done]
    if not pending:
        return []
    store.prepare()
    failures = {}
    total = len(experiment.runs)
    try:
        with (
            progress_bar(
                progress, len(mine), unit="runs", initial=len(mine) - len(pending)
            ) as bar,
            alone(),
            closing(
                outcomes(experiment.function, store.conditions, pending, workers)
            ) as arriving,
        ):
            for outcome in arriving:
                if isinstance(outcome, FinishedRun):
                    store.write(outcome)
                    done[identity(outcome.setting, outcome.seed)] = outcome
                else:
                    failures[identity(outcome.setting, outcome.seed)] = outcome
                bar.update()
    except StoreError as error:
        raise StoreError(f"{error}; {_kept(done, total, store)}") from error
    except KeyboardInterrupt as error:
        raise RunsInterrupted(f"interrupted; {_kept(done, total, store)}") from error
    except RunsStopped as error:
        raise type(error)(f"{error}; {_kept(done, total, store)}") from error
    except TypeError:  # the function cannot be sent to the workers: nothing has begun
        raise
    except Exception as error:
        raise RunsStopped(
            f"the workers stopped ({type(error).__name__}: "
            f"{str(error).partition(chr(10))[0].rstrip('.')}); {_kept(done, total, store)}"
        ) from error
    return [failures[key] for key in map(_key, experiment.runs) if key in failures]


def _ordered(experiment: Experiment, done: dict[str, FinishedRun]) -> list[FinishedRun]:
    return [done[key] for key in map(_key, experiment.runs) if key in done]


def _key(run: tuple[Setting, int]) -> str:
    return identity(*run)


def _kept(done: dict[str, FinishedRun], total: int, store: Store) -> str:
    if isinstance(store, NoStore):
        return "nothing was kept, as store=False asked for"
    return (
        f"{len(done)} of {total} runs are kept in {store.folder}, and the same call goes on "
        "from there"
    )
