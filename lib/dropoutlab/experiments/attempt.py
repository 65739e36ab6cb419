"""One run, wherever it takes place: in this process, in another, on another machine."""

import os
import pickle
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from threadpoolctl import threadpool_limits

from dropoutlab.experiments.conditions import differences, here
from dropoutlab.experiments.failures import FailedRun
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.library import LOADED, changed
from dropoutlab.experiments.machine import this_machine, this_process
from dropoutlab.experiments.measurements import measurements
from dropoutlab.experiments.setting import Setting

__all__ = ["Refused", "alone", "attempt", "attempt_sent", "packed"]


@dataclass(frozen=True)
class Refused:
    """Why a worker may not do runs of this call: it would compute something else.

    Attributes
    ----------
    worker : str
        Its machine and process.
    reason : str
        Both versions.
    """

    worker: str
    reason: str


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
    return FinishedRun(setting, seed, measured, time.perf_counter() - started, this_machine())


def packed(function: bytes, conditions: Mapping[str, str]) -> bytes:
    """Put what a worker needs into one parcel: the pickled function, and its conditions."""
    wanted = {name: version for name, version in conditions.items() if name != "function"}
    return pickle.dumps((wanted, function))


def attempt_sent(
    parcel: bytes, setting: Setting, seed: int
) -> FinishedRun | FailedRun | Refused:
    """Do what `attempt` does with a function that was sent, if it means the same here."""
    reason, function = _unpacked(parcel)
    if reason is not None:
        return Refused(this_process(), reason)
    outcome = attempt(function, setting, seed)
    if isinstance(outcome, FailedRun) and outcome.error.startswith("DataUnavailable: "):
        # Every run would fail here that may well succeed elsewhere.
        return Refused(this_process(), outcome.error.removeprefix("DataUnavailable: "))
    return outcome


@lru_cache(maxsize=1)
def _unpacked(parcel: bytes) -> tuple[str | None, Any]:
    wanted, function = pickle.loads(parcel)
    differing = differences(wanted, here(wanted))
    if differing:
        return "; ".join(differing), None
    edited = changed(name for name in wanted if name in LOADED)
    if edited is not None:
        return f"{edited} changed there after the worker had imported it", None
    return None, pickle.loads(function)  # which would import what may be missing


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
