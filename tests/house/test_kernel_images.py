"""Photos from phones, HEIC as iPhones make it among them; damaged, disguised and oversized ones are told apart."""

import io
import subprocess
import sys
from collections.abc import Iterator

import pillow_heif
import pytest
from PIL import Image, ImageFile

from vssid.kernel import images
from vssid.kernel.images import Photo, Trouble
from vssid.kernel.workshop import Workshop

PATIENCE = 20.0


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    shop = Workshop()
    yield shop
    shop._discard(shop._open())


def picture(size: tuple[int, int] = (900, 600), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    both = Image.new("RGB", size, (200, 30, 30))
    both.paste((30, 30, 200), (size[0] // 2, 0, *size))
    return both.convert(mode)


def encoded(source: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    source.save(out, kind, **options)
    return out.getvalue()


def heic(source: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(source).save(out, quality=60, **options)
    return out.getvalue()


def stored(photo: object) -> Image.Image:
    assert isinstance(photo, Photo)
    return Image.open(io.BytesIO(photo.jpeg))


@pytest.fixture(scope="module")
def iphone() -> bytes:
    """Taken upright: the sensor's picture lies on its side, as EXIF says, and names the place."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Mau"
    return heic(picture(), exif=exif.tobytes())


def test_an_iphones_heic_becomes_an_upright_jpeg_without_metadata(workshop, iphone):
    assert iphone[4:12] == b"ftypheic"
    photo = stored(workshop.run(PATIENCE, images.prepare, iphone))
    assert (photo.format, photo.size) == ("JPEG", (600, 900))
    assert not photo.getexif()
    assert not {"exif", "xmp", "icc_profile"} & set(photo.info)
    red, blue = photo.getpixel((300, 100)), photo.getpixel((300, 800))
    assert red[0] > 150 > red[2]
    assert blue[2] > 150 > blue[0]


def test_a_big_heic_is_made_small(workshop):
    photo = workshop.run(PATIENCE, images.prepare, heic(picture((2400, 1800))))
    assert stored(photo).size == (1600, 1200)
    assert Image.open(io.BytesIO(photo.preview)).size == (240, 180)


@pytest.mark.parametrize("brand", [b"mif1", b"heix", b"msf1"])
def test_heic_by_its_other_names(iphone, brand):
    assert isinstance(images.prepare(iphone[:8] + brand + iphone[12:]), Photo)


def test_a_heic_with_see_through_parts_lies_on_white():
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    assert min(stored(images.prepare(heic(clear))).getpixel((200, 200))) > 245


def test_a_heic_of_too_many_pixels_is_refused_before_it_is_decoded():
    """The size is rewritten where the container states it: 65,000 × 65,000 would never be decoded in time."""
    small = heic(picture())
    at = small.index(b"ispe") + 8
    bomb = small[:at] + (65_000).to_bytes(4, "big") * 2 + small[at + 8 :]
    assert images.prepare(bomb) in (Trouble.TOO_MANY_PIXELS, Trouble.DAMAGED)
    medium = small[:at] + (6_000).to_bytes(4, "big") * 2 + small[at + 8 :]
    assert images.prepare(medium) is Trouble.TOO_MANY_PIXELS


def test_a_heic_that_is_larger_than_it_says_is_damaged_or_stays_within_the_limits():
    liar = heic(picture((3000, 2000)))
    at = liar.index(b"ispe") + 8
    answer = images.prepare(liar[:at] + (300).to_bytes(4, "big") * 2 + liar[at + 8 :])
    assert answer is Trouble.DAMAGED or stored(answer).size == (300, 300)


@pytest.mark.parametrize("keep", [12, 40, 400, -1])
def test_a_truncated_heic_is_damaged(iphone, keep):
    cut = iphone[:keep] if keep > 0 else iphone[: len(iphone) // 2]
    assert images.prepare(cut) is Trouble.DAMAGED


def test_a_tiny_heic_is_too_small():
    assert images.prepare(heic(picture((120, 90)))) is Trouble.TOO_SMALL


def test_avif_and_films_are_no_photos():
    assert images.prepare(encoded(picture(), "AVIF")) is Trouble.NOT_A_PHOTO
    for brands in (b"isommp42", b"qt  qt  ", b"avismsf1", b"mif1avif"):
        box = (24).to_bytes(4, "big") + b"ftyp" + brands[:4] + b"\0\0\0\0" + brands[4:] + b"miaf"
        assert images.prepare(box + bytes(500)) is Trouble.NOT_A_PHOTO


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_formats_of_other_phones(kind):
    assert stored(images.prepare(encoded(picture(), kind))).size == (900, 600)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_not_taken(kind):
    assert images.prepare(encoded(picture(), kind)) is Trouble.NOT_A_PHOTO


def test_a_head_of_one_format_does_not_open_another():
    gif = encoded(picture(), "GIF")
    for head in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\0\0\0\x18ftypheic"):
        assert images.prepare(head + gif) is Trouble.DAMAGED
    assert images.prepare(b"") is Trouble.NOT_A_PHOTO


def test_a_png_of_too_many_pixels_is_refused():
    assert images.prepare(encoded(Image.new("1", (6000, 5000)), "PNG")) is Trouble.TOO_MANY_PIXELS


def test_only_who_is_sent_a_heic_loads_its_library(iphone, tmp_path):
    """In a process of its own, as the child of the workshop is one."""
    (tmp_path / "a.heic").write_bytes(iphone)
    (tmp_path / "a.jpg").write_bytes(encoded(picture(), "JPEG"))
    code = (
        "import sys; from vssid.kernel import images\n"
        "for name in sys.argv[1:]:\n"
        "    images.prepare(open(name, 'rb').read()); print('pillow_heif' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.jpg"), str(tmp_path / "a.heic")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["False", "True"]


def test_half_a_picture_is_damaged_also_where_a_document_was_drawn_before(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it behind
    whole = encoded(picture(), "JPEG")
    assert images.prepare(whole[: len(whole) // 2]) is Trouble.DAMAGED
    assert isinstance(images.prepare(whole), Photo)
