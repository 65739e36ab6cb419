"""A progress bar for work that takes long, and for nobody else."""

import os
import sys
import time
from typing import Any, Literal, Self

__all__ = ["progress_bar"]


def progress_bar(
    progress: bool | Literal["lines"] | None, total: int, *, unit: str, initial: int = 0
) -> Any:
    """Return a bar of ``tqdm`` with the time left, or where none is wanted its stand-in.

    Parameters
    ----------
    progress : bool, "lines" or None
        Whether to draw it, on stderr. None: only in a terminal, unless
        ``$DROPOUTLAB_PROGRESS`` says 0 or 1. An executed notebook thus has no bar. For the
        log of a batch job, ``"lines"`` writes a line a minute where None draws nothing.
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
    lines = progress == "lines"
    if progress is None or lines:
        wanted = os.environ.get("DROPOUTLAB_PROGRESS")
        progress = sys.stderr.isatty() if wanted is None else wanted == "1"
    if not progress:
        return _Lines(total, unit, initial) if lines and wanted is None else _NoBar()
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


class _Lines(_NoBar):
    """Writes a line whenever a minute has passed since the last."""

    def __init__(self, total: int, unit: str, initial: int) -> None:
        self.total, self.unit, self.initial, self.done = total, unit, initial, float(initial)
        self.started = self.written = time.monotonic()

    def update(self, n: float = 1) -> None:
        self.done += n
        now = time.monotonic()
        if now - self.written >= 60:
            self.written = now
            left = (now - self.started) / (self.done - self.initial) * (self.total - self.done)
            text = (
                f"{self.done:.0f} of {self.total} {self.unit}, about {left / 60:.0f} min left"
            )
            print(text, file=sys.stderr, flush=True)
