"""Launch and source links that point at the repository the book is built from.

``$COURSE_REPOSITORY_URL`` decides; without it, git's ``origin`` does; with neither there are
no links. A fork's book launches the fork.
"""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com"
# How each host writes the address of a file; `{}` are repository, branch and path.
FILE_PAGES = {
    "github.com": "{}/blob/{}/{}",
    "gitlab.com": "{}/-/blob/{}/{}",
    "bitbucket.org": "{}/src/{}/{}",
    "codeberg.org": "{}/src/branch/{}/{}",
}


def public_url(remote: str) -> str | None:
    """Return the ``https`` address of a git remote, or None for a local path.

    Credentials, ports, a trailing ``.git`` and slashes are stripped.

    Examples
    --------
    >>> public_url("git@github.com:ada/dropout-lab.git")
    'https://github.com/ada/dropout-lab'
    >>> public_url("https://ada:secret@gitlab.com/ada/dropout-lab.git/")
    'https://gitlab.com/ada/dropout-lab'
    >>> public_url("ssh://git@github.com:22/ada/dropout-lab")
    'https://github.com/ada/dropout-lab'
    >>> public_url("../dropout-lab") is None
    True
    """
    remote = remote.strip()
    scp_like = re.fullmatch(r"(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!//)(.+)", remote)
    if scp_like:
        remote = f"ssh://{scp_like[1]}/{scp_like[2].lstrip('/')}"
    parts = urlsplit(remote)
    path = parts.path.rstrip("/").removesuffix(".git")
    if parts.scheme not in {"http", "https", "ssh", "git"} or not parts.hostname or not path:
        return None
    return f"https://{parts.hostname}{path}"


def git(book: Path, *arguments: str) -> str:
    """Return what a git command prints, or nothing where there is no git or no answer."""
    try:
        return subprocess.run(
            ["git", "-C", str(book), *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@cache
def repository_url(book: Path, named: str) -> str | None:
    """Return the address of the repository of ``book``, or None where none is known."""
    # A book inside another repository's folder must not borrow that repository's address.
    if not named and (book / ".git").exists():
        named = git(book, "config", "--get", "remote.origin.url")
    return public_url(named)


@cache
def branch(book: Path) -> str:
    """Return the branch that readers should launch: the remote's default, else this one."""
    head = git(book, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    return head.removeprefix("origin/") or git(book, "branch", "--show-current") or "main"


def binder_url(repository: str, branch: str, path: str) -> str:
    """Return the address that opens a file of a repository in JupyterLab on Binder.

    Examples
    --------
    >>> binder_url("https://github.com/ada/lab", "main", "chapters/01_a.ipynb")
    'https://mybinder.org/v2/gh/ada/lab/main?urlpath=lab/tree/chapters/01_a.ipynb'
    >>> binder_url("https://gitlab.com/group/sub/lab", "main", "a.ipynb")
    'https://mybinder.org/v2/gl/group%2Fsub%2Flab/main?urlpath=lab/tree/a.ipynb'
    >>> binder_url("https://codeberg.org/ada/lab", "main", "a.ipynb")
    'https://mybinder.org/v2/git/https%3A%2F%2Fcodeberg.org%2Fada%2Flab/main?urlpath=lab/tree/a.ipynb'
    """
    parts = urlsplit(repository)
    owner_and_name = parts.path.strip("/")
    if parts.hostname == "github.com":
        source = f"gh/{owner_and_name}"
    elif parts.hostname == "gitlab.com":
        source = f"gl/{quote(owner_and_name, safe='')}"
    else:
        source = f"git/{quote(repository, safe='')}"
    return f"{BINDER}/{source}/{quote(branch, safe='')}?urlpath=lab/tree/{quote(path)}"


def colab_url(repository: str, branch: str, path: str) -> str | None:
    """Return the address that opens a notebook on Colab, which knows only one host.

    Examples
    --------
    >>> colab_url("https://github.com/ada/lab", "main", "chapters/01_a.ipynb")
    'https://colab.research.google.com/github/ada/lab/blob/main/chapters/01_a.ipynb'
    >>> colab_url("https://gitlab.com/ada/lab", "main", "chapters/01_a.ipynb") is None
    True
    """
    parts = urlsplit(repository)
    if parts.hostname != "github.com":
        return None
    return f"{COLAB}/github{parts.path}/blob/{quote(branch)}/{quote(path)}"


def source_url(repository: str, branch: str, path: str, line: int | None = None) -> str:
    """Return the address of a file, or of the repository where the host is not known.

    Hosts agree on the way to point at a line, but for one, which then shows the file.

    Examples
    --------
    >>> source_url("https://github.com/ada/lab", "main", "intro.md")
    'https://github.com/ada/lab/blob/main/intro.md'
    >>> source_url("https://gitlab.com/ada/lab", "main", "lib/a.py", line=12)
    'https://gitlab.com/ada/lab/-/blob/main/lib/a.py#L12'
    >>> source_url("https://git.example.org/ada/lab", "main", "intro.md")
    'https://git.example.org/ada/lab'
    """
    pattern = FILE_PAGES.get(urlsplit(repository).hostname or "")
    if pattern is None:
        return repository
    at = f"#L{line}" if line else ""
    return pattern.format(repository, quote(branch), quote(path)) + at


def links(app: Sphinx, pagename: str) -> dict[str, str]:
    """Return the links of a page: ``home``, ``source``; of a notebook ``launch``, ``colab``."""
    book = Path(app.srcdir)
    url = app.config.dropoutlab_repository
    if not url:
        return {}
    found = {"home": url}
    if pagename in app.env.found_docs:
        path = Path(app.env.doc2path(pagename)).relative_to(book).as_posix()
        # A page that is made from something else says from what.
        path = app.env.metadata[pagename].get("source", path)
        found["source"] = source_url(url, branch(book), path)
        if path.endswith(".ipynb"):
            found["launch"] = binder_url(url, branch(book), path)
            found["colab"] = colab_url(url, branch(book), path)
    return found


def find_repository(app: Sphinx, config: Config) -> None:
    """Record the address as a setting, so that pages are written again when it changes."""
    named = os.environ.get("COURSE_REPOSITORY_URL", "").strip()
    config.dropoutlab_repository = repository_url(Path(app.srcdir), named) or ""


def setup(app: Sphinx) -> None:
    """Look for the repository before pages are made."""
    app.add_config_value("dropoutlab_repository", "", "html", str)
    app.connect("config-inited", find_repository)
