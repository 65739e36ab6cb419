"""Runs on the workers of a Dask scheduler.

joblib's own way there asks a worker for a result once, and waits for ever if that worker was
killed meanwhile. Dask's client has the run done again elsewhere.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from dropoutlab.experiments.attempt import attempt_sent
from dropoutlab.experiments.setting import Setting

__all__ = ["on_dask", "outcomes_on_dask"]

# So many runs wait at the scheduler at least, for workers that may yet come.
AHEAD = 256


def outcomes_on_dask(
    client: Any, parcel: bytes, runs: Sequence[tuple[Setting, int]]
) -> Generator[Any]:
    """Yield what `attempt_sent` returns for every run, as soon as it is there.

    Parameters
    ----------
    client : distributed.Client
    parcel : bytes
        See `dropoutlab.experiments.attempt.packed`.
    runs : sequence of (setting, seed)
    """
    import distributed

    def send(n: int) -> None:
        for setting, seed in islice(waiting, n):
            future = client.submit(attempt_sent, parcel, setting, seed, pure=False)
            sent.add(future)
            arriving.add(future)

    waiting, sent = iter(runs), set[Any]()
    arriving: Any = distributed.as_completed(loop=client.loop)  # type: ignore[no-untyped-call]
    try:
        send(max(AHEAD, 2 * sum(client.ncores().values())))
        for future in arriving:
            outcome = future.result()
            sent.remove(future)
            future.release()
            send(1)
            yield outcome
    finally:
        for future in sent:  # which nobody asks for any more: the scheduler drops them
            future.release()


@contextmanager
def on_dask(address: str) -> Iterator[None]:
    """Send what joblib does within the block to the workers of a scheduler.

    Waits until there is a worker: a batch system may have its own ideas when that is.

    Parameters
    ----------
    address : str
        ``"tcp://10.0.0.7:8786"``, as the scheduler prints it.

    Raises
    ------
    RuntimeError
        Dask is not installed, or no scheduler answers at the address.
    """
    import joblib

    try:
        from distributed import Client
    except ImportError as error:
        raise RuntimeError(
            "a scheduler can be used where Dask is installed: pip install distributed"
        ) from error
    try:
        client = Client(address, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise RuntimeError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        client.wait_for_workers(1)
        with joblib.parallel_config("dask", client=client):
            yield
