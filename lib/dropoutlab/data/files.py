"""Where an optional large file is found: a folder of one's own, the cache, or the network."""

import os
from pathlib import Path

from dropoutlab.data.checksums import FILES, DataUnavailable
from dropoutlab.data.download import download

__all__ = ["cache_folder", "read"]

# Addresses under which the files lie as in FILES, by the folder they are in.
_PUBLISHED = {"mnist": "https://storage.googleapis.com/cvdf-datasets"}


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

    Parameters
    ----------
    name : str
        As in `dropoutlab.data.checksums.FILES`.

    Raises
    ------
    DataUnavailable
        With the file, what was found, and what to do.
    """
    content = _from_own_folder(name)
    if content is not None:
        return content
    target = cache_folder() / name
    try:
        content = target.read_bytes()
    except OSError:
        content = None
    if content is not None and FILES[name].fault(content) is None:
        return content
    try:
        download(_address(name), target, FILES[name])
    except DataUnavailable as error:
        raise DataUnavailable(f"{error}; or {_by_hand(name)}.") from None
    return target.read_bytes()


def cache_folder() -> Path:
    """Return the folder where downloads are kept; it need not exist yet."""
    folder = os.environ.get("DROPOUTLAB_CACHE")
    if folder:
        return Path(folder).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("dropoutlab"))


def _from_own_folder(name: str) -> bytes | None:
    """Return the file in $DROPOUTLAB_DATA, or None where that is not set or lacks the set."""
    setting = os.environ.get("DROPOUTLAB_DATA")
    if not setting:
        return None
    folder = Path(setting).expanduser()
    if not folder.is_dir():
        raise DataUnavailable(
            f"$DROPOUTLAB_DATA is {setting!r}, and there is no such folder. Name one that "
            f"holds {name}, or unset it."
        )
    path = folder / name
    if not path.parent.exists():
        return None
    advice = (
        f"Put the right file there, or remove {path.parent} to have it looked for elsewhere."
    )
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataUnavailable(f"{path} is missing. {advice}") from None
    except OSError as error:
        raise DataUnavailable(f"{path} cannot be read: {error.strerror}. {advice}") from None
    fault = FILES[name].fault(content)
    if fault is not None:
        raise DataUnavailable(f"{path} {fault}. {advice}")
    return content


def _address(name: str) -> str:
    """Return where the file is published."""
    folder = name.split("/")[0]
    base = os.environ.get("DROPOUTLAB_DATA_URL") or _PUBLISHED.get(folder)
    if base is None:
        own = (
            "$DROPOUTLAB_DATA"
            if os.environ.get("DROPOUTLAB_DATA")
            else "$DROPOUTLAB_DATA (unset)"
        )
        raise DataUnavailable(
            f"{name} is neither in {own} nor in the cache, and has no public address: it was "
            "derived for this course from MovieTweetings (MIT licence, (c) 2013 Simon Dooms). "
            f"If a server of yours has the folder {folder}/, set $DROPOUTLAB_DATA_URL to the "
            "address above it"
        )
    return f"{base.rstrip('/')}/{name}"


def _by_hand(name: str) -> str:
    return f"put the file at {name} in a folder of your own, and set $DROPOUTLAB_DATA to that"
