"""Whether a PDF is whole and quiet: no script, no file inside, no action by itself. Reads bytes, opens nothing. Pure.

It looks for the names that make a PDF act, in the file as it lies and in everything that it unpacks; what it cannot unpack it refuses.
It is no virus scanner: a fault of a reader's picture decoder would not be seen here.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

MOST_UNPACKED: Final = 200_000_000  # bytes that all streams of a file may unpack to together
CHUNK: Final = 1 << 16
KEPT_BACK: Final = 128  # bytes looked at twice, for a name that lies across two chunks
TRAILING: Final = b"\x00\t\n\x0c\r "
HEAD: Final = re.compile(rb"%PDF-[12]\.\d[\r\n \t]")
END: Final = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF$")
TABLE: Final = re.compile(rb"\s*(?:xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)")
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM: Final = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)?")
OBJECTS: Final = re.compile(rb"/ObjStm(?![A-Za-z0-9_.#-])")
PLAIN_FILTER: Final = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])(?![A-Za-z0-9_.-])")
F_NAMES: Final = re.compile(rb"/F[A-Za-z]*")
LONGEST_DICTIONARY: Final = 4096

_GAP: Final = rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*"
_REFERENCE: Final = rb"\d+" + _GAP + rb"\d+" + _GAP + rb"R"
# Long names are not found in compressed noise by chance; short ones count only before what they would be followed by.
ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|GoToR|Rendition|Movie|XFA)(?![A-Za-z0-9_.-])"
    rb"|/JS" + _GAP + rb"(?:[(<]|" + _REFERENCE + rb")"
    rb"|/AA" + _GAP + rb"(?:<<|" + _REFERENCE + rb")"
    rb"|/OpenAction" + _GAP + rb"<<(?!" + _GAP + rb"(?:/Type" + _GAP + rb"/Action" + _GAP + rb")?/S" + _GAP + rb"/GoTo(?![A-Za-z]))"
)
LOCKED: Final = re.compile(rb"/Encrypt" + _GAP + rb"(?:<<|" + _REFERENCE + rb")")


class PdfTrouble(Exception):
    """Why a PDF is not kept. ``kind``: damaged | locked | active | opaque."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def check_pdf(content: bytes) -> None:
    """Raises ``PdfTrouble`` unless the file is a whole PDF from its first to its last byte, unlocked, and nothing in it acts."""
    _check_whole(content)
    plain = _unescaped(content)
    if LOCKED.search(plain):
        raise PdfTrouble("locked")
    _check_quiet(plain)
    _check_object_streams(content, plain)
    left = MOST_UNPACKED
    for place in STREAM.finditer(content):
        left = _check_unpacked(content, place.end(), left)


def _check_whole(content: bytes) -> None:
    """The head at the very beginning, the end at the very end, and a table of contents where the end says that it is."""
    end = END.search(content.rstrip(TRAILING)[-1024:])
    if not HEAD.match(content) or end is None or b"/Root" not in content:
        raise PdfTrouble("damaged")
    if not TABLE.match(content, min(int(end[1]), len(content))):
        raise PdfTrouble("damaged")


def _check_quiet(text: bytes) -> None:
    if ACTIVE.search(text):
        raise PdfTrouble("active")


def _check_object_streams(content: bytes, plain: bytes) -> None:
    """Objects may be packed into streams. One that is packed otherwise than we can unpack could hide anything."""
    names = tuple(OBJECTS.finditer(content))
    if len(names) != sum(1 for _name in OBJECTS.finditer(plain)):
        raise PdfTrouble("opaque")  # written with escapes, which nobody does who has nothing to hide
    for name in names:
        start = content.rfind(b"obj", max(0, name.start() - LONGEST_DICTIONARY), name.start())
        stream = STREAM.search(content, name.end(), name.end() + LONGEST_DICTIONARY)
        if start < 0 or stream is None or not _can_be_unpacked(content[start : stream.start()]):
            raise PdfTrouble("opaque")
        if b"/Filter" in content[start : stream.start()] and not any(True for _chunk in _unpacked(content, stream.end(), CHUNK)):
            raise PdfTrouble("opaque")


def _can_be_unpacked(dictionary: bytes) -> bool:
    """Whether it is plain to read, and packed in the one way that we unpack, or not at all."""
    if not dictionary.rstrip(TRAILING).endswith(b">>") or any(mark in dictionary for mark in (b"%", b"(", b"#", b"/DecodeParms", b"/DP")):
        return False
    named = sorted(name for name in F_NAMES.findall(dictionary) if name != b"/First")
    return not named or (named == [b"/Filter", b"/FlateDecode"] and PLAIN_FILTER.search(dictionary) is not None)


def _check_unpacked(content: bytes, place: int, left: int) -> int:
    """Looks through one stream; answers how many bytes may still be unpacked."""
    seen = b""
    for chunk in _unpacked(content, place, left):
        left -= len(chunk)
        text = _unescaped(seen[-KEPT_BACK:] + chunk)
        _check_quiet(text)
        if OBJECTS.search(text):
            raise PdfTrouble("opaque")
        seen = chunk
    if left <= 0:
        raise PdfTrouble("opaque")
    return left


def _unpacked(content: bytes, place: int, most: int) -> Iterator[bytes]:
    """The unpacked bytes from a place on in pieces, up to about ``most``; nothing for what was not packed this way."""
    unpacker = zlib.decompressobj()
    waiting = b""
    while most > 0 and not unpacker.eof and (waiting or place < len(content)):
        if not waiting:
            waiting, place = content[place : place + CHUNK], place + CHUNK
        try:
            chunk = unpacker.decompress(waiting, CHUNK)
        except zlib.error:
            return
        waiting = unpacker.unconsumed_tail
        most -= len(chunk)
        if chunk:
            yield chunk


def _unescaped(text: bytes) -> bytes:
    """Names may be written with escapes (``/J#53``); read the way a reader does."""
    return ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), text)
