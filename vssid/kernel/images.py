"""Photos from phones: decoded within limits, turned upright, made small, stripped of all metadata.

Runs in the workshop's child process: a hostile picture may cost that process, never the server.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pkgutil import resolve_name
from typing import TypeVar

from PIL import Image, ImageFile, ImageOps

R = TypeVar("R")

LARGEST_BYTES = 8 * 1024**2
LARGEST_PIXELS = 25_000_000
LONGEST_SIDE = 1600
PREVIEW_SIDE = 240
# 20 mm at 400 dots an inch.
PRINTED_SIDE = 320
SMALLEST_SIDE = 200
_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
# What a HEIF file calls itself (ISO 23008-12): HEVC pictures and sequences, or the container's own name.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
_AVIF_BRANDS = {b"avif", b"avis"}
_MOST_BRANDS = 32


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
    """Re-encode JPEG, PNG, WebP or HEIC `data` (at most 8 MB, checked by the caller); says what is wrong otherwise."""
    return opened(data, _stored)


def opened(data: bytes, use: Callable[[Image.Image], R]) -> R | Trouble:
    """`use` of the picture in `data`, which is handed over undecoded, of a known kind and within the limits.

    Whatever `use` raises counts as damage of the file: decode there, and work on the result outside.
    """
    kind = _kind(data)
    if kind is None:
        return Trouble.NOT_A_PHOTO
    if kind == "HEIF":
        # A library of 26 MB, which only a child that is sent such a file loads.
        resolve_name("pillow_heif:register_heif_opener")(thumbnails=False, depth_images=False, aux_images=False)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    # WeasyPrint, in the same child, has half a picture count as one: an identity paper of which half is grey.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as source:
            if source.width * source.height > LARGEST_PIXELS:
                return Trouble.TOO_MANY_PIXELS
            if min(source.size) < SMALLEST_SIDE:
                return Trouble.TOO_SMALL
            return use(source)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Trouble.TOO_MANY_PIXELS
    except Exception:
        # Decoders raise anything on damaged input; to the sender it all means the same.
        return Trouble.DAMAGED


@dataclass(frozen=True)
class Sizes:
    """A picture for a page as JPEGs of two widths; `width` and `height` are those of the larger one, in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def of_page(data: bytes, large: int, small: int) -> Sizes | Trouble:
    """Re-encode `data` (as in `prepare`) at most `large` and `small` pixels wide; nothing is made wider than it was."""

    def sized(source: Image.Image) -> Sizes:
        source.draft("RGB", (large * 2, large * 2))
        upright = flat(ImageOps.exif_transpose(source))
        first = _no_wider(upright, large)
        return Sizes(_saved(first, 82), _saved(_no_wider(upright, small), 78), first.width, first.height)

    return opened(data, sized)


def _no_wider(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def printed(jpeg: bytes) -> bytes:
    """A stored photo as it is printed on a card: as sharp as paper shows it, a twentieth of its weight. Raises OSError for damage."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as source:
        source.draft("RGB", (PRINTED_SIDE, PRINTED_SIDE))
        return _jpeg(source, PRINTED_SIDE, 85)


def _kind(data: bytes) -> str | None:
    """Pillow's name of the format that `data` begins like."""
    found = next((kind for signature, kind in _SIGNATURES.items() if data.startswith(signature)), None)
    return found or ("HEIF" if _is_heif(data) else None)


def _is_heif(data: bytes) -> bool:
    """Whether `data` begins with a file-type box of HEIF. AVIF has the same container and is none."""
    if data[4:8] != b"ftyp" or data[8:12] not in _HEIF_BRANDS:
        return False
    box = data[16 : min(int.from_bytes(data[:4], "big"), 16 + 4 * _MOST_BRANDS)]
    return _AVIF_BRANDS.isdisjoint(box[at : at + 4] for at in range(0, len(box), 4))


def flat(source: Image.Image) -> Image.Image:
    """RGB on white: what is transparent looks like paper."""
    paper = Image.new("RGB", source.size, "white")
    rgba = source.convert("RGBA")
    paper.paste(rgba, mask=rgba.getchannel("A"))
    return paper


def _stored(source: Image.Image) -> Photo:
    source.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
    upright = ImageOps.exif_transpose(source)
    return Photo(_jpeg(upright, LONGEST_SIDE, 85), _jpeg(upright, PREVIEW_SIDE, 75))


def _jpeg(source: Image.Image, longest: int, quality: int) -> bytes:
    picture = flat(source)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _saved(picture, quality)


def _saved(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
