"""The optional large files: in a folder of one's own, in the cache, or from the network."""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dropoutlab.progress import progress_bar

__all__ = ["CHECKSUMS", "DataUnavailable", "read"]

TIMEOUT = 30.0  # seconds of silence, after which a server counts as gone
RETRIES = 1

# SHA-256 of each file's content.
CHECKSUMS = {
    "mnist/train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "mnist/train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "mnist/t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "mnist/t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
    "movietweetings/movietweetings_10core_movies.csv.gz": (
        "dca9b1d71c93a2090ca2c303942cc42fe3fd3e9b15246bed8c85eeb68eefcac5"
    ),
    "movietweetings/movietweetings_10core_ratings.csv.gz": (
        "5dd846cb86256e5bd347b9a5c79ef9d3163ffdad52e01f19ecab811e51eef316"
    ),
}
# Addresses under which the files lie as in CHECKSUMS, by the folder they are in.
PUBLISHED = {"mnist": "https://storage.googleapis.com/cvdf-datasets"}
NOT_PUBLISHED = (
    "it has no public address: it was derived for this course from MovieTweetings (MIT "
    "licence, (c) 2013 Simon Dooms). If a server of yours has its folder, set "
    "$DROPOUTLAB_DATA_URL to the address above that"
)


class DataUnavailable(OSError):
    """An optional file is not to be had; the message says why and what to do about it."""


def read(name: str) -> bytes:
    """Return the content of an optional file, with its checksum verified.

    It is looked for in

    1. the folder ``$DROPOUTLAB_DATA``, which holds ``mnist/`` or ``movietweetings/`` or both;
    2. the cache, ``$DROPOUTLAB_CACHE`` or the place that the operating system has for it;
    3. the network, at ``$DROPOUTLAB_DATA_URL`` (with ``mnist/`` and so on below it) or the
       public address, if there is one. What comes is kept in the cache.

    What ``$DROPOUTLAB_DATA`` has must be right: a folder that is not there, a set of which a
    file is missing, and a damaged file are errors, and nothing else is tried. A set that it
    does not have at all is looked for further on. A damaged file in the cache is replaced.
    Whoever looks there sees the right file or none, also after a kill, and while two
    processes fetch the same one.

    Parameters
    ----------
    name : str
        As in ``CHECKSUMS``.

    Raises
    ------
    DataUnavailable
        With the file, what was found, and what to do.
    """
    own = _own_file(name)
    if own is None:
        return _fetched(name).read_bytes()
    advice = f"Put the right file there, or remove {own.parent} to have it looked for elsewhere"
    try:
        content = own.read_bytes()
    except OSError as error:
        raise DataUnavailable(f"{own} cannot be read: {error.strerror}. {advice}.") from None
    if hashlib.sha256(content).hexdigest() != CHECKSUMS[name]:
        raise DataUnavailable(
            f"{own} is not what it must be: it has {len(content):,} bytes and begins with "
            f"{content[:40]!r}. {advice}."
        )
    return content


def _own_file(name: str) -> Path | None:
    """Return the place in $DROPOUTLAB_DATA; None where that is not set or lacks the set."""
    setting = os.environ.get("DROPOUTLAB_DATA")
    if not setting:
        return None
    folder = Path(setting).expanduser()
    if not folder.is_dir():
        raise DataUnavailable(
            f"$DROPOUTLAB_DATA is {setting!r}, and there is no such folder. Name one that "
            f"holds {name}, or unset it."
        )
    return folder / name if (folder / name).parent.exists() else None


def _fetched(name: str) -> Path:
    """Return the place in the cache, where the file is put if it is not there."""
    import pooch
    from requests import RequestException

    base = os.environ.get("DROPOUTLAB_DATA_URL") or PUBLISHED.get(name.split("/")[0])
    address = f"{base}".rstrip("/") + f"/{name}"
    files = pooch.create(
        pooch.os_cache("dropoutlab"),
        base_url="",
        env="DROPOUTLAB_CACHE",
        registry=CHECKSUMS,
        urls={name: address},
        retry_if_failed=RETRIES,
    )
    try:
        with _quiet(pooch.get_logger()):
            return Path(files.fetch(name, downloader=_download if base else _refuse))
    except DataUnavailable as error:
        why = f"{name} is not in {files.abspath}, and {error}"
    except RequestException as error:  # before its kinds ValueError and OSError
        why = f"{address} could not be downloaded: {_reason(error)}. Try again later"
    except ValueError:
        why = f"What came from {address} is not the file that it must be. Try again later"
    except OSError as error:
        why = (
            f"{name} could not be kept in {files.abspath}: {_reason(error)}. Set "
            "$DROPOUTLAB_CACHE to a folder that can be written to"
        )
    # The chain of five causes would bury the one sentence that helps.
    raise DataUnavailable(
        f"{why}; or put the file at {name} in a folder of your own, and set $DROPOUTLAB_DATA "
        "to that."
    )


def _download(address: str, temporary: str, files: object) -> None:
    import pooch

    with progress_bar(None, 1, unit="bytes") as bar:
        pooch.HTTPDownloader(
            progressbar=bar if hasattr(bar, "reset") else False,
            chunk_size=2**16,
            timeout=TIMEOUT,
            # Servers that "decompress" a .gz on its way would change its checksum.
            headers={"Accept-Encoding": "identity"},
        )(address, temporary, files)


def _refuse(address: str, temporary: str, files: object) -> None:
    raise DataUnavailable(NOT_PUBLISHED)


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Hold back a logger's news, which would stand on a page as an error."""
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _reason(error: BaseException) -> str:
    """Say what an error is about in the end, among those wrapped around it."""
    inner = [e for e in (error.__cause__, *error.args, error.__context__) if e is not error]
    found = next((e for e in inner if isinstance(e, BaseException)), None)
    if found is not None:
        return _reason(found)
    return getattr(error, "strerror", None) or str(error)
