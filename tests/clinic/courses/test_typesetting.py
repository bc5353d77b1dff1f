"""The QR code is the address, on paper too; and only a letter that the fonts lack makes a print less than accessible."""

import re
from pathlib import Path

import pypdfium2
import pytest
import qrcode
import typst
from qrcode.constants import ERROR_CORRECT_M

from clinic.courses.prints import typesetting
from clinic.courses.prints.qr import QUIET, qr_matrix, qr_svg

pytestmark = pytest.mark.same_everywhere

MM = 72 / 25.4
ADDRESSES = [
    "http://testserver/courses/1/",
    "https://tactus.example.org/courses/4711/?session=12",
    "https://клиника.example/курсы/" + "x" * 90,
]
ONLY_CODE = """#import "common.typ": *
#let data = json(bytes(sys.inputs.data))
#set document(title: "T")
#set page(width: 40mm, height: 40mm, margin: 0mm)
#picture(data.qr, data.qr_alt, width: 16mm)
"""


def drawn_matrix(svg: str) -> list[list[bool]]:
    """The modules that the path fills."""
    size = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg)[1])  # type: ignore[index]
    matrix = [[False] * size for _row in range(size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for column in range(int(x), int(x) + int(width)):
            matrix[int(y)][column] = True
    return matrix


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_drawn_modules_are_those_of_the_address(address: str) -> None:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(address)
    assert drawn_matrix(qr_svg(address)) == code.get_matrix() == qr_matrix(address)


def test_two_addresses_have_two_codes() -> None:
    assert qr_svg(ADDRESSES[0]) != qr_svg(ADDRESSES[1])


@pytest.mark.parametrize("address", ADDRESSES[:2])
def test_the_modules_survive_the_way_to_paper(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ink in the middle of each module, as the page is drawn."""
    template = tmp_path / "only-foot.typ"
    (tmp_path / "common.typ").write_text((typesetting.FOLDER / "common.typ").read_text("utf-8"), "utf-8")
    template.write_text(ONLY_CODE, "utf-8")
    monkeypatch.setattr(typesetting, "FOLDER", tmp_path)
    page_ = pypdfium2.PdfDocument(typesetting.typeset(template.name, {"qr": qr_svg(address), "qr_alt": "QR"}))[0]
    bitmap = page_.render(scale=20, grayscale=True)
    ink, stride, matrix = bytes(bitmap.buffer), bitmap.stride, qr_matrix(address)
    module = 16 * MM * 20 / len(matrix)
    seen = [
        [ink[int((row + 0.5) * module) * stride + int((column + 0.5) * module)] < 128 for column in range(len(matrix))]
        for row in range(len(matrix))
    ]
    assert seen == matrix


def test_a_fault_of_a_template_is_raised_and_never_printed_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.typ").write_text("#panic(sys.inputs.data)", "utf-8")
    (tmp_path / "no-alt.typ").write_text('#set document(title: "T")\n$x$', "utf-8")  # not accessible: a formula without words
    monkeypatch.setattr(typesetting, "FOLDER", tmp_path)
    for template in ("broken.typ", "no-alt.typ"):
        with pytest.raises(typst.TypstError):
            typesetting.typeset(template, {})
