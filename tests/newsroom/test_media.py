"""Pictures, films and documents: bounded, re-encoded, known by their first bytes, given out in parts, destroyed with their rows."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests import pages, people
from tests.newsroom.conftest import attach, make, release, save
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.newsroom import actions, media, views
from vssid.newsroom.models import Article, ArticlePicture
from vssid.newsroom.rules import LARGEST_DOCUMENT, LARGEST_VIDEO

MP4 = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + b"x" * 3000


def photo(size=(1600, 1200), form="JPEG", **more) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, form, **more)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CANARY camera"
    exif.get_ifd(0x8825)[2] = (10.0, 22.0, 0.0)
    return photo(exif=exif)


def files(engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(StoredFile))


def picture_of(engine) -> ArticlePicture:
    with reading(engine) as db:
        return db.scalars(select(ArticlePicture)).one()


def test_a_picture_is_shrunk_stripped_and_shown_with_its_size(editor, client, engine):
    place = make(editor)
    assert attach(editor, place, "anh", with_place(), "a.jpg", alt="Bến phà [sớm]").status_code == 303
    html = pages.get(editor, f"{place}/anh")
    line = re.search(r'value="(!\[[^"]+)" readonly', html)[1]
    assert line == f"![Bến phà (sớm)](/tin-tuc/anh/{picture_of(engine).id})"
    save(editor, place, title="Có ảnh", body=f"Trước\n\n{line}\n\nSau")
    release(editor, place)
    with reading(engine) as db:
        slug = db.scalar(select(Article.slug).where(Article.origin == "desk"))
    page = pages.get(client, f"/tin-tuc/{slug}")
    tag = re.search(r'<img src="/tin-tuc/anh/[^>]+>', page)[0]
    assert 'width="720" height="540" loading="lazy"' in tag
    assert "?rong=360 360w" in tag
    for query, width in (("", 720), ("?rong=360", 360), ("?rong=99999", 720)):
        answer = client.get(f"/tin-tuc/anh/{picture_of(engine).id}{query}")
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert "immutable" in answer.headers["Cache-Control"]
        picture = Image.open(io.BytesIO(answer.data))
        assert picture.width == width
        assert not picture.getexif()
        assert b"CANARY" not in answer.data


def test_the_same_picture_is_not_sent_twice(editor, client, engine):
    attach(editor, make(editor), "anh", photo(), "a.jpg", alt="Ảnh")
    address = f"/tin-tuc/anh/{picture_of(engine).id}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_small_picture_is_not_blown_up(editor, engine):
    attach(editor, make(editor), "anh", photo((300, 500), "PNG"), "a.png", alt="Ảnh")
    assert (picture_of(engine).width, picture_of(engine).height) == (300, 500)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Hãy chọn tệp"), (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "không phải ảnh"), (PDF, "không phải ảnh"),
        (b"GIF89a" + bytes(90), "không phải ảnh"), (photo()[:900], "hỏng"), (photo((100, 100)), "quá nhỏ"), (photo() + bytes(8 * 1024**2), "8 MB"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_and_leaves_nothing(editor, engine, body, words):
    place = make(editor)
    answer = attach(editor, place, "anh", body, "a.jpg", alt="Ảnh")
    assert answer.status_code == 422
    assert words in answer.text
    assert files(engine) == 0


def test_a_picture_needs_words_for_who_does_not_see_it(editor, engine):
    answer = attach(editor, make(editor), "anh", photo(), "a.jpg", alt="")
    assert answer.status_code == 422
    assert "người không nhìn thấy ảnh" in answer.text
    assert files(engine) == 0


def test_a_cover_stands_in_the_list_and_a_dropped_picture_nowhere(editor, client, engine):
    place = make(editor)
    for _time in range(2):
        attach(editor, place, "anh", photo(), "a.jpg", alt="Bìa <đẹp>")
    with reading(engine) as db:
        first, second = db.scalars(select(ArticlePicture.id))
    for id in (first, second):
        assert people.post(editor, f"{place}/anh/{id}/bia", {}, f"{place}/anh").status_code == 303
    release(editor, place)
    listed = pages.get(client, "/tin-tuc")
    assert f'src="/tin-tuc/anh/{second}?rong=360" alt="Bìa &lt;đẹp&gt;" width="360" height="270"' in listed
    assert str(first) not in listed
    assert people.post(editor, f"{place}/anh/{second}/xoa", {}, f"{place}/anh").status_code == 303
    assert client.get(f"/tin-tuc/anh/{second}").status_code == 404
    assert str(second) not in client.get("/tin-tuc").text
    assert files(engine) == 2
    # An article's own address opens no picture of another.
    other = make(editor)
    assert people.post(editor, f"{other}/anh/{first}/xoa", {}, f"{other}/anh").status_code == 303
    assert files(engine) == 2


def test_a_film_is_played_from_here_and_in_parts(editor, client, engine, monkeypatch):
    place = make(editor, kind="video", body="")
    assert attach(editor, place, "video", MP4, "phim.mp4").status_code == 303
    pages.get(editor, f"{place}/anh")
    assert release(editor, place).status_code == 303
    with reading(engine) as db:
        row = db.scalar(select(Article).where(Article.kind == "video"))
    page = pages.get(client, f"/video/{row.slug}")
    assert '<video class="film" controls preload="none"' in page
    address = f"/tin-tuc/phim/{row.video_file_id}"
    assert address in page
    whole = client.get(address)
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "video/mp4", MP4)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.data) == (206, MP4[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(MP4)}"
    assert client.get(address, headers={"Range": "bytes=-50"}).data == MP4[-50:]
    assert client.get(address, headers={"Range": "bytes=999999-"}).status_code == 416
    monkeypatch.setattr(FileStore, "read", None)  # once is enough, however many parts are asked for
    assert client.get(address, headers={"Range": "bytes=0-9"}).data == MP4[:10]
    assert "media-src 'self'" in client.get("/video").headers["Content-Security-Policy"]


def test_of_films_in_the_clear_few_lie_there(app, editor, client, engine, monkeypatch):
    monkeypatch.setattr(media, "MOST_COPIES", 2)
    addresses = []
    for n in range(3):
        place = make(editor, kind="video", title=f"Phim mẫu {n}", body="")
        attach(editor, place, "video", MP4 + bytes([n]), "phim.mp4")
        release(editor, place)
    with reading(engine) as db:
        addresses = [
            f"/tin-tuc/phim/{id}" for id in db.scalars(select(Article.video_file_id).where(Article.kind == "video"))
        ]
    assert [client.get(address).status_code for address in addresses * 2] == [200] * 6
    assert len(list((app.config["DATA_DIR"] / "films").iterdir())) == 2


def test_a_withdrawn_film_does_not_lie_there_in_the_clear(app, editor, client, engine, author):
    place = make(editor, kind="video", body="")
    attach(editor, place, "video", MP4, "phim.mp4")
    release(editor, place)
    with reading(engine) as db:
        row = db.scalar(select(Article).where(Article.kind == "video"))
    assert client.get(f"/tin-tuc/phim/{row.video_file_id}").status_code == 200
    assert len(list((app.config["DATA_DIR"] / "films").iterdir())) == 1
    with unit(engine) as db:
        actions.withdraw(db, row.id, row.version, "Nhầm", by=author, at=now())
    assert client.get(f"/tin-tuc/phim/{row.video_file_id}").status_code == 404
    assert list((app.config["DATA_DIR"] / "films").iterdir()) == []


@pytest.fixture
def film(editor, engine) -> str:
    """The address of a film that everybody may see."""
    place = make(editor, kind="video", body="")
    attach(editor, place, "video", MP4, "phim.mp4")
    release(editor, place)
    with reading(engine) as db:
        return f"/tin-tuc/phim/{db.scalar(select(Article.video_file_id).where(Article.kind == 'video'))}"


def test_a_full_disk_is_no_reason_to_show_no_film(client, film, monkeypatch):
    def full(*_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(media.os, "replace", full)
    assert client.get(film).data == MP4


def test_a_copy_that_is_pushed_out_before_it_is_opened_costs_nobody_the_film(client, film, monkeypatch):
    monkeypatch.setattr(views, "clear_copy", lambda row: media._clear_place(row.id))
    part = client.get(film, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.data) == (206, MP4[100:300])


def test_a_document_is_kept_under_its_name(editor, client, engine):
    place = make(editor, kind="document", body="")
    assert attach(editor, place, "tep", PDF, "Công văn <1>.pdf").status_code == 303
    release(editor, place)
    with reading(engine) as db:
        row = db.scalar(select(Article).where(Article.kind == "document"))
    page = pages.get(client, f"/van-ban/{row.slug}")
    assert "Công văn &lt;1&gt;.pdf" in page
    assert "3 KB" in page
    answer = client.get(f"/tin-tuc/tep/{row.attachment_id}")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    # Withdrawn, the document goes with its article.
    people.post(editor, f"{place}/go", {"version": str(row.version), "reason": "Sai"}, f"{place}/dang")
    assert client.get(f"/tin-tuc/tep/{row.attachment_id}").status_code == 404


@pytest.mark.parametrize(
    ("where", "body", "words"),
    [
        ("video", PDF, "MP4 hoặc WebM"), ("tep", MP4, "không phải PDF"), ("tep", b"<html>", "không phải PDF"), ("video", b"", "Hãy chọn tệp"),
        ("tep", PDF + bytes(LARGEST_DOCUMENT), "8 MB"), ("video", MP4 + bytes(LARGEST_VIDEO), "20 MB"),
    ],
)  # fmt: skip
def test_what_is_no_film_or_document_is_refused(editor, engine, where, body, words):
    place = make(editor, kind="video" if where == "video" else "document")
    answer = attach(editor, place, where, body, "tệp")
    assert answer.status_code == 422
    assert words in answer.text
    assert files(engine) == 0


def test_a_body_beyond_all_limits_is_turned_away_unread(editor):
    place = make(editor)
    assert attach(editor, place, "tep", PDF + bytes(10 * 1024**2), "a.pdf").status_code == 413
    assert attach(editor, place, "video", MP4 + bytes(22 * 1024**2), "a.mp4").status_code == 413


def test_a_new_file_takes_the_place_of_the_old_one_and_both_go_with_the_draft(editor, engine):
    place = make(editor, kind="document")
    for _time in range(2):
        attach(editor, place, "tep", PDF, "a.pdf")
    attach(editor, place, "anh", photo(), "a.jpg", alt="Ảnh")
    assert files(engine) == 3
    assert people.post(editor, f"{place}/tep/xoa", {}, f"{place}/anh").status_code == 303
    assert files(engine) == 2
    people.post(editor, f"{place}/xoa", {}, f"{place}/dang")
    assert files(engine) == 0


def test_unknown_files_are_not_there(client):
    for path in ("anh", "phim", "tep"):
        assert client.get(f"/tin-tuc/{path}/123e4567-e89b-12d3-a456-426614174000").status_code == 404
