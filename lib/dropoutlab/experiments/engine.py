"""Carry out runs, one after another or through joblib, in whatever order they finish."""

import sys
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from dropoutlab.checks import describe
from dropoutlab.experiments.attempt import Refused, attempt, attempt_sent, packed
from dropoutlab.experiments.failures import FailedRun, WorkerRefused
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.modules import is_installed
from dropoutlab.experiments.on_dask import outcomes_on_dask
from dropoutlab.experiments.setting import Setting

__all__ = ["outcomes"]

Outcome = FinishedRun | FailedRun
LOCAL = ("loky", "multiprocessing", "sequential", "threading")  # joblib's own


def outcomes(
    function: Callable[..., Any],
    conditions: Mapping[str, str],
    runs: Sequence[tuple[Setting, int]],
    workers: int | None,
) -> Generator[Outcome]:
    """Yield the outcome of every run as soon as it is there.

    Parameters
    ----------
    function : callable
        Of the experiment.
    conditions : mapping of str to str
        Which every worker must share.
    runs : sequence of (setting, seed)
    workers : int or None
        That many processes on this machine, 1 being this one; None for what
        `joblib.parallel_config` set up, without which it is this process, too.

    Raises
    ------
    TypeError
        The function cannot be sent to another process.
    WorkerRefused
        A worker does not share the conditions.
    """
    import joblib

    cluster: Any = None if workers is not None else _cluster()
    if cluster is None and joblib.effective_n_jobs(workers) == 1:
        for setting, seed in runs:
            yield attempt(function, setting, seed)
        return
    parcel = packed(_pickled(function), conditions)
    if type(cluster).__name__ == "DaskDistributedBackend":
        arriving = outcomes_on_dask(cluster.client, parcel, runs)
    else:
        arriving = _through_joblib(parcel, runs, workers, cluster)
    with warnings.catch_warnings():
        # Said when a process has grown, as by importing PyTorch: it is replaced, and no run
        # is lost.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
        # Said of runs that are cancelled, which is what closing is for.
        warnings.filterwarnings("ignore", ".*tasks.*have been", UserWarning)
        try:
            for outcome in arriving:
                if isinstance(outcome, Refused):
                    raise WorkerRefused(
                        f"the worker on {outcome.worker} computes something else: "
                        f"{outcome.reason}"
                    )
                yield outcome
        finally:
            arriving.close()


def _cluster() -> Any:
    """Return the backend that was set up for joblib, unless it is one of its own."""
    from joblib.parallel import BACKENDS, get_active_backend

    backend, _ = get_active_backend()
    own = tuple(BACKENDS[name] for name in LOCAL if name in BACKENDS)
    return None if isinstance(backend, own) else backend


def _through_joblib(
    parcel: bytes, runs: Sequence[tuple[Setting, int]], workers: int | None, cluster: Any
) -> Generator[Any]:
    import joblib

    job = joblib.delayed(attempt_sent)
    # A batch of one: batches of several would come, and be kept, together.
    options: dict[str, Any] = {"return_as": "generator_unordered", "batch_size": 1}
    with _processes(workers), _never_here(cluster):
        parallel = joblib.Parallel(**options)
        arriving: Generator[Any] = parallel(
            job(parcel, setting, seed) for setting, seed in runs
        )
    return arriving


@contextmanager
def _never_here(cluster: Any) -> Iterator[None]:
    """Make joblib send runs even to a single worker.

    Where a backend has room for one, joblib would compute in the process that calls: on the
    login node. So it is told of two.
    """
    if cluster is None:
        yield
        return
    counted = cluster.effective_n_jobs
    cluster.effective_n_jobs = lambda n_jobs: max(2, counted(n_jobs))
    try:
        yield
    finally:
        del cluster.effective_n_jobs


@contextmanager
def _processes(workers: int | None) -> Iterator[None]:
    import joblib

    if workers is None:
        yield
        return
    with joblib.parallel_config("loky", n_jobs=workers, inner_max_num_threads=1):
        yield


def _pickled(function: Callable[..., Any]) -> bytes:
    """Pickle a function by value, unless an installed package has it.

    Workers need not be able to import the script, notebook or test that it stands in.
    """
    import cloudpickle

    module = sys.modules.get(getattr(function, "__module__", None) or "")
    by_value = module is not None and module.__name__ != "__main__" and not is_installed(module)
    try:
        if by_value:
            cloudpickle.register_pickle_by_value(module)
        pickled: bytes = cloudpickle.dumps(function)
        return pickled
    except Exception as error:
        raise TypeError(
            f"function must be one that can be sent to other processes, got "
            f"{describe(function)}: {error}. Make what it uses inside the function, or run "
            "in this process: workers=1"
        ) from error
    finally:
        if by_value:
            cloudpickle.unregister_pickle_by_value(module)
