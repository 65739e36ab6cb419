"""NumPy-style docstrings as reStructuredText, by numpydoc.

It keeps ``a, b : float`` one entry. What is ours: our own classes become links in the words
on a type, and what stands between single backticks is code where it names a parameter.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping

from numpydoc.docscrape_sphinx import get_doc_object

NAMED = ("Parameters", "Other Parameters", "Attributes")
ERRORS = {name: f"``{name}``" for name in dir(builtins) if re.search("(Error|Warning)$", name)}


def restructured(
    lines: list[str], classes: Mapping[str, str] | None = None, thing: object = None
) -> list[str]:
    r"""Return a docstring as reStructuredText.

    Parameters
    ----------
    lines : list of str
        The docstring, without its indentation.
    classes : mapping of str to str
        Where each class of ours is documented, by its name.
    thing : object
        What it is the docstring of. Of a class, properties are listed by their own words.

    Examples
    --------
    >>> doc = ["Sum up.", "", "Parameters", "----------", "a, b : float", "    First `a`."]
    >>> print("\n".join(restructured(doc)))
    Sum up.
    <BLANKLINE>
    :Parameters:
    <BLANKLINE>
        **a, b** : float
            First ``a``.
    """
    settings = {"show_class_members": False, "xref_param_type": True, "xref_ignore": "all"}
    settings["xref_aliases"] = ERRORS | dict(classes or {})
    what = "class" if isinstance(thing, type) else "function"
    doc = get_doc_object(thing, what, "\n".join(lines), config=settings)
    names = {
        name.strip(" *") for title in NAMED for p in doc[title] for name in p.name.split(",")
    }
    text = re.sub(r"\n{3,}", "\n\n", str(doc)).strip()
    return [as_code(line, names) for line in text.splitlines()]


def as_code(line: str, names: set[str]) -> str:
    """Return a line in which the names of parameters are code, and no references.

    So are strings in the words on a type.

    Examples
    --------
    >>> as_code("Like `p`, not ``p`` or `mask`; see :func:`p`.", {"p"})
    'Like ``p``, not ``p`` or `mask`; see :func:`p`.'
    >>> as_code('    **kind** : {"above", "below"}', {"kind"})
    '    **kind** : {``"above"``, ``"below"``}'
    """
    if re.match(r" *\*\*.*\*\* : [^`]*$", line):
        line = re.sub(r'"[^"]*"', r"``\g<0>``", line)
    return re.sub(
        r"(?<![`:])`(\w+)`(?!`)", lambda m: f"``{m[1]}``" if m[1] in names else m[0], line
    )
