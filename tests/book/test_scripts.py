"""Modules become scripts: pages that lie on disk may load no modules."""

import re
from collections import Counter

import pytest

from dropoutlab_book.assets import SITE, bundles, one_script

DEFINED = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+|\[[^\]]*\])", re.MULTILINE)

BEGIN = {
    "present/talk.js": {"present", "cut", "blocksOf", "meant"},
    "reading/chapter.js": {"begin", "fitting", "storeAt", "endingIn"},
    "reading/yours.js": {"drawYours", "CurveChart", "describeOrder", "fitting"},
    "reading/map.js": {"begin", "merged", "readFile", "storeAt"},
}


@pytest.mark.parametrize("module", BEGIN)
def test_modules_are_one_script_with_each_name_once(module):
    script = one_script(SITE / "scripts" / module)

    names = Counter(
        name for found in DEFINED.findall(script) for name in re.findall(r"\w+", found)
    )

    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert BEGIN[module] <= set(names)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("folder", ["present", "reading"])
def test_each_module_is_in_one_of_the_scripts(folder):
    scripts = "".join(bundles().values())

    for module in (SITE / "scripts" / folder).glob("*.js"):
        own = DEFINED.search(module.read_text(encoding="utf-8").replace("export ", ""))
        assert own[0] in scripts, module.name


def test_what_is_imported_comes_first_and_once(tmp_path):
    (tmp_path / "a.js").write_text('import { c } from "./c.js";\nexport const a = c + 1;\n')
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c + 2;\n')
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    main = tmp_path / "main.js"
    main.write_text('import { a } from "./a.js";\nimport { b } from "./b.js";\ng(a + b);\n')

    lines = one_script(main).splitlines()

    inner = ["const c = 1;", "const a = c + 1;", "const b = c + 2;", "g(a + b);"]
    assert lines == ["(() => {", *inner, "})();"]


def test_missing_module_is_named(tmp_path):
    (tmp_path / "main.js").write_text('import { a } from "./gone.js";\n')

    with pytest.raises(FileNotFoundError, match=r"gone\.js"):
        one_script(tmp_path / "main.js")
