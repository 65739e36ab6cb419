"""What the doctor says: findings, and a report that reads well in a terminal and a notebook."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from html import escape

__all__ = ["KINDS", "Finding", "Report"]

# What each kind of fault is called: fixed words, since people test for them.
KINDS = {
    "active-in-eval": "dropout acts in evaluation",
    "never-acts": "dropout never acts",
    "same-mask": "every call has the same mask",
    "shared-by-batch": "one mask for the whole batch",
    "elements-not-channels": "not whole channels are dropped",
    "before-batch-norm": "dropout before batch normalisation",
    "on-logits": "dropout on the logits",
    "keep-probability": "p looks like the probability of keeping",
    "batch-norm-in-training": "batch normalisation is in training mode in evaluation",
}
WIDTH = 88


@dataclass(frozen=True)
class Finding:
    """One fault.

    Attributes
    ----------
    kind : str
        One of the nine words.
    module : str
        The path of the module in the model, as ``named_modules`` has it; empty for the model.
    evidence : str
        What was measured.
    advice : str
        The sentence that mends it.
    call : str
        What was called, where several calls in one module are told apart.
    """

    kind: str
    module: str
    evidence: str
    advice: str
    call: str = ""

    def __str__(self) -> str:
        head = f"{self.kind}  {self.module or '(the model itself)'}"
        body = [
            textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
            for text in (self.evidence, self.advice)
        ]
        return "\n".join([head, *body])


@dataclass(frozen=True)
class Report:
    """What an examination found.

    Attributes
    ----------
    findings : list of Finding
        Empty for a sound model.
    notes : list of str
        What the doctor could not look into, or cannot judge.
    n_passes : int
        Forward passes of the model.
    seconds : float
        How long they took.
    """

    findings: list[Finding]
    notes: list[str] = field(default_factory=list)
    n_passes: int = 0
    seconds: float = 0.0

    @property
    def kinds(self) -> set[str]:
        """The kinds of all findings."""
        return {finding.kind for finding in self.findings}

    def _summary(self) -> str:
        n = len(self.findings)
        found = "No fault found" if n == 0 else f"{n} fault{'s' * (n > 1)} found"
        return f"{found} in {self.n_passes} forward passes ({self.seconds:.2g} s)."

    def __str__(self) -> str:
        notes = [
            textwrap.fill(f"Note: {note}", WIDTH, subsequent_indent="  ") for note in self.notes
        ]
        return "\n\n".join([self._summary(), *map(str, self.findings), *notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.findings))
        titles = "<th>kind</th><th>module</th><th>evidence and advice</th>"
        table = f"<table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>"
        notes = "".join(f"<p>Note: {escape(note)}</p>" for note in self.notes)
        return f"<p><strong>{escape(self._summary())}</strong></p>{table * bool(rows)}{notes}"


def _row(finding: Finding) -> str:
    place = f"<code>{escape(finding.module)}</code>" if finding.module else "(the model itself)"
    words = f"{escape(finding.evidence)}<br><em>{escape(finding.advice)}</em>"
    return (
        f"<tr><td><code>{finding.kind}</code></td><td>{place}</td>"
        f'<td style="text-align:left">{words}</td></tr>'
    )
