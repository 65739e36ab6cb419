"""What a chapter defines, as its reader sees it: to be compared with the library."""

import ast
from collections import Counter
from pathlib import Path

import nbformat

FOLDER = Path(__file__).parents[2] / "chapters"


def sources(chapter):
    """Return the code cells of a chapter, named without its suffix."""
    cells = nbformat.read(FOLDER / f"{chapter}.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def defined(chapter, *names, **namespace):
    """Run what gives these names their meaning, and nothing else; return all of it."""
    found = Counter()
    for source in sources(chapter):
        for statement in ast.parse(source).body:
            if wanted := _given(statement) & set(names):
                found.update(wanted)
                exec(compile(ast.Module([statement], []), chapter, "exec"), namespace)
    assert found == Counter(names), f"{chapter} defines {dict(found)}, wanted once: {names}"
    return namespace


def _given(statement):
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if not isinstance(statement, ast.Assign):
        return set()
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}
