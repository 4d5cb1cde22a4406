"""Photos from phones: decoded within limits, turned upright, made small, stripped of all metadata.

Runs in the workshop's child process: a hostile picture may cost that process, never the server.
"""

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

LARGEST_BYTES = 8 * 1024**2
LARGEST_PIXELS = 25_000_000
LONGEST_SIDE = 1600
PREVIEW_SIDE = 240
SMALLEST_SIDE = 200
_FORMATS = ("JPEG", "PNG", "WEBP")
_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}


class Trouble(StrEnum):
    """Why a file cannot be taken as a photo."""

    NOT_A_PHOTO = "not_a_photo"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


@dataclass(frozen=True)
class Photo:
    """The stored JPEG (longest side 1,600 px) and a preview (240 px)."""

    jpeg: bytes
    preview: bytes


def prepare(data: bytes) -> Photo | Trouble:
    """Re-encode JPEG, PNG or WebP `data` (at most 8 MB, checked by the caller); says what is wrong otherwise."""
    if not any(data.startswith(signature) for signature in _SIGNATURES):
        return Trouble.NOT_A_PHOTO
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as source:
            if source.width * source.height > LARGEST_PIXELS:
                return Trouble.TOO_MANY_PIXELS
            if min(source.size) < SMALLEST_SIDE:
                return Trouble.TOO_SMALL
            source.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
            upright = ImageOps.exif_transpose(source)
            return Photo(_jpeg(upright, LONGEST_SIDE, 85), _jpeg(upright, PREVIEW_SIDE, 75))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Trouble.TOO_MANY_PIXELS
    except Exception:
        # Decoders raise anything on damaged input; to the sender it all means the same.
        return Trouble.DAMAGED


def _jpeg(source: Image.Image, longest: int, quality: int) -> bytes:
    flat = Image.new("RGB", source.size, "white")
    rgba = source.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    flat.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
