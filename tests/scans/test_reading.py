"""Codes found in photos: skewed, turned, blurred, grainy, pale; and files that are no such photos."""

import io
import subprocess
import sys
import time
from collections.abc import Iterator

import pillow_heif
import pytest
from PIL import Image

from tests.scans.phone import Shot, picture, printed, taken
from vssid.kernel import images
from vssid.kernel.labels import Busy
from vssid.kernel.workshop import QUEUE, Workshop
from vssid.scans import Scan, ScanKind, Trouble, decoding, read, scan_photo

CCCD = "089185000001|012345678|Nguyễn Thị Mẫu|04091985|Nữ|Tổ 1, Phường Mỹ Bình, Long Xuyên, An Giang|01052021"
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh Mẫu"


def spelt(text: str) -> str:
    return text.encode().hex()


# As long as a card's text gets: 549 signs make a code of 89 × 89 modules.
LONGEST = "|".join(
    [
        "8900000001", spelt(LONG_NAME), "04/09/1985", "2",
        spelt("Công ty Cổ phần Chế biến Thuỷ sản Xuất khẩu Ví Dụ, Phường Mỹ Bình, tỉnh An Giang"),
        "89 - 012", "01/12/2021", "-", "07/01/2022", "89000000000001", "-", "4", "20/09/2021", "0123456789abcdef-1202", "4",
        spelt("Thành phố Long Xuyên, Tỉnh An Giang"), "$",
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    shop = Workshop()
    yield shop
    shop._discard(shop._open())


SHOTS = {
    "sharp enough": (LONGEST, Shot(1)),
    "a quarter turn, blurred": (LONGEST, Shot(2, blur=3, quarters=1)),
    "upside down, blurred": (LONGEST, Shot(3, blur=3, quarters=2)),
    "three quarter turns, grainy": (LONGEST, Shot(4, noise=30, quarters=3)),
    "blurred by two fifths of a module": (LONGEST, Shot(5, blur=3.7)),
    "pale": (LONGEST, Shot(6, contrast=0.15, noise=8)),
    "a code of a tenth of the width": (LONGEST, Shot(1, code=400, blur=1.2)),
    "an identity card, far out of focus": (CCCD, Shot(1, code=700, blur=5)),
    "an identity card upside down": (CCCD, Shot(2, code=500, blur=3, quarters=2)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "shot"), SHOTS.values(), ids=SHOTS)
def test_a_phones_photo_of_twelve_megapixels_is_read(text, shot):
    assert decoding.codes_in(taken(text, shot)) == [text]


def test_a_photo_comes_back_from_the_workshop_as_a_card(workshop):
    found = scan_photo(workshop, taken(LONGEST, Shot(7, quarters=1)))
    assert isinstance(found, Scan)
    assert (found.kind, found.ma_so_bhxh, found.full_name) == (ScanKind.BHYT, "8900000001", LONG_NAME)


def test_a_heic_photo_and_a_screenshot_are_read_too(workshop):
    out = io.BytesIO()
    small = picture(CCCD, Shot(1, code=440, blur=1, noise=4, size=(1200, 900)))
    pillow_heif.from_pillow(small.convert("RGB")).save(out, quality=70)
    assert scan_photo(workshop, out.getvalue()) == read(CCCD)
    out = io.BytesIO()
    clear = Image.new("RGBA", (700, 900), (0, 0, 0, 0))
    clear.paste(printed(CCCD, 500).convert("RGBA"), (100, 200))
    clear.save(out, "PNG")
    assert scan_photo(workshop, out.getvalue()) == read(CCCD)


def test_a_jpeg_that_lies_on_its_side_by_exif_is_read(workshop):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    picture(CCCD, Shot(3, code=500, size=(1600, 1200))).save(out, "JPEG", exif=exif)
    assert scan_photo(workshop, out.getvalue()) == read(CCCD)


def jpeg(source: Image.Image) -> bytes:
    out = io.BytesIO()
    source.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def test_a_png_is_read_whatever_its_name_and_only_as_what_it_is(workshop):
    out = io.BytesIO()
    printed(CCCD, 400).save(out, "PNG")
    assert scan_photo(workshop, out.getvalue()) == read(CCCD)
    assert scan_photo(workshop, b"\xff\xd8\xff" + out.getvalue()) is Trouble.PHOTO_DAMAGED


def test_the_card_counts_when_another_code_is_in_the_photo(workshop):
    both = Image.new("L", (1400, 800), 220)
    both.paste(printed("https://example.org/mau", 500), (60, 100))
    both.paste(printed(CCCD, 600), (700, 100))
    assert scan_photo(workshop, jpeg(both)) == read(CCCD)


def test_a_code_that_is_no_card_is_told_apart_from_no_code(workshop):
    assert scan_photo(workshop, jpeg(printed("https://example.org/mau", 500))) is Trouble.NOT_A_CARD
    assert scan_photo(workshop, jpeg(printed(CCCD[:30], 500))) is Trouble.DAMAGED
    assert scan_photo(workshop, jpeg(Image.effect_noise((800, 600), 60))) is Trouble.NO_CODE


def test_the_largest_photo_without_a_code_is_given_up_in_three_seconds():
    """Of this process: what others do on the machine is not its fault."""
    photo = jpeg(Image.effect_noise((5760, 4320), 50))
    started = time.process_time()
    assert decoding.codes_in(photo) == []
    assert time.process_time() - started < 3


def test_files_that_are_no_such_photos(workshop):
    whole = jpeg(picture(CCCD, Shot(1, code=500, size=(1600, 1200))))
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert scan_photo(workshop, b"") is Trouble.EMPTY
    assert scan_photo(workshop, b"%PDF-1.7" + bytes(300)) is Trouble.NOT_A_PHOTO
    assert scan_photo(workshop, whole[: len(whole) // 3]) is Trouble.PHOTO_DAMAGED
    assert scan_photo(workshop, bomb.getvalue()) is Trouble.TOO_MANY_PIXELS
    assert scan_photo(workshop, jpeg(printed(CCCD, 120))) is Trouble.PHOTO_TOO_SMALL
    assert scan_photo(workshop, b"\xff\xd8\xff" + bytes(images.LARGEST_BYTES)) is Trouble.PHOTO_TOO_LARGE


def test_a_workshop_that_is_full_says_so():
    """The semaphore is the workshop's own: as many pieces of work as it lets wait."""
    full = Workshop()
    for _piece in range(QUEUE):
        full._waiting.acquire()
    with pytest.raises(Busy):
        scan_photo(full, jpeg(printed(CCCD, 400)))


def test_the_server_does_not_load_the_reader_of_codes():
    code = "import sys, vssid.scans; print({'zxingcpp', 'pillow_heif'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
