"""A Matplotlib figure as an SVG that can live inside a page."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from html import escape

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from dropoutlab.plots.axes import HOUSE
from dropoutlab.plots.images import INK_IMAGE

__all__ = ["inline_svg"]

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
# A fixed salt makes the same figure the same text in every build. Text stays text, in the
# font of the page; fonts of pages are narrower than the DejaVu Sans it is laid out for.
SETTINGS = {
    "svg.hashsalt": "dropoutlab",
    "svg.fonttype": "none",
    "image.composite_image": False,
}
MARGIN = 0.04  # inches that stay blank above and below what is drawn


def inline_svg(fig: Figure, *, alt: str | None, prefix: str) -> str:
    """Render `fig` as an ``<svg>`` element for HTML.

    Parameters
    ----------
    fig : Figure
    alt : str or None
        Accessible name; None hides the element from assistive technology, for a
        group that carries the name.
    prefix : str
        Begins every id, so that no two figures on a page meet.

    Returns
    -------
    str
        With a ``viewBox``, black as ``currentColor``, without metadata, style
        sheets or ids that nothing refers to.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> "currentColor" in inline_svg(fig, alt="Empty axes.", prefix="a")
    True
    """
    file = io.BytesIO()
    with rc_context(HOUSE | SETTINGS):
        fig.savefig(file, format="svg", bbox_inches=_drawn(fig), transparent=True)
    root = ET.fromstring(file.getvalue())
    _strip(root)
    _paint_with_ink(root)
    _prefix_ids(root, prefix)
    for element in list(root.iter()):
        # A fraction or a root has a bar beside its text, and lines that must stay apart.
        text = element.find(f"{SVG}text")
        if text is not None and element.find(f"{SVG}rect") is None:
            _join_glyphs(text)
        _shorten(element)
    return _element(root, _attributes(root, alt))


def _drawn(fig: Figure) -> Bbox:
    """Return the figure's full width and the height it uses: blank bands are cut off."""
    fig.draw_without_rendering()
    used, width = fig.get_tightbbox(), fig.get_figwidth()
    left, right = min(0, used.x0), max(width, used.x1)
    return Bbox.from_extents(left, used.y0 - MARGIN, right, used.y1 + MARGIN)


def _strip(root: ET.Element) -> None:
    # The style sheet inside a drawing would apply to the whole page.
    unwanted = {f"{SVG}style", f"{SVG}metadata"}
    for parent in list(root.iter()):
        for child in list(parent):
            empty = child.tag == f"{SVG}defs" and {e.tag for e in child} <= unwanted
            if child.tag in unwanted or empty:
                parent.remove(child)


def _paint_with_ink(root: ET.Element) -> None:
    """Turn images of ink into masks over the text colour: they follow dark mode too."""
    page = dict(zip(("x", "y", "width", "height"), root.attrib["viewBox"].split(), strict=True))
    n_masks = 0
    for parent in list(root.iter()):
        for at, image in enumerate(list(parent)):
            if image.tag != f"{SVG}image" or image.get("id") != INK_IMAGE:
                continue
            name, n_masks = f"ink{n_masks}", n_masks + 1
            stencil = ET.Element(
                f"{SVG}mask", {"id": name, "maskUnits": "userSpaceOnUse", **page}
            )
            stencil.append(image)
            parent[at] = ET.Element(f"{SVG}g")
            parent[at].append(stencil)
            paint = {"fill": "currentColor", "mask": f"url(#{name})"}
            parent[at].append(ET.Element(f"{SVG}rect", page | paint))


def _prefix_ids(root: ET.Element, prefix: str) -> None:
    used = set()
    for element in root.iter():
        for key, value in element.attrib.items():
            used |= set(re.findall(r"url\(#([^)]+)\)", value))
            if key.endswith("href") and value.startswith("#"):
                used.add(value[1:])
    for element in root.iter():
        if element.get("id") is not None and element.get("id") not in used:
            del element.attrib["id"]
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{prefix}-{value}")
            elif key.endswith("href") and value.startswith("#"):
                element.set(key, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{prefix}-"))


def _join_glyphs(text: ET.Element) -> None:
    """Let the letters of a formula flow: they come placed one by one, for another font."""
    glyphs = sorted(text.findall(f"{SVG}tspan"), key=lambda glyph: float(glyph.attrib["x"]))
    text[:] = glyphs
    run: ET.Element | None = None
    last = 0.0
    for glyph in glyphs:
        at, size = float(glyph.attrib["x"]), _font_size(glyph)
        follows = run is not None and 0 < at - last <= 1.05 * max(size, _font_size(run))
        if run is not None and follows and _alike(run, glyph):
            run.text = f"{run.text}{glyph.text}"
            text.remove(glyph)
        else:
            run = glyph
            if follows:
                del glyph.attrib["x"]
        last = at


def _alike(glyph: ET.Element, other: ET.Element) -> bool:
    return all(glyph.get(key) == other.get(key) for key in ("y", "style"))


def _font_size(glyph: ET.Element) -> float:
    return float(re.findall(r"font-size: ([\d.]+)px", glyph.attrib["style"])[0])


def _shorten(element: ET.Element) -> None:
    for key in ("d", "x", "y"):
        if key in element.attrib:
            value = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}", element.attrib[key])
            element.set(key, re.sub(r"\s+", " ", value).strip())
    if "style" in element.attrib:
        ink = element.attrib["style"].replace("#000000", "currentColor")
        element.set("style", re.sub(r";? ?font-family: [^;]*", "", ink))
    if element.tag == f"{SVG}image":
        element.set("style", "image-rendering:pixelated")
    if element.tag not in (f"{SVG}text", f"{SVG}tspan") or len(element):
        element.text = None
    element.tail = None


def _attributes(root: ET.Element, alt: str | None) -> str:
    _, _, width, height = (float(v) for v in root.attrib["viewBox"].split())
    name = 'aria-hidden="true"' if alt is None else f'role="img" aria-label="{escape(alt)}"'
    return (
        f'viewBox="0 0 {width:g} {height:g}" width="{width * 4 / 3:.0f}" '
        f'height="{height * 4 / 3:.0f}" fill="currentColor" stroke-linejoin="round" {name}'
    )


def _element(root: ET.Element, attributes: str) -> str:
    body = "".join(ET.tostring(child, encoding="unicode") for child in root)
    # HTML knows these namespaces without being told.
    body = re.sub(r' xmlns(:\w+)?="[^"]*"', "", body)
    body = re.sub(r"(</?)ns\d+:", r"\1", body)
    body = re.sub(r"\bns\d+:href=", "href=", body)
    return f"<svg {attributes}>{body}</svg>"
