"""The judge's end of the pipe: calls that look like calls, to code that is not trusted.

Whatever comes back is data: its size is checked, its time is limited, and what is no valid
answer ends the worker.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from grading.harmless import one_line
from grading.running import sandbox
from grading.running.calls import Call, Name, Opaque, Probe, Reply, Rng
from grading.running.inside.wire import Malformed, Packer, Unpacker, read_message, write_message
from grading.running.sandbox import Limits

__all__ = ["LearnerError", "Worker", "WorkerLost", "is_array"]


# Wall clock for starting a worker and importing its packages. Nothing of a learner's runs yet,
# and on a busy machine a large package takes its time.
STARTING = 300.0
SHARED = "what comes back lies in the memory of an argument, where a new array is expected"
STALE = "the call changed an array that an earlier call had returned: new ones are expected"


class LearnerError(Exception):
    """The learner's code raised an exception, or returned something of another form.

    Attributes
    ----------
    kinds : list of str
        The names of Python's own exceptions that the learner's is one of.
    """

    def __init__(self, message: str, kinds: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.kinds = [str(kind)[:80] for kind in kinds][:20]


class WorkerLost(Exception):
    """The worker is gone: killed, out of time, or talking nonsense."""


class Worker:
    """A process that runs one learner's code.

    Parameters
    ----------
    packages : tuple of str
        What the code may import.
    limits : Limits
        Time, memory and the rest.
    slot : int
        Different for workers that run at the same time.
    sandboxed : bool
        Whether bubblewrap confines it.
    """

    def __init__(
        self, packages: tuple[str, ...], limits: Limits, slot: int = 0, sandboxed: bool = True
    ) -> None:
        self.process, user = sandbox.start(packages, slot, sandboxed)
        self.deadline = time.monotonic() + STARTING
        header = {"limits": limits.of_process(), "user": user, "packages": list(packages)}
        assert self.process.stderr is not None
        errors = os.dup(self.process.stderr.fileno())
        try:
            self._exchange(header, [])
        except WorkerLost as lost:
            said = os.read(errors, 2000).decode(errors="replace").strip()
            raise sandbox.SandboxMissing(f"A worker could not be started. {said}") from lost
        finally:
            os.close(errors)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def close(self) -> None:
        """End the worker and all that it started."""
        sandbox.kill(self.process)

    def allow(self, seconds: float) -> None:
        """Give the worker so many seconds from now, for everything until the next call."""
        self.deadline = time.monotonic() + seconds

    def cell(self, name: str, source: str) -> tuple[list[dict[str, Any]], list[str]]:
        """Run a cell; return what failed in it, and which names exist afterwards."""
        reply, _ = self._exchange({"do": "cell", "name": name, "source": source}, [])
        failures, names = reply.get("failures"), reply.get("names")
        if not isinstance(failures, list) or not isinstance(names, list):
            raise WorkerLost("it answered with something that is no answer")
        return failures, names

    def probe(self, source: str) -> None:
        """Define functions of the judge's, for the learner's code to work on."""
        self._exchange({"do": "probe", "source": source}, [])

    def forget(self) -> None:
        """Drop everything that was kept."""
        self._exchange({"do": "forget"}, [])

    def call(self, call: Call) -> Reply:
        """Make one call."""
        return self.calls([call])[0]

    def calls(self, calls: Sequence[Call]) -> list[Reply]:
        """Make some calls in one message, in order.

        Raises
        ------
        LearnerError
            One of them raised; those after it were not made.
        WorkerLost
            There is no worker any more.
        """
        packer = Packer(None)
        requests = [_request(call, packer) for call in calls]
        header = {"do": "calls", "calls": requests, "arrays": packer.arrays}
        reply, body = self._exchange(header, packer.bodies)
        try:
            unpacker = Unpacker(reply["arrays"], body, _opaque)
            singles = _list(reply["replies"], len(calls))
            pairs = zip(singles, calls, strict=False)  # those after an error were not made
            return [_reply(single, unpacker, call) for single, call in pairs]
        except (LearnerError, WorkerLost):
            raise
        except Exception as error:  # whatever is wrong with what came, it is no answer
            self.close()
            raise WorkerLost("it answered with something that is no answer") from error

    def _exchange(self, header: Any, bodies: list[bytes]) -> tuple[dict[str, Any], bytes]:
        assert self.process.stdin is not None
        try:
            write_message(self.process.stdin, header, bodies)
            reply, body = read_message(self._read)
            if not isinstance(reply, dict):
                raise Malformed("no object")
        except (OSError, ValueError) as error:  # Malformed is a ValueError
            self.close()
            if isinstance(error, TimeoutError):
                raise WorkerLost("it ran out of time and was stopped") from error
            if isinstance(error, Malformed):
                raise WorkerLost("it answered with something that is no answer") from error
            raise WorkerLost(_death(self.process.returncode)) from error
        return reply, body

    def _read(self, size: int) -> bytes:
        assert self.process.stdout is not None
        number, data = self.process.stdout.fileno(), bytearray()
        while len(data) < size:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([number], [], [], left)[0]:
                raise TimeoutError
            part = os.read(number, min(size - len(data), 1 << 20))
            if not part:
                raise BrokenPipeError
            data += part
        return bytes(data)


def _death(code: int | None) -> str:
    if code in (152, -24):
        return "it used up its computing time: is there a loop that does not end?"
    if code in (137, -9):
        return "its process was killed: out of memory or of computing time, or by its own hand"
    return f"its process ended by itself (exit status {code}): it left, or ran into a limit"


def _tag(value: Any, packer: Packer) -> Any:
    if isinstance(value, Opaque):
        return {"object": value.number}
    if isinstance(value, Name):
        return {"name": value.name}
    if isinstance(value, Probe):
        return {"probe": value.name}
    if isinstance(value, Rng):
        seeds = [value.seed] if isinstance(value.seed, int) else list(value.seed)
        return {"generator": [seeds, value.kind]}
    return packer.pack(value)


def _request(call: Call, packer: Packer) -> dict[str, Any]:
    return {
        "target": _tag(call.target, packer),
        "args": [_tag(value, packer) for value in call.args],
        "kwargs": {key: _tag(value, packer) for key, value in call.kwargs.items()},
        "path": list(call.path),
        "parts": None if call.parts is None else list(call.parts),
        "keep": call.keep,
        "echo": list(call.echo),
        "layouts": [list(pair) for pair in call.layouts],
        "readonly": list(call.readonly),
        "fresh": call.fresh,
        "call": call.call,
        "times": call.times,
    }


def _opaque(tag: dict[str, Any]) -> Opaque:
    return Opaque(int(tag["object"]), str(tag.get("type", ""))[:80])


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise Malformed("no list of replies")
    if len(value) < most and not (value and "error" in value[-1]):
        raise Malformed("too few replies")
    return value


def _reply(single: dict[str, Any], unpacker: Unpacker, call: Call) -> Reply:
    if "error" in single:
        kinds = single["error"].get("kinds")
        words = _in_words(single["error"])
        raise LearnerError(words, kinds if isinstance(kinds, list) else ())
    if "misshapen" in single:
        came, wanted = one_line(single["misshapen"]), len(call.parts or ())
        raise LearnerError(f"it returned {came} where {wanted} values are expected")
    if single.get("old"):
        raise LearnerError(STALE if single["old"] == "changed" else SHARED)
    reply = Reply(value=unpacker.unpack(single.get("value")))
    reply.parts = [unpacker.unpack(part) for part in single.get("parts", [])]
    reply.kept = [Opaque(int(number)) for number in single.get("kept", [])]
    reply.object = Opaque(int(single["object"])) if "object" in single else None
    reply.echo = [unpacker.unpack(value) for value in single["echo"]]
    return reply


def _in_words(error: Any) -> str:
    if error.get("type") == "Expected":  # of the judge's probes, about what came back
        return one_line(error.get("message"))
    line = error.get("line")
    where = f" (line {line} of the cell)" if isinstance(line, int) else ""
    message = one_line(error.get("message"))
    return f"it raised {one_line(error.get('type'))}{': ' if message else ''}{message}{where}"


def is_array(value: Any) -> bool:
    """Whether a value is an array (NumPy's scalars come as arrays without dimensions)."""
    return isinstance(value, np.ndarray)
