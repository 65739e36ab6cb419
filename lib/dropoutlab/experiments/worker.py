"""One run, wherever it takes place: in this process, in another, on another machine."""

import os
import pickle
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

from threadpoolctl import threadpool_limits

from dropoutlab.experiments.failures import FailedRun
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.grid import Setting
from dropoutlab.experiments.measurements import measurements

__all__ = ["alone", "attempt", "attempt_pickled"]


def attempt(
    function: Callable[..., Any], setting: Setting, seed: int
) -> FinishedRun | FailedRun:
    """Do one run on one thread; an exception is part of what comes back.

    Examples
    --------
    >>> attempt(lambda seed, p: {"error": p / 2}, {"p": 0.5}, 0).measured
    {'error': Measurement(values=(0.25,), epochs=None)}
    >>> print(attempt(lambda seed, p: {"error": p / 0}, {"p": 0.5}, 0))
    p=0.5, seed 0: ZeroDivisionError: float division by zero
    """
    started = time.perf_counter()
    try:
        with alone():
            measured = measurements(function(seed, **setting))
    # sys.exit() in a run is a failure of that run, and no reason to end the others.
    except (Exception, SystemExit) as error:
        written = f"{type(error).__name__}: {error}"
        return FailedRun(setting, seed, written, "".join(traceback.format_exception(error)))
    return FinishedRun(setting, seed, measured, time.perf_counter() - started)


def attempt_pickled(function: bytes, setting: Setting, seed: int) -> FinishedRun | FailedRun:
    """Do what `attempt` does, with a function that came as bytes."""
    return attempt(_unpickled(function), setting, seed)


@lru_cache(maxsize=1)
def _unpickled(function: bytes) -> Callable[..., Any]:
    unpickled: Callable[..., Any] = pickle.loads(function)
    return unpickled


@contextmanager
def alone() -> Iterator[None]:
    """Give matrix products one thread, and training no progress bar of its own.

    Sums depend on the number of threads in their last digit, and runs side by side would
    take the processors from one another. Threads may be inside at the same time: the first
    sets the limits, the last lifts them. OpenBLAS obeys one thread alone, so where runs
    share a process with others, the thread that starts them should be inside all the time.
    """
    with _LOCK:
        _INSIDE.append(None)
        if len(_INSIDE) == 1:
            _LIMITS.enter_context(_one_thread())
    try:
        yield
    finally:
        with _LOCK:
            _INSIDE.pop()
            if not _INSIDE:
                _LIMITS.close()


_LOCK, _INSIDE, _LIMITS = threading.Lock(), list[None](), ExitStack()
# PyTorch reads the first when it is imported, which may be within a run.
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "DROPOUTLAB_PROGRESS": "0"}


@contextmanager
def _one_thread() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    torch = sys.modules.get("torch")
    n_threads = torch.get_num_threads() if torch else None
    os.environ.update(_ENVIRONMENT)
    try:
        with threadpool_limits(1):
            if torch:
                torch.set_num_threads(1)
            yield
    finally:
        if torch:
            torch.set_num_threads(n_threads)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
