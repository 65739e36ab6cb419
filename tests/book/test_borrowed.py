"""What the book uses of other packages without their promise stands in one file."""

import re
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

import dropoutlab_book
from dropoutlab_book import borrowed

EMPTY = SimpleNamespace()
BIBTEX = SimpleNamespace(get_domain=lambda name: EMPTY)
USES = {
    "_warncount": ("sphinx", lambda: borrowed.warnings_so_far(EMPTY)),
    "HideCodeCellNode": ("myst-nb", borrowed.folded_cell),
    "NbMetadataCollector": ("myst-nb", lambda: borrowed.run_of(EMPTY, "page")),
    "single_nb_execution": ("myst-nb", borrowed.run_notebooks_with),
    "external_site_map": ("sphinx-external-toc", lambda: borrowed.parts_of_the_course(EMPTY)),
    "citation_refs": ("sphinxcontrib-bibtex", lambda: borrowed.cite(BIBTEX, "card")),
}


@pytest.mark.parametrize("name", USES)
def test_what_is_gone_is_named_with_its_package_and_where_we_use_it(name, monkeypatch):
    package, use = USES[name]
    monkeypatch.setattr(borrowed, "import_module", lambda module: EMPTY)

    with pytest.raises(ExtensionError) as caught:
        use()

    version = metadata.version(package)
    assert f"{package} {version} has no {name!r} any more" in str(caught.value)
    assert "book/dropoutlab_book/borrowed.py" in str(caught.value)


def test_no_other_file_uses_them_or_a_private_name():
    private = re.compile(rf"\b(?:{'|'.join(USES)})\b|\w\._[a-z]")
    files = Path(dropoutlab_book.__file__).parent.rglob("*.py")

    using = {file.name for file in files if private.search(file.read_text())}

    assert using == {"borrowed.py"}
