"""QR codes, black on white, quiet zone of four modules: as one compact SVG path that inherits nothing, or as a picture."""

import struct
import zlib
from base64 import b64encode

import qrcode
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

QUIET = 4
_LEVELS = {True: ERROR_CORRECT_M, False: ERROR_CORRECT_L}


def matrix(text: str, *, robust: bool = True) -> list[list[bool]]:
    """The modules of `text` without quiet zone; `robust` corrects 15 % damage, else 7 % with bigger modules."""
    code = qrcode.QRCode(error_correction=_LEVELS[robust], border=0)
    code.add_data(text)
    code.make(fit=True)
    modules: list[list[bool]] = code.get_matrix()
    return modules


def png_uri(text: str, *, robust: bool = True) -> str:
    """A code with its quiet zone as a one-bit PNG in a data URI, a pixel a module: for sheets with thousands.

    `robust` as in `matrix`. The mask is fixed: choosing the best of eight costs ten times the rest, and paper is read under good light.
    """
    code = qrcode.QRCode(error_correction=_LEVELS[robust], border=QUIET, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    side, width = len(rows), -(-len(rows) // 8)
    lines = (int("".join("01"[not dark] for dark in row).ljust(width * 8, "1"), 2) for row in rows)
    pixels = b"".join(b"\0" + line.to_bytes(width, "big") for line in lines)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)  # one bit of grey, no filter, not interlaced
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(pixels)) + _chunk(b"IEND", b"")
    return "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def svg(text: str, title: str, *, robust: bool = True) -> Markup:
    """An <svg> with `title` for screen readers. Rows become horizontal strokes, a fifth of a library's size."""
    modules = matrix(text, robust=robust)
    side = len(modules) + 2 * QUIET
    path = "".join(
        f"M{QUIET + start} {QUIET + y}h{length}v1h-{length}z"
        for y, row in enumerate(modules)
        for start, length in _runs(row)
    )
    return Markup(  # noqa: S704 - numbers and an escaped title only
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="{escape(title)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    runs, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append((start, x - start))
            start = None
    return runs
