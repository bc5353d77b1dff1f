"""Makes the files in static/fonts from FiraGO as the package pymupdf-fonts carries it.

Not part of the program, run by hand in an environment of its own where the alphabet of a new language has to be added:

    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli pymupdf-fonts
    /tmp/fonts/bin/python docs/fonts/make_pieces.py static/fonts

It prints the ranges for `unicode-range` in static/css/tokens.css; a test compares the two.
"""

# ruff: noqa: INP001
import sys
from io import BytesIO
from pathlib import Path

import pymupdf_fonts
from fontTools import subset
from fontTools.ttLib import TTFont

WEIGHTS = {"regular": "figo", "bold": "figbo"}  # the name of the file: the key in the package
PIECES = {
    "latin": "U+0020-007E, U+00A0-00FF, U+0131, U+0152-0153, U+0160-0161, U+017D-017E, U+2010-2016, U+2018-201A, U+201C-201E, "
    "U+2020-2022, U+2026, U+2030, U+2039-203A, U+20AC, U+2122, U+2190-2193, U+2212, U+2215, U+2248, U+2260, U+2264-2265, U+25CF",
    "latin-ext": "U+0100-0130, U+0132-0151, U+0154-015F, U+0162-017C, U+017F",
    "cyrillic": "U+0400-045F, U+0490-0491, U+2116",
}
FEATURES = ["case", "ccmp", "kern", "liga", "locl", "tnum"]
FAMILY = "Tactus Sans"  # the licence keeps the name of the original for the original


def rename(font: TTFont, weight: str) -> None:
    names = {1: FAMILY, 2: weight, 3: f"{FAMILY} subset {weight}", 4: f"{FAMILY} {weight}", 6: f"TactusSans-{weight}"}
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID not in {0, 5, 13, 14}:
            font["name"].removeNames(nameID=record.nameID)


def piece(data: bytes, ranges: str, weight: str) -> TTFont:
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"])
    font = TTFont(BytesIO(data))
    narrowed = subset.Subsetter(options)
    narrowed.populate(unicodes=subset.parse_unicodes(ranges))
    narrowed.subset(font)
    rename(font, weight)
    font.flavor = "woff2"
    return font


def main(folder: Path) -> None:
    for weight, key in WEIGHTS.items():
        for name, ranges in PIECES.items():
            file = folder / f"tactus-{weight}-{name}.woff2"
            piece(pymupdf_fonts.fontbuffers[key](), ranges, weight.title()).save(file)
            sys.stdout.write(f"{file.name}\t{file.stat().st_size}\t{ranges}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
