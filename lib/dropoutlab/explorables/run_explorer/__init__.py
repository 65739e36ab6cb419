"""The run explorer: real training runs, to pick from."""

from __future__ import annotations

from typing import Any

import traitlets

from dropoutlab.experiments import Results, load_recorded
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.run_explorer.run_numbers import run_numbers
from dropoutlab.explorables.run_explorer.run_picture import run_picture
from dropoutlab.explorables.traits import OneOf, place_of

__all__ = ["RunExplorer"]

RECORDED_NOTE = (
    "Errors are measured with dropout off; the training error on the labels as given, wrong "
    "ones included. All nets were trained for 1,200 steps, at each of four learning rates. The "
    "validation digits chose among these, and so stand a little too well; the test digits were "
    "looked at once, at the end."
)
START = {"p": 0.5, "width": 256, "n": 1000, "wrong": 0.3}  # where the runs have them


class RunExplorer(Explorable):
    """Learning curves and end results of the runs of an experiment.

    Every setting that was varied becomes a trait and a control: ``explorer.p = 0.3``. The
    learning rate is none of them: it is to be chosen beforehand, by `Results.tuned`.

    Parameters
    ----------
    results : Results, optional
        Every combination of the settings, with ``train`` and ``validation`` curves and a final
        ``test`` value, as loss and error. By default those recorded for the experiment
        ``how-much``: rates, widths, sizes of the training set, and wrong labels in it.
    x : str
        The setting that the end result is drawn against; its first value is the baseline.
    note : str, optional
        How the runs were made, in a few sentences of plain text.
    **start
        What to show first, for example ``p=0.3``.

    Attributes
    ----------
    metric : {"error", "loss"}
        Percent misclassified, or cross-entropy in nats.

    Raises
    ------
    StoreError
        The recording is not there.
    ValueError
        The runs do not fit together; the message says how.
    traitlets.TraitError
        A setting was not run.

    Examples
    --------
    >>> explorer = RunExplorer(p=0.3)
    >>> explorer.p, explorer.width
    (0.3, 256)
    """

    folder = "run_explorer"
    title = "The run explorer"
    caption = (
        "Training runs on real digits, several seeds each. Left: while training, on the "
        "training and on the validation digits, with and without dropout. Right: on the test "
        "digits at the end, by p. Bands and bars are 95 % intervals for the mean over seeds."
    )
    heights = (1400, 1410, 775)

    metric = traitlets.Enum(("error", "loss"), "error").tag(sync=True)
    runs: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        results: Results | None = None,
        *,
        x: str = "p",
        note: str | None = None,
        **start: Any,
    ) -> None:
        numbers = run_numbers(recorded() if results is None else results, x)
        numbers["note"] = (RECORDED_NOTE if results is None else "") if note is None else note
        parameters = numbers["parameters"]
        taken = sorted(set(parameters) & set(dir(RunExplorer)))
        if taken:
            raise ValueError(f"a setting cannot be called {taken[0]!r} here: rename it")
        unknown = sorted(set(start) - set(parameters) - {"metric"})
        if unknown:
            raise TypeError(f"{unknown[0]!r} was not varied; settings: {', '.join(parameters)}")
        self.add_traits(
            **{
                name: OneOf(values, _first(name, values)).tag(sync=True)
                for name, values in parameters.items()
            }
        )
        super().__init__(**start)
        self.set_trait("runs", numbers)

    def picture(self) -> str:
        """Draw the curves and the end results of the chosen setting."""
        chosen = {name: getattr(self, name) for name in self.runs["parameters"]}
        return run_picture(self.runs, chosen, self.metric)


def recorded() -> Results:
    """Return the recorded runs of ``how-much``, the learning rate chosen on validation."""
    return load_recorded("how-much").tuned("lr")


def _first(name: str, values: list[Any]) -> Any:
    place = place_of(values, START.get(name))
    return values[-1 if place is None else place]
