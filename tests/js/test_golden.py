"""The golden files are what Python computes now."""

import json

import golden
import numpy as np
import pytest


def leaves(value, where=""):
    """Yield every number, text and length in nested lists and dictionaries, with its place."""
    if isinstance(value, dict):
        yield f"{where}.keys", ",".join(sorted(value))
        for key, inner in value.items():
            yield from leaves(inner, f"{where}.{key}")
    elif isinstance(value, list):
        yield f"{where}.length", len(value)
        for i, inner in enumerate(value):
            yield from leaves(inner, f"{where}[{i}]")
    else:
        yield where, value


@pytest.mark.parametrize("name", golden.GOLDEN)
def test_golden_file_is_up_to_date(name):
    stored = json.loads((golden.FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    # Another BLAS may differ in the last digits.
    for (here, now), (there, then) in zip(
        leaves(golden.GOLDEN[name]()), leaves(stored), strict=True
    ):
        assert here == there
        if isinstance(now, float):
            np.testing.assert_allclose(now, then, rtol=1e-7, atol=1e-9, err_msg=here)
        else:
            assert now == then, here


def test_no_golden_file_is_left_over():
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(golden.GOLDEN)
