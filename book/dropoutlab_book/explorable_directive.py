"""``{explorable} NAME``: an explorable of the library on a page that is no notebook."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from dropoutlab import explorables


class ExplorableHere(SphinxDirective):
    """Put an explorable here, as a notebook would that makes it without arguments."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return its HTML."""
        name, kinds = self.arguments[0], offered()
        if name not in kinds:
            raise self.error(f"there is no explorable {name!r}; there are {', '.join(kinds)}")
        return [nodes.raw("", kinds[name]().html(), format="html")]


def offered() -> dict[str, type[explorables.Explorable]]:
    """Return the explorables that need no arguments, by name."""
    named = {name: getattr(explorables, name) for name in explorables.__all__}
    return {name: kind for name, kind in named.items() if hasattr(kind, "folder")}


def setup(app: Sphinx) -> None:
    """Offer ``{explorable}``."""
    app.add_directive("explorable", ExplorableHere)
