"""Finding a QR code in a photo. Only the workshop's child process loads this module and the reader behind it.

A phone's photo is large, skewed and a little out of focus. What decides is how many pixels a module of the code has
and how sharp its edges are, so the same picture is tried at several sizes, enlarged and sharpened: of 40 photos whose
blur was 0.38 to 0.62 of a module, the first look read 9 and the second 23.
"""

import time
from collections.abc import Callable, Iterator

import zxingcpp
from PIL import Image, ImageFilter

from vssid.kernel import images
from vssid.scans import rules

LARGEST_SIDE = 2400
# No further look is begun after this; one takes half a second at most.
SECONDS = 2.0
_SMALL, _TINY = 1000, 700
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def codes_in(data: bytes) -> list[str] | images.Trouble:
    """The texts of the QR codes in a photo (at most 8 MB, checked by the caller), one that is a card's first.

    Looks again, differently, until a card is found or all is tried; an empty list if no code was.
    """
    return _codes(data, lambda text: isinstance(rules.read(text), rules.Scan))


def any_codes_in(data: bytes) -> list[str] | images.Trouble:
    """The same for codes of whatever kind: one that can be read at all is enough."""
    return _codes(data, bool)


def _codes(data: bytes, is_enough: Callable[[str], bool]) -> list[str] | images.Trouble:
    grey = images.opened(data, _grey)
    if isinstance(grey, images.Trouble):
        return grey
    until = time.monotonic() + SECONDS
    found: dict[str, None] = {}
    for look in _looks(grey):
        for text in _texts(look()):
            if is_enough(text):
                return [text, *(other for other in found if other != text)]
            found[text] = None
        if time.monotonic() > until:
            break
    return list(found)


def _grey(source: Image.Image) -> Image.Image:
    source.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
    grey = (images.flat(source) if source.has_transparency_data else source).convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    return grey


def _looks(grey: Image.Image) -> Iterator[Callable[[], Image.Image]]:
    """The cheap look first, then for blurred codes, for large blurred ones, last for tiny ones."""
    yield lambda: _smaller(grey, images.LONGEST_SIDE)
    yield lambda: _sharper(_smaller(grey, images.LONGEST_SIDE))
    yield lambda: _sharper(_smaller(grey, _SMALL))
    yield lambda: _sharper(_smaller(grey, _TINY))
    yield lambda: _sharper(grey)


def _smaller(picture: Image.Image, longest: int) -> Image.Image:
    small = picture.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


def _sharper(picture: Image.Image) -> Image.Image:
    """Twice as large with strong edges."""
    large = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
    return large.filter(ImageFilter.UnsharpMask(radius=4, percent=900, threshold=0))


def _texts(picture: Image.Image) -> list[str]:
    return [_text(code) for code in zxingcpp.read_barcodes(picture, formats=_QR)]


def _text(code: zxingcpp.Barcode) -> str:
    """The cards' codes hold UTF-8 without saying so, and a reader that guesses takes short names for Japanese."""
    try:
        return code.bytes.decode()
    except UnicodeDecodeError:
        return code.text
