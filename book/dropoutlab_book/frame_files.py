"""The figures that ``explore()`` drew for every setting: files of their own.

An output holds them as ``data:`` addresses, so that it stands by itself. A page would carry
them all, though a reader looks at a few. So each becomes a file beside the pages, named by a
hash of its content, and the explorable loads those that are asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.osutil import relative_uri

FOLDER = "_images/frames"
STATE = re.compile(r'(?<=class="dl-state">).*?(?=</script>)', re.DOTALL)
FRAME = re.compile(r'(?<=")data:image/svg\+xml,([^"]*)(?=")')


def want_frames(app: Sphinx, config: Config) -> None:
    """Tell the notebooks, which inherit the environment, that this is a build."""
    os.environ["DROPOUTLAB_SITE"] = "1"


def write_frame(app: Sphinx, svg: str) -> str:
    """Write a frame, and return its place under the site's root."""
    name = f"{hashlib.sha256(svg.encode()).hexdigest()[:12]}.svg"
    target = Path(app.outdir) / FOLDER / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(svg, encoding="utf-8")
    return f"{FOLDER}/{name}"


def take_frames_out(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the address of a file where a page holds a frame."""
    if app.builder.format != "html":
        return
    page = app.builder.get_target_uri(docname)

    def address(frame: re.Match[str]) -> str:
        return relative_uri(page, write_frame(app, unquote(frame[1])))

    for raw in doctree.findall(nodes.raw):
        html = raw.astext()
        moved = STATE.sub(lambda state: FRAME.sub(address, state[0]), html)
        if moved != html:
            raw.children[:] = [nodes.Text(moved)]


def remove_old_frames(app: Sphinx, exception: Exception | None) -> None:
    """Remove the frames that no page asks for any more."""
    folder = Path(app.outdir) / FOLDER
    if exception is not None or not folder.is_dir():
        return
    pages = [page.read_text(encoding="utf-8") for page in Path(app.outdir).rglob("*.html")]
    for frame in folder.iterdir():
        if not any(f"{FOLDER}/{frame.name}" in page for page in pages):
            frame.unlink()


def setup(app: Sphinx) -> None:
    """Ask for frames before notebooks run, and move them when pages are written."""
    app.connect("config-inited", want_frames)
    app.connect("doctree-resolved", take_frames_out)
    app.connect("build-finished", remove_old_frames, priority=970)
