"""What the site makes of the whole book: ledger, links to the glossary, annotations, times."""

import json
import re

import pytest

CLAIMS = """from IPython.display import display
from dropoutlab.claims import Reported, below, claim, equal
from dropoutlab.stats import Interval
low = Interval(-1.5, -1.7, -1.3, n=8)
display(claim("It's <small>", low, below(0), paper=Reported("So & so.", below(0)),
              source="baldi2013"))
claim("Recorded", low, below(0), recorded="how-much")"""
EXACT = "from dropoutlab.claims import claim, equal\nclaim('Six', 6, equal(6))"
APPENDICES = {
    "ledger": "# Ledger\n\n```{ledger}\n```\n",
    "runs": "# Runs\n\n```{chapter-times}\n```\n\n```{recorded-runs}\n```\n",
    "glossary": "# Glossary\n\n```{glossary}\nmask\n  Coins.\n\nthinned network\n  Net.\n```\n",
}
MANIFEST = {
    **{"experiment": "tiny", "description": "Errors & more", "runs": {"total": 1800}},
    **{"finished": "2026-01-02T03:04:05+00:00", "command": "python -m tiny --record"},
    "machine": {"platform": "Linux-6.1-x86_64", "processors": 2},
    "versions": {"numpy": "2.4.6"},
}
MANIFEST["runs"]["seconds"] = 2982.0


@pytest.fixture(scope="module")
def book(book_in, tmp_path_factory):
    """Two chapters with claims, and all the appendices."""
    book = book_in(tmp_path_factory.mktemp("appendices"))
    for name, text in APPENDICES.items():
        (book.folder / "chapters" / f"{name}.md").write_text(text)
    listed = ["ledger", "01_page", "02_page", "bibliography", "glossary", "runs"]
    (book.folder / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n"
        + "".join(f"- file: chapters/{name}\n" for name in listed)
    )
    (book.folder / "results" / "tiny").mkdir(parents=True)
    (book.folder / "results" / "tiny" / "manifest.json").write_text(json.dumps(MANIFEST))
    book.write_chapter(
        text="*Why a mask?*\n\n## A mask\n\nA [mask](bibliography.md), `mask`, unmasked, "
        "Masks, and mask.\n\nThinned networks.",
        code=CLAIMS,
    )
    book.write_chapter(code=EXACT, name="02_page")
    result = book.build()
    assert result.returncode == 0, result.stdout
    return book


def rows(html):
    """Return the cells of each row of the body of each table."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    return [
        [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]
        for body in bodies
    ]


def test_ledger_lists_every_claim_once_and_recorded_ones_apart(book):
    live, recorded = rows(book.page("chapters/ledger"))

    assert [row[0] for row in live] == ["1", "2"]
    assert live[0][2:4] == ["−1.50 ± 0.20 (95 %, 8 seeds)", "below 0"]
    assert live[0][4].startswith("So &amp; so. <cite")
    assert live[0][5] == "agrees"
    assert live[1][2:] == ["6", "equal to 6", "", ""]
    assert [row[-1] for row in recorded] == ["<code>how-much</code>"]


def test_ledger_counts_what_it_lists(book):
    text = re.sub(r"<[^>]+>", "", book.page("chapters/ledger"))

    assert "2 claims are measured" in text
    assert "1 are exact, 1 rest on an interval" in text
    assert "1 of these on 5 runs or more. 1 more rest on recorded runs." in text
    assert "agrees: 1, not visible at our scale: 0, contradicts: 0" in text


def test_ledger_links_to_the_card_itself(book):
    [link, _], _ = rows(book.page("chapters/ledger"))
    page, anchor = re.search(r'href="([^"]+)"', link[1])[1].split("#")

    card = re.search(
        rf'<article[^>]* id="{anchor}".*?</article>', book.page("chapters/01_page")
    )
    assert page == "01_page.html"
    assert "It&#x27;s &lt;small&gt;" in link[1]
    assert "It&#x27;s &lt;small&gt;" in card[0]


def test_ledger_links_its_papers(book):
    [row, _], _ = rows(book.page("chapters/ledger"))

    assert "bibliography.html#" in row[4]
    assert "Baldi and Sadowski (2013)" in row[4]


def test_ledger_follows_the_chapters(book):
    """The ledger itself has not changed."""
    book.write_chapter(code=EXACT.replace("Six", "Half a dozen"), name="02_page")
    assert book.build().returncode == 0

    assert "Half a dozen" in book.page("chapters/ledger")


def test_first_mention_of_a_term_in_running_text_is_a_link(book):
    links = re.findall(
        r'<a class="term[^"]*" href="glossary.html#([^"]+)">([^<]+)</a>', book.page()
    )

    assert [(label, " ".join(text.split())) for label, text in links] == [
        ("term-mask", "Masks"),
        ("term-thinned-network", "Thinned networks"),
    ]
    assert 'id="term-mask"' in book.page("chapters/glossary")


def test_times_of_all_chapters_are_listed_and_added_up(book):
    times, _ = rows(book.page("chapters/runs"))

    assert [row[0] for row in times] == ["1", "2", ""]
    assert 'href="01_page.html"' in times[0][1]
    assert all(re.fullmatch(r"\d+ s", row[2]) for row in times)


def test_recorded_runs_say_command_date_and_machine(book):
    _, [row] = rows(book.page("chapters/runs"))

    assert row == [
        *("<code>tiny</code>", "Errors &amp; more", "1,800", "50 min"),
        "2026-01-02, Linux, 2 processors, NumPy 2.4.6",
        "<code>python -m tiny --record</code>",
    ]


def test_bibliography_says_what_each_entry_is_good_for(book):
    page = book.page("chapters/bibliography")

    assert page.count('class="annotation"') == page.count('class="citation"') == 2


def test_entry_without_annotation_fails_the_build(book):
    path = book.folder / "references.bib"
    before = path.read_text()
    path.write_text(re.sub(r",\n  annotation = \{When the scaled[^\n]*", "", before))

    result = book.build()
    path.write_text(before)

    assert result.returncode != 0
    assert "baldi2013 has no annotation" in result.stdout
