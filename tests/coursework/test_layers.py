"""Data flows one way through the grading: each part imports only parts that stand before it."""

import ast
from pathlib import Path

import grading

ROOT = Path(grading.__file__).parent
LAYERS = ["harmless", "atomic", "nbgrader_tools", "handin", "running", "class_folder"]
LAYERS += ["judging", "reports", "release", "batch", "__main__"]


def imports():
    """Return the modules of ours that each module imports, under TYPE_CHECKING or not."""
    found = {}
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = [f"{node.module}.{alias.name}" for node in froms for alias in node.names]
        names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[parts] = [tuple(n.split(".")[1:]) for n in names if n.startswith("grading.")]
    return found


def module_of(name, modules):
    """Return the module that an imported name stands in."""
    return next(name[:n] for n in range(len(name), 0, -1) if (name[:n]) in modules)


def test_each_part_imports_only_those_before_it():
    climbs = [
        (module, name)
        for module, names in imports().items()
        if module != ("__init__",)
        for name in names
        if LAYERS.index(name[0]) > LAYERS.index(module[0])
    ]

    assert climbs == []


def test_no_module_imports_itself_by_a_detour():
    modules = imports()
    edges = {m: {module_of(n, modules) for n in names} for m, names in modules.items()}

    while edges:
        leaves = {module for module, needed in edges.items() if not needed & edges.keys()}
        assert leaves, f"a cycle among {sorted(edges)}"
        edges = {module: needed for module, needed in edges.items() if module not in leaves}


def test_what_a_sandbox_holds_imports_nothing_of_ours():
    assert [names for module, names in imports().items() if "inside" in module and names] == []
