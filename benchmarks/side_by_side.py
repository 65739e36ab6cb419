"""Time several ways of doing the same thing side by side, and compare."""

import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits


@contextmanager
def threads(n: int):
    """Give NumPy's matrix products and PyTorch the same number of threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        with threadpool_limits(n, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)


def times(
    contestants: Mapping[str, Callable[[], object]],
    *,
    n_rounds: int,
    n_calls: int,
    n_warm: int = 10,
    pause: float = 0.05,
) -> dict[str, list[float]]:
    """Return for each contestant its median time in every round, in seconds.

    In a round each contestant has its turn: some calls to get warm, then ``n_calls`` that
    count. The turns are not interleaved call by call, and a pause precedes each, because
    NumPy's and PyTorch's idle threads go on spinning for a while and would take the cores
    from whoever comes next. After a longer pause they would have to be woken up first.
    """
    medians: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(n_rounds):
        for name, call in contestants.items():
            time.sleep(pause)
            for _ in range(n_warm):
                call()
            seconds = []
            for _ in range(n_calls):
                start = time.perf_counter()
                call()
                seconds.append(time.perf_counter() - start)
            medians[name].append(statistics.median(seconds))
    return medians


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median over the rounds of one time by another.

    The two are paired by round, so that a machine that slows down for a while slows both.
    """
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
