"""A fault in a page fails every build until it is mended: the second as well as the first."""

import pytest

MENDED = {"text": "Prose.", "code": "print(6 * 7)"}

FAULTS = {
    "failing cell": (
        {"code": "raise RuntimeError('the claim does not hold')"},
        "does not hold",
    ),
    "broken reference": ({"text": "See [there](nowhere.md)."}, "nowhere"),
    "broken citation": ({"text": "As {cite}`nobody1999` said."}, "nobody1999"),
    "broken formula": ({"text": r"We have $\frac{1}{$ here."}, "formula"),
    "missing alt text in prose": (
        {"text": "![](picture.svg)"},
        "no alternative text",
    ),
    "missing alt text in an output": (
        {
            "code": "import matplotlib.pyplot as plt\n"
            "%matplotlib inline\n"
            "plt.plot([1, 2])\nplt.show()"
        },
        "no alternative text",
    ),
    "missing alt text in HTML": (
        {"code": "from IPython.display import HTML\nHTML('<img src=\"data:,\">')"},
        "no alternative text",
    ),
    "stray warning in an output": ({"code": "import warnings\nwarnings.warn('odd')"}, "stderr"),
}


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        # In `make test` two: one of a cell, one of the text.
        pytest.param(*case, id=name, marks=[] if i < 2 else pytest.mark.full)
        for i, (name, case) in enumerate(FAULTS.items())
    ],
)
def test_fault_fails_the_first_and_the_second_build(book, fault, message):
    (book.folder / "chapters" / "picture.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    )
    book.write_chapter(**fault)

    first, second = book.build(), book.build()

    assert first.returncode != 0
    assert second.returncode != 0
    assert message in first.stdout + first.stderr
    assert message in second.stdout + second.stderr


@pytest.mark.full
def test_mended_book_builds_again(book):
    book.write_chapter(text="See [there](nowhere.md).")
    failed = book.build()
    book.write_chapter(**MENDED)

    mended = book.build()

    assert failed.returncode != 0
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "42" in book.page()


def test_interrupted_build_does_not_hide_a_fault_from_the_next(book):
    book.write_chapter(text="See [there](nowhere.md).")
    book.build()
    # What a kill leaves behind: pages that were read, and no verdict on them.
    assert (book.folder / "_build" / ".doctrees.unfinished").exists()

    assert book.build().returncode != 0
