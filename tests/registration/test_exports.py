"""Mass export: two supervisors, one file for the first of them, for a day; the rest see nothing of it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests import pages, people
from tests.accounts.windows import at_once, rows
from vssid.kernel.audit import AuditEntry, By
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.kernel.text import fold
from vssid.officers.models import Officer
from vssid.registration.exports import actions, making, queries, rules
from vssid.registration.exports.models import DeclarationExport
from vssid.registration.exports.queries import Wanted
from vssid.registration.models import Declaration

HOME, WAITING = "/can-bo/xuat-ho-so", "/can-bo/xuat-ho-so/cho-dong-y"
REASON = "Báo cáo tháng cho BHXH tỉnh"


@pytest.fixture
def sign_in(app, engine, new_client):
    """A browser in which an officer of this code, agency and role is signed in; the province has two offices."""
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")

    def signed_in(code, agency="08902", role="giam_sat"):
        with app.app_context(), unit(engine) as db:
            setup = people.add_officer(app, db, code, agency, role)
        client = new_client()
        people.officer_signs_in(app, client, code, setup)
        return client

    return signed_in


@pytest.fixture
def first(sign_in):
    return sign_in("GS01")


@pytest.fixture
def second(sign_in, first):
    return sign_in("GS02")


def declare(engine, code, name="Nguyễn Văn Mẫu", agency="08902", sent_at=None, **more):
    """A declaration as it lies in the database."""
    facts = {
        "id": uuid4(), "code": code, "ma_so_bhxh": "0110000199", "full_name": name, "name_folded": fold(name),
        "id_kind": "cccd", "id_number": "089000000101", "unit_system": "moi", "province_code": "91",
        "ward_code": "30000", "address_line": "Số 1", "phone": "+84900000101", "contact_name": name,
        "wants_form_by_email": False, "wants_reminders": False, "terms_version": "1", "portal": "web",
        "agency_code": agency, "hand_in": "counter", "language": "vi", "sent_at": sent_at or now(),
        "lapses_on": today() + timedelta(days=10), **more,
    }  # fmt: skip
    with unit(engine) as db:
        db.add(Declaration(**facts))


def wish_form(**changes):
    return {
        "agency": "08902", "first": (today() - timedelta(days=30)).isoformat(), "last": today().isoformat(),
        "status": "", "reason": REASON, **changes,
    }  # fmt: skip


def ask(client, **changes):
    options = {"headers": changes.pop("headers")} if "headers" in changes else {}
    return people.post(client, HOME, wish_form(**changes), **options)


def the_wish(engine) -> DeclarationExport:
    [found] = rows(engine, DeclarationExport)
    return found


def act(client, engine, name, **options):
    path = f"{HOME}/{the_wish(engine).id}"
    return people.post(client, f"{path}/{name}", page=WAITING if name == "dong-y" else HOME, **options)


def fetch(client, engine):
    return client.get(f"{HOME}/{the_wish(engine).id}/to-khai.csv")


@pytest.fixture
def asked(first, second, engine):
    """The first supervisor has asked for one declaration."""
    declare(engine, "7K3M9QX2")
    assert ask(first).status_code == 303
    return the_wish(engine)


@pytest.fixture
def made(app, asked, second, engine):
    """The second has agreed, and `flask work` has made the file."""
    assert act(second, engine, "dong-y").status_code == 303
    assert making.make_next(app, now())
    return the_wish(engine)


def table_in(answer):
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def tags(engine):
    return [entry.tag for entry in rows(engine, AuditEntry) if entry.tag.startswith("export.")]


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_two_supervisors_make_a_file_and_the_first_fetches_it(app, first, second, engine):
    decided = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)
    with unit(engine) as db:
        officer = db.scalar(select(Officer.id).where(Officer.code == "GS02"))
    sent = now() - timedelta(days=2)
    declare(
        engine, "7K3M9QX2", sent_at=sent, status="approved", paper_at=decided, decided_at=decided, decided_by=officer
    )
    assert ask(first).location.startswith(f"{HOME}/")
    assert making.make_next(app, now()) is False  # nothing before a second officer agrees
    page = pages.get(second, f"{HOME}/{the_wish(engine).id}")
    assert REASON in page
    assert "<dd>1</dd>" in page
    assert act(second, engine, "dong-y").status_code == 303
    assert making.make_next(app, now()) is True
    assert making.make_next(app, now()) is False
    assert "Tải tệp CSV" in pages.get(first, f"{HOME}/{the_wish(engine).id}")
    answer = fetch(first, engine)
    header, row = table_in(answer)
    assert tuple(header) == rules.COLUMNS
    sent_day = (sent + timedelta(hours=7)).strftime("%d/%m/%Y")
    assert row == [
        "7K3M9QX2", "Người lớn", "Nguyễn Văn Mẫu", "0110****99", sent_day, "Đã duyệt", "10/03/2026", "10/03/2026", "GS02",
        "08902 BHXH cơ sở Mẫu Một",
    ]  # fmt: skip
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert tags(engine) == ["export.asked", "export.agreed", "export.made", "export.fetched"]
    assert b"Nguy" not in b"".join(path.read_bytes() for path in app.extensions["files"].root.rglob("*.bin"))


def test_each_fetching_is_noted(first, made, engine):
    for _n in range(3):
        fetch(first, engine)
    assert tags(engine).count("export.fetched") == 3


def test_nobody_but_who_asked_fetches_it(sign_in, first, second, made, engine):
    assert fetch(second, engine).status_code == 404
    assert "Chỉ người lập tải được" in pages.get(second, f"{HOME}/{made.id}")
    assert fetch(sign_in("GS09", "089"), engine).status_code == 404
    assert fetch(first, engine).status_code == 200


def test_after_a_day_it_is_destroyed(first, made, engine):
    with time_machine.travel(made.done_at + timedelta(hours=23, minutes=59)), unit(engine) as db:
        assert making.drop_old(db, now()) == 0
    with time_machine.travel(made.done_at + timedelta(hours=24, minutes=1)), unit(engine) as db:
        assert making.drop_old(db, now()) == 1
    assert the_wish(engine).state == "gone"
    assert rows(engine, StoredFile) == []
    assert fetch(first, engine).status_code == 404
    assert "Tệp đã huỷ" in pages.get(first, f"{HOME}/{made.id}")


def test_it_is_not_fetched_late_even_if_no_job_has_run(first, made, engine):
    with unit(engine) as db:
        db.execute(update(DeclarationExport).values(done_at=now() - timedelta(hours=24, minutes=1)))
    assert fetch(first, engine).status_code == 404


def test_wishes_go_after_a_year(made, engine):
    with unit(engine) as db:
        making.drop_old(db, now() + timedelta(days=2))
    with unit(engine) as db:
        making.drop_old(db, now() + rules.KEPT + timedelta(days=1))
    assert rows(engine, DeclarationExport) == []


# --- who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["duyet_ho_so", "bien_tap", "quan_tri", "kiem_toan"])
def test_only_supervisors_see_the_pages(sign_in, role):
    client = sign_in("CB09", role=role)
    assert client.get(HOME).status_code == 403
    assert client.get(WAITING).status_code == 403
    assert client.get(f"{HOME}/{uuid4()}").status_code == 403
    assert HOME not in client.get("/can-bo").get_data(as_text=True)


def test_another_office_has_no_such_wish(sign_in, asked, engine):
    stranger = sign_in("GS03", "08903")
    assert stranger.get(f"{HOME}/{asked.id}").status_code == 404
    for name in ("dong-y", "khong-dong-y"):
        assert people.post(stranger, f"{HOME}/{asked.id}/{name}", page=HOME).status_code == 404
    assert "GS01" not in pages.get(stranger, WAITING)
    assert the_wish(engine).state == "asked"


def test_who_sees_a_part_of_the_agencies_only_does_not_judge(sign_in, engine):
    province = sign_in("GS08", "089")
    declare(engine, "7K3M9QX2")
    ask(province, agency="")
    assert the_wish(engine).agencies == "089,08902,08903"
    office = sign_in("GS01")
    assert office.get(f"{HOME}/{the_wish(engine).id}").status_code == 404
    assert "GS08" not in pages.get(office, WAITING)
    assert "GS08" in pages.get(sign_in("GS09", "089"), WAITING)


def test_the_province_judges_what_an_office_wants(sign_in, asked, engine):
    province = sign_in("GS08", "089")
    assert "GS01" in pages.get(province, WAITING)
    assert act(province, engine, "dong-y").status_code == 303


def test_an_agency_of_others_cannot_be_asked_for(first, engine):
    declare(engine, "7K3M9QX2", agency="08903")
    answer = ask(first, agency="08903")
    assert answer.status_code == 422
    assert "không hợp lệ" in answer.get_data(as_text=True)
    assert rows(engine, DeclarationExport) == []


def test_whoever_asked_cannot_agree(first, asked, engine):
    assert "/dong-y" not in pages.get(first, f"{HOME}/{asked.id}")
    assert "Không có yêu cầu nào chờ bạn" in pages.get(first, WAITING)
    answer = act(first, engine, "dong-y")
    assert answer.status_code == 422
    assert "Cần một giám sát khác" in pages.inspected(answer)
    assert the_wish(engine).state == "asked"


def test_the_database_takes_no_second_officer_who_is_the_first(asked, engine):
    with pytest.raises(IntegrityError), unit(engine) as db:
        db.execute(update(DeclarationExport).values(state="agreed", decided_by=asked.asked_by))


def test_who_has_moved_to_another_office_fetches_nothing(first, made, engine):
    with unit(engine) as db:
        db.execute(update(Officer).where(Officer.code == "GS01").values(agency_code="08903"))
    assert fetch(first, engine).status_code == 404
    with unit(engine) as db:
        db.execute(update(Officer).where(Officer.code == "GS01").values(agency_code="08902", role="duyet_ho_so"))
    assert fetch(first, engine).status_code == 403


def test_the_console_counts_what_waits_for_the_second(first, second, asked):
    for client, count in ((second, 1), (first, 0)):
        page = client.get("/can-bo").get_data(as_text=True)
        assert f"<span>Xuất hồ sơ chờ đồng ý</span><b>{count}</b>" in page
        assert f'href="{HOME}"' in page


def test_after_a_while_away_the_proof_is_asked(first, second, asked, engine):
    with time_machine.travel(now() + timedelta(minutes=6)):
        assert "Xác nhận lại là bạn" in act(second, engine, "dong-y").get_data(as_text=True)
        html = pages.inspected(ask(first))
    assert "Xác nhận lại là bạn" in html
    assert f'name="reason" value="{REASON}"' in html
    assert the_wish(engine).state == "asked"


# --- the form and its answers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Hãy ghi lý do"),
        ({"reason": "x" * 301}, "Dài quá 300"),
        ({"first": ""}, "Hãy chọn ngày"),
        ({"first": "hôm qua"}, "Hãy chọn một ngày"),
        ({"last": "9999-12-31"}, "không được sau hôm nay"),
        ({"first": "2020-01-01"}, "tối đa 366 ngày"),
        ({"last": "2020-01-01"}, "phải là hoặc sau từ ngày"),
        ({"status": "vua"}, "không hợp lệ"),
        ({"agency": "99999"}, "không hợp lệ"),
        ({"status": "rejected"}, "Không có tờ khai nào"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_cannot_be_is_refused_with_words(first, engine, changes, words, htmx):
    declare(engine, "7K3M9QX2")
    answer = ask(first, headers={"HX-Request": "true"} if htmx else {}, **changes)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert rows(engine, DeclarationExport) == []


def test_with_htmx_the_answers_lead_on(first, second, engine):
    declare(engine, "7K3M9QX2")
    assert ask(first, headers={"HX-Request": "true"}).status_code == 204
    assert act(second, engine, "dong-y", headers={"HX-Request": "true"}).status_code == 204


def test_a_wish_is_declined_or_taken_back(app, first, second, asked, engine):
    assert act(second, engine, "khong-dong-y").location == WAITING
    assert the_wish(engine).state == "declined"
    again = act(second, engine, "dong-y")
    assert again.status_code == 422
    assert "đã được xử lý" in again.get_data(as_text=True)
    assert "Không đồng ý" in pages.get(first, HOME)
    with unit(engine) as db:
        db.execute(update(DeclarationExport).values(state="asked", decided_by=None, decided_at=None))
    assert act(first, engine, "khong-dong-y").location == HOME
    assert the_wish(engine).state == "withdrawn"
    assert making.make_next(app, now()) is False
    assert tags(engine) == ["export.asked", "export.declined", "export.withdrawn"]


def test_a_wish_waits_a_week(first, second, asked, engine):
    with unit(engine) as db:
        db.execute(update(DeclarationExport).values(asked_at=now() - timedelta(days=7, minutes=1)))
    assert act(second, engine, "dong-y").status_code == 422
    assert "GS01" not in pages.get(second, WAITING)
    assert "Đã rút" in pages.get(first, HOME)
    with unit(engine) as db:
        making.drop_old(db, now())
    assert the_wish(engine).state == "withdrawn"


def test_ten_wishes_a_day(first, engine):
    declare(engine, "7K3M9QX2")
    for _n in range(10):
        assert ask(first).status_code == 303
    answer = ask(first)
    assert answer.status_code == 422
    assert "10 yêu cầu" in answer.get_data(as_text=True)


# --- which declarations -------------------------------------------------------------------------------------------------


def test_days_are_vietnams_and_both_ends_belong(engine, sign_in):
    for code, moment in (
        ("AAAAAAA1", datetime(2026, 3, 8, 16, 59, tzinfo=UTC)),
        ("AAAAAAA2", datetime(2026, 3, 8, 17, 0, tzinfo=UTC)),
        ("AAAAAAA3", datetime(2026, 3, 10, 16, 59, tzinfo=UTC)),
        ("AAAAAAA4", datetime(2026, 3, 10, 17, 0, tzinfo=UTC)),
    ):
        declare(engine, code, sent_at=moment)
    wanted = Wanted(("08902",), date(2026, 3, 9), date(2026, 3, 10), "")
    with unit(engine) as db:
        assert [row.code for row in queries.declarations(db, wanted)] == ["AAAAAAA2", "AAAAAAA3"]
        assert queries.size(db, wanted) == 2


def test_pages_follow_each_other_without_gap_or_double(engine, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    moment = now() - timedelta(days=1)
    for n in range(10):
        declare(engine, f"AAAAAA{n:02}", agency=("08902", "08903")[n % 2], sent_at=moment)
    declare(engine, "BBBBBBBB", status="approved")
    wanted = Wanted(("08902", "08903"), today() - timedelta(days=3), today(), "waiting")
    with unit(engine) as db:
        codes = [row.code for row in queries.declarations(db, wanted)]
    assert sorted(codes) == [f"AAAAAA{n:02}" for n in range(10)]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_no_cell_is_a_formula(app, engine, sign_in, name):
    declare(engine, "7K3M9QX2", name=name)
    with app.app_context():
        body, count = making.made(engine, Wanted(("08902",), today() - timedelta(days=1), today(), ""))
    assert count == 1
    [_header, row] = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert row[2] == "'" + name


def test_more_than_a_file_holds_is_refused(engine, sign_in, monkeypatch, app):
    with pytest.raises(Refused, match="tối đa"):
        rules.check_size(rules.MOST_ROWS + 1)
    for n in range(3):
        declare(engine, f"AAAAAA{n:02}")
    monkeypatch.setattr(making, "MOST_ROWS", 2)
    with app.app_context(), pytest.raises(making.TooMany):
        making.made(engine, Wanted(("08902",), today() - timedelta(days=1), today(), ""))


def test_what_grew_too_long_is_given_up_at_once(app, first, second, asked, engine, monkeypatch):
    act(second, engine, "dong-y")
    monkeypatch.setattr(making, "MOST_ROWS", 0)
    assert making.make_next(app, now())
    assert the_wish(engine).state == "failed"
    assert "Không tạo được tệp" in pages.get(first, f"{HOME}/{asked.id}")


# --- races and crashes --------------------------------------------------------------------------------------------------


def test_of_fifty_who_agree_or_decline_at_once_one_does(app, asked, second, engine):
    with unit(engine) as db:
        id = db.scalar(select(Officer.id).where(Officer.code == "GS02"))
    by = SimpleNamespace(id=id, by=By("officer", id))
    won = []

    def once(n):
        with app.app_context():
            try:
                with unit(engine) as db:
                    verb = actions.agree if n % 2 else actions.decline
                    verb(db, db.get_one(DeclarationExport, asked.id), by=by, at=now())
            except Refused:
                return
            won.append(n)

    numbers = iter(range(50))
    at_once(lambda: once(next(numbers)))
    assert len(won) == 1
    assert len([tag for tag in tags(engine) if tag in ("export.agreed", "export.declined")]) == 1


def test_of_fifty_makers_one_has_it(app, asked, second, engine):
    act(second, engine, "dong-y")
    leased: list[UUID] = []

    def once():
        with app.app_context(), unit(engine) as db:
            mine = making.claim(db, now())
            if mine is not None:
                leased.append(mine.id)

    at_once(once)
    assert leased == [asked.id]


def test_what_a_maker_took_along_is_made_by_the_next(app, asked, second, engine):
    act(second, engine, "dong-y")
    with app.app_context(), unit(engine) as db:
        assert making.claim(db, now()) is not None
    assert making.make_next(app, now()) is False
    assert making.make_next(app, now() + making.LEASE + timedelta(seconds=1)) is True
    assert the_wish(engine).state == "made"


def test_after_three_makers_it_is_given_up(app, first, asked, second, engine):
    act(second, engine, "dong-y")
    at = now()
    for _n in range(3):
        with app.app_context(), unit(engine) as db:
            assert making.claim(db, at) is not None
        at += making.LEASE + timedelta(seconds=1)
    assert making.make_next(app, at) is False
    assert the_wish(engine).state == "failed"


def test_a_maker_that_comes_late_leaves_no_file(app, asked, second, engine):
    act(second, engine, "dong-y")
    with app.app_context(), unit(engine) as db:
        late = making.claim(db, now())
    making.make_next(app, now() + making.LEASE + timedelta(seconds=1))
    with app.app_context(), unit(engine) as db:
        making._keep(db, late, b"late", 1, now())
    assert len(rows(engine, StoredFile)) == 1
