"""Time several ways of doing the same thing side by side, and compare."""

import itertools
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

FEWEST = 2  # rounds


@contextmanager
def threads(n: int) -> Iterator[None]:
    """Give NumPy's matrix products and PyTorch the same number of threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        with threadpool_limits(n, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def main_thread_alone() -> Iterator[None]:
    """Keep one core for the main thread; both libraries' helpers share the others (Linux).

    Without this the system may put a helper that has just been woken on the core of the
    thread that waits for it. Helpers must have been started before.
    """
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
    if len(cores) < 2:
        yield
        return
    own, main = {min(cores)}, threading.get_native_id()
    helpers = {int(task.name) for task in Path("/proc/self/task").iterdir()} - {main}
    try:
        os.sched_setaffinity(main, own)
        for helper in helpers:
            os.sched_setaffinity(helper, cores - own)
        yield
    finally:
        for thread in {main, *helpers}:
            os.sched_setaffinity(thread, cores)


def times(
    contestants: Mapping[str, Callable[[], object]],
    *,
    seconds: float,
    n_calls: int,
    n_warm: int = 10,
    pause: float = 0.05,
) -> dict[str, list[float]]:
    """Return for each contestant its median time in every round, in seconds.

    Rounds follow one another for about so many ``seconds``; there are two at least. In a
    round each contestant has its turn: some calls to get warm, then ``n_calls`` that
    count. The turns are not interleaved call by call, and a pause precedes each, because
    NumPy's and PyTorch's idle threads go on spinning for a while and would take the cores
    from whoever comes next. After a longer pause they would have to be woken up first.
    """
    medians: dict[str, list[float]] = {name: [] for name in contestants}
    for call in contestants.values():
        call()
    end = time.perf_counter() + seconds
    longest = seconds / (FEWEST * len(contestants))
    with main_thread_alone():
        for _ in enough_rounds(end):
            for name, call in contestants.items():
                time.sleep(pause)
                medians[name].append(_turn(call, n_warm, n_calls, longest))
    return medians


def enough_rounds(end: float, fewest: int = FEWEST) -> Iterator[int]:
    """Count rounds until so many are done and another would not be, by that time."""
    start = time.perf_counter()
    for n_done in itertools.count():
        now = time.perf_counter()
        if n_done >= fewest and now + (now - start) / n_done > end:
            return
        yield n_done


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median over the rounds of one time by another.

    The two are paired by round, so that a machine that slows down for a while slows both.
    """
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _turn(call: Callable[[], object], n_warm: int, n_calls: int, longest: float) -> float:
    """Return the median time of ``n_calls``, of fewer on a machine too busy for so many."""
    start = time.perf_counter()
    for _ in range(n_warm):
        call()
        if time.perf_counter() > start + longest / 2:
            break
    taken: list[float] = []
    while len(taken) < n_calls and not (taken and time.perf_counter() > start + longest):
        taken.append(_seconds(call))
    return statistics.median(taken)


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
