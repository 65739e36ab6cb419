"""Explorables on plain pages, opened from disk, each page made for its test."""

import pytest
from every_explorable import EVERY

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Explorables</title>
<meta name="viewport" content="width=device-width">
<style>:root {{ color-scheme: light dark }} [data-theme=light] {{ color-scheme: light }}
[data-theme=dark] {{ color-scheme: dark }}
body {{ margin: 1rem; font-family: sans-serif; background: light-dark(#fdfcf9, #15171c);
--pst-color-text-base: light-dark(#1f2329, #dfe2e8);
--pst-color-primary: light-dark(#2a4f9e, #a3bdf7) }}
</style></head><body><main><h1>Explorables</h1>{}</main></body></html>
"""


@pytest.fixture(params=EVERY, ids=lambda kind: kind.__name__)
def kind(request):
    """Each explorable."""
    return request.param


@pytest.fixture(autouse=True)
def on_the_site(monkeypatch):
    """What is shown is made as in a build."""
    monkeypatch.setenv("DROPOUTLAB_SITE", "1")


@pytest.fixture
def show(chromium, tmp_path):
    """Return a function that opens a page with the given HTML; see its `complaints`."""
    contexts = []

    def open_page(*html, before="", init="", hash="", **options):
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(PAGE.format(before + "".join(html)), encoding="utf-8")
        window = {"viewport": {"width": 1000, "height": 900}} | options
        contexts.append(chromium.new_context(**window))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(f"page error: {error}"))
        page.on(
            "console",
            lambda m: (
                page.complaints.append(m.text) if m.type in ("error", "warning") else None
            ),
        )
        if init:
            page.add_init_script(init)
        page.goto(path.as_uri() + hash)
        return page

    yield open_page
    for context in contexts:
        context.close()
