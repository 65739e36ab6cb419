"""NumPy-style docstrings as reStructuredText, for autodoc.

The sections of such a docstring are definition lists already, but for markup: the names of
parameters become code, types of ours become links, and an entry without a description gets
an empty one. That is all there is to do, and it keeps ``a, b : float`` one entry, which
Napoleon would make two or a bullet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Sections that list something. In the first, an entry without a colon is one name or more,
# in the second one class or more, in the others words on a type.
NAMED = {"Parameters", "Other Parameters", "Attributes"}
ERRORS = {"Raises", "Warns"}
LISTS = NAMED | ERRORS | {"Returns", "Yields"}
UNDERLINE = re.compile(r"-{3,}$")
# A word that could be the name of a class of ours: not in code, a role or a dotted name.
CLASS_NAME = re.compile(r"(?<![\w.`])[A-Z]\w*\b(?![\w.]*`)")

Link = Callable[[str], str | None]


def restructured(lines: list[str], link: Link = lambda name: None) -> list[str]:
    r"""Return a docstring as reStructuredText.

    Parameters
    ----------
    lines : list of str
        The docstring, without its indentation.
    link : callable
        From the name of a class to the full name under which it is documented, or None.

    Examples
    --------
    >>> doc = ["Parameters", "----------", "a, b : float", "    Summands, `a` first."]
    >>> print("\n".join(restructured(doc)))
    .. rubric:: Parameters
    <BLANKLINE>
    ``a``, ``b`` : float
        Summands, ``a`` first.
    """
    result: list[str] = []
    parameters: set[str] = set()
    for title, body in sections(lines):
        if title:
            result += [f".. rubric:: {title}", ""]
        if title not in LISTS:
            result += body
            continue
        for header, description in entries(body):
            # A definition without a text would be no definition; a comment is not seen.
            result += [term(header, title, link), *(description or ["    .."])]
            if title in NAMED:
                parameters.update(name.lstrip("*") for name in named(header))
        result.append("")
    return [as_code(line, parameters) for line in trimmed(result)]


def sections(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the title and the lines of each section; the first has no title."""
    title, start = "", 0
    for i in range(1, len(lines)):
        if UNDERLINE.match(lines[i]) and lines[i - 1][:1].isalpha():
            yield title, lines[start : i - 1]
            title, start = lines[i - 1], i + 1
    yield title, lines[start:]


def entries(body: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the header and the indented lines of each entry of a list.

    Examples
    --------
    >>> list(entries(["p : float", "    The rate.", "", "n : int"]))
    [('p : float', ['    The rate.']), ('n : int', [])]
    """
    header, description = "", []
    for line in body:
        if line and not line.startswith(" "):
            if header:
                yield header, trimmed(description)
            header, description = line, []
        else:
            description.append(line)
    if header:
        yield header, trimmed(description)


def trimmed(lines: list[str]) -> list[str]:
    """Return lines without empty ones at the end."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def named(header: str) -> list[str]:
    """Return the names in the header of an entry."""
    return [name.strip() for name in header.split(" : ")[0].split(",")]


def term(header: str, section: str, link: Link) -> str:
    """Return the header of an entry with its markup.

    Examples
    --------
    >>> where = {"Interval": "dropoutlab.stats.Interval"}.get
    >>> term("low, high : Interval", "Returns", where)
    '``low``, ``high`` : :py:obj:`~dropoutlab.stats.Interval`'
    >>> term("list of str", "Returns", where)
    'list of str'
    >>> term("TypeError, ValueError", "Raises", where)
    '``TypeError``, ``ValueError``'
    """
    what, colon, of_type = header.partition(" : ")
    if section in ERRORS:
        return ", ".join(types(n, link) if link(n) else f"``{n}``" for n in named(header))
    if colon or section in NAMED:
        return ", ".join(f"``{name}``" for name in named(header)) + colon + types(of_type, link)
    return types(what, link)


def types(text: str, link: Link) -> str:
    """Return the words on a type with links to our own classes, and strings as code.

    Examples
    --------
    >>> types("Module or torch.nn.Module", {"Module": "dropoutlab.nn.Module"}.get)
    ':py:obj:`~dropoutlab.nn.Module` or torch.nn.Module'
    >>> types('{"above", "below"}', {}.get)
    '{``"above"``, ``"below"``}'
    """

    def linked(match: re.Match[str]) -> str:
        place = link(match[0])
        return f":py:obj:`~{place}`" if place else match[0]

    if "`" not in text:
        text = re.sub(r'"[^"]*"', r"``\g<0>``", text)
    return CLASS_NAME.sub(linked, text.replace("*", r"\*"))


def as_code(line: str, names: set[str]) -> str:
    """Return a line in which the names of parameters are code, and no references.

    Examples
    --------
    >>> as_code("Like `p`, not ``p`` or `mask`; see :func:`p`.", {"p"})
    'Like ``p``, not ``p`` or `mask`; see :func:`p`.'
    """
    return re.sub(
        r"(?<![`:])`(\w+)`(?!`)", lambda m: f"``{m[1]}``" if m[1] in names else m[0], line
    )
