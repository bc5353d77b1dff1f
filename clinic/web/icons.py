"""Icons of the lucide package, drawn as it draws them. The package reads the directory of its archive anew for each icon, which takes 20 ms
of a processor, and the first page of a process shows forty: here the directory is read once, and only where each icon lies is kept.
"""

import zlib
from collections.abc import Mapping
from functools import cache
from typing import Final
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

from lucide import IconDoesNotExist
from lucide._compat import open_binary

NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'
HEADER: Final = 30  # bytes before the name of a file in a zip archive; the last four are the lengths of its name and of what follows it


def svg(name: str, size: int, attributes: Mapping[str, str]) -> str:
    """The icon with this name as SVG, ``size`` pixels wide and high, with these attributes. Raises ``IconDoesNotExist``."""
    drawn = ElementTree.fromstring(_text(name).replace(NAMESPACE, "", 1))  # noqa: S314  # of a package that is pinned
    drawn.attrib.update({"width": str(size), "height": str(size), **attributes})
    return ElementTree.tostring(drawn, encoding="unicode")


def _text(name: str) -> str:
    try:
        start, length, way = _places()[f"{name}.svg"]
    except KeyError:
        raise IconDoesNotExist(f"The icon {name!r} does not exist.") from None
    with open_binary("lucide", "lucide.zip") as archive:
        archive.seek(start + HEADER - 4)
        names, extra = (int.from_bytes(archive.read(2), "little") for _each in range(2))
        archive.seek(start + HEADER + names + extra)
        packed = archive.read(length)
    return (packed if way == ZIP_STORED else zlib.decompress(packed, -zlib.MAX_WBITS)).decode()


@cache
def _places() -> Mapping[str, tuple[int, int, int]]:
    """Where each file of the archive begins, how long it is there, and how it is packed."""
    with open_binary("lucide", "lucide.zip") as archive, ZipFile(archive) as files:
        return {each.filename: (each.header_offset, each.compress_size, each.compress_type) for each in files.infolist()}
