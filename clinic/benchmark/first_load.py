"""What a browser that was never here loads with a page, in bytes: read from the page and its sheets, so that it is exact."""

import gzip
import posixpath
import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders

LINKED: Final = re.compile(r'<link [^>]*?href="([^"]+)"|<script [^>]*?src="([^"]+)"')
FACE: Final = re.compile(r'@font-face\{[^}]*?url\("([^"]+)"\)[^}]*?unicode-range:([^;}]+)')
ADDRESS: Final = re.compile(r'url\("(\.[^"]+)"\)')
UNSEEN: Final = re.compile(r'<span class="visually-hidden-word">[^<]*</span>|<[^>]*>')
RANGE: Final = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")


def first_load(page: bytes) -> dict[str, int]:
    """The page by the name "page", as it is sent, and each file under /static/ that it leads to, by its name, as WhiteNoise compresses it.

    Fonts count where the page shows a letter of theirs; pictures of style sheets always, so the sum is a little more than a browser loads.
    """
    text = page.decode()
    loaded = {"page": len(page)}
    for name in _linked(text):
        loaded[name] = _sent(name)
        if name.endswith(".css"):
            loaded |= {each: _sent(each) for each in _drawn_with(name, letters=set(UNSEEN.sub("", text)))}
    return loaded


def _linked(page: str) -> list[str]:
    addresses = [href or src for href, src in LINKED.findall(page)]
    return [address.removeprefix(settings.STATIC_URL) for address in addresses if address.startswith(settings.STATIC_URL)]


def _drawn_with(sheet: str, *, letters: set[str]) -> set[str]:
    text, folder = _file(sheet).read_text(encoding="utf-8"), posixpath.dirname(sheet)
    faces = dict(FACE.findall(text))
    named = {address for address in ADDRESS.findall(text) if address not in faces or _shows(faces[address], letters)}
    return {posixpath.normpath(posixpath.join(folder, address)) for address in named}


def _shows(ranges: str, letters: set[str]) -> bool:
    spans = [(int(first, 16), int(last or first, 16)) for first, last in RANGE.findall(ranges)]
    return any(first <= ord(letter) <= last for letter in letters for first, last in spans)


def _file(name: str) -> Path:
    return Path(str(finders.find(name)))


def _sent(name: str) -> int:
    data = _file(name).read_bytes()
    return min(len(data), len(gzip.compress(data, 9)))
