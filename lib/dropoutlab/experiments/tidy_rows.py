"""Tidy rows: one for every setting, seed, metric and epoch, in an order that never varies."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.setting import COLUMNS, Scalar, Setting, cell

__all__ = ["from_csv", "rows", "to_csv"]


def rows(runs: Iterable[FinishedRun]) -> Iterator[tuple[Scalar, ...]]:
    """Yield the settings' values, then seed, epoch, metric and value.

    Examples
    --------
    >>> run = FinishedRun({"p": 0.5}, 3, {"error": Measurement((0.9, 0.1), (0, 1))}, None)
    >>> list(rows([run]))
    [(0.5, 3, 0, 'error', 0.9), (0.5, 3, 1, 'error', 0.1)]
    """
    for run in runs:
        for metric, measurement in run.measured.items():
            epochs = measurement.epochs or (None,)
            for epoch, value in zip(epochs, measurement.values, strict=True):
                yield (*run.setting.values(), run.seed, epoch, metric, value)


def to_csv(names: Sequence[str], runs: Iterable[FinishedRun]) -> str:
    """Return the rows as CSV, floats exact, an empty cell for None.

    Examples
    --------
    >>> run = FinishedRun({"p": 0.5}, 3, {"gap": Measurement((0.1,), None)}, None)
    >>> print(to_csv(["p"], [run]))
    p,seed,epoch,metric,value
    0.5,3,,gap,0.1
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, *COLUMNS])
    writer.writerows([cell(value) for value in row] for row in rows(runs))
    return text.getvalue()


def from_csv(text: str, settings: Sequence[Setting]) -> list[FinishedRun]:
    """Return the runs whose rows `to_csv` wrote.

    Parameters
    ----------
    text : str
    settings : sequence of dict
        Those that occur, so that their values get back their types.

    Raises
    ------
    ValueError
        The text is something else.
    """
    lines = csv.reader(io.StringIO(text, newline=""))
    names = list(settings[0])
    if next(lines, None) != [*names, *COLUMNS]:
        raise ValueError(f"the columns are not {', '.join([*names, *COLUMNS])}")
    by_cells = {tuple(cell(value) for value in s.values()): s for s in settings}
    found: dict[tuple[tuple[str, ...], int], dict[str, list[tuple[str, float]]]] = {}
    for *cells, seed, epoch, metric, value in lines:
        if tuple(cells) not in by_cells:
            raise ValueError(f"there is a row of an unknown setting, {', '.join(cells)}")
        run = found.setdefault((tuple(cells), int(seed)), {})
        run.setdefault(metric, []).append((epoch, float(value)))
    return [
        FinishedRun(
            dict(by_cells[cells]), seed, {m: _measurement(p) for m, p in run.items()}, None
        )
        for (cells, seed), run in found.items()
    ]


def _measurement(points: list[tuple[str, float]]) -> Measurement:
    values = tuple(value for _, value in points)
    if points[0][0] == "":
        return Measurement(values, epochs=None)
    return Measurement(values, epochs=tuple(int(epoch) for epoch, _ in points))
