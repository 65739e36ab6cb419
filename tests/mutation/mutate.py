"""Change one thing at a time in a module, and see whether its tests notice.

Run as `python tests/mutation/mutate.py`: mutates the dropout layer and the drawing of its
masks, runs tests/unit/nn/test_dropout.py on each mutant, and prints the survivors. Fails
unless survivors.toml, beside this file, says of every survivor why nothing can notice it, and
of nothing else. Other modules: `mutate.py nn/adam.py --tests tests/unit/nn/test_adam.py`.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lib" / "dropoutlab"
EXPLANATIONS = Path(__file__).with_name("survivors.toml")

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
REMOVABLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Raise, ast.Break)


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node may be changed into."""
    match node:
        case ast.Compare(left, ops, comparators):
            for i, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield ast.Compare(left, [*ops[:i], other(), *ops[i + 1 :]], comparators)
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in ARITHMETIC:
            yield ast.AugAssign(target, ARITHMETIC[type(op)](), value)
        case ast.UnaryOp(ast.Not() | ast.USub() | ast.Invert(), operand):
            yield operand
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Return(value) if value is not None:
            yield ast.Return(ast.Constant(None))
        case ast.Call(_, [first, *_]) if not isinstance(first, ast.Constant | ast.Starred):
            yield first
        case ast.Call(ast.Attribute(value), [], []):
            yield value
        case ast.If(test, body, orelse) if not isinstance(test, ast.Compare | ast.UnaryOp):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
    if isinstance(node, REMOVABLE) and not _is_docstring(node):
        yield ast.Pass()


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def places(node: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield every node that is run when the code is called, with the name of its function."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            name = f"{within}.{child.name}".lstrip(".") if named else within
            if within:
                yield within, child
            yield from places(child, name)


class Replace(ast.NodeTransformer):
    """Put one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield a description and the source of every mutant, in a fixed order."""
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    for within, node in places(tree):
        for new in replacements(node):
            before, after = (ast.unparse(n).splitlines()[0] for n in (node, new))
            description = f"{within}: {before} → {'' if isinstance(new, ast.Pass) else after}"
            seen[description] += 1
            if seen[description] > 1:
                description += f" (place {seen[description]})"
            Replace(node, new).visit(tree)
            mutated = ast.unparse(ast.fix_missing_locations(tree))
            Replace(new, node).visit(tree)
            yield description.rstrip(), mutated


def survives(module: str, source: str, tests: list[str]) -> bool:
    """Run the tests on a copy of the package with this source for the module."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "dropoutlab"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / module).write_text(source, encoding="utf-8")
        settings = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        settings |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OPENBLAS_NUM_THREADS": "1"}
        # pyproject.toml has an option of xdist's.
        plugins = ["-p", "xdist.plugin", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-x", "-q", *plugins, *tests]
        try:
            result = subprocess.run(
                command, cwd=ROOT, env=os.environ | settings, capture_output=True, timeout=120
            )
        except subprocess.TimeoutExpired:
            return False
    if result.returncode not in (0, 1, 2):  # passed; a test failed; the import failed
        raise RuntimeError(f"pytest ended with {result.returncode}: {result.stderr.decode()}")
    return result.returncode == 0


def main(modules: list[str], tests: list[str]) -> int:
    """Print every survivor; return 0 if all are explained and no explanation is stale."""
    explained = tomllib.loads(EXPLANATIONS.read_text(encoding="utf-8"))
    faults = 0
    with ThreadPoolExecutor(2) as pool:
        for module in modules:
            source = (PACKAGE / module).read_text(encoding="utf-8")
            if not survives(module, source, tests) or survives(module, "1 / 0", tests):
                raise RuntimeError(f"the tests must pass on {module}, and run on the copy")
            found = dict(mutants(source))
            alive = pool.map(lambda text, m=module: survives(m, text, tests), found.values())
            survivors = []
            for description, lives in zip(found, alive, strict=True):
                if lives:
                    survivors.append(description)
                    reason = explained.get(module, {}).get(description, "NOT EXPLAINED")
                    print(f"survived  {module}  {description}\n          {reason}", flush=True)
            stale = set(explained.get(module, {})) - set(survivors)
            faults += len(stale) + len(set(survivors) - set(explained.get(module, {})))
            for description in sorted(stale):
                print(f"explained, but did not survive  {module}  {description}")
            print(f"{module}: {len(found) - len(survivors)} of {len(found)} mutants killed")
    return int(faults > 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=["nn/dropout.py", "nn/masks.py"])
    parser.add_argument("--tests", nargs="+", default=["tests/unit/nn/test_dropout.py"])
    arguments = parser.parse_args()
    sys.exit(main(arguments.modules, arguments.tests))
