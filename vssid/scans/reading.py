"""From an uploaded photo to what the card in it claims, by way of the workshop."""

from vssid.kernel import images
from vssid.kernel.labels import Refused
from vssid.kernel.workshop import Workshop
from vssid.scans.rules import Scan, Trouble, read

# The reader of codes is loaded by the child alone.
_CODES = "vssid.scans.decoding:codes_in"
_SECONDS = 20
_TROUBLES = {
    images.Trouble.NOT_A_PHOTO: Trouble.NOT_A_PHOTO,
    images.Trouble.DAMAGED: Trouble.PHOTO_DAMAGED,
    images.Trouble.TOO_MANY_PIXELS: Trouble.TOO_MANY_PIXELS,
    images.Trouble.TOO_SMALL: Trouble.PHOTO_TOO_SMALL,
}


def text_in(workshop: Workshop, data: bytes) -> str:
    """The text of the first code in a photo, a card's before others. Raises Refused in words, and Busy as the workshop does."""
    texts = _texts(workshop, data)
    if isinstance(texts, Trouble):
        raise Refused(texts.label, "photo")
    if not texts:
        raise Refused(Trouble.NO_CODE.label, "photo")
    return texts[0]


def scan_photo(workshop: Workshop, data: bytes) -> Scan | Trouble:
    """The card whose code is in a photo (JPEG, PNG, WebP, HEIC; at most 8 MB). Raises Busy as the workshop does."""
    texts = _texts(workshop, data)
    if isinstance(texts, Trouble):
        return texts
    return read(texts[0]) if texts else Trouble.NO_CODE


def _texts(workshop: Workshop, data: bytes) -> list[str] | Trouble:
    if not data:
        return Trouble.EMPTY
    if len(data) > images.LARGEST_BYTES:
        return Trouble.PHOTO_TOO_LARGE
    texts: list[str] | images.Trouble = workshop.run_named(_SECONDS, _CODES, data)
    return _TROUBLES[texts] if isinstance(texts, images.Trouble) else texts
