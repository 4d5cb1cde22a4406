"""From an uploaded photo to what the codes in it say or the card in it claims, by way of the workshop."""

from vssid.kernel import images
from vssid.kernel.labels import Refused
from vssid.kernel.workshop import Workshop
from vssid.scans.rules import Scan, Trouble, read

# The reader of codes is loaded by the child alone.
_CODES = "vssid.scans.decoding:codes_in"
_FIRST_CODES = "vssid.scans.decoding:first_codes_in"
_SECONDS = 20
_TROUBLES = {
    images.Trouble.NOT_A_PHOTO: Trouble.NOT_A_PHOTO,
    images.Trouble.DAMAGED: Trouble.PHOTO_DAMAGED,
    images.Trouble.TOO_MANY_PIXELS: Trouble.TOO_MANY_PIXELS,
    images.Trouble.TOO_SMALL: Trouble.PHOTO_TOO_SMALL,
}


def scan_photo(workshop: Workshop, data: bytes) -> Scan | Trouble:
    """The card whose code is in a photo (JPEG, PNG, WebP, HEIC; at most 8 MB). Raises Busy as the workshop does."""
    texts = _decoded(workshop, _CODES, data)
    return texts if isinstance(texts, Trouble) else read(texts[0])


def codes_of_photo(workshop: Workshop, data: bytes) -> list[str]:
    """The texts of the QR codes in such a photo, one at least, of whatever kind. Raises Refused in words, and Busy."""
    texts = _decoded(workshop, _FIRST_CODES, data)
    if isinstance(texts, Trouble):
        raise Refused(texts.label, "photo")
    return texts


def _decoded(workshop: Workshop, decoder: str, data: bytes) -> list[str] | Trouble:
    if not data:
        return Trouble.EMPTY
    if len(data) > images.LARGEST_BYTES:
        return Trouble.PHOTO_TOO_LARGE
    texts: list[str] | images.Trouble = workshop.run_named(_SECONDS, decoder, data)
    if isinstance(texts, images.Trouble):
        return _TROUBLES[texts]
    return texts or Trouble.NO_CODE
