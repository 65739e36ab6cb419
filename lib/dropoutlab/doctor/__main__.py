"""``python -m dropoutlab.doctor module:function``: examine what a function returns.

The function takes nothing, and returns a model and a batch: a tensor, a tuple of positional
arguments, or a dictionary of keyword arguments. Ends with status 1 if there are findings, and
with 2 if there is no such function.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Any

from torch import nn

from dropoutlab.doctor.examination import examine
from dropoutlab.doctor.report import KINDS

__all__ = ["main"]


def main(words: list[str] | None = None) -> int:
    """Examine one model; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dropoutlab.doctor", description=__doc__)
    parser.add_argument("function", help="module:function, which returns (model, batch)")
    parser.add_argument(
        "--ignore", action="append", default=[], choices=[*KINDS], help="a kind that is meant"
    )
    parser.add_argument("--batch-axis", type=int, default=0, help="1 where time comes first")
    given = parser.parse_args(words)
    sys.path.insert(0, "")  # a module that lies where one is
    try:
        made = _function(given.function)()
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[0], nn.Module)):
        print(f"{given.function} has to return a model and its batch", file=sys.stderr)
        return 2
    model, batch = made
    args = batch if isinstance(batch, tuple) else () if isinstance(batch, dict) else (batch,)
    keywords = batch if isinstance(batch, dict) else {}
    report = examine(model, *args, ignore=given.ignore, batch_axis=given.batch_axis, **keywords)
    print(report)
    return int(bool(report.findings))


def _function(place: str) -> Any:
    """Return what ``module:function`` names; raise LookupError with what is missing."""
    name, _, function = place.partition(":")
    if not function:
        raise LookupError(f"{place!r} names no function: write module:function")
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise LookupError(f"there is no module {name} here") from None
    if not callable(getattr(module, function, None)):
        raise LookupError(f"{name} has no function {function}")
    return getattr(module, function)


if __name__ == "__main__":
    sys.exit(main())
