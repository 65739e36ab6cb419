"""Pictures of a figure, drawn beforehand: one compact SVG file for each setting.

A page without a kernel shows them as images. An image sees neither the colours nor the fonts
of its page, so a file brings both. It has two inks: the light page's, and the dark page's for
who asks for ``file.svg#dark``.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from dropoutlab.output import FONTS, LIGHT

__all__ = ["LIMIT", "Room", "as_address", "as_file", "size"]

LIMIT = 300_000  # bytes that the frames of one figure may take together

# Those of the site: book/styles/10-tokens.css.
DARK = "#dfe2e8"
STYLE = (
    f":root{{color:{LIGHT};font-family:{FONTS};font-variant-numeric:tabular-nums}}"
    f"#dark:target{{color:{DARK}}}"
)
ROOM, PAINT = ("viewBox", "width", "height"), ("fill", "stroke-linejoin")
LENGTHS = ("x", "y", "width", "height", "transform")
FINE = 20  # what is smaller than so many units, such as a marker, keeps a second decimal


def as_file(svg: str) -> str:
    """Return an inline ``<svg>`` of Matplotlib's as a small file.

    Numbers are cut to a tenth of a unit, paths go by steps, and what cannot be seen goes.

    Examples
    --------
    >>> as_file('<svg viewBox="0 0 9 9"><g><path d="M 1 1 L 8 1 L 8 8 z"/></g></svg>')[-31:]
    '<path d="m1 1h7v7z"/></g></svg>'
    """
    root = ET.fromstring(svg)
    for element in root.iter():
        _shorten(element)
    _unwrap(root)
    _name_briefly(root)
    file = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg"} | _some(root, ROOM))
    ET.SubElement(file, "style").text = STYLE + _classes(root)
    drawing = ET.SubElement(file, "g", {"id": "dark"} | _some(root, PAINT))
    drawing.extend(list(root))
    return ET.tostring(file, encoding="unicode").replace(" />", "/>")


def as_address(file: str) -> str:
    """Return a file as an address of its own (``data:``), for pages that stand alone."""
    return "data:image/svg+xml," + quote(file, safe=" ='/:;,.-()!*@+?{}")


def size(svg: str) -> tuple[float, float]:
    """Return width and height of an inline ``<svg>``, in its own units."""
    _, _, width, height = re.findall(r'viewBox="([^"]+)"', svg)[0].split()
    return float(width), float(height)


class Room:
    """What the frames of one figure may take together.

    Parameters
    ----------
    n_frames : int
        How many there will be.

    Examples
    --------
    >>> Room(2).take("<svg/>")
    'data:image/svg+xml,%3Csvg/%3E'
    """

    def __init__(self, n_frames: int) -> None:
        self.n_frames = n_frames
        self._bytes: dict[str, int] = {}  # equal frames are one file

    def take(self, file: str) -> str:
        """Return the address of a frame, as :func:`as_address`; raise if there is no room."""
        self._bytes[file] = len(file.encode())
        if sum(self._bytes.values()) > LIMIT:
            each = sum(self._bytes.values()) / len(self._bytes) / 1000
            raise ValueError(
                f"explore() would put {self.n_frames} frames into the book, of about "
                f"{each:.1f} KB each and {self.n_frames * each:.0f} KB in all; at most "
                f"{LIMIT // 1000} KB are allowed for one figure: give fewer values, or draw "
                "fewer things"
            )
        return as_address(file)


def _some(element: ET.Element, names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in element.attrib.items() if name in names}


def _shorten(element: ET.Element) -> None:
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    for name, value in _some(element, ("d", *LENGTHS)).items():
        if name == "d":
            element.set(name, _steps(value))
        elif element.tag in (
            "text",
            "tspan",
            "use",
            "rect",
        ):  # what places an image must be exact
            element.set(name, re.sub(r"-?\d*\.\d+", lambda m: _number(float(m[0])), value))
    if "style" in element.attrib:
        style = re.sub(r"([:;]) ", r"\1", element.attrib["style"])
        element.set("style", style.replace("stroke-dashoffset:0;", ""))


def _unwrap(parent: ET.Element) -> None:
    """Take away groups that say nothing, and shapes without any paint."""
    children: list[ET.Element] = []
    for child in parent:
        _unwrap(child)
        if child.tag == "g" and not child.attrib:
            children.extend(child)
        elif child.attrib.get("style") != "fill:none" and (child.tag != "g" or len(child)):
            children.append(child)
    parent[:] = children


def _name_briefly(root: ET.Element) -> None:
    names = {e.attrib["id"]: f"i{k}" for k, e in enumerate(root.iter()) if "id" in e.attrib}
    for element in root.iter():
        for key, value in element.attrib.items():
            named = value[1:] if value.startswith("#") else value.removeprefix("url(#")[:-1]
            if key == "id":
                element.set(key, names[value])
            elif value.startswith(("#", "url(#")) and named in names:
                element.set(key, value.replace(named, names[named]))


def _classes(root: ET.Element) -> str:
    """Give styles that repeat a class each, and return the rules."""
    styles = [e.attrib["style"] for e in root.iter() if "style" in e.attrib]
    repeated = [style for style, count in Counter(styles).items() if count > 1]
    names = {style: f"c{k}" for k, style in enumerate(repeated)}
    for element in root.iter():
        if element.get("style") in names:
            element.set("class", names[element.attrib.pop("style")])
    return "".join(f".{name}{{{style}}}" for style, name in names.items())


def _steps(d: str) -> str:
    """Return the data of a path in steps from point to point."""
    numbers = [abs(float(number)) for number in re.findall(r"[\d.]+(?:e-?\d+)?", d)]
    unit = 0.01 if max(numbers, default=0) < FINE else 0.1
    return "".join(_compact(_commands(d, unit)))


def _commands(d: str, unit: float) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its arguments, as steps from the point before it."""
    x = y = start_x = start_y = 0
    for letter, text in re.findall(r"([MLCQz])([^MLCQz]*)", d):
        places = [round(float(number) / unit) for number in text.split()]
        steps = [(place - (y if i % 2 else x)) * unit for i, place in enumerate(places)]
        if letter == "z":
            x, y = start_x, start_y
            yield "z", []
            continue
        x, y = places[-2:]
        if letter == "M":
            start_x, start_y = x, y
        if letter == "L" and 0 in steps:
            yield ("v", steps[1:]) if steps[0] == 0 else ("h", steps[:1])
        else:
            yield letter.lower(), steps


def _compact(commands: Iterator[tuple[str, list[float]]]) -> Iterator[str]:
    """Yield the text of commands: what repeats is left out, and so are needless spaces."""
    before = ""
    for letter, numbers in commands:
        follows = letter == before or (letter == "l" and before == "m")
        words = [_number(number) for number in numbers]
        for i, word in enumerate(words):
            needs_space = (i > 0 or follows) and not word.startswith("-")
            words[i] = f" {word}" if needs_space else word
        yield ("" if follows and letter != "z" else letter) + "".join(words)
        before = letter


def _number(value: float) -> str:
    text = f"{value:.2f}" if abs(value) < FINE else f"{value:.1f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return re.sub(r"^(-?)0\.", r"\1.", text) if text != "-0" else "0"
