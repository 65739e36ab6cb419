"""Cells are short, and what they list is a table: nothing is aligned by hand."""

import ast
import re

import nbformat
import pytest
from chapter import FOLDER, sources
from clean import FOLDED

CHAPTERS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
LONGEST_VISIBLE, LONGEST_FOLDED = 15, 30  # lines with something on them
PADDED = re.compile(r"(.?[<>=^])?[-+ ]?#?0?\d")  # a width, as in :>8 or :6.2f; not :.2f or :,


def overlong(cells):
    """Return the code of each cell that is too long for what the site shows of it."""
    for cell in cells:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        folded = FOLDED.keys() & set(cell.metadata.get("tags", []))
        limit = LONGEST_FOLDED if folded else LONGEST_VISIBLE
        if cell.cell_type == "code" and len(lines) > limit:
            yield f"{len(lines)} lines of code, at most {limit}:\n{cell.source}"


def aligned(source):
    """Return what code pads to a width, in f-strings, calls of format and of ljust."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            spec = node.format_spec.values[0]
            padded = not isinstance(spec, ast.Constant) or PADDED.match(spec.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            padded = node.func.attr in ("format", "ljust", "rjust", "center")
        else:
            padded = False
        if padded:
            yield ast.unparse(node)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_cells_are_short(chapter):
    cells = nbformat.read(FOLDER / f"{chapter}.ipynb", as_version=4).cells

    assert list(overlong(cells)) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_rows_are_tables_and_not_aligned_by_hand(chapter):
    assert [padded for source in sources(chapter) for padded in aligned(source)] == []


@pytest.mark.parametrize(
    ("n_lines", "tag", "too_long"),
    [
        (15, None, False),
        (16, None, True),
        (16, "nbval-check-output", True),
        (30, "hide-input", False),
        (31, "hide-input", True),
        (31, "hide-cell", True),
    ],
)
def test_lines_count_that_have_something_on_them(n_lines, tag, too_long):
    cell = nbformat.v4.new_code_cell("\n\n".join(["x = 1"] * n_lines))
    cell.metadata["tags"] = [tag] if tag else []

    assert bool(list(overlong([cell]))) == too_long


@pytest.mark.parametrize(
    ("source", "padded"),
    [
        ('f"{p:5}"', True),
        ('f"{name:>14}"', True),
        ('f"{error:8.1f} %"', True),
        ('f"{name:{width}}"', True),
        ('"{:11}".format(name)', True),
        ("name.ljust(9)", True),
        (
            'f"{error:.1f} %, {n:,} digits, {share:.0%}, {change:+.1f}, {p:g}, {forget!s}"',
            False,
        ),
    ],
)
def test_what_pads_is_found(source, padded):
    assert bool(list(aligned(source))) == padded
