"""An address as a QR code: one path, a square for each dark module."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

QUIET: Final = 4  # light modules around the code, without which cameras do not find it


def qr_matrix(address: str) -> list[list[bool]]:
    """The dark modules row by row with the quiet zone around them. Error correction M: a fold or a stain does not kill it."""
    import qrcode  # here: few need it, and every process would hold it (docs/adr/0027)
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(address)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(address: str) -> str:
    """The code as a standalone SVG, one unit a module. One path and no strokes, so that no seams show between modules."""
    matrix = qr_matrix(address)
    drawn = "".join(run for y, row in enumerate(matrix) for run in _runs(row, y))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(matrix)} {len(matrix)}"><path fill="#000000" d="{drawn}"/></svg>'


def _runs(row: Sequence[bool], y: int) -> list[str]:
    """Neighbouring dark modules of a row as one rectangle each."""
    runs, x = [], 0
    for dark, grouped in groupby(row):
        width = len(list(grouped))
        if dark:
            runs.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return runs
