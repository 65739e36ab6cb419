"""Runs on the workers of a Dask scheduler that is running already."""

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["on_dask"]


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
