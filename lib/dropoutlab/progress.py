"""A progress bar for work that takes long, and for nobody else."""

import os
import sys
from typing import Any, Self

__all__ = ["progress_bar"]


def progress_bar(progress: bool | None, total: int, *, unit: str, initial: int = 0) -> Any:
    """Return a bar of ``tqdm`` with the time left, or where none is wanted its stand-in.

    Parameters
    ----------
    progress : bool or None
        Whether to draw it, on stderr. None: only in a terminal, unless
        ``$DROPOUTLAB_PROGRESS`` says 0 or 1. An executed notebook thus has no bar.
    total : int
        Steps in all.
    unit : str
        What a step is, in the plural: ``"runs"``.
    initial : int, default 0
        Steps done before.

    Examples
    --------
    >>> with progress_bar(False, 10, unit="steps") as bar:
    ...     bar.update()
    """
    if progress is None:
        wanted = os.environ.get("DROPOUTLAB_PROGRESS")
        progress = sys.stderr.isatty() if wanted is None else wanted == "1"
    if not progress:
        return _NoBar()
    from tqdm.auto import tqdm as bar  # warns on import where a notebook has no ipywidgets

    # Short work needs no bar: it appears after two seconds.
    return bar(total=total, initial=initial, unit=f" {unit}", delay=2, leave=False)


class _NoBar:
    """What takes the place of a bar; one of tqdm's that is disabled leaves a lock behind."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def update(self, n: float = 1) -> None:
        pass
