"""The site's own style sheet and script, and the vendored fonts.

``book/styles/*.css`` become one ``book.css`` and ``book/scripts/*.js`` one ``book.js``, in
the order of their names, so that a page needs one request for each. Their addresses carry
the hash of the content, so a browser never mixes an old one with a new page. The modules in
``book/scripts/present`` become a script of their own, which a page loads when it is asked for;
those in ``book/scripts/reading`` become three: what each chapter needs, what draws *Your
predictions* once a reader comes near, and what the map needs.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from functools import cache
from importlib.resources import files
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from dropoutlab.explorables.bundle import EXPORT, IMPORT, without_comments, without_indents
from dropoutlab.output import minified

SITE = Path(__file__).parents[1]
VENDOR = SITE / "vendor"
# Made of modules: what a page loads by each name, and the module that begins it.
SCRIPTS = {
    "present.js": "present/talk.js",
    "reading.js": "reading/chapter.js",
    "your-predictions.js": "reading/yours.js",
    "course-map.js": "reading/map.js",
}
LIBRARY = Path(str(files("dropoutlab"))).resolve()


def woff2_only(css: str) -> str:
    """Return KaTeX's style sheet with fonts in the one format that every browser reads."""
    css = re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", css)
    return css.replace("font-display:block", "font-display:swap")


def together(folder: Path, suffix: str) -> str:
    """Return the files of a folder, one after the other."""
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted(folder.glob(f"*{suffix}")))


def one_script(module: Path) -> str:
    """Return a module and all that it imports as a script: each file once, imports first."""
    texts: dict[Path, str] = {}

    def collect(file: Path) -> None:
        if file in texts:
            return
        text = file.read_text(encoding="utf-8")
        for imported in IMPORT.findall(text):
            # A module of the library is the one that Python finds, wherever the book lies.
            ours = imported.partition("/lib/dropoutlab/")[2]
            collect(LIBRARY / ours if ours else (file.parent / imported).resolve())
        texts[file] = EXPORT.sub("", without_comments(IMPORT.sub("", text)))

    collect(module.resolve())
    return f"(() => {{\n{''.join(texts.values())}}})();\n"


@cache
def bundles() -> dict[str, str]:
    """Return the text of every style sheet and script, by its place under ``_static``."""
    katex = (VENDOR / "katex" / "katex.min.css").read_text(encoding="utf-8")
    return {
        "book.css": minified(together(SITE / "styles", ".css")),
        "book.js": together(SITE / "scripts", ".js"),
        **{
            name: without_indents(one_script(SITE / "scripts" / module))
            for name, module in SCRIPTS.items()
        },
        "katex/katex.css": woff2_only(katex),
    }


def address(name: str) -> str:
    """Return the place of a bundle under the site's root, with its hash."""
    digest = hashlib.sha256(bundles()[name].encode()).hexdigest()[:8]
    return f"_static/{name}?v={digest}"


def state_of_site() -> str:
    """Return a hash of everything that dresses the pages.

    A script may take modules of the library along, so the bundles count as well as the files.
    """
    digest = hashlib.sha256(repr(bundles()).encode())
    for file in sorted(SITE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(SITE).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def note_state(app: Sphinx, config: Config) -> None:
    """Record the state as a setting, so that pages are made again when it changes."""
    config.dropoutlab_site = state_of_site()


def write_assets(app: Sphinx, exception: Exception | None) -> None:
    """Put the bundles and the fonts beside the pages."""
    if exception is not None:
        return
    static = Path(app.outdir) / "_static"
    for name, text in bundles().items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text, encoding="utf-8")
    for package, target in (("katex", "katex/fonts"), ("source-serif-4", "fonts")):
        shutil.copytree(VENDOR / package / "fonts", static / target, dirs_exist_ok=True)
        shutil.copy(VENDOR / package / "LICENSE", static / target)


def setup(app: Sphinx) -> None:
    """Write the assets when the pages are there."""
    app.add_config_value("dropoutlab_site", "", "env", str)
    app.connect("config-inited", note_state)
    app.connect("build-finished", write_assets)
