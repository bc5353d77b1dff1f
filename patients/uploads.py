"""What may be uploaded: PDF, JPEG and PNG, by content. A picture is made anew, so that nothing but its pixels is kept. Pure.

Nothing that a browser would run is ever shown from here: what is kept goes out as a download only (``document_views``). These checks
keep out what would harm whoever opens the download with a program of their own, as far as that can be told by reading it.
"""

import hashlib
import io
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _

from clinic.staff.permissions import ActionDenied
from patients.uploaded_pdf import PdfTrouble, check_pdf

if TYPE_CHECKING:
    from PIL import Image

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDINGS: Final = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
MAGIC: Final = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
# What Pillow raises for a picture that is not one, by kind of damage.
BROKEN_PICTURE: Final = (
    OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, EOFError, OverflowError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
MODES_KEPT: Final = {JPEG: ("L", "RGB"), PNG: ("1", "L", "RGB", "RGBA")}
LONGEST_NAME: Final = 100
# Names that some systems take for a device whatever stands behind the dot.
DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
HARMLESS_MARKS: Final = frozenset(" -_()")


class UploadRefused(ActionDenied):
    """This file is not kept; the sentence says why and what would be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept: its bytes as they will be stored, what they are, and a name that does no harm anywhere."""

    content: bytes
    content_type: str
    name: str

    @property
    def sha256(self) -> str:
        """Of the bytes as they will be stored."""
        return hashlib.sha256(self.content).hexdigest()


def read_upload(file: IO[bytes], name: str) -> Upload:
    """The file as it may be kept. What the sender calls it or says about its type counts for nothing.

    Raises ``UploadRefused`` for what is empty, larger than ``settings.UPLOAD_MAX_BYTES``, of another kind, damaged or active.
    """
    content = file.read(settings.UPLOAD_MAX_BYTES + 1)
    if not content:
        raise UploadRefused(_("The file is empty. Choose another one."))
    if len(content) > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise UploadRefused(_("The file is larger than %(most)s MB. Scan it at a lower resolution, or in parts.") % {"most": most})
    content_type = next((kind for magic, kind in MAGIC if content.startswith(magic)), "")
    if not content_type:
        raise UploadRefused(_("This is no PDF, JPEG or PNG, whatever its name says. Scan the paper or take a photo of it."))
    kept = _checked_pdf(content) if content_type == PDF else made_anew(content, content_type)
    return Upload(kept, content_type, harmless_name(name, content_type))


def _checked_pdf(content: bytes) -> bytes:
    try:
        check_pdf(content)
    except PdfTrouble as trouble:
        raise UploadRefused(_pdf_sentence(trouble.kind)) from trouble
    return content


def _pdf_sentence(kind: str) -> str:
    return {
        "damaged": _("This PDF is damaged or not whole. Save or scan it again."),
        "locked": _("This PDF is locked with a password. Save it without one, or upload a scan."),
        "active": _("This PDF holds a script, another file or an action. Print it, and upload a scan of the print."),
        "opaque": _("This PDF is packed in a way that cannot be looked into. Print it, and upload a scan of the print."),
    }[kind]


def made_anew(content: bytes, content_type: str) -> bytes:
    """The picture drawn anew from its pixels, upright: no metadata, no place where it was taken, nothing behind its end.

    Raises ``UploadRefused`` for one that cannot be read to its end and for more than ``settings.UPLOAD_MAX_PIXELS``.
    """
    from PIL import Image, ImageOps  # here: few need it, and every process would hold it (docs/adr/0027)

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",) if content_type == JPEG else ("PNG",)) as found:
            _check_size(found.size)
            found.load()
            return _drawn(ImageOps.exif_transpose(found), content_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise UploadRefused(_too_many_pixels()) from bomb
    except BROKEN_PICTURE as wrong:
        raise UploadRefused(_("This picture is damaged or not whole. Take it again.")) from wrong


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > settings.UPLOAD_MAX_PIXELS:
        raise UploadRefused(_too_many_pixels())


def _too_many_pixels() -> str:
    return _("This picture has more than %(most)s million pixels. Make it smaller.") % {"most": settings.UPLOAD_MAX_PIXELS // 1_000_000}


def _drawn(picture: "Image.Image", content_type: str) -> bytes:
    from PIL import Image

    modes = MODES_KEPT[content_type]
    mode = picture.mode if picture.mode in modes else modes[-1]
    fresh = Image.new(mode, picture.size)
    fresh.paste(picture.convert(mode))
    out = io.BytesIO()
    if content_type == JPEG:
        fresh.save(out, "JPEG", quality=88, optimize=True)
    else:
        fresh.save(out, "PNG")
    return out.getvalue()


def harmless_name(typed: str, content_type: str) -> str:
    """A name for people: letters, digits and a few marks of what was sent, no path, one ending, which is that of the content."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKC", typed))[-1]
    stem = last.rpartition(".")[0] or last
    plain = "".join(letter if _is_harmless(letter) else "-" for letter in stem if not unicodedata.category(letter).startswith("C"))
    plain = re.sub(r"-{2,}", "-", re.sub(r"\s+", " ", plain))[:LONGEST_NAME].strip(" -_")
    if not plain or DEVICES.fullmatch(plain):
        plain = f"document-{plain}".strip("-")
    return plain + ENDINGS[content_type]


def _is_harmless(letter: str) -> bool:
    return letter in HARMLESS_MARKS or unicodedata.category(letter)[0] in "LMN"
