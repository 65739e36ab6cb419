"""The page for the instructor: how the class did, what failed and why, who needs a look."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter, defaultdict
from html import escape
from statistics import median

from grading.handin.answers import NEWER, parsed
from grading.judging.assignment import Assignment
from grading.judging.records import NOT_THIS, Record
from grading.reports.gradebook import Scores
from grading.reports.page_frame import page, table

__all__ = ["summary_page", "suspicious"]

LONG = 60  # characters of a written answer that nobody writes twice
NUMBER = re.compile(r"(?<![\w.])-?\d+(\.\d+)?(e[-+]?\d+)?")
QUOTED = re.compile(r"'[^']*'")
ENOUGH = 3  # equal answers: one or two short ones can be equal by chance

# How notes begin that say more than that a file is odd.
WORTH_A_LOOK = (
    "running", "judging", "the cell", "missing answer", "the notebook has the seed",
    NEWER, NOT_THIS,
)  # fmt: skip
ODD_NAMES = {
    "os", "sys", "subprocess", "socket", "ctypes", "importlib", "inspect", "gc", "builtins",
    "shutil", "pathlib", "signal", "threading", "multiprocessing", "pickle", "worker", "wire",
    "open", "exec", "eval()", "compile", "__import__", "globals", "_getframe", "settrace",
}  # fmt: skip


def summary_page(
    assignment: Assignment, records: list[Record], scores: list[Scores], warnings: list[str]
) -> str:
    """Return the page as HTML."""
    totals = [each.total for each in scores]
    most = sum(assignment.points.values())
    body = [f"<p><strong>Look at this first:</strong> {escape(w)}.</p>" for w in warnings]
    body += [
        f"<p>{_in_short(records, scores, most)}</p>",
        "<h2>Distribution</h2>",
        _histogram(totals, most),
    ]
    body += ["<h2>Tasks, hardest first</h2>", _hardest(assignment, records, scores)]
    body += ["<h2>What failed, and why</h2>", _failures(records)]
    unread: list[list[object]] = [[r.student, r.name, r.problem] for r in records if r.problem]
    body += ["<h2>Without a readable submission</h2>"]
    body += [table(["id", "name", "why"], unread) if unread else "<p>None.</p>"]
    flagged: list[list[object]] = [
        [s, "; ".join(why)] for s, why in suspicious(assignment, records, scores).items()
    ]
    look: list[list[object]] = [
        [r.student, ", ".join([*(assignment.titles[c] for c in [*s.waiting, *s.again]), *z])]
        for r, s in zip(records, scores, strict=True)
        if (z := ["the 0 of the tests"] if s.zero else []) or s.waiting or s.again
    ]
    body += ["<h2>To grade by hand, or to look at again</h2>"]
    body += [table(["id", "what"], look) if look else "<p>Nothing.</p>"]
    body += ["<h2>Worth a look</h2>"]
    body += ["<p>Nothing here is proof of anything; it has not changed a point.</p>"]
    body += [table(["id", "what"], flagged) if flagged else "<p>Nothing.</p>"]
    return page(f"{assignment.name}: the class", "\n".join(body))


def _in_short(records: list[Record], scores: list[Scores], most: float) -> str:
    totals = [each.total for each in scores]
    words = f"{len(records)} learners"
    read = [t for r, t in zip(records, totals, strict=True) if not r.problem]
    if read and any(each.waiting for each in scores):
        words += f", {sum(bool(s.waiting) for s in scores)} yet to be graded by hand"
    if read:
        words += f", {len(read)} with a readable submission. Of these the median reached "
        words += f"{median(read):g} of {most:g} points"
    return f"{words}."


def _histogram(totals: list[float], most: float) -> str:
    steps = 10
    counts = Counter(min(int(steps * total / most), steps - 1) for total in totals)
    rows: list[list[object]] = []
    for step in range(steps):
        low, high = most * step / steps, most * (step + 1) / steps
        bar = "█" * math.ceil(30 * counts[step] / max(30, *counts.values()))
        rows.append([f"{low:.3g} to {high:.3g}", counts[step], bar])
    return table(["points", "learners", ""], rows)


def _hardest(assignment: Assignment, records: list[Record], scores: list[Scores]) -> str:
    read = [s for r, s in zip(records, scores, strict=True) if not r.problem]
    rows: list[list[object]] = []
    for cell, most in assignment.points.items():
        values = [s.points[cell] for s in read if s.points.get(cell) is not None]
        known = [value for value in values if value is not None]
        if known:
            share = 100 * sum(known) / (most * len(known))
            full = sum(value >= most - 1e-9 for value in known)
            rows.append([cell.removeprefix("test_"), round(share), full, len(known)])
    rows.sort(key=lambda row: float(str(row[1])))
    return table(["task", "% of its points", "full marks", "graded"], rows)


def _failures(records: list[Record]) -> str:
    counts: dict[tuple[str, str], int] = Counter()
    for record in records:
        if record.problem:
            continue
        for cell, result in record.verdict.tasks.items():
            for words in result.failed:
                counts[cell, _general(words)] += 1
    rows: list[list[object]] = [
        [c, w, n] for (c, w), n in sorted(counts.items(), key=lambda x: -x[1])
    ]
    return table(["task", "reason", "learners"], rows[:40])


def _general(words: str) -> str:
    """Return a reason without what differs from learner to learner: numbers, lines, words.

    Examples
    --------
    >>> _general("the mean: with n = 3, p = 0.18, the mean is 2.5 where -1e-05 is expected")
    'the mean: with n = …, p = …, the mean is … where … is expected'
    """
    return NUMBER.sub("…", QUOTED.sub("'…'", words.split(" (line ")[0]))


def suspicious(
    assignment: Assignment, records: list[Record], scores: list[Scores]
) -> dict[str, list[str]]:
    """Return what is worth a look, by learner: zeros, odd files and names, equal answers."""
    found: dict[str, list[str]] = defaultdict(list)
    same: dict[str, list[str]] = defaultdict(list)
    words: dict[str, list[str]] = defaultdict(list)
    ours = _shapes(assignment, assignment.references)
    for record, score in zip(records, scores, strict=True):
        if score.zero:
            found[record.student].append(f"0 by the tests: {_why_zero(record)}")
        shapes = _shapes(assignment, record.answers)
        odd = {name for tree in shapes.values() for name in _names(tree) if name in ODD_NAMES}
        if odd:
            found[record.student].append(f"the answers use {', '.join(sorted(odd))}")
        notes = record.verdict.notes
        found[record.student] += [
            note for note in notes if note.startswith(WORTH_A_LOOK) and note != record.problem
        ]
        code = {cell: ast.dump(tree) for cell, tree in shapes.items()}
        copied = [cell for cell in code if cell in ours and code[cell] == ast.dump(ours[cell])]
        if len(copied) >= ENOUGH:
            found[record.student].append(
                f"the code of {', '.join(copied)} is that of our solution"
            )
        for cell in assignment.by_hand:
            text = " ".join(record.answers.get(cell, "").split())
            if len(text) >= LONG and text != " ".join(assignment.stubs[cell].split()):
                words[cell + text].append(record.student)
        if len(code) >= ENOUGH:
            same["\n".join(sorted(cell + dump for cell, dump in code.items()))].append(
                record.student
            )
    for what, groups in [("all code", same), ("a written answer", words)]:
        for group in groups.values():
            for student in group if len(group) > 1 else []:
                others = ", ".join(other for other in group if other != student)
                found[student].append(f"{what} is the same as that of {others}")
    return {student: why for student, why in sorted(found.items()) if why}


def _why_zero(record: Record) -> str:
    """Return why the tests gave nothing: of the file, or of each task."""
    if record.problem:
        return record.problem
    reasons = [words for task in record.verdict.tasks.values() for words in task.failed[:1]]
    return "; ".join(dict.fromkeys(reasons))


def _shapes(assignment: Assignment, answers: dict[str, str]) -> dict[str, ast.Module]:
    """Return the code of the answers that are no longer as they were handed out."""
    shapes = {}
    for cell, text in answers.items():
        changed = text.strip() != assignment.stubs.get(cell, "").strip()
        tree = parsed(text) if changed and cell not in assignment.by_hand else None
        if tree is not None:
            shapes[cell] = tree
    return shapes


def _names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add("eval()" if node.id == "eval" else node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names
