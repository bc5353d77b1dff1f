"""Many small style sheets written as one that a browser loads at once. Pure: reading is a function that is handed in."""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Final

Read = Callable[[str], str]  # the name of a sheet under /static/ to its text; raises where there is none

STRING: Final = r'(?:"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')'
NOT_NEEDED: Final = re.compile(rf"({STRING})|/\*(?!!).*?\*/|@charset {STRING};", re.DOTALL)
LICENCE: Final = re.compile(r"/\*!.*?\*/", re.DOTALL)  # a comment that has to stay
IMPORT: Final = re.compile(r'@import url\("(?P<name>[^"]+)"\)(?: layer\((?P<layer>[\w-]+)\))?(?P<media> [^;]+)?;')
ADDRESS: Final = re.compile(r'url\("(?P<name>\.[^"]+)"\)')  # our own files; what stands in the sheet itself begins with data:
BLANKS: Final = re.compile(rf"({STRING})|\s*([{{}};,])\s*|\s+")
CLASS: Final = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
UNLESS: Final = re.compile(r":not\([^()]*\)")
HOLDS_RULES: Final = ("@media", "@supports", "@layer", "@container")


def imports(sheet: str) -> bool:
    """Whether this text asks for other sheets."""
    return IMPORT.search(sheet) is not None


def joined(name: str, read: Read) -> str:
    """The sheet with what it imports in the place of each import, in its layer and for its media, without comments and blanks."""
    return "".join(_parts(name, read, folder=posixpath.dirname(name)))


def _parts(name: str, read: Read, *, folder: str) -> Iterator[str]:
    text, written = NOT_NEEDED.sub(lambda found: found[1] or "", read(name)), 0
    here = posixpath.dirname(name)
    for found in IMPORT.finditer(text):
        yield _ready(text[written : found.start()], here, folder)
        inner = "".join(_parts(posixpath.normpath(posixpath.join(here, found["name"])), read, folder=folder))
        inner = f"@layer {found['layer']}{{{inner}}}" if found["layer"] else inner
        yield f"@media{found['media']}{{{inner}}}" if found["media"] else inner
        written = found.end()
    yield _ready(text[written:], here, folder)


def _ready(text: str, here: str, folder: str) -> str:
    """Without blanks, and with addresses as they are seen from the folder of the sheet that holds everything."""

    def short(blank: re.Match[str]) -> str:
        return blank[1] or blank[2] or ("" if text[max(0, blank.start() - 1) : blank.start()] == ":" else " ")

    near = ADDRESS.sub(lambda found: f'url("{posixpath.relpath(posixpath.join(here, found["name"]), folder)}")', BLANKS.sub(short, text))
    return near.replace(";}", "}").strip()


def only_used(sheet: str, words: set[str]) -> str:
    """The sheet without rules for classes that none of the words names. A word that ends in a hyphen stands for all that begin with it.

    The sheet is one of a library: already without blanks, and with no braces within strings.
    """
    licences, rules = LICENCE.findall(sheet), LICENCE.sub("", NOT_NEEDED.sub(lambda found: found[1] or "", sheet))
    beginnings = tuple(word for word in words if word.endswith("-") and len(word) > 1)

    def is_used(name: str) -> bool:
        return name in words or name.startswith(beginnings)

    return "".join((*licences, *_used_rules(rules, is_used)))


def _used_rules(sheet: str, is_used: Callable[[str], bool]) -> Iterator[str]:
    for before, inner in _rules(sheet):
        if before.startswith(HOLDS_RULES):
            kept = "".join(_used_rules(inner, is_used))
            yield f"{before}{{{kept}}}" if kept else ""
        elif before.startswith("@"):
            yield f"{before}{{{inner}}}"
        else:
            named = [each for each in _selectors(before) if all(map(is_used, CLASS.findall(UNLESS.sub("", each))))]
            yield f"{','.join(named)}{{{inner}}}" if named else ""


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Each rule of the text: what stands before its braces, and what within."""
    depth = start = opened = 0
    for brace in re.finditer(r"[{}]", sheet):
        if brace[0] == "{":
            depth += 1
            opened = brace.start() if depth == 1 else opened
        else:
            depth -= 1
        if depth == 0:
            yield sheet[start:opened].strip(), sheet[opened + 1 : brace.start()]
            start = brace.end()


def _selectors(listed: str) -> list[str]:
    """The selectors of a list; commas within brackets, as in ``:not(.a, .b)``, divide nothing."""
    return re.findall(r"(?:[^,(]|\([^()]*(?:\([^()]*\)[^()]*)*\))+", listed)
