"""What an assignment's tasks are made of: criteria, each worth a share of the task's points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.judging.words import brief, first_off
from grading.running.calls import Call, Name, Probe, Reply, Rng
from grading.running.remote import LearnerError, Worker, is_array

__all__ = ["Context", "Criterion", "Task", "Tasks", "Wrong", "alike", "require"]


class Wrong(Exception):
    """The answer is wrong; the message tells the learner what, and not how it was found out."""


@dataclass
class Context:
    """What a criterion works with.

    Attributes
    ----------
    worker : Worker
        Runs the learner's code.
    rng : numpy.random.Generator
        The judge's: fresh for every submission, and the same when it is graded again.
    class_seed : int
        The seed of the class, from which the notebook draws its numbers.
    where : str
        What is asked just now, in words: it stands before the reason if the answer is wrong.
    """

    worker: Worker
    rng: np.random.Generator
    class_seed: int
    where: str = ""

    def at(self, where: str) -> None:
        """Say what is asked from here on, such as ``"with p = 0.3"``."""
        self.where = where

    def reason(self, fault: Exception) -> str:
        """Return what the learner reads: what was asked, and what came of it."""
        return f"{self.where}, {fault}" if self.where else str(fault)

    def seed(self) -> int:
        """Return a new seed for a generator in the worker."""
        return int(self.rng.integers(1 << 31))

    def call(self, name: str, *args: Any, **options: Any) -> Reply:
        """Call what the learner defined under ``name``; options as in `Call`."""
        return self.worker.call(Call(Name(name), args, **options))

    def by_name(self, name: str, **arguments: Any) -> Reply:
        """Call what the learner defined, with the names that the task gives its arguments."""
        named = ", ".join(f"{argument}=…" for argument in arguments)
        self.at(f"called by the names of the task, {name}({named})")
        return self.worker.call(Call(Name(name), kwargs=arguments))

    def generator(self, kind: str = "PCG64") -> Any:
        """Make a generator in the worker that several calls can share."""
        return self.keep(Rng(self.seed(), kind))

    def keep(self, value: Any) -> Any:
        """Keep a value in the worker and return what stands for it."""
        self.worker.probe("def same(value):\n    return value")
        return self.worker.call(Call(Probe("same"), [value], parts=None, keep=True)).object

    def as_it_is(self, kept: Any) -> Any:
        """Return a value that lies in the worker, as it is now."""
        self.worker.probe("def same(value):\n    return value")
        return self.worker.call(Call(Probe("same"), [kept])).value


@dataclass(frozen=True)
class Criterion:
    """One thing that is checked.

    Attributes
    ----------
    weight : float
        Its share of the task's points, relative to the other criteria.
    title : str
        What the learner reads beside the points.
    check : callable
        Takes a `Context`; raises `Wrong` or `LearnerError` if the answer is wrong.
    """

    weight: float
    title: str
    check: Callable[[Context], None]


@dataclass(frozen=True)
class Task:
    """One autograded task: a solution cell of the notebook and how it is judged.

    Attributes
    ----------
    cell : str
        Grade id of the solution cell. The points stand in the cell ``test_<cell>``.
    criteria : sequence of Criterion
        Where the first fails, the whole task has no points: a right form of wrong numbers
        is worth nothing.
    given : sequence of str
        Solution cells of earlier tasks whose reference replaces the learner's here, so that
        one error costs only once.
    needs : sequence of str
        Names that the cell has to define; by default its grade id.
    through : sequence of str
        Earlier answers of the learner's own that the task uses by its text. Where one has lost
        points, the self-check of this task may fail for it, and costs nothing.
    """

    cell: str
    criteria: Sequence[Criterion]
    given: Sequence[str] = ()
    needs: Sequence[str] | None = None
    through: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The names that the cell has to define."""
        return (self.cell,) if self.needs is None else self.needs


@dataclass(frozen=True)
class Tasks:
    """All autograded tasks of an assignment, in the notebook's order.

    Attributes
    ----------
    packages : tuple of str
        The distributions that learners' code may import.
    tasks : sequence of Task
        The tasks.
    """

    packages: tuple[str, ...]
    tasks: Sequence[Task]


def require(holds: bool, otherwise: str) -> None:
    """Raise `Wrong` unless something holds."""
    if not holds:
        raise Wrong(otherwise)


def array_like(value: Any, x: np.ndarray[Any, Any], what: str) -> np.ndarray[Any, Any]:
    """Return ``value`` if it is an array of x's shape and dtype; else raise `Wrong`."""
    if not is_array(value):
        raise Wrong(f"{what} is {brief(value)} where an array is expected")
    if value.shape != x.shape:
        raise Wrong(f"{what} has shape {value.shape} where {x.shape} is expected")
    if value.dtype != x.dtype:
        raise Wrong(f"{what} has dtype {value.dtype} where {x.dtype} is expected")
    return np.asarray(value)


def one_number(value: Any, what: str) -> float:
    """Return a finite number as float; else raise `Wrong`."""
    if is_array(value) and value.size == 1 and value.dtype.kind in "fiu":
        value = float(value.reshape(())[()])
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        raise Wrong(f"{what} is {brief(value)} where a number is expected")
    return float(value)


def plain_number(value: Any, what: str, *, whole: bool = False) -> None:
    """Raise `Wrong` unless a value is a number and no array of one; with ``whole``, an int."""
    if is_array(value):
        shape = value.shape
        require(shape == (), f"{what} is an array of shape {shape} where a number is expected")
        value = value.reshape(())[()].item()
    kinds = (int,) if whole else (int, float)
    good = isinstance(value, kinds) and not isinstance(value, bool)
    wanted = "whole number" if whole else "number"
    kind = "" if value is None or isinstance(value, bool) else f", a {type(value).__name__},"
    require(good, f"{what} is {brief(value)}{kind} where a {wanted} is expected")


def numbers_of(value: Any, what: str) -> np.ndarray[Any, Any]:
    """Return an array, or a list of numbers as one; raise `Wrong` for anything else.

    For criteria that ask for values alone, where another asks for the type.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return np.array(value)
    if isinstance(value, (list, tuple)):
        items = [item.item() if is_array(item) and item.size == 1 else item for item in value]
        fair = all(isinstance(i, (int, float)) and not isinstance(i, bool) for i in items)
        require(fair, f"{what} is {brief(value)}, where numbers in an array are expected")
        kind = np.int64 if items and all(isinstance(i, int) for i in items) else np.float64
        return np.array(items, dtype=kind)
    require(is_array(value), f"{what} is {brief(value)} where an array is expected")
    words = f"{what} has dtype {value.dtype} where numbers are expected"
    require(value.dtype.kind in "fiu", words)
    return np.asarray(value)


def alike(
    got: np.ndarray[Any, Any],
    wanted: np.ndarray[Any, Any],
    what: str,
    close: np.ndarray[Any, Any] | None = None,
) -> None:
    """Raise `Wrong`, with the first place, unless two arrays agree.

    Parameters
    ----------
    got, wanted : ndarray
        What came back and what is expected, of one shape.
    what : str
        What the learner calls it.
    close : ndarray of bool, optional
        Where they agree; by default where they are equal, or both NaN.
    """
    if close is None:
        got, wanted = np.asarray(got), np.asarray(wanted)
        shapes = f"{what} has shape {got.shape} where {wanted.shape} is expected"
        require(got.shape == wanted.shape, shapes)
        close = (got == wanted) | ((got != got) & (wanted != wanted))
    if not np.all(close):
        raise Wrong(first_off(got, wanted, close, what))


def must_raise(make: Callable[[], Any], kind: str, what: str) -> None:
    """Raise `Wrong` unless ``make`` makes the learner's code raise an exception of a kind."""
    try:
        make()
    except LearnerError as error:
        require(kind in error.kinds, f"{what} has to raise {kind}; {error}")
    else:
        raise Wrong(f"{what} has to raise {kind}, and is accepted")
