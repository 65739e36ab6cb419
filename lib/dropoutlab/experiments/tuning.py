"""Choose a tuning parameter for every other setting, on the validation set."""

from typing import TYPE_CHECKING

import numpy as np

from dropoutlab.experiments.grid import Setting, run_text

if TYPE_CHECKING:
    from dropoutlab.experiments.results import Results

__all__ = ["chosen_settings"]


def chosen_settings(results: "Results", over: str, metric: str) -> list[Setting]:
    """Return the settings that `Results.tuned` keeps; see there."""
    if over not in results.settings[0]:
        known = ", ".join(map(repr, results.settings[0]))
        raise KeyError(f"{over!r} was not varied; settings have {known}")
    if len(results.settings[0]) == 1:
        raise ValueError(f"nothing is left to compare when {over!r} is chosen")
    groups: dict[tuple[object, ...], list[Setting]] = {}
    for setting in results.settings:
        rest = tuple(value for name, value in setting.items() if name != over)
        groups.setdefault(rest, []).append(setting)
    first, *others = groups.values()
    for group in others:
        if _values(group, over) != _values(first, over):
            raise ValueError(
                f"every setting must be tried with the same values of {over!r}; that of "
                f"{run_text(group[0])} was not tried with those of {run_text(first[0])}"
            )
    return [
        min(group, key=lambda candidate: float(np.mean(results.final(metric, **candidate))))
        for group in groups.values()
    ]


def _values(group: list[Setting], name: str) -> list[object]:
    return [setting[name] for setting in group]
