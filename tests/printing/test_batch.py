"""A batch of paper cards: two supervisors, one file for the first of them, in the order in which cards are handed out."""

import csv
import io
from datetime import date, timedelta

import pypdfium2 as pdfium
import pytest
import zxingcpp
from sqlalchemy import select, update

from tests import pages, people
from tests.printing.conftest import (
    FAR,
    HOME,
    HTMX,
    NEAR,
    REASON,
    WAITING,
    act,
    add_holder,
    add_roster,
    agreed,
    ask,
    how_many,
    items,
    kept,
    made,
    names_in,
    rows_of,
    specimen,
    tags,
    text_of,
    the_batch,
)
from vssid.card.models import Card
from vssid.card.strips.checking import check
from vssid.card.strips.rules import Verdict
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.officers.models import Officer
from vssid.printing import making
from vssid.printing.models import CardBatch, CardBatchItem, CardBatchPiece
from vssid.records.models import Person


def codes_of(pdf: bytes, page: int) -> list[str]:
    """What a scanner reads on a page."""
    image = pdfium.PdfDocument(pdf)[page].render(scale=4).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(image)]


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_a_roster_is_printed_by_class_and_line(app, engine, first, second, classes):
    pdf = made(app, engine, first, second, roster=classes)
    sheets = text_of(pdf)
    assert len(sheets) == 2
    assert "2A" in sheets[0].splitlines()[0] + sheets[0].splitlines()[1]
    assert "10B" in sheets[1][:300]
    assert names_in(sheets[0]) == ["NGUYỄN BÉ MẪU A", "NGUYỄN BÉ MẪU B"]
    assert names_in(sheets[1]) == [f"NGUYỄN BÉ MẪU {letter}" for letter in "CDEG"]
    batch = the_batch(engine)
    assert (batch.state, batch.cards, batch.printed) == ("made", 6, 6)
    assert tags(engine) == ["card_batch.asked", "card_batch.agreed", "card_batch.made", "card_batch.fetched"]
    assert how_many(engine, StoredFile) == 1
    assert rows_of(engine, CardBatchPiece) == []


def test_both_codes_of_each_card_are_read_and_the_strip_verifies(app, engine, first, second, classes):
    pdf = made(app, engine, first, second, roster=classes)
    found = codes_of(pdf, 0) + codes_of(pdf, 1)
    strips = [text for text in found if text.startswith("VSSID1:")]
    assert len(found) == 12
    assert len(set(strips)) == 6
    with app.app_context(), unit(engine) as db:
        for text in strips:
            checked = check(db, app.extensions["keyring"], text, today(), specimen=False)
            assert checked.verdict is Verdict.PAPER, checked
            assert checked.strip.last_day == date(2026, 12, 31)


def test_each_card_is_noted_for_its_person_and_shows_where_it_is_kept(app, engine, first, second, new_client, school):
    with app.app_context(), unit(engine) as db:
        person = people.open_account(app, db, people.CITIZEN)
        people.add_card(db, person, people.CITIZEN)
    citizen = new_client()
    people.citizen_signs_in(app, citizen, people.CITIZEN.ma_so)
    made(app, engine, first, second, roster=add_roster(engine, school, [(people.CITIZEN, "1A")]))
    [row] = kept(engine)
    assert (row.kind, row.account_id, row.person_id, row.last_day) == ("paper", None, person, date(2026, 12, 31))
    with reading(engine) as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.tag == "card.printed"))
        officer = db.scalar(select(Officer.id).where(Officer.code == "GS01"))
    assert (entry.subject_id, entry.actor_kind, entry.actor_id) == (person, "officer", officer)
    page = pages.get(citizen, "/ca-nhan/the-bhyt/noi-giu")
    assert "Thẻ giấy đã in" in page
    assert "Cơ quan BHXH, để đưa tận tay bạn" in page
    assert "In thẻ BHYT giấy theo lô" in pages.get(citizen, "/tai-khoan/du-lieu/ai-da-xem")


def test_a_ward_is_printed_by_village_and_name(app, engine, first, second):
    for n, (name, address) in enumerate(
        [
            ("Phan Mẫu Ba", "Số 3, tổ 1, ấp Mười"),
            ("Phan Mẫu Hai", "ấp 10"),
            ("Đinh Mẫu Một", "ấp 2"),
            ("Âu Mẫu Không", "ấp 2"),
            ("Phan Mẫu Xa", "không rõ"),
        ]
    ):
        add_holder(engine, specimen(n, name), address=address)
    add_holder(engine, specimen(8, "Phan Mẫu Khác Phường"), ward_code=FAR)
    add_holder(engine, specimen(9, "Phan Mẫu Hệ Cũ"), unit_system="cu")
    add_holder(engine, specimen(10, "Phan Mẫu Đã Mất"), died_on=date(2026, 1, 1))
    add_holder(engine, specimen(11, "Phan Mẫu Hết Hạn"), valid_to=date(2026, 2, 1))
    sheets = text_of(made(app, engine, first, second, ward=NEAR))
    order = ["PHAN MẪU XA", "ÂU MẪU KHÔNG", "ĐINH MẪU MỘT", "PHAN MẪU HAI", "PHAN MẪU BA"]
    assert [name for sheet in sheets for name in names_in(sheet)] == order
    assert len(sheets) == 2
    assert the_batch(engine).name in sheets[1]
    assert items(engine)[0].group_name == the_batch(engine).name


def test_a_ward_narrowed_to_new_cards_and_to_those_without_account(app, engine, first):
    add_holder(engine, specimen(1), valid_from=date(2026, 2, 1))
    add_holder(engine, specimen(2), valid_from=date(2026, 8, 1))
    with app.app_context(), unit(engine) as db:
        person = people.open_account(app, db, people.CITIZEN)
        people.add_card(db, person, people.CITIZEN, valid_from=date(2026, 9, 1))
    for more, count in (("", 3), ("&tu-ngay=2026-03-01", 2), ("&chua-co=1", 2), ("&tu-ngay=2026-03-01&chua-co=1", 1)):
        page = pages.get(first, f"{HOME}/xem-truoc?phuong-xa={NEAR}{more}")
        assert f"<dt>Số thẻ sẽ in</dt><dd>{count}</dd>" in page, more
    assert ask(first, engine, ward=NEAR, **{"tu-ngay": "2026-03-01", "chua-co": "1"}).status_code == 303
    page = pages.get(first, f"{HOME}/{the_batch(engine).id}")
    assert "1/3/2026" in page
    assert "Chỉ người chưa có tài khoản" in page


def test_what_cannot_be_printed_is_counted_and_listed_with_masked_numbers(app, engine, first, second, classes):
    page = pages.get(first, f"{HOME}/xem-truoc?danh-sach={classes}")
    words = [
        "Không tìm thấy mã số BHXH", "Họ tên hoặc ngày sinh khác với sổ bộ", "Đã mất", "Mã số đã gộp vào mã số khác",
        "Chưa có thẻ BHYT", "Thẻ đã bị thu hồi", "Thẻ chưa hoặc không còn hiệu lực",
    ]  # fmt: skip
    for word in words:
        assert f"<dt>{word}</dt><dd>1</dd>" in page
    agreed(engine, first, second, roster=classes)
    answer = first.get(f"{HOME}/{the_batch(engine).id}/khong-in-duoc.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    header, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header == ["Lớp, tổ hoặc ấp", "Họ và tên", "Mã số BHXH", "Vì sao không in"]
    assert lines[0] == ["2A", "Lê Mẫu Không Có", "7900****20", "Không tìm thấy mã số BHXH"]
    assert sorted(line[3] for line in lines) == sorted(words)
    assert "card_batch.listed" in tags(engine)
    assert "khong-in-duoc.csv" in pages.get(second, f"{HOME}/{the_batch(engine).id}")


def test_who_stands_on_the_list_twice_gets_one_card(app, engine, first, second, school):
    who = specimen(1)
    id = add_holder(engine, who)
    again = specimen(2, who.name)
    with unit(engine) as db:
        db.add(people.PersonIdentifier(id=people.uuid4(), person_id=id, kind="ma_so_bhxh", value=again.ma_so))
    again = people.Specimen(who.name, again.ma_so, "", who.birth, "F", "")
    made(app, engine, first, second, roster=add_roster(engine, school, [(who, "1A"), (again, "1A")]))
    assert [one.outcome for one in items(engine)] == ["printed", "twice"]
    assert len(kept(engine)) == 1


def test_what_has_changed_since_it_was_asked_for_is_left_out(app, engine, first, second, school):
    persons = [add_holder(engine, specimen(n)) for n in range(5)]
    agreed(engine, first, second, roster=add_roster(engine, school, [(specimen(n), "1A") for n in range(5)]))
    file = people.uuid4()
    with unit(engine) as db:
        db.add(StoredFile(id=file, media_type="image/jpeg", size=3, wrapped_key=b"no key at all", created_at=now()))
        db.flush()
        db.execute(update(Person).where(Person.id == persons[1]).values(died_on=today()))
        db.execute(update(Card).where(Card.person_id == persons[2]).values(status="thu_hoi"))
        db.execute(update(Person).where(Person.id == persons[3]).values(portrait_file_id=file))
        db.execute(update(Card).where(Card.person_id == persons[4]).values(area_code="K9"))
    assert making.make_next(app, now())
    assert [one.outcome for one in items(engine)] == ["printed", "dead", "withdrawn", "picture", "unsayable"]
    assert (the_batch(engine).state, the_batch(engine).printed) == ("made", 1)
    assert len(kept(engine)) == tags(engine, "card.printed").count("card.printed") == 1
    page = pages.get(first, f"{HOME}/{the_batch(engine).id}")
    assert "Không đọc được ảnh chân dung" in page


def test_a_batch_of_which_nothing_is_left_fails(app, engine, first, second, school):
    add_holder(engine, specimen(1))
    agreed(engine, first, second, roster=add_roster(engine, school, [(specimen(1), "1A")]))
    with unit(engine) as db:
        db.execute(update(Person).values(died_on=today()))
    assert making.make_next(app, now())
    assert the_batch(engine).state == "failed"
    assert "Không tạo được tệp" in pages.get(first, f"{HOME}/{the_batch(engine).id}")
    assert kept(engine) == []


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["duyet_ho_so", "bien_tap", "quan_tri", "kiem_toan"])
def test_only_supervisors_see_the_pages(sign_in, role):
    client = sign_in("CB09", role=role)
    for path in (HOME, WAITING, f"{HOME}/xem-truoc?phuong-xa={NEAR}", f"{HOME}/{people.uuid4()}"):
        assert client.get(path).status_code == 403
    assert HOME not in client.get("/can-bo").get_data(as_text=True)


def test_another_agency_has_no_such_batch_roster_or_ward(sign_in, engine, first, classes, school):
    add_holder(engine, specimen(40), ward_code=FAR)
    ask(first, engine, roster=classes)
    batch, stranger = the_batch(engine), sign_in("GS03", "08903")
    for path in (
        f"{HOME}/{batch.id}", f"{HOME}/{batch.id}/the-bhyt.pdf", f"{HOME}/{batch.id}/khong-in-duoc.csv",
        f"{HOME}/to-chuc/{school}", f"{HOME}/xem-truoc?danh-sach={classes}", f"{HOME}/xem-truoc?phuong-xa={NEAR}",
    ):  # fmt: skip
        assert stranger.get(path).status_code == 404, path
    for name in ("dong-y", "khong-dong-y", "dung"):
        assert people.post(stranger, f"{HOME}/{batch.id}/{name}", page=HOME).status_code == 404
    assert ask(stranger, engine, roster=classes).status_code == 404
    assert ask(stranger, engine, ward=NEAR).status_code == 404
    assert "GS01" not in pages.get(stranger, WAITING)
    assert the_batch(engine).state == "asked"
    assert "Không có thẻ" not in pages.get(stranger, f"{HOME}/xem-truoc?phuong-xa={FAR}")
    assert stranger.get(f"{HOME}/xem-truoc?phuong-xa=99999").status_code == 404


def test_a_ward_belongs_to_its_nearest_agency_and_the_province_has_all(sign_in, first):
    mine, province = pages.get(first, HOME), pages.get(sign_in("GS08", "089"), HOME)
    assert f'value="{NEAR}"' in mine
    assert f'value="{FAR}"' not in mine
    assert f'value="{NEAR}"' in province
    assert f'value="{FAR}"' in province


def test_the_province_judges_what_an_office_wants(sign_in, engine, first, classes):
    ask(first, engine, roster=classes)
    province = sign_in("GS08", "089")
    assert "GS01" in pages.get(province, WAITING)
    assert act(province, engine, "dong-y").status_code == 303


def test_whoever_asked_cannot_agree(engine, first, classes):
    ask(first, engine, roster=classes)
    assert "/dong-y" not in pages.get(first, f"{HOME}/{the_batch(engine).id}")
    answer = act(first, engine, "dong-y")
    assert answer.status_code == 422
    assert "Cần một giám sát khác" in pages.inspected(answer)
    assert the_batch(engine).state == "asked"


def test_nobody_but_who_asked_fetches_it(app, sign_in, engine, first, second, classes):
    made(app, engine, first, second, roster=classes)
    path = f"{HOME}/{the_batch(engine).id}/the-bhyt.pdf"
    assert second.get(path).status_code == 404
    assert sign_in("GS09", "089").get(path).status_code == 404
    assert "Chỉ người lập tải được" in pages.get(second, f"{HOME}/{the_batch(engine).id}")
    answer = first.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert tags(engine).count("card_batch.fetched") == 2


def test_after_a_while_away_the_proof_is_asked(engine, first, second, classes, september):
    ask(first, engine, roster=classes)
    september.shift(timedelta(minutes=6))
    assert "Xác nhận lại là bạn" in act(second, engine, "dong-y").get_data(as_text=True)
    assert the_batch(engine).state == "asked"


# --- answers ----------------------------------------------------------------------------------------------------------


def test_the_way_from_the_name_of_a_school_to_the_wish(engine, first, school, classes):
    assert "Trường Tiểu học Mẫu Một" in pages.get(first, f"{HOME}?q=tieu hoc mau")
    assert f"{HOME}/to-chuc/{school}" in pages.get(first, f"{HOME}?q=TH0001")
    assert "Không tìm thấy tổ chức nào" in pages.get(first, f"{HOME}?q=khong co")
    assert "Ô này đang trống" in pages.get(first, f"{HOME}?q=")
    assert "Ô này đang trống" not in pages.get(first, HOME)
    page = pages.get(first, f"{HOME}/to-chuc/{school}")
    assert "13 người" in page
    assert f"danh-sach={classes}" in page


def test_an_organisation_without_rosters_says_so(first, school):
    assert "chưa có danh sách nào" in pages.get(first, f"{HOME}/to-chuc/{school}")


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("reason", "words"), [("", "Hãy ghi lý do"), ("x" * 301, "Dài quá 300")])
def test_a_reason_is_needed(engine, first, classes, headers, reason, words):
    answer = ask(first, engine, roster=classes, reason=reason, headers=headers)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert how_many(engine, CardBatch) == 0


@pytest.mark.parametrize(
    "query",
    ["", "danh-sach=x", "phuong-xa=30307&danh-sach=9d1e3c0e-0000-4000-8000-000000000000", "phuong-xa=30307&danh-sach=x"],
)  # fmt: skip
def test_an_address_that_no_form_sends_is_not_there(first, query):
    assert first.get(f"{HOME}/xem-truoc?{query}").status_code == 404


def test_an_empty_ward_is_refused_with_words(engine, first):
    assert "Không có thẻ nào in được" in pages.get(first, f"{HOME}/xem-truoc?phuong-xa={NEAR}")
    answer = ask(first, engine, ward=NEAR)
    assert answer.status_code == 422
    assert how_many(engine, CardBatch) == 0


def test_with_htmx_the_answers_lead_on(engine, first, second, classes):
    assert ask(first, engine, roster=classes, headers=HTMX).status_code == 204
    assert act(second, engine, "dong-y", headers=HTMX).status_code == 204
    assert act(second, engine, "dong-y", headers=HTMX).status_code == 422
    assert act(first, engine, "dung", headers=HTMX).status_code == 204


def test_progress_is_shown_with_and_without_script(app, engine, first, second, school, monkeypatch):
    rows = [(specimen(n), "1A") for n in range(60)]
    for who, _class in rows:
        add_holder(engine, who)
    agreed(engine, first, second, roster=add_roster(engine, school, rows))
    monkeypatch.setattr(making, "STRETCH", 1)
    path = f"{HOME}/{the_batch(engine).id}"
    assert "Đã tạo 0/60 thẻ" in pages.get(first, path)
    assert making.make_next(app, now())
    assert "Đã tạo 48/60 thẻ" in pages.get(first, path)
    part = first.get(f"{path}?tiep=1", headers=HTMX).get_data(as_text=True)
    assert part.strip().startswith('<div id="batch" hx-get=')
    assert "Đã tạo 48/60 thẻ" in part
    assert "<h1" not in part
    while making.make_next(app, now()):
        pass
    part = first.get(f"{path}?tiep=1", headers=HTMX).get_data(as_text=True)
    assert "hx-trigger" not in part
    assert "Tải tệp PDF" in part
    assert "Tải tệp PDF" in pages.get(first, path)
    pdf = first.get(f"{path}/the-bhyt.pdf").data
    assert len(text_of(pdf)) == 15


def test_a_wish_is_declined_or_taken_back_and_its_list_goes(engine, first, second, classes):
    ask(first, engine, roster=classes)
    assert act(second, engine, "khong-dong-y").location == WAITING
    assert the_batch(engine).state == "declined"
    assert how_many(engine, CardBatchItem) == how_many(engine, CardBatchPiece) == 0
    assert act(second, engine, "dong-y").status_code == 422
    ask(first, engine, roster=classes)
    assert act(first, engine, "khong-dong-y").location == HOME
    assert the_batch(engine).state == "withdrawn"
    assert "Đã rút" in pages.get(first, HOME)
    assert how_many(engine, CardBatchItem) == 0


def test_a_wish_waits_a_week(engine, first, second, classes):
    ask(first, engine, roster=classes)
    with unit(engine) as db:
        db.execute(update(CardBatch).values(asked_at=now() - timedelta(days=7, minutes=1)))
    assert act(second, engine, "dong-y").status_code == 422
    assert "GS01" not in pages.get(second, WAITING)
    with unit(engine) as db:
        assert making.drop_old(db, now()) is False
    assert the_batch(engine).state == "withdrawn"
    assert how_many(engine, CardBatchItem) == 0


def test_ten_wishes_a_day(engine, first, classes):
    for _n in range(10):
        assert ask(first, engine, roster=classes).status_code == 303
        assert act(first, engine, "khong-dong-y").status_code == 303
    answer = ask(first, engine, roster=classes)
    assert answer.status_code == 422
    assert "10 yêu cầu" in answer.get_data(as_text=True)


def test_the_console_counts_what_waits_for_the_second(engine, first, second, classes):
    ask(first, engine, roster=classes)
    for client, count in ((second, 1), (first, 0)):
        page = client.get("/can-bo").get_data(as_text=True)
        assert f"<span>In thẻ theo lô chờ đồng ý</span><b>{count}</b>" in page
        assert f'href="{HOME}"' in page
    assert REASON in pages.get(second, f"{HOME}/{the_batch(engine).id}")
