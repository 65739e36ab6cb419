"""What the judge asks a worker to call, and what it hears of the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Call", "Name", "Opaque", "Probe", "Reply", "Rng"]


@dataclass(frozen=True)
class Opaque:
    """Something that stayed in the worker, by its number there."""

    number: int
    type: str = ""


@dataclass(frozen=True)
class Name:
    """What the learner's cells define under a name."""

    name: str


@dataclass(frozen=True)
class Probe:
    """What a probe of the judge defines under a name."""

    name: str


@dataclass(frozen=True)
class Rng:
    """A new generator, made in the worker; ``kind`` is the name of a NumPy bit generator.

    With several seeds, each repetition of a call gets a generator of its own.
    """

    seed: int | Sequence[int]
    kind: str = "PCG64"


@dataclass(frozen=True)
class Call:
    """One call, and what of its result the judge wants to see.

    Attributes
    ----------
    target : Name, Probe or Opaque
        What is called.
    args, kwargs
        Data, or any of the classes above.
    path : tuple of str
        Attributes to follow from the target first, such as ``("forward",)``.
    parts : sequence of bool, optional
        The result is a tuple of so many values; send those that are True, keep all.
    keep : bool
        Keep the result in the worker too.
    echo : sequence of int
        Send these arguments back as they are after the call.
    layouts : sequence of (int, str)
        Arguments that shall lie in memory as ``"F"``, ``"strided"`` or ``"reversed"``.
    readonly : sequence of int
        Arguments that shall be read-only.
    fresh : bool
        The arrays of the result have to be new: an error where one lies in the memory of an
        argument, or where this call changed one that an earlier such call had returned.
    call : bool
        False looks the target up without calling it.
    times : int
        How often to call. From 2 on, ``parts[0]`` is a stack of the results' first parts.
    """

    target: Any
    args: Sequence[Any] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    path: Sequence[str] = ()
    parts: Sequence[bool] | None = None
    keep: bool = False
    echo: Sequence[int] = ()
    layouts: Sequence[tuple[int, str]] = ()
    readonly: Sequence[int] = ()
    fresh: bool = False
    call: bool = True
    times: int = 1


@dataclass
class Reply:
    """What a call gave back.

    Attributes
    ----------
    value
        The result, where no parts were asked for.
    parts : list
        The parts that were asked for, `Opaque` for the others.
    kept : list of Opaque
        All parts, as they lie in the worker.
    object : Opaque or None
        The result as it lies in the worker, where it was kept.
    echo : list
        The arguments after the call.
    """

    value: Any = None
    parts: list[Any] = field(default_factory=list)
    kept: list[Opaque] = field(default_factory=list)
    object: Opaque | None = None
    echo: list[Any] = field(default_factory=list)
