"""Declarations of one person are found by every likeness, merged with one winner, or told apart for good."""

import io
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests import pages, people
from vssid.kernel import images
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.registration import deadlines, duplicates, pictures
from vssid.registration.models import Declaration
from vssid.registration.surroundings import house

OTHER = replace(people.CITIZEN, ma_so="8900000188", cccd="089080000188", phone="0900000188", name="Trần Văn Mẫu Khác")


def all_of(engine) -> dict[str, Declaration]:
    with reading(engine) as db:
        return {row.code: row for row in db.query(Declaration)}


def candidates(engine, declaration):
    with reading(engine) as db:
        found = duplicates.candidates(db, db.get(Declaration, declaration.id))
        return {one.declaration.id: {str(label) for label in one.same} for one in found}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"ma_so": people.CITIZEN.ma_so}, "cùng mã số BHXH"),
        ({"cccd": people.CITIZEN.cccd}, "cùng số giấy tờ"),
        ({"phone": people.CITIZEN.phone}, "cùng số điện thoại"),
    ],
)
def test_one_number_in_common_makes_a_candidate(counter, new_client, engine, changes, same):
    people.send_declaration(new_client(), replace(OTHER, **changes))
    assert same in set().union(*candidates(engine, counter.row).values())
    assert same in pages.get(counter.officer, counter.path)


def test_name_and_birth_date_in_common_make_a_candidate_marks_or_not(counter, new_client, engine):
    twin = replace(OTHER, name=people.CITIZEN.name.upper(), birth=people.CITIZEN.birth)
    with unit(engine) as db:
        people.add_person(db, twin)
    people.send_declaration(new_client(), twin)
    assert "cùng họ tên và ngày sinh" in set().union(*candidates(engine, counter.row).values())


def face(seed: int) -> Image.Image:
    picture = Image.new("RGB", (900, 1200), (200 - seed * 20, 210, 220))
    draw = ImageDraw.Draw(picture)
    for n in range(12):
        x, y = (seed * 97 + n * 173) % 800, (seed * 61 + n * 229) % 1100
        draw.ellipse((x, y, x + 220, y + 260), fill=((n * 37 + seed * 50) % 255, (n * 67) % 255, (seed * 90) % 255))
    return picture


def look(picture: Image.Image, quality: int = 90) -> int:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return pictures.look_of(images.prepare(out.getvalue()).preview)


@pytest.mark.parametrize("seed", range(4))
def test_a_portrait_sent_again_is_recognised_after_shrinking_and_saving(seed):
    first = look(face(seed))
    for again in (
        look(face(seed), 40),
        look(face(seed).resize((450, 600))),
        look(face(seed).filter(ImageFilter.GaussianBlur(2)), 60),
    ):
        assert (first ^ again).bit_count() <= pictures.ALIKE_WITHIN
        assert set(enumerate(pictures.bands_of(first))) & set(enumerate(pictures.bands_of(again)))
    assert all((first ^ look(face(other))).bit_count() > pictures.ALIKE_WITHIN for other in range(4) if other != seed)


def test_the_same_portrait_makes_a_candidate(counter, new_client, engine):
    people.send_declaration(new_client(), OTHER)
    assert "ảnh chân dung giống nhau" in set().union(*candidates(engine, counter.row).values())


def test_who_is_told_apart_is_not_shown_again(counter, new_client, engine):
    people.send_declaration(new_client(), OTHER)
    [other] = candidates(engine, counter.row)
    assert counter.act("khong-trung", {"other": str(other)}).status_code == 303
    assert candidates(engine, counter.row) == {}
    with reading(engine) as db:
        assert duplicates.candidates(db, db.get(Declaration, other)) == []


def twice(counter, new_client, engine) -> Declaration:
    second = new_client()
    people.send_declaration(second, people.CITIZEN)
    return next(row for row in all_of(engine).values() if row.id != first_id(counter))


def first_id(counter):
    with reading(counter.engine) as db:
        return db.query(Declaration).order_by(Declaration.sent_at).first().id


def merge(counter, into, other):
    path = f"/can-bo/to-khai/{into}"
    return people.post(counter.officer, path + "/gop", {"other": str(other)}, path)


def test_a_merge_keeps_the_paper_of_both_and_tells_the_sender(counter, new_client, engine):
    other, kept = twice(counter, new_client, engine), first_id(counter)
    path = f"/can-bo/to-khai/{other.id}"
    people.post(counter.officer, path + "/giay", {"channel": "buu_chinh", "id_shown": "cccd"}, path)
    assert merge(counter, kept, other.id).status_code == 303
    with reading(engine) as db:
        survivor, gone = db.get(Declaration, kept), db.get(Declaration, other.id)
    assert (survivor.status, survivor.paper_channel) == ("received", "buu_chinh")
    assert (gone.status, gone.merged_into_id) == ("merged", kept)
    assert merge(counter, kept, other.id).status_code == 422, "once"


def test_only_one_person_is_merged(counter, new_client, engine):
    people.send_declaration(new_client(), replace(OTHER, phone=people.CITIZEN.phone))
    other = next(row for row in all_of(engine).values() if row.ma_so_bhxh == OTHER.ma_so)
    answer = merge(counter, first_id(counter), other.id)
    assert answer.status_code == 422
    assert "cùng một người" in pages.inspected(answer)
    assert merge(counter, first_id(counter), first_id(counter)).status_code == 422


def test_what_lies_with_another_office_is_not_merged(counter, new_client, engine):
    people.send_declaration(new_client(), people.CITIZEN, agency="08903")
    other = next(row for row in all_of(engine).values() if row.agency_code == "08903")
    assert merge(counter, first_id(counter), other.id).status_code == 404
    assert (
        people.post(counter.officer, f"/can-bo/to-khai/{first_id(counter)}/gop", {"other": "x"}, "/can-bo").status_code
        == 404
    )


def test_fifty_parallel_merges_approvals_and_lapses_have_one_winner(app, counter, new_client, engine):
    """One declaration is merged away, approved and lapsed at once: one of the three happens to it, once."""
    other, kept = twice(counter, new_client, engine), first_id(counter)
    counter.act("giay", {"channel": "tai_noi", "id_shown": "cccd"})  # so that only the other one can lapse
    token = people.csrf(counter.officer, f"/can-bo/to-khai/{kept}")
    cookie = counter.officer.get_cookie("vssid").value
    winners: list[str] = []

    def press(act: str, target, data: dict) -> None:
        with app.test_client() as client:
            client.set_cookie("vssid", cookie)
            answer = client.post(f"/can-bo/to-khai/{target}/{act}", data={"csrf_token": token, **data})
            assert answer.status_code in (303, 422, 503)
            if answer.status_code == 303:
                winners.append(act)

    def lapse() -> None:
        with app.app_context(), unit(engine) as db:
            if deadlines.lapse(db, house(), today() + timedelta(days=11), now()):
                winners.append("lapse")

    acts = [
        lambda: press("gop", kept, {"other": str(other.id)}),
        lambda: press("duyet", other.id, {}),
        lapse,
    ]
    threads = [threading.Thread(target=acts[n % 3]) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1, winners
    with reading(engine) as db:
        assert (
            db.get(Declaration, other.id).status
            == {"gop": "merged", "duyet": "approved", "lapse": "lapsed"}[winners[0]]
        )


def test_the_citizen_of_a_merged_declaration_is_told(counter, new_client, engine):
    other, kept = twice(counter, new_client, engine), first_id(counter)
    merge(counter, other.id, kept)
    html = pages.get(counter.citizen, "/to-khai/xem")
    assert "đã được gộp" in html
    assert re.search("Đã gộp vào tờ khai khác", html)
