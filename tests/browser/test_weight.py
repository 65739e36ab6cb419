"""What a page weighs on the wire, besides its own figures."""

import gzip
import re

import pytest

KILOBYTE = 1000
LIMIT = 300 * KILOBYTE

pytestmark = pytest.mark.parametrize("root", ["http"], indirect=True)


def without_figures(html: bytes) -> bytes:
    """Leave out the drawings that belong to the chapter itself."""
    return re.sub(rb'<figure class="[^"]*dl-figure.*?</figure>', b"", html, flags=re.DOTALL)


def weigh(responses) -> dict[str, int]:
    """Return the bytes by kind: text gzipped, fonts as they are, pictures left out."""
    weights = {}
    for response in responses:
        kind = response.request.resource_type
        if kind == "image":
            continue
        body = response.body()
        if kind == "document":
            body = without_figures(body)
        if kind != "font":
            body = gzip.compress(body, compresslevel=6)
        weights[kind] = weights.get(kind, 0) + len(body)
    return weights


def test_a_page_is_light(reader, name, record_property):
    someone = reader()
    responses = []
    someone.page.on("response", lambda response: responses.append(response))

    someone.open(name).wait_for_load_state("networkidle")

    weights = weigh(responses)
    record_property("bytes", weights)
    print(name, weights, sum(weights.values()))
    assert {"document", "stylesheet", "script", "font"} <= set(weights)
    assert sum(weights.values()) <= LIMIT, f"{name}: {weights}"


def test_only_pages_with_formulae_load_what_shows_them(reader, name):
    someone = reader()
    page = someone.open(name)

    katex = [url for url in someone.requests if "katex" in url.lower()]

    assert bool(katex) == (page.locator(".katex").count() > 0)
