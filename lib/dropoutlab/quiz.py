"""Quiz questions that need no script: each choice, once picked, shows its answer.

Each wrong choice carries the sentence that mends the misconception behind it.
On the site choices are native radio buttons, and styles reveal the answers. A notebook
may be shown without styles; there each choice is a ``<details>``, which hides by itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dropoutlab.output import on_the_site, prose, style, text_field

__all__ = ["Choice", "Quiz", "choice", "quiz"]

RIGHT = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2.5 8.5l4 4 7-9"/></svg>'
WRONG = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 3.5l9 9m0-9l-9 9"/></svg>'


@dataclass(frozen=True)
class Choice:
    """One answer to a question: made by :func:`choice`.

    Parameters
    ----------
    text : str
    feedback : str
    correct : bool

    Examples
    --------
    >>> Choice("Yes", "It is.", correct=True).correct
    True
    """

    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True)
class Quiz:
    """A question with its choices: made by :func:`quiz`, shown as a form to answer.

    Parameters
    ----------
    question : str
    choices : tuple of Choice

    Examples
    --------
    >>> pick = (choice("Yes", "It is.", correct=True), choice("No", "It is."))
    >>> print(Quiz("Is it?", pick))
    Is it?
      a) Yes
      b) No
    <BLANKLINE>
    Answer: a) Yes. It is.
    """

    question: str
    choices: tuple[Choice, ...]

    @property
    def name(self) -> str:
        """Name of the group of radio buttons: the same in every build, one a quiz."""
        content = "\x1f".join([self.question, *(c.text for c in self.choices)])
        return "dl-" + hashlib.sha256(content.encode()).hexdigest()[:10]

    def __str__(self) -> str:
        letters = [chr(ord("a") + i) for i in range(len(self.choices))]
        asked = [f"  {at}) {c.text}" for at, c in zip(letters, self.choices, strict=True)]
        at, right = next(
            (at, c) for at, c in zip(letters, self.choices, strict=True) if c.correct
        )
        answer = f"Answer: {at}) {right.text.rstrip('.')}. {right.feedback}"
        return "\n".join([self.question, *asked, "", answer])

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        row = _radio_button if on_the_site() else _disclosure
        rows = "".join(row(self.name, i, c) for i, c in enumerate(self.choices))
        # JupyterLab would take the arrow keys for its own; the attribute keeps them here.
        form = (
            '<fieldset class="dl-out dl-quiz" data-lm-suppress-shortcuts="true">'
            f"<legend>{prose(self.question)}</legend>{rows}</fieldset>"
        )
        return {"text/plain": str(self), "text/html": style("quiz") + form}


def choice(text: str, feedback: str, *, correct: bool = False) -> Choice:
    """Return one answer to a question, with what a reader who picks it should hear.

    Parameters
    ----------
    text : str
        Plain text; what stands between backticks is set as code.
    feedback : str
        Why it is right, or the sentence that mends the misconception.
    correct : bool
        Whether it is the right one.

    Returns
    -------
    Choice

    Raises
    ------
    TypeError, ValueError
        If `text` or `feedback` is not text, or empty.

    Examples
    --------
    >>> choice("0.5", "That is the share kept.").feedback
    'That is the share kept.'
    """
    return Choice(text_field(text, "text"), text_field(feedback, "feedback"), bool(correct))


def quiz(question: str, choices: list[Choice] | tuple[Choice, ...]) -> Quiz:
    """Return a question with one right answer.

    Parameters
    ----------
    question : str
        Plain text; what stands between backticks is set as code.
    choices : sequence of Choice
        At least two, made by :func:`choice`, exactly one of them correct.

    Returns
    -------
    Quiz

    Raises
    ------
    TypeError
        If the question is not text, or a choice is no :class:`Choice`.
    ValueError
        If there are fewer than two choices, two of them read the same, or not
        exactly one is correct.

    Examples
    --------
    >>> question = quiz(
    ...     "Which p drops nothing?",
    ...     [choice("0", "p is the probability of dropping.", correct=True),
    ...      choice("1", "p is the probability of dropping, not of keeping.")],
    ... )
    >>> question.choices[0].correct
    True
    """
    question, choices = text_field(question, "question"), tuple(choices)
    for one in choices:
        if not isinstance(one, Choice):
            raise TypeError(f"choices must be made by choice(...), got {one!r}")
    if len(choices) < 2:
        raise ValueError(f"choices must be at least two, got {len(choices)}")
    if len({one.text for one in choices}) < len(choices):
        raise ValueError(f"choices must differ, got {[one.text for one in choices]}")
    n_correct = sum(one.correct for one in choices)
    if n_correct != 1:
        raise ValueError(f"choices must hold exactly one correct one, got {n_correct}")
    return Quiz(question, choices)


def _radio_button(name: str, index: int, one: Choice) -> str:
    return (
        f'<div class="dl-choice {_verdict(one)}"><input type="radio" name="{name}" '
        f'id="{name}-{index}" value="{index}" autocomplete="off">'
        f'<label for="{name}-{index}"><span>{prose(one.text)}</span></label>'
        f'<div class="dl-answer" aria-live="polite"><p>{_feedback(one)}</p></div></div>'
    )


def _disclosure(name: str, index: int, one: Choice) -> str:
    # jupyterlab-myst takes the marker from every summary.
    return (
        f'<details class="dl-choice {_verdict(one)}" name="{name}">'
        f'<summary style="list-style:circle inside">{prose(one.text)}</summary>'
        f'<p class="dl-answer">{_feedback(one)}</p></details>'
    )


def _verdict(one: Choice) -> str:
    return "dl-right" if one.correct else "dl-wrong"


def _feedback(one: Choice) -> str:
    word, glyph = ("Right.", RIGHT) if one.correct else ("Not quite.", WRONG)
    return f"{glyph}<b>{word}</b> {prose(one.feedback)}"
