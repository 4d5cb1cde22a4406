"""QR codes as one compact SVG path that inherits nothing: black on white, quiet zone of four modules."""

import qrcode
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

QUIET = 4


def matrix(text: str, *, robust: bool = True) -> list[list[bool]]:
    """The modules of `text` without quiet zone; `robust` corrects 15 % damage, else 7 % with bigger modules."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M if robust else ERROR_CORRECT_L, border=0)
    code.add_data(text)
    code.make(fit=True)
    modules: list[list[bool]] = code.get_matrix()
    return modules


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
