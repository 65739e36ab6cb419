"""What becomes of the figures that `explore()` draws while a book is built."""

import json
import re
from pathlib import Path

SWEEP = """from dropoutlab import plots
from dropoutlab.explorables import explore

def draw(p):
    fig, ax = plots.new_axes()
    ax.plot([p, 1])
    return fig, f"A line from {{p}} to 1."

explore(draw, p={values}, caption="Lines.")"""


def frames(book):
    """Return where the page says its frames are, and the files that there are."""
    state = re.search(r'class="dl-state">(.*?)</script>', book.page(), flags=re.DOTALL)[1]
    folder = book.folder / "_build" / "html" / "_images" / "frames"
    return json.loads(state)["frames"], {path.name for path in folder.glob("*")}


def test_they_are_files_that_change_with_the_page_and_go_with_it(book):
    book.write_chapter(code=SWEEP.format(values=[0.2, 0.5, 0.8]))
    first = book.build()
    assert first.returncode == 0, first.stdout

    addresses, files = frames(book)
    assert addresses[0] is None
    assert [Path(a).parent.as_posix() for a in addresses[1:]] == ["../_images/frames"] * 2
    assert {Path(a).name for a in addresses[1:]} == files
    assert "data:image/svg+xml" not in book.page()
    page = book.folder / "_build" / "html" / "chapters"
    assert (page / addresses[1]).read_text().startswith("<svg xmlns=")

    # Only the prose changes: nothing runs again, and the frames are still there.
    book.write_chapter(text="Other prose.", code=SWEEP.format(values=[0.2, 0.5, 0.8]))
    assert book.build().returncode == 0
    assert frames(book) == (addresses, files)

    book.write_chapter(code=SWEEP.format(values=[0.2, 0.5, 0.9]))
    assert book.build().returncode == 0
    _, changed = frames(book)
    assert len(changed) == 2
    assert changed & files == {Path(addresses[1]).name}


def test_too_many_stop_the_build_with_their_weight(book):
    # Each line has 3,000 corners, so a few do.
    code = SWEEP.replace("[p, 1]", "[(p + k * k) % 7 for k in range(3000)]")
    book.write_chapter(code=code.format(values="[k / 30 for k in range(30)]"))

    result = book.build()

    assert result.returncode != 0
    assert re.search(
        r"30 frames into the book, of about [\d.]+ KB each and \d+ KB in all; at most 300 KB",
        result.stdout + result.stderr,
    )
