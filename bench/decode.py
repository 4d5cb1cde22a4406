"""Reading the code of a card in a phone's photo of 12 megapixels: the workshop's way, as the server goes it."""

import io
import random
import time
from collections.abc import Callable

import qrcode
from PIL import Image, ImageChops, ImageFilter

from bench.report import Row, Series, at_most
from vssid import scans
from vssid.kernel.workshop import Workshop

PART = "decode"
SIZE = (4000, 3000)
# A read keeps nobody waiting; a photo without a code may take what its sender would need for the next one.
MOST_MILLISECONDS, MOST_WITHOUT_CODE = 1000, 3000
TURNS, QUICK_TURNS, WARM_TURNS = 30, 10, 2
SEED = 12
CARD = (
    "8900000001|4e677579e1bb856e205468e1bb8b204de1baab75|04/09/1985|2|-|89 - 012|01/12/2021|-|07/01/2022|89000000000001|-|4|"
    "20/09/2021|0123456789abcdef-1202|4|54e1bb896e6820416e204769616e67|$"
)


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    turns = QUICK_TURNS if quick else TURNS
    photos = {
        "a card, a little out of focus": (photo(CARD, blur=2.0), MOST_MILLISECONDS),
        "a card, blurred by half a module of its code": (photo(CARD, blur=6.5), MOST_MILLISECONDS),
        "no code, so that every look is taken": (photo("", blur=2.0), MOST_WITHOUT_CODE),
    }
    workshop = Workshop()
    rows = []
    for what, (data, most) in photos.items():
        say(f"decode: {what}")
        taken, answer = times(workshop, data, turns)
        if isinstance(answer, scans.Scan) is what.startswith("no code"):
            raise RuntimeError(f"{what}: {answer}")
        named = f"12 MP, {what}; median of {turns}"
        rows.append(at_most(PART, named, taken.median * 1000, most, "ms", noisy=taken.noisy))
    # The child of the workshop ends with its pool; nothing is to outlive the measurement.
    workshop._discard(workshop._open())
    return rows


def times(workshop: Workshop, data: bytes, turns: int) -> tuple[Series, object]:
    """Seconds a turn once the child is warm, and the last answer."""
    values, answer = [], None
    for turn in range(WARM_TURNS + turns):
        started = time.perf_counter()
        answer = scans.scan_photo(workshop, data)
        if turn >= WARM_TURNS:
            values.append(time.perf_counter() - started)
    return Series(values), answer


def photo(text: str, blur: float) -> bytes:
    """A grainy JPEG of a card that lies askew, with a code 900 pixels wide if there is `text`."""
    scene = Image.new("L", SIZE, 70)
    scene.paste(230, (500, 400, 3500, 2600))
    if text:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
        code.add_data(text.encode())
        code.make(fit=True)
        scene.paste(code.make_image().get_image().convert("L").resize((900, 900)), (2300, 1050))
    seen = scene.rotate(7, Image.Resampling.BICUBIC, fillcolor=70).filter(ImageFilter.GaussianBlur(blur))
    out = io.BytesIO()
    ImageChops.add(seen, grain(), 1, -128).convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


def grain() -> Image.Image:
    """Noise around 128, the same every time: a tile of it repeated."""
    chance, side = random.Random(SEED), 500
    tile = Image.frombytes(
        "L", (side, side), bytes(min(255, max(0, int(chance.gauss(128, 12)))) for _ in range(side**2))
    )
    grain = Image.new("L", SIZE)
    for at in range(0, SIZE[0] * SIZE[1] // side, side):
        grain.paste(tile, (at % SIZE[0], at // SIZE[0] * side))
    return grain
