"""What the benchmarks print, and the file that they leave."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple


class Ratio(NamedTuple):
    """A time of ours divided by another or by a second, and the most allowed."""

    name: str
    value: float
    limit: float
    what: str

    @property
    def met(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.value <= self.limit


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows with equal keys as columns; the keys are the headings."""
    cells = [list(rows[0])] + [
        [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row.values()]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        aligned = (c.rjust(w) for c, w in zip(row, widths, strict=True))
        print("  ".join(aligned).rstrip())
    print(flush=True)


def print_ratios(ratios: Sequence[Ratio]) -> None:
    """Print ratios with their limits, and whether they are within them."""
    print_table([{**r._asdict(), "": "met" if r.met else "MISSED"} for r in ratios])


def machine() -> dict[str, object]:
    """Return what the times depend on."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{package: version(package) for package in ("numpy", "scipy", "torch", "joblib")},
    }


def write(path: Path, **content: object) -> None:
    """Write everything that was measured as JSON, with the machine it was measured on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), **content}, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
