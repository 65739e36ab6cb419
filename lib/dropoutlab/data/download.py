"""Fetching one file whose checksum is known, so that a failure leaves nothing behind."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dropoutlab.data.checksums import DataUnavailable, Known
from dropoutlab.progress import progress_bar

__all__ = ["TIMEOUT", "download"]

TIMEOUT = 30.0  # seconds of silence, after which the server counts as gone


def download(address: str, target: Path, known: Known, *, progress: bool | None = None) -> None:
    """Fetch a file and put it where it belongs once it has been found to be the right one.

    Until then it has a temporary name beside ``target``, so that whoever looks there sees
    the right file or none: after a failure, after a kill, and while two processes fetch
    the same one.

    Parameters
    ----------
    address : str
        ``http://`` or ``https://``.
    target : Path
        Where to put it. Folders are made; a file that is there is replaced at the end.
    known : Known
        What it must be.
    progress : bool or None
        As for `dropoutlab.progress.progress_bar`.

    Raises
    ------
    DataUnavailable
        The address is none, the server does not answer, or with an error, or with
        something else than the file; or ``target`` cannot be written. A later call starts
        afresh.
    """
    import pooch
    from requests import RequestException

    try:
        with (
            _quiet(pooch.get_logger()),
            progress_bar(progress, known.size, unit="bytes") as bar,
        ):
            pooch.retrieve(
                address,
                known_hash=known.sha256,
                path=target.parent,
                fname=target.name,
                downloader=_checked(known, bar),
            )
    except DataUnavailable:
        raise
    except RequestException as error:  # before OSError, of which it is a kind
        # The chain of five causes would bury the one sentence that helps.
        raise DataUnavailable(
            f"{address} could not be downloaded: {_reason(error)}. Try again later"
        ) from None
    except OSError as error:
        reason = getattr(_root(error), "strerror", None) or error
        raise DataUnavailable(
            f"{address} could not be kept in {target.parent}: {reason}. Set "
            "$DROPOUTLAB_CACHE to a folder that can be written to"
        ) from None


def _checked(known: Known, bar: Any) -> Callable[..., None]:
    """Return a downloader for pooch that says what came instead of the file."""
    import requests

    def fetch(address: str, temporary: str, manager: object) -> None:
        # Servers that "decompress" a .gz on its way would change its checksum.
        headers = {"Accept-Encoding": "identity"}
        with (
            requests.get(address, stream=True, timeout=TIMEOUT, headers=headers) as response,
            open(temporary, "wb") as file,
        ):
            response.raise_for_status()
            for chunk in response.iter_content(2**16):
                file.write(chunk)
                bar.update(len(chunk))
                if file.tell() > known.size:  # the wrong thing, perhaps without end
                    break
        fault = known.fault(Path(temporary).read_bytes())
        if fault is not None:
            raise DataUnavailable(f"What came from {address} {fault}. Try again later")

    return fetch


def _reason(error: Exception) -> str:
    """Say in a few words why a request failed."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code} {error.response.reason}"
    # A silence in mid-file arrives as a plain ConnectionError whose text says so.
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return f"the server was silent for {TIMEOUT:g} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off half-way"
    if isinstance(error, requests.ConnectionError):
        return f"the connection to the server failed ({_root(error)})"
    return str(error)


def _root(error: BaseException) -> BaseException:
    """Return what an error is about in the end, among those wrapped around it."""
    if error.args and isinstance(error.args[0], BaseException):
        error = error.args[0]
    while error.__cause__ is not None:
        error = error.__cause__
    return error


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Keep the news of a download out of a page's stderr."""
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
