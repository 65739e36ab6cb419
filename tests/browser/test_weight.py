"""What a page weighs on the wire, besides its own figures."""

import gzip
import re

KILOBYTE = 1000
LIMIT = 300 * KILOBYTE


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
