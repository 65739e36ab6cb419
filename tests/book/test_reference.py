"""The library reference: complete, made from the docstrings, and leading nowhere wrong."""

import inspect
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from dropoutlab_book.reference.docstrings import restructured
from dropoutlab_book.reference.public import docstring, home, public, public_names, summary
from dropoutlab_book.reference.sources import docname, modules

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "_build" / "html"
NAMES = [(module, name) for module in modules() for name in public_names(module)]
OWN = [(module, name) for module, name in NAMES if home(module, name) == f"{module}.{name}"]

# Exceptions and plain records need no example: they come from what has one. Nor do these.
WITHOUT_EXAMPLE = {
    "dropoutlab.data.mnist": "needs a file that is not everywhere",
    "dropoutlab.data.ratings": "needs a file that is not everywhere",
    "dropoutlab.experiments.Results": "made by run, which has one",
    "dropoutlab.experiments.load_recorded": "needs a recording",
    "dropoutlab.explorables.Explorable": "a base; Overfit has one",
    "dropoutlab.loop.train_epochs": "fit of either library is its example",
    "dropoutlab.nn.Optimizer": "a base; SGD has one",
    "dropoutlab.nn.load": "shown with save",
    "dropoutlab.predictions.ChoicePrediction": "made by predict_choice, which has one",
    "dropoutlab.predictions.CurvePrediction": "made by predict_curve, which has one",
    "dropoutlab.predictions.NumberPrediction": "made by predict_number, which has one",
    "dropoutlab.predictions.OrderPrediction": "made by predict_order, which has one",
    "dropoutlab.predictions.Prediction": "a base; predict_choice has one",
}


def needs_example(thing):
    if not inspect.isclass(thing):
        return callable(thing)
    is_record = hasattr(thing, "__dataclass_fields__") or issubclass(thing, tuple)
    return not (is_record or issubclass(thing, BaseException))


@pytest.mark.parametrize("module", modules())
def test_module_says_what_it_is_and_what_it_offers(module):
    assert summary(module).endswith((".", "?"))
    assert public_names(module)


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[f"{m}.{n}" for m, n in NAMES])
def test_public_name_is_documented(module, name):
    assert public(module, name) is not None
    assert summary(module, name).endswith((".", "?"))


@pytest.mark.parametrize(
    ("module", "name"),
    [n for n in OWN if needs_example(public(*n)) and ".".join(n) not in WITHOUT_EXAMPLE],
    ids=lambda name: name.removeprefix("dropoutlab."),
)
def test_public_name_has_an_example(module, name):
    """What the example prints is checked by running it, as a doctest."""
    assert any(line.lstrip().startswith(">>> ") for line in docstring(module, name))


def test_exemptions_are_of_what_exists():
    assert WITHOUT_EXAMPLE.keys() <= {".".join(n) for n in OWN}


class Reference:
    """A small book with the reference, and a copy of the library that it documents."""

    def __init__(self, book):
        self.book, self.page = book, book.page
        self.package = book.folder / "lib" / "dropoutlab"
        shutil.copytree(ROOT / "lib" / "dropoutlab", self.package)
        shutil.copy(ROOT / "chapters" / "reference.md", book.folder / "chapters")
        toc = (ROOT / "_toc.yml").read_text()
        entry = r"      - file: chapters/reference\n.*?(?=      - file)"
        (book.folder / "_toc.yml").write_text(
            "format: jb-book\nroot: intro\nparts:\n- caption: Appendices\n  chapters:\n"
            + re.search(entry, toc, re.DOTALL)[0]
            + "      - file: chapters/01_page\n      - file: chapters/bibliography\n"
        )

    def build(self, **environment):
        """Build the book; return whether it went well, and what was said."""
        result = self.book.build_anew(PYTHONPATH=str(self.package.parent), **environment)
        return result.returncode == 0, result.stdout + result.stderr


class Built:
    """The pages of the built book."""

    def page(self, name):
        """Return the HTML of a page."""
        return (BOOK / f"{name}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def built():
    if not BOOK.exists():
        pytest.fail("There is no built book to look at. Run `make book` first.", pytrace=False)
    return Built()


@pytest.fixture
def reference(book):
    return Reference(book)


@pytest.mark.parametrize("module", modules())
def test_every_public_name_has_an_anchor_and_a_signature(built, module):
    page = built.page(docname(module))

    for name in public_names(module):
        assert page.count(f'id="{name}"') == 1
        is_own = home(module, name) == f"{module}.{name}"
        assert page.count(f'id="{module}.{name}"') == is_own


@pytest.mark.parametrize(("module", "name"), [n for n in OWN if inspect.isclass(public(*n))])
def test_what_a_class_inherits_from_an_unnamed_base_stands_with_it(built, module, name):
    page, thing = built.page(docname(module)), public(module, name)
    described = {public(*own) for own in OWN if inspect.isclass(public(*own))}
    for base in thing.__mro__:
        if base is not thing and (base in described or not base.__module__.startswith("drop")):
            break  # what this one has, and what that one inherits, stands there
        for member, value in vars(base).items():
            if not member.startswith("_") and inspect.getdoc(value):
                is_code = callable(value) or isinstance(value, property)
                assert not is_code or f'id="{module}.{name}.{member}"' in page


@pytest.mark.parametrize("module", modules())
def test_no_markup_is_left_in_the_text(built, module):
    page = built.page(docname(module))
    article = re.search(r"<article.*?</article>", page, re.DOTALL)[0]
    prose = re.sub(r"<(pre|code|annotation)\b.*?</\1>", "", article, flags=re.DOTALL)

    assert re.findall(r":(?:py|obj|class|func|meth|math):|``|&lt;class|\bat 0x", prose) == []


def test_list_of_modules_leads_to_every_public_name(built):
    page = built.page("chapters/reference")

    for module, name in OWN:
        assert f'href="{docname(module)[9:]}.html#{module}.{name}"' in page


def test_sidebar_lists_the_reference_once_and_marks_it_on_its_pages(built):
    page = built.page("chapters/reference/stats")
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)[0]

    assert re.findall(r'href="([^"]*reference[^"]*)"', contents) == ["../reference.html"]
    assert re.search(r'href="../reference.html"\s+aria-current="true"', contents)
    assert 'class="eyebrow"><a href="../reference.html">Library reference</a>' in page


def test_docstring_shows_formulae_parameters_types_and_examples(built):
    page = built.page("chapters/reference/stats")
    entry = page[page.index('id="paired_difference"') :]
    entry = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", entry)))

    assert "paired_difference(a, b, *, level=0.95, of='seeds')" in entry
    assert re.search(r"Parameters: ?a, b ?array_like, shape \(n,\) ?One number a seed", entry)
    assert ">>> print(paired_difference(" in entry
    assert 'class="katex"' in page


def test_words_on_types_lead_to_other_modules(built):
    page = built.page("chapters/reference/training")

    assert '<dt><a class="reference internal" href="history.html#dropoutlab.history' in page


def test_class_in_single_backticks_leads_to_the_module_that_describes_it(built):
    page = built.page("chapters/reference/torch_training")

    about = page.split('id="copy_weights"')[0]
    assert 'href="history.html#dropoutlab.history.History"' in about


@pytest.mark.full
def test_signature_leads_to_the_line_of_its_source(reference):
    is_well, said = reference.build(COURSE_REPOSITORY_URL="https://github.com/ada/lab")
    assert is_well, said
    page = reference.page("chapters/reference/stats")
    line = inspect.getsourcelines(public("dropoutlab.stats", "paired_difference"))[1]
    lib = "https://github.com/ada/lab/blob/main/lib/dropoutlab/stats"

    assert f'class="to-source" href="{lib}/student.py#L{line}"' in page
    assert f'href="{lib}/__init__.py" class="source"' in page


@pytest.mark.full
def test_change_of_the_library_reaches_its_pages(reference):
    assert reference.build()[0]
    student = reference.package / "stats" / "student.py"
    student.write_text(student.read_text().replace("paired seed by seed.", "seed by seed."))
    fresh = '"""A new one."""\n__all__ = ["LIMIT"]\n#: The most.\nLIMIT = 7\n'
    (reference.package / "fresh.py").write_text(fresh)
    (reference.package / "quiz.py").unlink()

    is_well, said = reference.build()

    assert is_well, said
    page = reference.page("chapters/reference/stats")
    assert "seed by seed." in page
    assert "paired seed by seed." not in page
    assert 'id="LIMIT"' in reference.page("chapters/reference/fresh")
    index = reference.page("chapters/reference")
    assert 'href="reference/fresh.html#dropoutlab.fresh.LIMIT"' in index
    assert "dropoutlab.quiz" not in index
    html = reference.book.folder / "_build" / "html" / "chapters" / "reference"
    assert not (html / "quiz.html").exists()
    assert 'class="to-source"' not in page  # no repository is known


@pytest.mark.full
def test_faults_in_docstrings_fail_the_build(reference):
    (reference.package / "fresh.py").write_text(
        '"""See :func:`nothing` and `dropoutlab.nn.Nothing`, `whatever`."""\n'
        "__all__ = ['missing', 'silent']\ndef silent(): ...\n"
    )

    is_well, said = reference.build()

    assert not is_well
    assert "dropoutlab.fresh.silent has no docstring" in said
    assert "dropoutlab.fresh.missing has no docstring" in said
    assert "nothing is called nothing" in said
    assert "nothing is called dropoutlab.nn.Nothing" in said
    assert "whatever" not in said


def test_entry_without_a_description_stays_an_entry():
    lines = ["Draw.", "", "Returns", "-------", "Axes", "", "Raises", "------", "TypeError"]

    text = "\n".join(restructured(lines))

    assert "    Axes\n        ..\n" in text
    assert text.endswith("    ``TypeError``\n        ..")


def test_stars_of_arguments_are_shown():
    lines = ["Parameters", "----------", "*figs : Figure", "    Given as `figs`."]

    assert [line.strip() for line in restructured(lines)[2:]] == [
        r"**\*figs** : Figure",
        "Given as ``figs``.",
    ]
