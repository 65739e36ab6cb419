"""A frame is a small file that looks like the figure in the page."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from dropoutlab import plots
from dropoutlab.explorables.explore import frames
from dropoutlab.plots.svg import inline_svg

TOKENS = Path(__file__).parents[4] / "book" / "styles" / "10-tokens.css"


def points(d):
    """Return where a path goes, by a reader of our own of what SVG says of `m l h v c q z`."""
    x = y = 0.0
    start, met = (x, y), []
    for letter, text in re.findall(r"([mlhvcqzMLCQ])([^mlhvcqzMLCQ]*)", d):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        if letter == "z":
            x, y = start
            continue
        width = {"h": 1, "v": 1, "c": 6, "q": 4}.get(letter.lower(), 2)
        for i in range(0, len(numbers), width):
            part = numbers[i : i + width]
            if letter == "h":
                part = [part[0], 0.0]
            elif letter == "v":
                part = [0.0, part[0]]
            if letter.islower():
                part = [n + (y if k % 2 else x) for k, n in enumerate(part)]
            x, y = part[-2:]
            if letter in "mM" and i == 0:
                start = x, y
            met.extend(part)
    return met


@pytest.fixture
def figure():
    fig, ax = plots.new_axes()
    x = np.linspace(0, 1, 200)
    ax.plot(x, np.sin(9 * x), color="black")
    ax.plot(x[::20], x[::20], "o")
    ax.fill_between([0, 1, 1], [0, 1, 0.5])
    ax.set(xlabel="a < b & c", title=r"$\frac{p}{1-p}$")
    return inline_svg(fig, alt="It's <so>", prefix="q")


def drawn(text):
    """Return all elements below the root, by tag, leaving out groups and style sheets."""
    root = ET.fromstring(text)
    return [e for e in root.iter() if e.tag.split("}")[-1] not in ("svg", "g", "style", "defs")]


def test_paths_go_where_they_went(figure):
    before = [e for e in drawn(figure) if e.attrib.get("style") != "fill: none"]
    after = drawn(frames.as_file(figure))

    assert [e.tag for e in before] == [e.tag.split("}")[-1] for e in after]
    pairs = zip(before, after, strict=True)
    paths = [(b.attrib["d"], a.attrib["d"]) for b, a in pairs if "d" in b.attrib]
    assert len(paths) > 5
    for was, is_now in paths:
        np.testing.assert_allclose(points(is_now), points(was), atol=0.051)


def test_a_path_goes_on_from_where_a_closed_shape_began():
    d = "M 1 1 L 31 1 L 31 21 z M 50 50 L 80 60 L 70 90 z M 5 50 Q 9 9 8 70 z M 6 6 L 7 7"

    (path,) = drawn(frames.as_file(f'<svg viewBox="0 0 99 99"><path d="{d}"/></svg>'))

    np.testing.assert_allclose(points(path.attrib["d"]), points(d), atol=1e-9)


def test_small_shapes_stay_finer(figure):
    marker = max((d for d in re.findall(r' d="([^"]+)"', figure) if "C" in d), key=len)
    (is_now,) = [d for d in re.findall(r' d="([^"]+)"', frames.as_file(figure)) if "c" in d]

    np.testing.assert_allclose(points(is_now), points(marker), atol=0.0051)


def test_a_file_takes_half_the_room(figure):
    assert len(frames.as_file(figure)) < 0.55 * len(figure)


def test_a_file_stands_alone(figure):
    file = frames.as_file(figure)
    root = ET.fromstring(file)
    ids = {e.attrib["id"] for e in root.iter() if "id" in e.attrib}

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert re.search(r'viewBox="[^"]+"', file)[0] in figure
    referred = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", file))
    assert referred
    assert ids == referred | {"dark"}
    assert not re.search(r"metadata|aria-|role=|transform=\"rotate\(-0", file)


def test_images_of_ink_stay_as_they_are():
    fig, ax = plots.new_axes()
    plots.digits(ax, np.eye(28).reshape(1, 784))
    inline = inline_svg(fig, alt="A stroke.", prefix="q")

    file = frames.as_file(inline)

    picture = re.compile(r'<image [^>]*href="(data:[^"]+)"[^>]*transform="([^"]+)"')
    assert picture.search(file).groups() == picture.search(inline).groups()
    assert re.search(r'<rect [^>]*fill="currentColor" mask="url\(#i\d+\)"', file)


def test_an_address_holds_the_file_and_nothing_that_ends_an_attribute(figure):
    file = frames.as_file(figure)
    address = frames.as_address(file)

    assert not re.search(r'["<>#\n]', address)
    assert unquote(address.removeprefix("data:image/svg+xml,")) == file


def test_inks_and_fonts_are_those_of_the_site():
    tokens = TOKENS.read_text(encoding="utf-8")
    light, dark = re.search(r"--ink: light-dark\((#\w+), (#\w+)\)", tokens).groups()
    fonts = re.search(r"--sans: ([^;]+);", tokens)[1]

    assert (light, dark) == (frames.LIGHT, frames.DARK)
    assert fonts.replace('"', "'").replace(", ", ",") == frames.FONTS
