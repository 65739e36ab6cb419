"""Carry out runs, one after another or through joblib, in whatever order they finish."""

import sys
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dropoutlab.checks import describe
from dropoutlab.experiments.failures import FailedRun
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.grid import Setting
from dropoutlab.experiments.modules import is_installed
from dropoutlab.experiments.worker import attempt, attempt_pickled

__all__ = ["outcomes"]

Outcome = FinishedRun | FailedRun


def outcomes(
    function: Callable[..., Any], runs: Sequence[tuple[Setting, int]], workers: int | None
) -> Generator[Outcome]:
    """Yield the outcome of every run as soon as it is there.

    Parameters
    ----------
    function : callable
        Of the experiment.
    runs : sequence of (setting, seed)
    workers : int or None
        That many processes on this machine, 1 being this one; None for what
        `joblib.parallel_config` set up, without which it is this process, too.

    Raises
    ------
    TypeError
        The function cannot be sent to another process.
    """
    import joblib

    if joblib.effective_n_jobs(workers) == 1:
        for setting, seed in runs:
            yield attempt(function, setting, seed)
        return
    job = joblib.delayed(attempt_pickled)
    pickled = _pickled(function)
    # A batch of one: batches of several would come, and be kept, together.
    options: dict[str, Any] = {"return_as": "generator_unordered", "batch_size": 1}
    with _processes(workers):
        parallel = joblib.Parallel(**options)
        arriving = parallel(job(pickled, setting, seed) for setting, seed in runs)
    with warnings.catch_warnings():
        # Said when a process has grown, as by importing PyTorch: it is replaced, and no run
        # is lost.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
        # Said of runs that are cancelled, which is what closing is for.
        warnings.filterwarnings("ignore", ".*tasks.*have been", UserWarning)
        try:
            # `yield from` would close it outside the block.
            for outcome in arriving:  # noqa: UP028
                yield outcome
        finally:
            arriving.close()


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
