"""Icons of the lucide package, drawn as it draws them. The package reads the directory of its archive anew for each icon, which takes 20 ms
of a processor, and the first page of a process shows forty: here a process reads it once.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final
from xml.etree import ElementTree
from zipfile import ZipFile

from lucide import IconDoesNotExist

NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'


def svg(name: str, size: int, attributes: Mapping[str, str]) -> str:
    """The icon with this name as SVG, ``size`` pixels wide and high, with these attributes. Raises ``IconDoesNotExist``."""
    drawn = ElementTree.fromstring(_text(name).replace(NAMESPACE, "", 1))  # noqa: S314  # of a package that is pinned
    drawn.attrib.update({"width": str(size), "height": str(size), **attributes})
    return ElementTree.tostring(drawn, encoding="unicode")


def _text(name: str) -> str:
    try:
        return _archive().read(f"{name}.svg").decode()
    except KeyError:
        raise IconDoesNotExist(f"The icon {name!r} does not exist.") from None


@cache
def _archive() -> ZipFile:
    """In memory (0.7 MB): processes that were forked would share the place up to which an open file was read."""
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))
