"""What all explorables share: one class, shown live in Jupyter and on a plain page."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import Any, ClassVar

import anywidget
import traitlets

from dropoutlab.explorables.bundle import browser_module, without_comments, without_indents
from dropoutlab.output import drawing, prose, style

__all__ = ["Explorable"]

HERE = files("dropoutlab")
SHARED = "explorables/shared"


class Explorable(anywidget.AnyWidget):
    """A picture that the reader can change, in a notebook and on a page without a kernel.

    A subclass names its folder, describes the picture that stands in for it, and declares its
    state as traits with the tag ``sync=True``. In Jupyter it is a widget, whose traits and
    controls follow one another. Everywhere else the output is HTML: the picture with its
    caption, and, where scripts run, the same module with the same state, started when
    the reader gets there.

    Attributes
    ----------
    folder : str
        In ``dropoutlab/explorables``: it holds the browser module ``view.js``, whose default
        export has the method ``render``, and the rules of its own, ``style.css``.
    title : str
        What assistive technology calls it.
    caption : str
        What to see, in plain text; what stands between backticks is set as code.
    heights : tuple of int
        Pixels that it takes on a phone and in a wide column (from 36rem on); if three, the
        second is for what lies between (from 30rem on). They are kept free from the start, so
        that nothing moves when it comes to life.
    """

    folder: ClassVar[str]
    title: str
    caption: str
    heights: tuple[int, int] | tuple[int, int, int]

    # For a notebook alone: on a page without a kernel the figure around the module says both.
    _title = traitlets.Unicode().tag(sync=True)
    _caption = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_title")
    def _own_title(self) -> str:
        return self.title

    @traitlets.default("_caption")
    def _own_caption(self) -> str:
        return self.caption

    def __init_subclass__(cls, **options: Any) -> None:
        """Give the class what the front end loads."""
        if "folder" in cls.__dict__:
            cls._esm = browser_module(f"{cls._place()}/view.js")
            cls._css = cls._style().removeprefix("<style>").removesuffix("</style>") + "\n"
        super().__init_subclass__(**options)

    @classmethod
    def _place(cls) -> str:
        """Return the folder, as seen from that of the package."""
        return f"explorables/{cls.folder}"

    @classmethod
    def _style(cls) -> str:
        sheets = (HERE / folder / "style.css" for folder in (SHARED, cls._place()))
        return style("figure", own="".join(sheet.read_text("utf-8") for sheet in sheets))

    def picture(self) -> str:
        """Return the state as an inline ``<svg>`` with an accessible name."""
        raise NotImplementedError(f"{type(self).__name__} does not define picture()")

    def state(self) -> dict[str, Any]:
        """Return the traits that the module sees, by name."""
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {name: getattr(self, name) for name in sorted(own) if not name.startswith("_")}

    def html(self) -> str:
        """Return the output for a page without a kernel: it needs nothing from elsewhere."""
        state = json.dumps(self.state(), allow_nan=False).replace("<", "\\u003c")
        module = without_indents(browser_module(f"{self._place()}/view.js"))
        if "</script" in module:
            raise ValueError(
                f"{self._place()}/view.js must not hold '</script', which would end it"
            )
        narrow, wide = self.heights[0], self.heights[-1]
        middle = self.heights[-2]
        host = without_comments((HERE / SHARED / "host.js").read_text("utf-8"))
        return (
            f"{self._style()}"
            f'<figure class="dl-out dl-figure dl-explorable" aria-label="{escape(self.title)}">'
            f'<div class="dl-stage" style="--dl-narrow:{narrow}px;'
            f'--dl-middle:{middle}px;--dl-wide:{wide}px">'
            f'<div class="dl-picture">{drawing(self.picture())}</div>'
            f'<div class="dl-live" hidden></div></div>'
            f"<figcaption>{prose(self.caption)}</figcaption>"
            f'<script type="application/json" class="dl-state">{state}</script>'
            f'<script type="text/plain" data-of="{self._place()}" class="dl-module">{module}'
            "</script>"
            f"<script>{host}</script></figure>"
        )

    def plain(self) -> str:
        """Return the words of the output, where nothing is drawn."""
        return f"{self.title}: {self.caption}"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), "text/plain": self.plain(), "text/html": self.html()}, metadata
