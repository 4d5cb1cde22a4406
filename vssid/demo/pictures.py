"""Drawn specimen photos: a silhouette with initials, and identity cards that nobody could take for real ones."""

import functools
import io
import math
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from vssid.kernel import images
from vssid.kernel.text import without_marks

SPECIMEN = "BẢN MẪU – SPECIMEN"
_INK, _RED, _PAPER, _WASH = (28, 37, 48), (179, 38, 30), (247, 245, 240), (226, 234, 244)
_BACKGROUNDS = ((206, 220, 234), (222, 231, 214), (238, 226, 208), (230, 218, 232), (214, 230, 230))
_KEPT = 100  # who declares twice, or is loaded again in the same process, is not drawn again
# Pillow's own letters lack most Vietnamese marks; the fonts for our PDFs have them.
_FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf")


@dataclass(frozen=True)
class Bearer:
    """What stands on a specimen identity card; `birth` is dd/mm/yyyy, mm/yyyy or yyyy."""

    name: str
    number: str
    birth: str
    sex: str


@functools.lru_cache(maxsize=_KEPT)
def portrait(name: str) -> images.Photo:
    """A 3×4 silhouette with the initials of a name."""
    words = without_marks(name).upper().split()
    initials = f"{words[0][0]}{words[-1][0]}"
    picture = Image.new("RGB", (600, 800), _BACKGROUNDS[sum(map(ord, name)) % len(_BACKGROUNDS)])
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 520, 540, 1080), fill=(92, 110, 132))
    draw.ellipse((180, 170, 420, 490), fill=(118, 136, 158))
    _write(draw, (300, 330), initials, 96, (255, 255, 255), anchor="mm")
    _write(draw, (300, 745), SPECIMEN, 36, (255, 255, 255), anchor="mm")
    return _photo(picture)


@functools.lru_cache(maxsize=_KEPT)
def front(bearer: Bearer) -> images.Photo:
    """The front of a specimen identity card, with the number, name, birth date and sex to compare."""
    picture, draw = _card("GIẤY TỜ TUỲ THÂN MẪU")
    draw.rectangle((70, 190, 290, 480), fill=_WASH, outline=_INK, width=2)
    draw.ellipse((130, 235, 230, 360), fill=(150, 165, 184))
    draw.pieslice((95, 370, 265, 590), 180, 360, fill=(150, 165, 184))
    lines = (("Số", bearer.number), ("Họ và tên", bearer.name), ("Ngày sinh", bearer.birth), ("Giới tính", bearer.sex))
    for at, (label, value) in enumerate(lines):
        _write(draw, (330, 190 + at * 78), label, 22, (91, 102, 115))
        _write(draw, (330, 216 + at * 78), value, 36, _INK)
    return _photo(_stamped(picture))


@functools.cache
def back() -> images.Photo:
    """The back, which is the same on all."""
    picture, draw = _card("MẶT SAU")
    for x in (110, 340):
        draw.rectangle((x, 200, x + 180, 440), outline=_INK, width=2)
        for step in range(6):
            draw.arc((x + 15 + step * 12, 225 + step * 14, x + 165 - step * 12, 415 - step * 14), 0, 300, _INK, 2)
    _write(draw, (600, 240), "Dấu vân tay vẽ mẫu", 30, _INK)
    _write(draw, (110, 500), "SPECIMEN<<SPECIMEN<<SPECIMEN<<<<<<<<", 34, _INK)
    return _photo(_stamped(picture))


def _card(title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (1000, 630), (70, 76, 84))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((25, 25, 975, 605), 30, fill=_PAPER)
    _write(draw, (500, 75), SPECIMEN, 44, _RED, anchor="mm")
    _write(draw, (500, 135), title, 30, _INK, anchor="mm")
    return picture, draw


def _stamped(picture: Image.Image) -> Image.Image:
    """The word across the whole card, so that no cut-out of it looks real."""
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    _write(ImageDraw.Draw(layer), (500, 330), "SPECIMEN", 170, (*_RED, 46), anchor="mm")
    tilt = math.degrees(math.atan2(picture.height, picture.width)) * 0.7
    return Image.alpha_composite(picture.convert("RGBA"), layer.rotate(tilt)).convert("RGB")


@functools.cache
def _font(size: int) -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, bool]:
    """The letters, and whether they have Vietnamese marks."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size), False


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: tuple[int, ...],
    anchor: str | None = None,
) -> None:
    font, has_marks = _font(size)
    draw.text(at, text if has_marks else without_marks(text), fill=colour, font=font, anchor=anchor)


def _photo(picture: Image.Image) -> images.Photo:
    """The drawing as a photo from a phone is kept: re-encoded, with its preview."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    prepared = images.prepare(out.getvalue())
    if not isinstance(prepared, images.Photo):
        raise RuntimeError(f"a drawn photo was refused: {prepared}")
    return prepared
