"""Reading what was printed: the words of a PDF, its pages and its rank."""

from collections.abc import Iterator, Mapping
from typing import Any

import pypdfium2

A4, A5 = (595, 842), (420, 595)  # points, rounded
# Not words of any language: code, pictures and what identifies the print.
NO_WORDS = frozenset({"language", "address", "qr", "qr_alt", "svg", "foot", "sources", "clinic", "side", "title"})


def text_of(pdf: bytes) -> str:
    """The words of every page, blanks made one."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    # A word broken at the end of a line is put together again.
    return " ".join(" ".join(pages).replace("\u00ad", "").replace("\ufffe", "").split())


def squeezed(words: str) -> str:
    """Words without blanks, hyphens and capitals: how lines are broken and begun is the typesetter's business."""
    return "".join(words.split()).replace("-", "").replace("\u00ad", "").casefold()


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """The sizes of its pages in points."""
    document = pypdfium2.PdfDocument(pdf)
    return {(round(width), round(height)) for width, height in (document[number].get_size() for number in range(len(document)))}


def pages(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


def is_accessible(pdf: bytes) -> bool:
    """Whether it claims PDF/UA-1; typst makes no such claim without having checked it."""
    return b"pdfuaid:part>1<" in pdf and b"/StructTreeRoot" in pdf


def strings(data: Any) -> Iterator[str]:
    """Every text that a template is given to print, without codes and pictures."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key not in NO_WORDS:
                yield from strings(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from strings(value)
    elif isinstance(data, str):
        yield data
