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
        name = self.arguments[0]
        if name not in explorables.__all__:
            raise self.error(
                f"there is no explorable {name!r}; there are {', '.join(explorables.__all__)}"
            )
        return [nodes.raw("", getattr(explorables, name)().html(), format="html")]


def setup(app: Sphinx) -> None:
    """Offer ``{explorable}``."""
    app.add_directive("explorable", ExplorableHere)
