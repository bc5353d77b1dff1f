"""From data to PDF. Data goes to typst as JSON through ``sys_inputs`` only, never as source, so no name can become markup."""

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent
# FiraGO holds Latin, Cyrillic, Greek and more; the keys are those of the package that carries it.
FONTS: Final = ("figo", "figbo")
ACCESSIBLE: Final = "ua-1"
NO_GLYPH: Final = "could not be displayed with font"


@cache
def font_folder() -> str:
    """A folder with the fonts of paper, written once per process from the package that carries them."""
    import pymupdf_fonts  # here: few need it, and every process would hold it (docs/adr/0027)

    folder = Path(tempfile.mkdtemp(prefix="tactus-fonts-"))
    for code in FONTS:
        (folder / f"{code}.ttf").write_bytes(pymupdf_fonts.fontbuffers[code]())
    return str(folder)


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF of ``template`` (a file beside this one) that prints ``data``, as PDF/UA-1.

    A name may hold a letter that the fonts have not. The accessible form refuses it, but paper must still be printed:
    only then is the plain form made. Every other fault of typst is raised as ``typst.TypstError``.
    """
    import typst  # here: few need it, and every process would hold it (docs/adr/0027)

    source = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(template, source, pdf_standards=[ACCESSIBLE])
    except typst.TypstError as refused:
        if NO_GLYPH not in str(refused):
            raise
        return _compiled(template, source)


def _compiled(template: str, source: str, **options: Any) -> bytes:
    import typst

    fonts = [font_folder()]
    pdf: bytes = typst.compile(str(FOLDER / template), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": source}, **options)
    return pdf
