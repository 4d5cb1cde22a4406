"""Photos as a phone takes them of a card with a code: turned, seen from the side, unsharp, grainy, pale, JPEG."""

import io
import math
import random
from dataclasses import dataclass

import qrcode
from PIL import Image, ImageChops, ImageDraw, ImageFilter

TWELVE_MEGAPIXELS = (4000, 3000)


@dataclass(frozen=True)
class Shot:
    """How a photo is taken. `code` is the width of the code in pixels, `blur` a Gaussian radius, `noise` its sigma."""

    seed: int
    code: int = 900
    blur: float = 2.0
    noise: float = 12.0
    quarters: int = 0
    contrast: float = 0.55
    size: tuple[int, int] = TWELVE_MEGAPIXELS


def picture(text: str, shot: Shot) -> Image.Image:
    """What the sensor sees."""
    chance = random.Random(shot.seed)
    scene = Image.new("L", shot.size, 70)
    draw = ImageDraw.Draw(scene)
    width, height = shot.size
    for _thing in range(60):
        x, y, wide, high = (chance.randrange(1, side) for side in (width, height, width // 5, height // 5))
        draw.rectangle((x, y, x + wide, y + high), fill=chance.randrange(40, 140))
    card = (width // 8, height // 8, width * 7 // 8, height * 7 // 8)
    draw.rectangle(card, fill=235)
    for line in range(9):
        top = card[1] + 120 + line * height // 14
        draw.rectangle((card[0] + 90, top, card[0] + chance.randrange(width // 5, width // 3), top + 28), fill=60)
    code = printed(text, shot.code)
    at = (min(width * 9 // 16, width - shot.code - 10), max(0, (height - shot.code) // 2 + chance.randrange(-200, 200)))
    scene.paste(code, at)
    seen = scene.transform(
        shot.size, Image.Transform.PERSPECTIVE, _askew(chance, shot.size), Image.Resampling.BICUBIC, fillcolor=90
    )
    seen = seen.filter(ImageFilter.GaussianBlur(shot.blur)).point(
        [int(90 + (v - 90) * shot.contrast) for v in range(256)]
    )
    grain = _grain(chance, shot.size, shot.noise)
    return ImageChops.add(seen, grain, 1, -128).rotate(90 * shot.quarters, expand=True)


def taken(text: str, shot: Shot) -> bytes:
    """The file that the phone sends."""
    out = io.BytesIO()
    picture(text, shot).convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


def printed(text: str, width: int) -> Image.Image:
    """The code on white, `width` pixels wide with its margin."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
    code.add_data(text.encode())
    code.make(fit=True)
    return code.make_image().get_image().convert("L").resize((width, width), Image.Resampling.LANCZOS)


def _askew(chance: random.Random, size: tuple[int, int]) -> tuple[float, ...]:
    """Coefficients of Image.Transform.PERSPECTIVE: up to 12 degrees of roll, one side farther away than the other."""
    turn = math.radians(chance.uniform(-12, 12))
    tilt, lean = (chance.uniform(-0.35, 0.35) / side for side in size)
    x, y = size[0] / 2, size[1] / 2
    cos, sin = math.cos(turn), math.sin(turn)
    # Around the middle of the picture: move there, turn and tilt, move back.
    top = (cos + x * tilt, -sin + x * lean)
    bottom = (sin + y * tilt, cos + y * lean)
    w = 1 - tilt * x - lean * y
    return (
        *top, -cos * x + sin * y + x * w,
        *bottom, -sin * x - cos * y + y * w,
        tilt, lean,
    )  # fmt: skip


def _grain(chance: random.Random, size: tuple[int, int], sigma: float) -> Image.Image:
    """Noise around 128, a tile of it repeated: Pillow's own cannot be seeded."""
    side = 500
    values = bytes(max(0, min(255, int(chance.gauss(128, sigma)))) for _ in range(side * side))
    tile = Image.frombytes("L", (side, side), values)
    grain = Image.new("L", size)
    for left in range(0, size[0], side):
        for top in range(0, size[1], side):
            grain.paste(tile, (left, top))
    return grain
