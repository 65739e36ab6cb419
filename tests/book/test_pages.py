"""What the site makes of a book: outline, map, citations, folds, tables, search."""

import json
import re
from pathlib import Path

import pytest

from dropoutlab_book.icons import icon

VENDOR = Path(__file__).parents[2] / "book" / "vendor"
CARD = """from IPython.display import HTML
HTML('<p>Dropout helps. <cite data-cite="{key}">{key}</cite></p>')"""
TABLE = """from IPython.display import HTML
HTML("<table><tr><th></th><th>loss</th></tr><tr><td>1</td><td>0.3</td></tr></table>")"""
FOLDS = {
    "the solution": ({"tags": ["hide-cell"]}, "Show the solution"),
    "the code": ({"tags": ["hide-input"]}, "Show the code"),
    "the output": ({"tags": ["hide-output"]}, "Show the output"),
    "a hint": (
        {"tags": ["hide-cell"], "mystnb": {"code_prompt_show": "Show a hint"}},
        "Show a hint",
    ),
}


def built(book, **environment):
    """Build a book that must build."""
    result = book.build(**environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return book


@pytest.fixture(scope="module")
def course(book_in, tmp_path_factory):
    """A built book with something of everything, for the tests that only look."""
    book = book_in(tmp_path_factory.mktemp("course"))
    (book.folder / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: chapters/01_page\n"
        "- file: chapters/02_formulae\n- file: chapters/bibliography\n"
    )
    book.write_intro("As {cite:t}`srivastava2014` said {cite:p}`hinton2012`.")
    book.write_chapter(
        text=":::{admonition} A hint\n:class: dropdown\nLook again.\n:::",
        more=[
            *((f"print('{name}')", metadata) for name, (metadata, _) in FOLDS.items()),
            (TABLE, {}),
            (CARD.format(key="baldi2013"), {}),
        ],
    )
    book.write_chapter(
        text="## A section\n\nWe drop $\\tfrac{1}{2}$ of the units.", name="02_formulae"
    )
    return built(book)


def test_chapter_is_numbered_by_its_file_name(course):
    page = course.page()
    assert "<title>1 · A page · Dropout Lab</title>" in page
    assert "Chapter 1" in page
    assert '<span class="number">1</span>' in course.page("intro")


def test_part_is_numbered_where_it_holds_chapters(book):
    (book.folder / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nparts:\n"
        "- caption: Overfitting\n  chapters:\n  - file: chapters/01_page\n"
        "- caption: Appendices\n  chapters:\n  - file: chapters/bibliography\n"
    )
    book.write_intro("Text {cite}`srivastava2014`.\n\n```{course-map}\n```")

    built(book)

    assert "Part I · Overfitting" in book.page()
    assert 'class="eyebrow">Appendices' in book.page("chapters/bibliography")
    part = r'<div class="course-map">.*?</section>'
    course_map = re.search(part, book.page("intro"), re.DOTALL)[0]
    assert 'href="chapters/01_page.html"' in course_map
    assert "Appendices" not in course_map


@pytest.mark.full
def test_map_follows_the_chapter_it_quotes(book):
    book.write_intro("Text {cite}`srivastava2014`.\n\n```{course-map}\n```")
    book.write_chapter(text="When does it stop?")
    built(book)
    book.write_chapter(text="When does it begin?")
    built(book)

    assert "When does it begin?" in book.page("intro")
    assert 'content="When does it begin?"' in book.page()


def test_new_title_reaches_the_contents_of_every_page(book):
    built(book)
    bibliography = book.folder / "chapters" / "bibliography.md"
    bibliography.write_text("# Sources\n\n```{bibliography}\n```\n")
    built(book)

    assert "<span>Sources</span>" in book.page()


def test_card_cites_author_and_year_and_links_the_entry(course):
    """Nothing but the card cites it."""
    link = re.search(
        r'<cite data-cite="baldi2013"><a href="([^"]+)">([^<]+)</a>', course.page()
    )
    assert link[2] == "Baldi and Sadowski (2013)"
    target, anchor = link[1].split("#")
    assert target == "bibliography.html"
    assert f'id="{anchor}"' in course.page("chapters/bibliography")


def test_card_with_an_unknown_source_fails_the_build(book):
    book.write_chapter(code=CARD.format(key="nobody1999"))

    result = book.build()

    assert result.returncode != 0
    assert "a claim cites 'nobody1999'" in result.stdout + result.stderr


def test_citation_in_the_text_has_round_brackets(course):
    text = re.sub(r"<[^>]+>", "", course.page("intro"))
    assert "Srivastava et al. (2014)" in text
    assert "(Hinton et al., 2012)" in text


@pytest.mark.parametrize("name", FOLDS)
def test_folded_cell_says_what_it_hides(course, name):
    folds = course.page().split("<summary>")[1:]
    [summary] = [f.split("</summary>")[0] for f in folds if f"</span>{name}\n</pre>" in f]

    assert f'<span class="fold-show">{FOLDS[name][1]}</span>' in summary
    assert "aria-label" not in summary


def test_dropdown_folds_without_a_script(course):
    assert '<details class="fold"><summary>A hint</summary>' in course.page()


def test_empty_header_of_a_data_frame_is_no_header(course):
    assert "<th></th>" not in course.page()
    assert "<th>loss</th>" in course.page()


def test_search_index_holds_sections_and_no_formulae(course):
    script = (course.folder / "_build/html/_static/search-index.js").read_text()
    pages = json.loads(script.removeprefix("dropoutlabIndex(").removesuffix(");\n"))
    page = next(p for p in pages if p[0] == "chapters/02_formulae.html")
    assert page[1:3] == [2, "A page"]
    sections = {heading: text for _, heading, text in page[3]}
    assert sections["A section"].startswith("We drop … of the units.")
    assert "42" in sections["A section"]


def test_start_page_is_no_redirect(course):
    assert course.page("index") == course.page("intro")
    assert "http-equiv" not in course.page("index")


@pytest.mark.full
def test_page_of_a_chapter_that_is_gone_goes_too(book):
    built(book)
    old = book.folder / "_build" / "html" / "chapters" / "02_gone.html"
    old.write_text("An old page.")

    built(book)

    assert not old.exists()
    assert (book.folder / "_build" / "html" / "search.html").exists()


@pytest.mark.full
def test_change_of_style_reaches_a_built_book(book):
    built(book)
    before = book.page()
    with (book.folder / "book" / "styles" / "20-text.css").open("a") as sheet:
        sheet.write("p { color: red; }")

    built(book)

    address = re.compile(r"book\.css\?v=\w+")
    assert address.search(book.page())[0] != address.search(before)[0]


def test_pages_carry_nothing_that_they_do_not_need(course):
    # The site's script, and on chapters the one that keeps what is read.
    assert re.findall(r"<script[^>]* src=", course.page()) == ["<script defer src="] * 2
    assert len(re.findall(r'rel="stylesheet"', course.page())) == 1


def test_only_pages_with_formulae_link_their_style_sheet(course):
    assert "katex.css" in course.page("chapters/02_formulae")
    assert "katex.css" not in course.page()
    assert "katex.css" not in course.page("intro")


def test_icon_is_decoration_in_the_colour_of_the_text():
    assert str(icon("moon")).startswith('<svg class="icon" aria-hidden="true" viewBox="')
    assert "currentColor" in icon("moon")


def test_missing_icon_is_an_error():
    with pytest.raises(FileNotFoundError):
        icon("unicorn")


def test_every_vendored_folder_has_its_licence_and_is_listed():
    readme = (VENDOR / "README.md").read_text()

    for folder in (p for p in VENDOR.iterdir() if p.is_dir()):
        assert list(folder.glob("LICENSE*")), folder
        assert re.search(rf"`{folder.name}/` \| `[^`]+` \| [\d.]+ \| \w", readme), folder
