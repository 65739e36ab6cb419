"""The commands of ``python -m dropoutlab.experiments``."""

import argparse
import difflib
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from dropoutlab.experiments import commands
from dropoutlab.experiments.catalogue import CATALOGUE
from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.experiment import NAME
from dropoutlab.experiments.failures import RunsFailed, RunsInterrupted

__all__ = ["main"]

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command and return the exit code: 0 well, 1 something failed, 130 Ctrl-C.

    Wrong usage raises ``SystemExit(2)``, as `argparse` does.

    Examples
    --------
    >>> main(["run"])
    Traceback (most recent call last):
    SystemExit: 2
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ± and − are not in every code page
            stream.reconfigure(errors="replace")
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if "name" in chosen:
        chosen.experiment = CATALOGUE.get(chosen.name)
        if chosen.experiment is None:
            parser.error(_unknown(chosen.name))
    try:
        chosen.command(chosen)
    except RunsInterrupted as error:
        return _said(f"\n{error}", INTERRUPTED)
    except KeyboardInterrupt:
        return _said("\ninterrupted", INTERRUPTED)
    except (RunsFailed, StoreError, RuntimeError) as error:
        return _said(str(error), 1)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dropoutlab.experiments",
        description="Run the experiments of the course, and look at what they measured.",
    )
    added = parser.add_subparsers(required=True, metavar="list|run|show|record|merge|forget")
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", type=Path, metavar="DIR", help="where runs are kept")
    named = argparse.ArgumentParser(add_help=False)
    named.add_argument("name", metavar="NAME")

    def add(name: str, help: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command = added.add_parser(name, parents=list(parents), help=help)
        command.set_defaults(command=getattr(commands, f"{name}_"))
        return command

    add("list", "say which experiments exist", store)
    _add_run_options(add("run", "run one; what is stored already is not", named, store))
    add("show", "print what one measured", named, store)
    recording = add("record", "write what is stored of one into results/NAME", named, store)
    recording.add_argument(
        "--partial", action="store_true", help="also if runs are missing; the manifest says so"
    )
    merging = add("merge", "put what other folders have into the last one's store")
    merging.add_argument("sources", nargs="+", type=Path, metavar="FROM")
    merging.add_argument("into", type=Path, metavar="INTO")
    forgetting = add("forget", "remove all that is stored of one", store)
    forgetting.add_argument("forgotten", type=_name, metavar="NAME")
    return parser


def _add_run_options(running: argparse.ArgumentParser) -> None:
    running.add_argument(
        "--seeds", type=_positive, metavar="N", help="use seeds 0 to N - 1, not its own"
    )
    places = running.add_mutually_exclusive_group()
    places.add_argument(
        "--workers", type=_positive, metavar="N", help="processes (default: one a processor)"
    )
    places.add_argument(
        "--dask", metavar="ADDRESS", help="on the workers of this scheduler: tcp://host:8786"
    )
    parts = running.add_mutually_exclusive_group()
    parts.add_argument(
        "--shard", type=_shard, metavar="I/N", help="only the I-th of N parts, I from 1"
    )
    parts.add_argument(
        "--record", action="store_true", help="write rows and manifest into results/NAME"
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be an integer of at least 1, got {text!r}")
    return int(text)


def _shard(text: str) -> tuple[int, int]:
    i, _, n = text.partition("/")
    if not (i.isdecimal() and n.isdecimal() and 1 <= int(i) <= int(n)):
        raise argparse.ArgumentTypeError(f"must be I/N with I from 1 to N, got {text!r}")
    return int(i), int(n)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"must be the name of an experiment, got {text!r}")
    return text


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, CATALOGUE, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"there is no experiment {name!r}; {hint}known: {', '.join(sorted(CATALOGUE))}"


def _said(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
