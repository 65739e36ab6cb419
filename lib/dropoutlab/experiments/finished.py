"""A finished run, and the text in which it is stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.setting import Setting

__all__ = ["FinishedRun", "identity"]

FORMAT = 2


@dataclass(frozen=True)
class FinishedRun:
    """What a run measured.

    Attributes
    ----------
    setting : dict
    seed : int
    measured : mapping of str to Measurement
        By metric, sorted.
    seconds : float or None
        How long it took; None where only its rows are known.
    machine : dict or None
        What computed it, as `dropoutlab.experiments.machine.this_machine` says it.

    Examples
    --------
    >>> run = FinishedRun({"p": 0.1}, 3, {"error": Measurement((0.25,), None)}, seconds=1.5)
    >>> FinishedRun.from_bytes(run.to_bytes()) == run
    True
    >>> FinishedRun.from_bytes(run.to_bytes().replace(b"0.25", b"0.26")) is None
    True
    """

    setting: Setting
    seed: int
    measured: Mapping[str, Measurement]
    seconds: float | None
    machine: dict[str, Any] | None = None

    def to_bytes(self) -> bytes:
        """Return the run as JSON, floats exact, with a checksum."""
        content = {
            "format": FORMAT,
            "setting": self.setting,
            "seed": self.seed,
            "measured": {
                metric: {"values": measurement.values, "epochs": measurement.epochs}
                for metric, measurement in self.measured.items()
            },
            "seconds": self.seconds,
            "machine": self.machine,
        }
        return _json({"run": content, "sha256": _checksum(content)}).encode()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "FinishedRun | None":
        """Return the run that `to_bytes` wrote, or None if the text is damaged."""
        try:
            document = json.loads(stored)
            content = document["run"]
            if document["sha256"] != _checksum(content) or content["format"] != FORMAT:
                return None
            measured = {
                metric: Measurement(
                    tuple(m["values"]), None if m["epochs"] is None else tuple(m["epochs"])
                )
                for metric, m in content["measured"].items()
            }
            setting, seed, seconds = (content[k] for k in ("setting", "seed", "seconds"))
            return cls(setting, seed, measured, seconds, content["machine"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def identity(setting: Setting, seed: int) -> str:
    """Return a short name for a run, the same in every process.

    Examples
    --------
    >>> identity({"p": 0.5}, 3) == identity({"p": 0.5}, 4)
    False
    """
    return hashlib.sha256(_json([sorted(setting.items()), seed]).encode()).hexdigest()[:16]


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _checksum(content: Any) -> str:
    return hashlib.sha256(_json(content).encode()).hexdigest()
