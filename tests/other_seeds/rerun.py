"""Run every chapter with all seeds shifted, and name the claims that do not hold there.

A claim that holds on the chapter's own seeds and not on others was luck:

    python tests/other_seeds/rerun.py 1000 2000                 # two shifts, every chapter
    python tests/other_seeds/rerun.py 1000 --chapters 03 08

Claims on recorded runs do not change, and are left out.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent


def rerun(notebook: Path, shift: int, work: Path) -> tuple[list[dict], list[str]]:
    """Run a chapter; return its claims of this day, and what its cells raised."""
    log = work / f"{notebook.stem}.jsonl"
    surroundings = os.environ | {
        "SEED_SHIFT": str(shift),
        "CLAIMS_LOG": str(log),
        "DROPOUTLAB_STORE": str(work / "store"),
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(FOLDER), os.environ.get("PYTHONPATH")])
        ),
    }
    document = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        document, timeout=600, allow_errors=True, resources={"metadata": {"path": str(work)}}
    )
    client.execute(env=surroundings)
    errors = [
        f"{output.ename}: {output.evalue}"
        for cell in document.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    claims = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return [claim for claim in claims if not claim["recorded"]], errors


def main() -> int:
    """Print a line a chapter and one a fault; return how many faults there are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("shifts", nargs="+", type=int)
    parser.add_argument("--chapters", nargs="*", default=[""], metavar="NN")
    asked = parser.parse_args()
    notebooks = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
    faults = 0
    for shift in asked.shifts:
        with tempfile.TemporaryDirectory() as work:
            for notebook in notebooks:
                if not notebook.name.startswith(tuple(asked.chapters)):
                    continue
                started = time.monotonic()
                claims, errors = rerun(notebook, shift, Path(work))
                failed = [claim for claim in claims if not claim["held"]]
                faults += len(failed) + len(errors)
                print(
                    f"seeds + {shift}, {notebook.stem}: {len(claims) - len(failed)} of "
                    f"{len(claims)} claims hold ({time.monotonic() - started:.0f} s)",
                    flush=True,
                )
                for claim in failed:
                    print(
                        f"  FAILS: {claim['statement']}: measured {claim['measured']}, must be "
                        f"{claim['expect']}"
                    )
                for error in errors:
                    print(f"  RAISES {error}")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
