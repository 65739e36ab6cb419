"""Finds the answers in the cells of a notebook, as learners leave them.

JupyterLab's *split cell* gives the new piece the mark of the old one, *merge cells* drops the
second's; copied cells keep marks, recreated ones have none, and some editors lose them all.
So an answer is what stands under its mark; else what defines its names; else, of an answer
in words, what stands below its question.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from grading.handin.ipython import as_python, is_newer, tree_of

__all__ = ["Form", "find_answers", "parsed", "text_of"]

ANSWER_LIMIT = 200_000
NEWER = "written in words of a newer Python"


@dataclass(frozen=True)
class Form:
    """What learners were given to fill in.

    Attributes
    ----------
    stubs : dict
        The text of each answer cell, by grade id, in the notebook's order.
    names : dict
        The names that an answer in code has to define, by grade id.
    questions : dict
        The text above each answer in words, by grade id.
    others : frozenset of str
        The texts of all cells that are no answers.
    class_seed : int or None
        The seed that the notebook has to have.
    """

    stubs: dict[str, str]
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    class_seed: int | None = None


def find_answers(cells: list[dict[str, Any]], form: Form) -> tuple[dict[str, str], list[str]]:
    """Return the text of each answer that was found, by grade id, and what was odd."""
    notes: list[str] = []
    texts = [(_mark(cell, form), text_of(cell)) for cell in cells]
    for name in {mark for mark, text in texts if mark and len(text) > ANSWER_LIMIT}:
        notes.append(f"the cell {name} is longer than an answer can be; left out")
    texts = [(mark, text) for mark, text in texts if len(text) <= ANSWER_LIMIT]
    answers = {}
    for name, stub in form.stubs.items():
        pieces = [text for mark, text in texts if mark == name]
        if pieces:
            joined = _joined if name in form.names else _in_words
            answers[name] = joined(name, pieces, stub, form, notes)
    _by_definition(answers, texts, form, notes)
    handed_back = {text.strip() for _, text in texts}
    for name in form.names:
        if form.stubs[name].strip() in handed_back:
            answers.setdefault(name, form.stubs[name])
    _below_questions(answers, cells, form, notes)
    _without_others(answers, form)
    newer = [name for name in form.names if name in answers and is_newer(answers[name])]
    if newer:
        notes.append(f"{NEWER}: {', '.join(newer)}")
    missing = [name for name in form.stubs if name not in answers]
    if missing:
        notes.append("missing answer cells: " + ", ".join(missing))
    return answers, notes


def _in_words(name: str, pieces: list[str], stub: str, form: Form, notes: list[str]) -> str:
    """Return an answer in words: its pieces, one below the other."""
    written = [p for p in dict.fromkeys(pieces) if p.strip() not in ("", stub.strip())]
    if len(written) > 1:
        notes.append(f"the answer {name} is in {len(written)} pieces, which were joined")
    return "\n\n".join(written) or pieces[0]


def _joined(name: str, pieces: list[str], stub: str, form: Form, notes: list[str]) -> str:
    """Return an answer in code: its pieces as the notebook runs them, in its order."""
    different = [p for p in dict.fromkeys(pieces) if p.strip() != stub.strip()]
    if not different:
        return pieces[0]
    with_code = [piece for piece in different if has_code(piece)] or different[:1]
    kept = [piece for piece in with_code if _keeps(piece)]
    with_code = kept if kept and parsed("\n".join(kept)) is not None else with_code
    if len(with_code) == 1:
        return with_code[0]
    whole = "\n".join(with_code)
    if parsed(whole) is None:
        # One copy is broken: what runs by itself counts, as it does in the notebook.
        whole = "\n".join(p for p in with_code if parsed(p) is not None) or with_code[0]
    if sum(bool(_defines(piece, form.names[name])) for piece in with_code) > 1:
        notes.append(f"the cell {name} is there twice; the last definition counts")
    else:
        notes.append(f"the cell {name} is in {len(with_code)} pieces, which were joined")
    return whole


def _by_definition(
    answers: dict[str, str], texts: list[tuple[str | None, str]], form: Form, notes: list[str]
) -> None:
    """Fill in the answers in code that are missing or untouched, by the names they define."""
    for name, wanted in form.names.items():
        stub = form.stubs[name].strip()
        if not wanted or answers.get(name, stub).strip() != stub:
            continue
        found = [
            text
            for mark, text in texts
            if mark != name and text.strip() not in form.others and text.strip() != stub
        ]
        complete = [text for text in found if _defines(text, wanted) == set(wanted)]
        pieces = complete[-1:] or [text for text in found if _defines(text, wanted)]
        joined = "\n".join(dict.fromkeys(pieces))
        if joined and _defines(joined, wanted) == set(wanted):
            answers[name] = joined
            notes.append(
                f"the cell {name} has lost its mark; the one that defines "
                f"{', '.join(wanted)} counts"
            )


def _below_questions(
    answers: dict[str, str], cells: list[dict[str, Any]], form: Form, notes: list[str]
) -> None:
    """Fill in missing answers in words with what stands below their question."""
    ours = form.others | {question.strip() for question in form.questions.values()}
    for name, question in form.questions.items():
        if name in answers:
            continue
        below: list[str] = []
        inside = False
        for cell in cells:
            text = text_of(cell).strip()
            if text in ours:
                inside = text == question.strip()
            elif inside and text and _mark(cell, form) is None:
                below.append(text)
        if below:
            answers[name] = "\n\n".join(below)
            notes.append(
                f"the cell {name} has lost its mark; what stands below its question counts"
            )


def _without_others(answers: dict[str, str], form: Form) -> None:
    """Take definitions of one answer out of the others: merged cells hold several."""
    for name, wanted in form.names.items():
        text = answers.get(name)
        if text is None:
            continue
        others = {n for other, names in form.names.items() if other != name for n in names}
        others -= set(wanted)
        tree = parsed(text)
        if tree is None or not any(_bound(node) & others for node in tree.body):
            continue
        lines = as_python(text).split("\n")
        for node in tree.body:
            if _bound(node) & others and not _bound(node) & set(wanted):
                above = getattr(node, "decorator_list", [])
                start = min(part.lineno for part in (node, *above))
                for number in range(start - 1, node.end_lineno or start):
                    lines[number] = ""
        answers[name] = "\n".join(lines)


def parsed(text: str) -> ast.Module | None:
    """Return the tree of a cell's code; None if it is no Python."""
    return tree_of(as_python(text))


def has_code(text: str) -> bool:
    """Say whether a text is more than comments; what is no Python counts as code."""
    tree = parsed(text)
    return tree is None or bool(tree.body)


def _keeps(text: str) -> bool:
    """Say whether something stays when a piece has run: a trial in a copy leaves nothing."""
    tree = parsed(text)
    kinds = ast.Import | ast.ImportFrom | ast.AugAssign
    return tree is None or any(_bound(node) or isinstance(node, kinds) for node in tree.body)


def _defines(text: str, wanted: tuple[str, ...]) -> set[str]:
    tree = parsed(text)
    bound = set().union(*map(_bound, tree.body)) if tree is not None else set()
    return bound & set(wanted)


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a cell defines or assigns."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    if isinstance(node, ast.If | ast.Try | ast.With):
        inner = [child for child in ast.walk(node) if isinstance(child, ast.stmt)]
        return set().union(*(_bound(child) for child in inner if child is not node), set())
    return set()


def text_of(cell: dict[str, Any]) -> str:
    """Return the text of a cell, also of older formats, in characters that can be written."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n")


def _mark(cell: dict[str, Any], form: Form) -> str | None:
    """Return the answer that a cell is: by its grade id, else by its cell id."""
    metadata = cell.get("metadata")
    grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = grading.get("grade_id") if isinstance(grading, dict) else None
    for candidate in (name, cell.get("id")):
        if isinstance(candidate, str) and candidate in form.stubs:
            return candidate
    return None
