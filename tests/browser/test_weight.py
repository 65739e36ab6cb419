"""What a page weighs on the wire, besides its own figures."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

BOOK = Path(__file__).parents[2] / "_build" / "html"
KILOBYTE = 1000
LIMIT = 300 * KILOBYTE


def without_figures(html: bytes) -> bytes:
    """Leave out the drawings that belong to the chapter itself; explorables count."""
    figure = rb'<figure class="(?![^"]*dl-explorable)[^"]*dl-figure.*?</figure>'
    return re.sub(figure, b"", html, flags=re.DOTALL)


def loaded(responses) -> list[tuple[str, bytes]]:
    """Return kind and content of what came over the wire, as it lies in the book.

    Not from the browser, which keeps the contents only for a while. What a page makes itself
    (a blob, a data address) came with the page.
    """
    return [
        (
            response.request.resource_type,
            (BOOK / unquote(urlsplit(response.url).path).lstrip("/")).read_bytes(),
        )
        for response in responses
        if response.url.startswith("http")
    ]


def weigh(responses) -> dict[str, int]:
    """Return the bytes by kind: text gzipped, fonts as they are, pictures left out."""
    weights = {}
    for kind, body in loaded(responses):
        if kind == "image":
            continue
        if kind == "document":
            body = without_figures(body)
        if kind != "font":
            body = gzip.compress(body, compresslevel=6)
        weights[kind] = weights.get(kind, 0) + len(body)
    return weights


def test_a_page_is_light(first_visit, record_property):
    name, _, responses = first_visit

    weights = weigh(responses)

    record_property("bytes", weights)
    print(name, weights, sum(weights.values()))
    assert {"document", "stylesheet", "script", "font"} <= set(weights)
    assert sum(weights.values()) <= LIMIT, f"{name}: {weights}"


def test_only_pages_with_formulae_load_what_shows_them(first_visit):
    _, someone, _ = first_visit

    katex = [url for url in someone.requests if "katex" in url.lower()]

    assert bool(katex) == (someone.page.locator(".katex").count() > 0)


def test_a_page_with_the_playground_is_light_on_scripts(first_visit):
    name, someone, responses = first_visit
    if someone.page.locator(".dl-explorable[aria-label='The playground']").count() == 0:
        pytest.skip("no playground")
    inline = someone.page.locator("script:not([src], [type*=json])").all_text_contents()
    files = [body for kind, body in loaded(responses) if kind == "script"]

    size = sum(len(gzip.compress(script, compresslevel=6)) for script in files)
    size += len(gzip.compress("".join(inline).encode(), compresslevel=6))

    shown = someone.page.locator(".dl-explorable").count()  # one page shows them all
    print(name, size)
    assert 10 * KILOBYTE < size <= max(60, 10 * shown) * KILOBYTE
