"""Runs too long for a build, as they were recorded under ``results/``."""

import os
from pathlib import Path

from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.experiment import NAME
from dropoutlab.experiments.recording import MANIFEST, ROWS, read_recording, recorded_folder
from dropoutlab.experiments.results import Results

__all__ = ["load_recorded"]


def load_recorded(name_or_folder: str | os.PathLike[str], *, partial: bool = False) -> Results:
    """Return recorded results, with the rows that were recorded.

    Parameters
    ----------
    name_or_folder : str or path
        Name of an experiment, which is in ``results/<name>``, or the folder of a recording.
    partial : bool, default False
        Whether it may be a recording of a sweep that has not come to its end.

    Returns
    -------
    Results
        With ``recorded`` true, and every run counted as read.

    Raises
    ------
    StoreError
        The recording is missing, damaged, partial, or something else. The message says
        which file.
    """
    is_name = isinstance(name_or_folder, str) and NAME.fullmatch(name_or_folder)
    folder = recorded_folder(str(name_or_folder)) if is_name else Path(name_or_folder)
    manifest, runs = read_recording(folder)
    try:
        results = Results(runs, manifest, recorded=True)
        total = len(results.settings) * len(results.seeds)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise StoreError(
            f"{folder / MANIFEST} is not the manifest of a recording: {error!r}"
        ) from error
    has = f"{folder / ROWS} has {len(results)} of {total} runs"
    if len(results) > total or (results.partial and not manifest.get("partial")):
        raise StoreError(f"{has}; record it again")
    if results.partial and not partial:
        raise StoreError(f"{has}, and the sweep goes on; to use these: partial=True")
    return results
