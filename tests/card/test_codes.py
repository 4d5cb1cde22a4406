"""The codes of the card as a clinic's camera meets them: two centimetres wide, out of focus, askew, compressed."""

import io
import random
from datetime import date

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from tests.card.strips import changed, signed
from tests.card.test_rules import FACE
from vssid.card.rules import qr_payload
from vssid.web import qr

PICTURES = 100
CENTIMETRES = 2
# A phone's camera at some 25 cm: 4,000 points over 25 cm.
POINTS_PER_CENTIMETRE = 160
STRIPS = {
    "shown": lambda n: signed(changed(ma_so=f"{8900000000 + n}", handle=n.to_bytes(6, "big"))),
    "printed": lambda n: signed(changed(ma_so=f"{8900000000 + n}", paper=True, last_day=date(2026, 12, 31))),
    "of the card's form": lambda n: qr_payload(FACE),
}


def _drawn(text: str) -> Image.Image:
    """The code as it is drawn for screens and paper, with its quiet zone."""
    modules = qr.matrix(text, robust=False)
    side = len(modules) + 2 * qr.QUIET
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + qr.QUIET, y + qr.QUIET), 0)
    points = CENTIMETRES * POINTS_PER_CENTIMETRE
    return picture.resize((side * 8, side * 8), Image.Resampling.NEAREST).resize(
        (points, points), Image.Resampling.LANCZOS
    )


def _photographed(picture: Image.Image, chance: random.Random) -> Image.Image:
    side = picture.width
    whole = side * 2
    ground = Image.new("L", (whole, whole), chance.randrange(150, 235))
    ground.paste(picture, (side // 2, side // 2))
    # Askew: each corner of what is seen moves by up to a twelfth of the code.
    shift = lambda: chance.uniform(-side / 12, side / 12)  # noqa: E731
    corners = [(0, 0), (0, whole), (whole, whole), (whole, 0)]
    quad = [value + shift() for corner in corners for value in corner]
    seen = ground.transform(ground.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=190)
    seen = seen.rotate(chance.uniform(-20, 20), Image.Resampling.BICUBIC, fillcolor=190)
    seen = seen.filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 1.6)))
    dark, light = chance.randrange(10, 60), chance.randrange(180, 250)
    seen = seen.point(lambda value: dark + value * (light - dark) // 255)
    packed = io.BytesIO()
    seen.save(packed, "JPEG", quality=chance.randrange(35, 80))
    return Image.open(packed)


@pytest.mark.parametrize("kind", STRIPS)
def test_99_of_100_photos_are_read_at_once(kind):
    chance = random.Random(kind)
    missed = 0
    for n in range(PICTURES):
        text = STRIPS[kind](n)
        found = zxingcpp.read_barcodes(_photographed(_drawn(text), chance))
        missed += [code.text for code in found] != [text]
    assert missed <= PICTURES // 100


@pytest.mark.parametrize("kind", ["shown", "printed"])
def test_a_strip_needs_no_more_than_version_8(kind):
    longest = changed(initials="ƯĐÔĂÂÊƠ", paper=kind == "printed")
    assert len(qr.matrix(signed(longest), robust=False)) <= 17 + 4 * 8
