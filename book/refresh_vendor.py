"""Fetch the third-party files of the site again: ``make vendor``.

Only maintainers need this. ``npm`` fetches each package by name and version (it must be
on the PATH); the files named below are copied out of it, and the table in ``README.md`` is
written anew. To take a newer version, change the number here and run it again.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).with_name("vendor")
MARK = "<!-- the table below is written by refresh_vendor.py -->"
ICONS = (
    *("arrow-left", "arrow-right", "bars", "code", "display", "download"),
    *("magnifying-glass", "moon", "play", "sun", "xmark"),
)
FACES = ("400-normal", "400-italic", "600-normal")


@dataclass(frozen=True)
class Package:
    """An npm package, and which of its files go where."""

    name: str
    version: str
    licence: str
    use: str
    folder: str
    files: tuple[str, ...]

    def refresh(self) -> None:
        """Replace this package's folder by the files of the stated version."""
        with tempfile.TemporaryDirectory() as temporary:
            packed = subprocess.run(
                ["npm", "pack", "--json", f"{self.name}@{self.version}"],
                cwd=temporary,
                check=True,
                capture_output=True,
                text=True,
            )
            listing = json.loads(packed.stdout)
            # Newer versions of npm key the list by the package's name.
            entry = listing[0] if isinstance(listing, list) else next(iter(listing.values()))
            with tarfile.open(Path(temporary) / entry["filename"]) as archive:
                archive.extractall(temporary, filter="data")
            target = VENDOR / self.folder
            shutil.rmtree(target, ignore_errors=True)
            for pattern in self.files:
                for file in sorted(Path(temporary, "package").glob(pattern)):
                    # Below its folder a file keeps the name that style sheets call it by.
                    inner = "fonts" if file.suffix == ".woff2" else ""
                    (target / inner).mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target / inner / file.name)


PACKAGES = (
    Package(
        "katex",
        "0.19.1",
        "MIT",
        "renders formulae while the book is built; its style sheet and fonts show them",
        "katex",
        ("dist/katex.min.js", "dist/katex.min.css", "dist/fonts/*.woff2", "LICENSE"),
    ),
    Package(
        "@fontsource/source-serif-4",
        "5.3.1",
        "SIL Open Font License 1.1",
        "the typeface of the text, Latin letters",
        "source-serif-4",
        (*(f"files/source-serif-4-latin-{face}.woff2" for face in FACES), "LICENSE"),
    ),
    Package(
        "@fortawesome/fontawesome-free",
        "7.3.1",
        "CC BY 4.0 (the icons)",
        "the icons of the buttons, each put into the page as SVG",
        "fontawesome",
        (*(f"svgs/solid/{icon}.svg" for icon in ICONS), "LICENSE.txt"),
    ),
)


def write_table() -> None:
    """Write the table of what is here into the README."""
    readme = VENDOR / "README.md"
    before = readme.read_text(encoding="utf-8").split(MARK)[0]
    rows = ["| folder | package | version | licence | used for |", "|---|---|---|---|---|"]
    rows += [
        f"| `{p.folder}/` | `{p.name}` | {p.version} | {p.licence} | {p.use} |"
        for p in PACKAGES
    ]
    readme.write_text(before + MARK + "\n\n" + "\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Refresh every package, or say what is missing."""
    if shutil.which("npm") is None:
        sys.exit(
            "npm is needed to fetch the vendored files: install Node.js, then run this again."
        )
    for package in PACKAGES:
        print(f"{package.name} {package.version}")
        package.refresh()
    write_table()


if __name__ == "__main__":
    main()
