"""Browser modules: an explorable's own and those that it imports, as one text.

A notebook's front end loads one module from memory, where relative imports lead nowhere, and
so does a page that was opened from disk. The files are plain ES modules, though, which Node
and editors read as they are.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from posixpath import dirname, join, normpath

__all__ = ["browser_module", "without_comments", "without_indents"]

IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w./-]+\.js)";\n', flags=re.M)
EXPORT = re.compile(r"^export (?!default)", flags=re.M)
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/)\n", flags=re.M | re.S)
# Behind code; one with a quote in it may be the end of a string, and stays.
BEHIND = re.compile(r"(?<=[;{,)]) +//[^\n\"'`]*$", flags=re.M)
FUNCTION = re.compile(r"^(?:async )?(?:function|class) (\w+)\b.*?^}\n", flags=re.M | re.S)
METHOD = re.compile(r"^  (?!constructor\b)(\w+)\(.*?^  }\n", flags=re.M | re.S)
TYPE = re.compile(r"/\*\* @type (?:(?!\*/).)*\*/ ?", flags=re.S)


@cache
def browser_module(name: str) -> str:
    """Return a module with everything that it imports, in one text.

    What a module imports is put before it, each file once; the import lines go, and so do
    comments, and functions and methods that nothing names. Imports must have the
    form ``import { a, b } from "./file.js";``, without renaming, and no two files may define
    the same name at the top: a browser would refuse the text.

    Parameters
    ----------
    name : str
        Of the file, as seen from the folder of the package: ``explorables/overfit/view.js``.

    Returns
    -------
    str
        With the one export that the contract of anywidget asks for, the default one.

    Raises
    ------
    FileNotFoundError
        A file is not there.
    ValueError
        A file imports in another form.

    Examples
    --------
    >>> "import " in browser_module("explorables/overfit/view.js")
    False
    """
    texts: dict[str, str] = {}
    _collect(name, texts)
    return _without_unused(EXPORT.sub("", "".join(texts.values())))


def without_comments(text: str) -> str:
    """Return JavaScript without types, and without comments of one line and of whole lines."""
    return TYPE.sub("", BEHIND.sub("", COMMENT.sub("", text)))


def without_indents(text: str) -> str:
    r"""Return JavaScript for a page, which is read on the way: who wants to read has its files.

    Examples
    --------
    >>> print(without_indents("if (a) {\n  b();\n}"))
    if (a) {
    b();
    }
    """
    return re.sub(r"^ +", "", text, flags=re.M)


def _without_unused(text: str) -> str:
    """Leave out functions, classes and their methods that nothing in the text names."""
    while True:
        unused = [
            found[0]
            for found in FUNCTION.finditer(text)
            if _uses(found[1], text) == _uses(found[1], found[0])
        ]
        for kind in re.findall(r"^class .*?^}\n", text, flags=re.M | re.S):
            methods = METHOD.finditer(kind)
            unused += [m[0] for m in methods if not re.search(rf"\.{m[1]}\b", text)]
        if not unused:
            return text
        for function in unused:
            text = text.replace(function, "", 1)


def _uses(name: str, text: str) -> int:
    """Count where a name may stand for something: not a whole string, a key, a property."""
    spread_or_none = r"(?<!(?<!\.)\.)"  # in `...name` the dot is no property's
    return len(re.findall(rf'(?<![\w"-]){spread_or_none}{name}(?![\w":-])', text))


def _collect(name: str, texts: dict[str, str]) -> None:
    """Add a file to the texts, after those that it imports."""
    if name in texts:
        return
    text = (files("dropoutlab") / name).read_text("utf-8")
    for imported in IMPORT.findall(text):
        _collect(normpath(join(dirname(name), imported)), texts)
    text = without_comments(IMPORT.sub("", text))
    if re.search(r"^import\b", text, flags=re.M):
        raise ValueError(
            f'{name} must import as in `import {{ a, b }} from "./file.js";`, in one statement '
            "that begins a line"
        )
    texts[name] = text
