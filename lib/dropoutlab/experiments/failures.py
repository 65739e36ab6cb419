"""What `run` raises when it could not finish, and what each of these still has."""

from collections.abc import Sequence
from dataclasses import dataclass

from dropoutlab.experiments.results import Results
from dropoutlab.experiments.setting import Setting, run_text

__all__ = [
    "FailedRun",
    "RunsFailed",
    "RunsInterrupted",
    "RunsStopped",
    "WorkerRefused",
]


@dataclass(frozen=True)
class FailedRun:
    """A run that raised.

    Attributes
    ----------
    setting : dict
    seed : int
    error : str
        Type and message of the exception, ``"ValueError: p must be …"``.
    traceback : str
        As Python prints it, from the process in which the run was.
    """

    setting: Setting
    seed: int
    error: str
    traceback: str

    def __str__(self) -> str:
        return f"{run_text(self.setting, self.seed)}: {self.error}"


class RunsFailed(RuntimeError):
    """Some runs raised; all others were completed and kept.

    Attributes
    ----------
    failures : tuple of FailedRun
        In the order of the rows.
    results : Results
        Those of the other runs.

    Examples
    --------
    >>> print(RunsFailed("rate", [FailedRun({"p": 2.0}, 0, "ValueError: no", "")], None))
    1 of 1 runs of 'rate' failed; the others are complete:
      p=2.0, seed 0: ValueError: no
    """

    def __init__(
        self, name: str, failures: Sequence[FailedRun], results: Results | None
    ) -> None:
        self.failures = tuple(failures)
        self.results = results
        total = len(failures) + (0 if results is None else len(results))
        lines = "".join(f"\n  {failure}" for failure in failures)
        super().__init__(
            f"{len(failures)} of {total} runs of {name!r} failed; "
            f"the others are complete:{lines}"
        )
        if failures and failures[0].traceback:
            self.add_note(f"The first of them:\n{failures[0].traceback}")


class RunsStopped(RuntimeError):
    """The workers were lost, killed for want of memory for example. What finished is kept."""


class WorkerRefused(RunsStopped):
    """A worker has another library, other packages or no data. What finished is kept.

    It ends the call, since a worker that hands back run after run would soon have had them
    all.
    """


class RunsInterrupted(KeyboardInterrupt):
    """Somebody stopped it. What finished is kept."""
