"""What all predictions share: a question, a guess, and an answer that waits for it."""

from __future__ import annotations

import json
import re
import unicodedata
from html import escape
from typing import Any, ClassVar

import traitlets

from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.traits import OneOf
from dropoutlab.output import prose, text_field

__all__ = ["Prediction", "slug"]

STAGES = ("open", "compared", "shown")
LONGEST = 60  # letters of a slug


class Prediction(Explorable):
    """A question that the reader answers before the page does: a curve, numbers, a choice.

    In a notebook it is a widget; on a page without a kernel the same module runs in the
    browser alone. There its element says by ``data-state`` how far the reader is.

    Attributes
    ----------
    kind : str
        ``"curve"``, ``"number"``, ``"choice"`` or ``"order"``.
    prompt : dict
        What is asked, and what was measured: what the browser draws.
    guess
        What the reader expects, ``None`` before; each kind says how it is written.
    stage : str
        ``"open"``, ``"compared"`` or ``"shown"``: without a guess.
    assumed : str
        What the reader says to have assumed.

    Raises
    ------
    traitlets.TraitError
        `stage` is none of these, or `guess` is no guess of this kind.
    """

    folder = "predictions"
    kind: ClassVar[str]

    prompt: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    guess = traitlets.Any(None, allow_none=True).tag(sync=True)
    stage = OneOf(STAGES, "open").tag(sync=True)
    assumed = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        question: str,
        prompt: dict[str, Any],
        *,
        name: str | None,
        caption: str,
        picture: str,
        heights: tuple[int, int, int],
    ) -> None:
        self.title = text_field(question, "question")
        self.caption = text_field(caption, "caption")
        self.heights = heights
        self._picture = picture
        given = self.title if name is None else text_field(name, "name")
        asked = {"kind": self.kind, "question": self.title, "slug": slug(given)}
        super().__init__(prompt=json.loads(json.dumps(asked | prompt, allow_nan=False)))

    @classmethod
    def _place(cls) -> str:
        return "predictions"

    @traitlets.validate("guess")
    def _fitting(self, proposal: dict[str, Any]) -> Any:
        guess = proposal["value"]
        problem = None if guess is None else self._problem(guess)
        if problem:
            raise traitlets.TraitError(f"guess must be {problem}, got {guess!r}")
        return guess

    def _problem(self, guess: Any) -> str | None:
        """Return what a guess must be, if this one is not."""
        raise NotImplementedError(f"{type(self).__name__} does not define _problem()")

    def picture(self) -> str:
        """Return what stands for the answer where no script runs."""
        return self._picture

    def plain(self) -> str:
        """Return question and answer as text."""
        return f"{self.title}\n{self.caption}"

    def html(self) -> str:
        """Return the output for a page without a kernel: it needs nothing from elsewhere."""
        # A script of its own, before anything is shown: nobody sees the answer for a blink.
        veil = '<script>document.currentScript.parentElement.dataset.state="open"</script>'
        return (
            f'<div class="dl-out dl-prediction" data-prediction="{self.kind}" '
            f'data-question="{self.prompt["slug"]}">{veil}'
            f'<p class="dl-kind">Predict</p><p class="dl-question">{prose(self.title)}</p>'
            f"{super().html()}</div>"
        )


def slug(question: str) -> str:
    """Return a question as a name of small letters, digits and hyphens.

    Examples
    --------
    >>> slug("How large is the test error at p = 0.9?")
    'how-large-is-the-test-error-at-p-0-9'
    """
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    name = ""
    for word in words:
        if len(name) + len(word) >= LONGEST:
            break
        name = f"{name}-{word}" if name else word
    return name or "question"


def as_list(texts: list[str], tag: str) -> str:
    """Return texts as a list of HTML, ``ul`` or ``ol``."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<{tag} class="dl-asked">{items}</{tag}>'
