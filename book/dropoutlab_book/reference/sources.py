"""The sources of the pages, one for each public module. git ignores them.

They are made from the names of files alone: nothing is imported, so that a build in which
nothing changed stays quick.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

PACKAGE = "dropoutlab"
INDEX = "chapters/reference"

# The order of the modules. Those that are not named come last, in the order of the alphabet.
GROUPS = {
    "Nets and their training": ("nn", "gradcheck", "training", "torch_training", "history"),
    "Other people's models": ("doctor",),
    "Data": ("data",),
    "What was measured, and how sure it is": ("experiments", "stats", "claims"),
    "What a page shows": ("plots", "tables", "quiz", "explorables"),
}
OTHERS = "What these rest on"

PAGE = """\
:source: {source}

``{module}``
{underline}

.. library-module:: {module}
"""


@cache
def module_files() -> dict[str, Path]:
    """Return the file of each public module, by the module's full name."""
    package = Path(find_spec(PACKAGE).origin).parent
    files = {f"{PACKAGE}.{f.stem}": f for f in sorted(package.glob("[a-z]*.py"))}
    packages = sorted(package.glob("[a-z]*/__init__.py"))
    return files | {f"{PACKAGE}.{f.parent.name}": f for f in packages}


def grouped() -> dict[str, list[str]]:
    """Return the full names of the public modules, by group."""
    found = module_files()
    groups = {
        title: [m for m in (f"{PACKAGE}.{name}" for name in names) if m in found]
        for title, names in GROUPS.items()
    }
    named = {module for modules in groups.values() for module in modules}
    groups[OTHERS] = sorted(set(found) - named)
    return {title: modules for title, modules in groups.items() if modules}


def modules() -> list[str]:
    """Return the full names of the public modules, in order."""
    return [module for group in grouped().values() for module in group]


def docname(module: str) -> str:
    """Return the page of a module.

    Examples
    --------
    >>> docname("dropoutlab.nn")
    'chapters/reference/nn'
    """
    return f"{INDEX}/{module.split('.')[1]}"


def docnames() -> list[str]:
    """Return the pages of all modules, in order."""
    return [docname(module) for module in modules()]


def page(module: str, file: Path) -> str:
    """Return the source of a module's page."""
    depth = 3 if file.name == "__init__.py" else 2
    source = Path("lib", *file.parts[-depth:]).as_posix()
    return PAGE.format(source=source, module=module, underline="=" * (len(module) + 4))


def write_pages(app: Sphinx, config: Config) -> None:
    """Write the source of each module's page, and remove those of modules that are gone."""
    book = Path(app.srcdir)
    if not (book / f"{INDEX}.md").exists():
        return
    texts = {book / f"{docname(m)}.rst": page(m, file) for m, file in module_files().items()}
    (book / INDEX).mkdir(exist_ok=True)
    for path in set((book / INDEX).glob("*.rst")) - set(texts):
        path.unlink()
    for path, text in texts.items():
        # An unchanged file keeps its date, so that Sphinx does not read it again.
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Write the sources before the build looks for pages."""
    app.connect("config-inited", write_pages)
