"""What the runs of an experiment measured, ready for tables, intervals and curves."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dropoutlab.atomic import write_atomically
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.recording import write_recording
from dropoutlab.experiments.setting import COLUMNS, Scalar, Setting, run_text
from dropoutlab.experiments.tidy_rows import rows, to_csv
from dropoutlab.experiments.tuning import chosen_settings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results"]


class Results:
    """The rows of an experiment, and how they came about.

    Made by `run` and `load_recorded`.

    Parameters
    ----------
    runs : sequence of FinishedRun
        In the order of the rows.
    manifest : dict
        See `dropoutlab.experiments.manifest.manifest`.
    recorded : bool, default False
        Whether they come from a recording.

    Attributes
    ----------
    manifest : dict
        Versions, command, machine, times, and the rest that a record must say.
    recorded : bool
    settings : list of dict
        In grid order.
    seeds : list of int
        Increasing.
    partial : bool
        Whether runs are missing: they failed, or are done elsewhere.
    n_computed, n_read : int
        How many runs this call computed, and how many it found in the store or recording.
        Measured here and now is only what was computed.
    """

    def __init__(
        self, runs: Sequence[FinishedRun], manifest: dict[str, Any], *, recorded: bool = False
    ) -> None:
        self.manifest = manifest
        self.recorded = recorded
        self.settings: list[Setting] = manifest["settings"]
        self.seeds: list[int] = manifest["seeds"]
        self.n_computed: int = 0 if recorded else manifest["runs"]["computed"]
        self.n_read = len(runs) - self.n_computed
        self._runs = tuple(runs)
        self._total = len(self.settings) * len(self.seeds)
        self.partial = len(runs) < self._total
        self._by_setting: dict[frozenset[Any], dict[int, FinishedRun]] = {}
        for run in runs:
            self._by_setting.setdefault(_key(run.setting), {})[run.seed] = run
        self._metrics = frozenset(metric for run in runs for metric in run.measured)
        # By names, then by their values: the settings that have these.
        self._fitting: dict[tuple[str, ...], dict[tuple[Scalar, ...], list[Setting]]] = {}

    def __len__(self) -> int:
        return len(self._runs)

    def __repr__(self) -> str:
        counts = f"{self.n_computed} computed, {self.n_read} read"
        came = "recorded" if self.recorded else counts
        came += f", {self._total - len(self)} missing" * self.partial
        return (
            f"Results({self.manifest['experiment']}: {len(self.settings)} settings × "
            f"{len(self.seeds)} seeds; {came})"
        )

    @property
    def metrics(self) -> list[str]:
        """What was measured, sorted."""
        return sorted(self._metrics)

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Tidy: a column for each setting, then seed, epoch, metric and value.

        Sorted by setting in grid order, seed, metric and epoch. The epoch of a number that
        belongs to none is missing (``<NA>``).
        """
        import pandas as pd

        columns = [*self.settings[0], *COLUMNS]
        table = pd.DataFrame(list(rows(self._runs)), columns=columns)
        return table.astype({"seed": "int64", "epoch": "Int64", "value": "float64"})

    def final(self, metric: str, /, **setting: Scalar) -> NDArray[np.float64]:
        """Return the last value of ``metric`` in every run of a setting, in order of seeds.

        Parameters
        ----------
        metric : str
            ``"test error"``.
        **setting
            As much of the setting as singles it out.

        Returns
        -------
        ndarray of float64, shape (n_seeds,)

        Raises
        ------
        KeyError
            There is no such metric, or no such setting; the message lists those there are.
        ValueError
            Several settings fit, or a run is missing because it failed.
        """
        return np.array([m.values[-1] for m in self._measured(metric, setting)])

    def final_by_seed(self, metric: str, /, **setting: Scalar) -> dict[int, float]:
        """Return the last value of ``metric`` by seed, of those runs that are there.

        Raises
        ------
        KeyError, ValueError
            As for `final`, but for runs that are missing.
        """
        measured = self._by_seed(metric, setting)
        return {seed: measured[seed].values[-1] for seed in self.seeds if seed in measured}

    def curves(self, metric: str, /, **setting: Scalar) -> NDArray[np.float64]:
        """Return ``metric`` by epoch in every run of a setting, a row for each seed.

        Returns
        -------
        ndarray of float64, shape (n_seeds, n_epochs + 1)

        Raises
        ------
        KeyError
            As for `final`.
        ValueError
            As for `final`; or the metric belongs to no epoch, or runs differ in theirs.
        """
        measured = self._measured(metric, setting)
        if len({m.epochs for m in measured}) > 1:
            raise ValueError(
                f"the runs of {run_text(setting)} must have {metric!r} for the same epochs, "
                f"got {', '.join(str(len(m.values)) for m in measured)} values"
            )
        if measured[0].epochs is None:
            raise ValueError(f"{metric!r} is one number a run and has no epochs: use final()")
        return np.array([m.values for m in measured])

    def tuned(self, over: str, *, metric: str = "validation error") -> "Results":
        """Keep, of every setting, the value of ``over`` with the lowest mean final ``metric``.

        Every other setting thus gets the same budget of tuning. Choose on the validation
        set, and report another metric: the chosen value has been lucky on this one.

        Parameters
        ----------
        over : str
            What was tuned: ``"lr"``.
        metric : str
            What chooses: its mean over all seeds, after the last epoch.

        Returns
        -------
        Results
            The chosen settings, with ``over`` still in them; of a tie, the first. Counts as
            computed only if every run was.

        Raises
        ------
        KeyError
            ``over`` was not varied, or ``metric`` not measured.
        ValueError
            Nothing else was varied; settings were not all tried with the same values of
            ``over``; or a run is missing.
        """
        kept = chosen_settings(
            self.settings, over, lambda setting: float(np.mean(self.final(metric, **setting)))
        )
        runs = [self._by_setting[_key(one)][seed] for one in kept for seed in self.seeds]
        counts = {"total": len(runs), "computed": 0 if self.n_read else len(runs)}
        manifest = {**self.manifest, "settings": kept, "runs": self.manifest["runs"] | counts}
        return Results(runs, manifest, recorded=self.recorded)

    def chosen(self, **values: Scalar) -> Setting:
        """Return the one setting that has these values, whole; a copy.

        With it, what `tuned` chose can be looked up, and a setting be completed.

        Parameters
        ----------
        **values
            As much of the setting as singles it out.

        Returns
        -------
        dict

        Raises
        ------
        KeyError
            No setting has them; the message lists those there are.
        ValueError
            Several have; the message lists them.

        Examples
        --------
        >>> from dropoutlab.experiments import Experiment, run
        >>> def train(seed, p, lr):
        ...     return {"validation error": (p - lr) ** 2, "test error": p * lr}
        >>> rate = Experiment(
        ...     "rate", train, grid={"p": [0.1, 0.5], "lr": [0.1, 0.4]}, seeds=range(2)
        ... )
        >>> tuned = run(rate, store=False).tuned("lr")
        >>> tuned.chosen(p=0.5)
        {'p': 0.5, 'lr': 0.4}
        >>> tuned.chosen(p=0.5)["lr"]
        0.4
        """
        fitting = self._fitting_settings(values)
        if not fitting:
            raise KeyError(f"no setting has {run_text(values)}; {_listed(self.settings)}")
        if len(fitting) > 1:
            what = run_text(values) or "nothing"
            raise ValueError(f"{what} must single out one setting; {_listed(fitting)}")
        return dict(fitting[0])

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Return the table as CSV text with exact floats, or write it to ``path``."""
        text = to_csv(list(self.settings[0]), self._runs)
        if path is None:
            return text
        write_atomically(Path(path), text.encode())
        return None

    def record(
        self, folder: str | os.PathLike[str] | None = None, *, partial: bool = False
    ) -> Path:
        """Write rows (exact, compressed) and manifest where they are committed.

        Equal rows give an equal file of rows. The manifest is written last and holds their
        checksum, so that a recording broken off between the two is noticed.

        Parameters
        ----------
        folder : path, optional
            By default, ``results/<name>`` of the checkout.
        partial : bool, default False
            Whether runs may be missing, as of a sweep that goes on elsewhere. The manifest
            then says so, and `load_recorded` must be told that this is known.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ValueError
            Runs are missing, and ``partial`` is not set.
        StoreError
            The folder cannot be written to.
        """
        if self.partial and not partial:
            raise ValueError(
                f"a recording must be complete, got {len(self)} of {self._total} runs; run the "
                "experiment again, or record what there is: partial=True"
            )
        return write_recording(self.manifest, str(self.to_csv()), folder)

    def _measured(self, metric: str, wanted: dict[str, Scalar]) -> list[Measurement]:
        measured = self._by_seed(metric, wanted)
        missing = [str(seed) for seed in self.seeds if seed not in measured]
        if missing:
            setting = run_text(self.chosen(**wanted))
            raise ValueError(f"{metric!r} is missing for {setting}, seed {', '.join(missing)}")
        return [measured[seed] for seed in self.seeds]

    def _by_seed(self, metric: str, wanted: dict[str, Scalar]) -> dict[int, Measurement]:
        if metric not in self._metrics:
            known = ", ".join(map(repr, self.metrics))
            raise KeyError(f"{metric!r} was not measured; metrics: {known}")
        runs = self._by_setting.get(_key(self.chosen(**wanted)), {})
        return {seed: r.measured[metric] for seed, r in runs.items() if metric in r.measured}

    def _fitting_settings(self, values: dict[str, Scalar]) -> list[Setting]:
        names = tuple(sorted(values))
        if not set(names) <= set(self.settings[0]):
            return []
        if names not in self._fitting:
            index: dict[tuple[Scalar, ...], list[Setting]] = {}
            for setting in self.settings:
                index.setdefault(tuple(setting[n] for n in names), []).append(setting)
            self._fitting[names] = index
        try:
            return self._fitting[names].get(tuple(values[name] for name in names), [])
        except TypeError:  # a list or an array, which no setting holds
            return []


def _key(setting: Setting) -> frozenset[Any]:
    return frozenset(setting.items())


def _listed(settings: list[Setting]) -> str:
    return f"settings: {'; '.join(run_text(setting) for setting in settings)}"
