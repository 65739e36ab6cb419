"""A module is found by its name, and imports flow one way."""

import ast
from collections import defaultdict
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = [
    ROOT / folder for folder in ("lib/dropoutlab", "coursework/grading", "book/dropoutlab_book")
]


def modules(*packages):
    """Return the files of packages by the full names of the modules."""
    files = {}
    for package in packages:
        for file in package.rglob("*.py"):
            parts = file.relative_to(package.parent).with_suffix("").parts
            files[".".join(parts).removesuffix(".__init__")] = file
    return files


def imports(name, files):
    """Return which of the modules one imports, wherever in it, also for annotations alone."""
    file = files[name]
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    named = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            named |= {f"{source}.{alias.name}" for alias in node.names}
    found = {one if one in files else one.rpartition(".")[0] for one in named}
    return (found & files.keys()) - {name}


def test_no_two_modules_have_one_name():
    by_name = defaultdict(list)
    for name in modules(*PACKAGES):
        by_name[name.rpartition(".")[2]].append(name)
    del by_name["__main__"]

    assert [names for names in by_name.values() if len(names) > 1] == []


def test_imports_run_in_no_circle():
    files = modules(*PACKAGES)
    graph = {name: imports(name, files) for name in files}

    assert len(list(TopologicalSorter(graph).static_order())) == len(files)  # or CycleError


def test_a_circle_is_found_also_among_annotations(tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text("from . import b\n")
    (package / "b.py").write_text("if TYPE_CHECKING:\n    from package.a import A\n")
    files = modules(package)

    assert imports("package.a", files) == {"package.b"}
    assert imports("package.b", files) == {"package.a"}
