"""Several browser modules become one text that a browser accepts."""

import re
from collections import Counter
from pathlib import Path

import pytest

import dropoutlab
from dropoutlab.explorables import bundle

HOME = Path(dropoutlab.__file__).parent
FOLDERS = sorted(view.parent.relative_to(HOME).as_posix() for view in HOME.rglob("view.js"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of modules in place of the explorables' own."""
    monkeypatch.setattr(bundle, "files", lambda package: tmp_path)
    bundle.browser_module.cache_clear()
    yield tmp_path
    bundle.browser_module.cache_clear()


def write(folder, **texts):
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".js")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_what_is_imported_comes_first_and_once(folder):
    write(
        folder,
        shared__a="export const a = 1;\n",
        shared__b='import { a } from "./a.js";\nexport const b = a + 1;\n',
        own__view='import { b } from "../shared/b.js";\nimport { a } from "../shared/a.js";\n\n'
        "export default { a, b };\n",
    )

    text = bundle.browser_module("own/view.js")

    assert text == "const a = 1;\nconst b = a + 1;\n\nexport default { a, b };\n"


def test_an_import_may_span_lines(folder):
    write(
        folder,
        a="export const a = 1, b = 2;\n",
        top='import {\n  a,\n  b,\n} from "./a.js";\nexport default a + b;\n',
    )

    assert bundle.browser_module("top.js") == "const a = 1, b = 2;\nexport default a + b;\n"


def test_comments_stay_at_home(folder):
    write(
        folder,
        top="// Why.\n/**\n * What.\n */\nconst a = 1; // One.\n"
        'export default [a, "; // no comment"]; // 1\n',
    )

    text = bundle.browser_module("top.js")

    assert text == 'const a = 1;\nexport default [a, "; // no comment"];\n'


def test_types_stay_at_home_and_take_nothing_with_them(folder):
    code = "/** @type {Node} */ (a).b();\nc((/** @type {number} */ d) => d);\n"
    write(folder, top=f"{code}/** What. */\nexport default 1;\n")

    text = bundle.browser_module("top.js")

    assert text == "(a).b();\nc((d) => d);\nexport default 1;\n"


@pytest.mark.parametrize("use", ["used()", "[...used()]", "{ used }", "a ? used : 0"])
def test_what_is_used_in_any_form_stays(folder, use):
    write(
        folder,
        a="export function used() {\n  return 1;\n}\n",
        top=f'import {{ used }} from "./a.js";\nexport default {use};\n',
    )

    assert "function used() {" in bundle.browser_module("top.js")


def test_what_nothing_names_is_left_out_with_what_it_alone_uses(folder):
    write(
        folder,
        a="function deep() {\n  return 1;\n}\n"
        "export function idle() {\n  return deep() + idle();\n}\n"
        "export class Idle {\n  idle() {}\n}\nexport function used() {\n}\n",
        top='import { used } from "./a.js";\nexport default { idle: used, x: "idle" };\n',
    )

    assert bundle.browser_module("top.js") == (
        'function used() {\n}\nexport default { idle: used, x: "idle" };\n'
    )


def test_a_method_that_nothing_names_is_left_out(folder):
    write(
        folder,
        top="class Pad {\n  constructor() {\n    this.a();\n  }\n\n"
        "  a() {\n    return 1;\n  }\n\n"
        "  idle(x) {\n    return x;\n  }\n}\nexport default new Pad();\n",
    )

    text = bundle.browser_module("top.js")

    assert "constructor() {" in text
    assert "  a() {" in text
    assert "idle" not in text


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        'import { a } from "elsewhere";',
        'import "./a.js";',
    ],
)
def test_other_forms_of_import_are_refused(folder, line):
    write(folder, a="export const a = 1;\n", top=f"{line}\nexport default a;\n")

    with pytest.raises(ValueError, match=r"top\.js must import as in"):
        bundle.browser_module("top.js")


def test_a_missing_file_is_named(folder):
    write(folder, top='import { a } from "./a.js";\nexport default a;\n')

    with pytest.raises(FileNotFoundError, match=r"a\.js"):
        bundle.browser_module("top.js")


@pytest.mark.parametrize("name", FOLDERS)
def test_no_name_stands_for_two_things(name):
    names = re.findall(
        r"^(?:async )?(?:const|let|class|function) (?:\[([^\]]+)\]|(\w+))",
        bundle.browser_module(f"{name}/view.js"),
        flags=re.M,
    )
    counts = Counter(re.findall(r"\w+", " ".join(several or one for several, one in names)))

    assert len(counts) > 5
    assert [name for name, count in counts.items() if count > 1] == []
