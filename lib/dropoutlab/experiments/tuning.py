"""Choose a tuning parameter for every other setting, on the validation set."""

from collections.abc import Callable, Sequence

from dropoutlab.experiments.setting import Setting, run_text

__all__ = ["chosen_settings"]


def chosen_settings(
    settings: Sequence[Setting], over: str, score: Callable[[Setting], float]
) -> list[Setting]:
    """Return, of the settings that differ in ``over`` alone, the one with the lowest score.

    Raises
    ------
    KeyError, ValueError
        As `Results.tuned` says.

    Examples
    --------
    >>> settings = [{"p": p, "lr": lr} for p in (0.1, 0.5) for lr in (0.1, 0.4)]
    >>> chosen_settings(settings, "lr", lambda setting: abs(setting["p"] - setting["lr"]))
    [{'p': 0.1, 'lr': 0.1}, {'p': 0.5, 'lr': 0.4}]
    """
    if over not in settings[0]:
        known = ", ".join(map(repr, settings[0]))
        raise KeyError(f"{over!r} was not varied; settings have {known}")
    if len(settings[0]) == 1:
        raise ValueError(f"nothing is left to compare when {over!r} is chosen")
    groups: dict[tuple[object, ...], list[Setting]] = {}
    for setting in settings:
        rest = tuple(value for name, value in setting.items() if name != over)
        groups.setdefault(rest, []).append(setting)
    first, *others = groups.values()
    for group in others:
        if _values(group, over) != _values(first, over):
            raise ValueError(
                f"every setting must be tried with the same values of {over!r}; that of "
                f"{run_text(group[0])} was not tried with those of {run_text(first[0])}"
            )
    return [min(group, key=score) for group in groups.values()]


def _values(group: list[Setting], name: str) -> list[object]:
    return [setting[name] for setting in group]
