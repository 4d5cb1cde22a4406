"""From an uploaded photo to what the card in it claims, by way of the workshop."""

from vssid.kernel import images
from vssid.kernel.labels import Refused
from vssid.kernel.workshop import Workshop
from vssid.scans.rules import Scan, Trouble, read

# The reader of codes is loaded by the child alone.
_CODES, _ANY_CODES = "vssid.scans.decoding:codes_in", "vssid.scans.decoding:any_codes_in"
_SECONDS = 20
_TROUBLES = {
    images.Trouble.NOT_A_PHOTO: Trouble.NOT_A_PHOTO,
    images.Trouble.DAMAGED: Trouble.PHOTO_DAMAGED,
    images.Trouble.TOO_MANY_PIXELS: Trouble.TOO_MANY_PIXELS,
    images.Trouble.TOO_SMALL: Trouble.PHOTO_TOO_SMALL,
}


def scan_photo(workshop: Workshop, data: bytes) -> Scan | Trouble:
    """The card whose code is in a photo (JPEG, PNG, WebP, HEIC; at most 8 MB). Raises Busy as the workshop does."""
    texts = _texts(workshop, _CODES, data)
    return texts if isinstance(texts, Trouble) else read(texts[0])


def text_in(workshop: Workshop, data: bytes) -> str:
    """The text of the first code of any kind in a photo. Raises Refused in words, and Busy as the workshop does."""
    texts = _texts(workshop, _ANY_CODES, data)
    if isinstance(texts, Trouble):
        raise Refused(texts.label, "photo")
    return texts[0]


def _texts(workshop: Workshop, look: str, data: bytes) -> list[str] | Trouble:
    """One text at least."""
    if not data:
        return Trouble.EMPTY
    if len(data) > images.LARGEST_BYTES:
        return Trouble.PHOTO_TOO_LARGE
    texts: list[str] | images.Trouble = workshop.run_named(_SECONDS, look, data)
    if isinstance(texts, images.Trouble):
        return _TROUBLES[texts]
    return texts or Trouble.NO_CODE
