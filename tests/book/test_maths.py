"""Formulae are rendered while the book is built, and numbered by chapter."""

import re

import pytest

from dropoutlab_book.assets import bundles
from dropoutlab_book.maths import render


def test_formula_becomes_html_and_mathml():
    html = render(r"\frac{1}{1-p}", display=False)

    assert '<annotation encoding="application/x-tex">\\frac{1}{1-p}</annotation>' in html
    assert "<mfrac>" in html
    assert 'aria-hidden="true"' in html


def test_faulty_formula_says_what_is_wrong():
    with pytest.raises(ValueError, match="Undefined control sequence"):
        render(r"\fracc{1}{2}", display=True)


def test_style_sheet_names_fonts_in_one_format_that_never_hides_text():
    css = bundles()["katex/katex.css"]

    assert "woff2" in css
    assert ".ttf" not in css
    assert ".woff)" not in css
    assert css.count("font-display:swap") == css.count("@font-face")


def test_numbers_follow_the_chapter_and_stay_when_it_is_read_again(book):
    formulae = "$$\na\n$$ (first)\n\n$$\nb\n$$\n\n$$\nc\n$$ (second)\n\nSee {eq}`second`."
    book.write_chapter(text=formulae)
    first = book.build()
    numbers = re.findall(r'class="eqno">\(([\d.]+)\)', book.page())
    book.write_chapter(text=formulae + " And again.")
    book.build()

    assert first.returncode == 0, first.stdout + first.stderr
    assert numbers == ["1.1", "1.2"]
    assert "(1.2)</a>" in book.page()
    assert re.findall(r'class="eqno">\(([\d.]+)\)', book.page()) == numbers
