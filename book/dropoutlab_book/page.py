"""What the page template is given beyond the text: outline, description, links, assets."""

from __future__ import annotations

import re
import shutil
import textwrap
from functools import partial
from pathlib import Path

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from . import assets, curriculum, reading, reference, repository, take_away
from .icons import icon

# Of pages that do not open with a paragraph.
ABOUT = "Dropout Lab is a course on overfitting and dropout, with every claim measured."

THEME = Path(__file__).parents[1] / "theme"

# Pages that no source file stands for.
OWN_PAGES = ("index", "search")

# Style sheets and scripts that extensions add to every page, and the mark of a page that
# needs them (None: none does, the site's own styles stand for them).
NEEDED_WITH = {
    "documentation_options": None,
    "doctools": None,
    "sphinx_highlight": None,
    "pygments": None,
    "mystnb": None,
    "sphinx-design": "sd-",
    "design-tabs": "sd-tab",
}
# All that the kernel knew of its widgets: megabytes, and no page has a widget manager.
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def description(title: str, doctree: nodes.document | None) -> str:
    """Return one or two lines on what a page is about, for search engines and previews."""
    text = curriculum.opening(doctree) if doctree else ""
    return textwrap.shorten(text or f"{title}: {ABOUT}", 180, placeholder=" …")


def is_needed(asset: object, body: str) -> bool:
    """Whether a page needs a style sheet or script that an extension added to all pages."""
    if getattr(asset, "attributes", {}).get("type") == WIDGET_STATE:
        return False
    filename = str(getattr(asset, "filename", asset) or "")
    for name, mark in NEEDED_WITH.items():
        if name in filename:
            return mark is not None and f'class="{mark}' in body
    return True


def link(app: Sphinx, docname: str) -> dict[str, object]:
    """Return the number and the title of a page for the templates."""
    title = app.builder.render_partial(app.env.titles[docname])["title"]
    return {"docname": docname, "number": curriculum.number(docname), "title": title}


def neighbours(app: Sphinx, pagename: str) -> dict[str, object]:
    """Return the pages before and after this one, in the order of the outline."""
    order = [app.config.root_doc, *(d for p in curriculum.outline(app.env) for d in p.docnames)]
    modules = reference.sources.docnames()
    if pagename in modules:
        order = [reference.sources.INDEX, *modules]
    if pagename not in order:
        return {"previous": None, "following": None}
    place = order.index(pagename)
    before, after = order[:place][-1:], order[place + 1 :][:1]
    return {
        "previous": link(app, before[0]) if before else None,
        "following": link(app, after[0]) if after else None,
    }


def add_to_context(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the template what it shows."""
    body = context.get("body", "")
    above = curriculum.parent(app.env, pagename)
    part = curriculum.part_of(app.env, above or pagename)
    static = partial(context["pathto"], resource=True)
    context |= neighbours(app, pagename) | {
        "icon": icon,
        "asset": lambda name: static(assets.address(name)),
        "static": lambda name: static(f"_static/{name}"),
        "outline": [
            {"part": p, "pages": [link(app, d) for d in p.docnames]}
            for p in curriculum.outline(app.env)
        ],
        "part": part,
        "above": link(app, above) if above else None,
        "number": curriculum.number(pagename),
        "keeps_reading": curriculum.number(pagename) is not None,
        "has_predictions": reading.PREDICTION.search(body) is not None,
        "has_map": 'class="course-map"' in body,
        "description": description(Markup(context["title"]).striptags(), doctree),
        "has_maths": 'class="katex' in body,
        "css_files": [f for f in context["css_files"] if is_needed(f, body)],
        "script_files": [f for f in context["script_files"] if is_needed(f, body)],
        "is_notebook": context.get("page_source_suffix") == ".ipynb",
        "repository": repository.links(app, pagename),
        "install_lines": take_away.install_lines(app),
        "sections": re.search(r"<ul>.*</ul>", context["toc"].split("</a>", 1)[-1], re.DOTALL)
        if context.get("toc")
        else None,
    }


def start_at_root(app: Sphinx, exception: Exception | None) -> None:
    """Make the landing page the site's ``index.html`` too, rather than a redirect to it."""
    if exception is None:
        root = Path(app.builder.get_outfilename(app.config.root_doc))
        shutil.copyfile(root, root.with_name("index.html"))


def remove_old_pages(app: Sphinx, exception: Exception | None) -> None:
    """Remove the pages of chapters that are gone; Sphinx would leave them to be found."""
    if exception is not None:
        return
    kept = {Path(app.builder.get_outfilename(d)) for d in (*app.env.found_docs, *OWN_PAGES)}
    for page in set(Path(app.outdir).rglob("*.html")) - kept:
        # Folders such as _static hold files, not pages.
        if not page.relative_to(app.outdir).parts[0].startswith("_"):
            page.unlink()


def setup(app: Sphinx) -> None:
    """Register the theme and what its templates use."""
    app.add_html_theme("dropoutlab", str(THEME))
    # Jupyter Book sets it whether or not a book has comments, and Sphinx wants to know it.
    app.add_config_value("comments_config", {}, "html")
    # After the extensions that add files to the page.
    app.connect("html-page-context", add_to_context, priority=900)
    app.connect("build-finished", start_at_root, priority=950)
    app.connect("build-finished", remove_old_pages, priority=960)
