"""Point launch and source links at the repository that the book is built from.

``$COURSE_REPOSITORY_URL`` decides; without it, git's ``origin`` does; with neither the
buttons are absent. A fork's book launches the fork.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

# The hosts whose links sphinx-book-theme can make.
SUPPORTED_HOSTS = ("github.com", "gitlab.com", "bitbucket.org")
BINDER = "https://mybinder.org"


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


def repository_url(book: Path) -> str | None:
    """Return the address of the repository of ``book``, or None where none is known."""
    named = os.environ.get("COURSE_REPOSITORY_URL", "").strip()
    # `remote.origin.url`, not `remote get-url`: a book inside another repository's
    # folder must not borrow that repository's address.
    inside = git(book, "rev-parse", "--show-prefix") == "" and (book / ".git").exists()
    return public_url(
        named or (git(book, "config", "--get", "remote.origin.url") if inside else "")
    )


def branch(book: Path) -> str:
    """Return the branch that readers should launch: the remote's default, else this one."""
    head = git(book, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    return head.removeprefix("origin/") or git(book, "branch", "--show-current") or "main"


def add_repository(app: Sphinx, config: Config) -> None:
    """Turn on the buttons that the book's repository supports."""
    book = Path(app.srcdir)
    url = repository_url(book)
    if url is None:
        return
    options = config.html_theme_options
    options["repository_url"] = url
    options["repository_branch"] = branch(book)
    supported = urlsplit(url).hostname in SUPPORTED_HOSTS
    options["use_repository_button"] = options["use_issues_button"] = supported
    options["launch_buttons"] = {"binderhub_url": BINDER, "notebook_interface": "jupyterlab"}


def setup(app: Sphinx) -> None:
    """Add the links before the theme reads its options."""
    app.connect("config-inited", add_repository, priority=100)
