"""Other seeds: all move, generators of one's own stay, every claim is written down."""

import json
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "other_seeds"


def run(code, log, shift):
    """Run code in a process of its own, as the chapters are."""
    surroundings = {"PYTHONPATH": str(FOLDER), "SEED_SHIFT": str(shift), "CLAIMS_LOG": str(log)}
    subprocess.run([sys.executable, "-c", code], env=os.environ | surroundings, check=True)


def test_every_way_to_give_a_seed_is_shifted(tmp_path):
    run(
        """
import numpy as np, torch
rng = np.random.default_rng
assert rng(5).random() == np.random.Generator(np.random.PCG64(8)).random()
assert rng(seed=np.int64(5)).random() == np.random.Generator(np.random.PCG64(8)).random()
assert rng([5, 6]).random() == np.random.Generator(np.random.PCG64([8, 9])).random()
mine = np.random.Generator(np.random.PCG64(5))
assert rng(mine) is mine and rng().random() != rng().random()
torch.manual_seed(5)
assert torch.initial_seed() == 8
assert torch.Generator().manual_seed(5).initial_seed() == 8
""",
        tmp_path / "log",
        shift=3,
    )


def test_claims_are_written_down_and_one_that_fails_stops_nothing(tmp_path):
    run(
        """
from dropoutlab.claims import above, claim
claim("One is above zero", 1.0, above(0))
assert claim("One is above two", measured=1.0, expect=above(2)) is None
""",
        tmp_path / "log",
        shift=0,
    )

    rows = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]

    assert [(row["statement"], row["held"], row["recorded"]) for row in rows] == [
        ("One is above zero", True, False),
        ("One is above two", False, False),
    ]
