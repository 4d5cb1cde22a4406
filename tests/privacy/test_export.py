"""A copy of one's data: asked with the password, made outside the request, one at a time, gone after a day."""

import io
import json
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import pages, people
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.privacy import JOBS
from vssid.privacy.export import making
from vssid.privacy.models import DataExport
from vssid.registration import house

PAGE = "/tai-khoan/du-lieu/xuat"


def ask(client, password: str = people.PASSWORD, **options):
    return people.post(client, PAGE, {"password": password}, **options)


def fetched(member) -> zipfile.ZipFile:
    """The copy as its owner gets it."""
    assert ask(member.citizen).status_code == 303
    assert making.make_next(member.app, now())
    answer = member.citizen.get(f"{PAGE}/du-lieu.zip")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def told(member, kind: str) -> list[str]:
    with reading(member.engine) as db:
        rows = list(db.query(OutboxMessage).where(OutboxMessage.kind == f"privacy.{kind}"))
        return sorted(opened(member.app.extensions["keyring"], row).to for row in rows)


def test_the_copy_has_a_summary_everything_and_the_photos(member):
    zipped = fetched(member)
    names = set(zipped.namelist())
    assert {"README.txt", "du-lieu.json", "tom-tat.pdf"} <= names
    document = json.loads(zipped.read("du-lieu.json"))
    assert document["nguoi"] == {"ho_ten": people.CITIZEN.name, "ma_so_bhxh": people.CITIZEN.ma_so}
    photos = document["muc"]["declaration_photos"]["dong"]
    assert {photo["side"] for photo in photos} == {"portrait", "front", "back"}
    assert all(zipped.read(photo["file_id"]).startswith(b"\xff\xd8") for photo in photos)
    declared = document["muc"]["declarations.ca_nhan"]
    assert declared["dong"][0]["decided_by"] == {"ma_can_bo": "CB01", "ho_ten": "Cán bộ Mẫu CB01"}
    assert declared["chu_giai"]["full_name"] == "Họ và tên"
    pdf = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=zipped.read("tom-tat.pdf"), capture_output=True, check=True
    ).stdout.decode()
    for words in (
        people.CITIZEN.name,
        people.CITIZEN.ma_so,
        "Thông tin cá nhân",
        "Tờ khai mẫu 01",
        "BHXH cơ sở Mẫu Một",
    ):
        assert words in pdf
    assert "du-lieu.json" in zipped.read("README.txt").decode()


def test_the_page_says_how_far_it_is_with_and_without_script(member):
    assert "Tạo bản dữ liệu" in pages.get(member.citizen, PAGE)
    answer = ask(member.citizen, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.get_data(as_text=True)
    assert 'hx-trigger="every 2s"' in pages.part(member.citizen, PAGE)
    assert member.citizen.get(f"{PAGE}/du-lieu.zip").status_code == 404
    assert making.make_next(member.app, now())
    html = pages.get(member.citizen, PAGE)
    assert "Đã sẵn sàng" in html
    assert "hx-trigger" not in html
    assert "Đã sẵn sàng để tải" in pages.get(member.citizen, "/tai-khoan/du-lieu")


@pytest.mark.parametrize("password", ["", "sai mật khẩu này"])
def test_without_the_password_nothing_is_made(member, password):
    answer = ask(member.citizen, password)
    assert answer.status_code == 422
    pages.inspected(answer)
    assert not making.make_next(member.app, now())
    assert told(member, "export_asked") == []


def test_every_contact_hears_of_it_when_asked_and_when_ready(member):
    fetched(member)
    contacts = sorted(["+84" + people.CITIZEN.phone[1:], "mau@vidu.vn"])
    assert told(member, "export_asked") == contacts
    assert told(member, "export_ready") == contacts
    assert "privacy.export_fetched" in member.tags()


def test_one_at_a_time_and_three_a_day(member):
    assert ask(member.citizen).status_code == 303
    # While one is being made the page has no form; whoever sends one all the same is told.
    answer = people.post(member.citizen, PAGE, {"password": people.PASSWORD}, "/tai-khoan/du-lieu/yeu-cau/moi")
    assert answer.status_code == 422
    making.make_next(member.app, now())
    assert ask(member.citizen).status_code == 303
    making.make_next(member.app, now())
    answer = ask(member.citizen)
    assert answer.status_code == 422
    assert "ngày mai" in pages.inspected(answer)


def test_parallel_wishes_make_one(member):
    def go(_n: int) -> bool:
        with member.app.app_context():
            try:
                with unit(member.engine) as db:
                    making.request(
                        db, house(), account.id, "vi", by=making.By(making.audit.ActorKind.CITIZEN), at=now()
                    )
                return True
            except Refused:
                return False

    account = member.account
    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(go, range(20))) == 1


def test_two_makers_make_it_once(member):
    ask(member.citizen)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(lambda _n: making.make_next(member.app, now()), range(2))) == 1
    assert len(told(member, "export_ready")) == 2


def test_a_maker_that_died_is_replaced_and_three_deaths_are_enough(member):
    ask(member.citizen)
    at = now()
    for _n in range(making.MOST_ATTEMPTS):
        with unit(member.engine) as db:
            assert making.claim(db, at) is not None
        with unit(member.engine) as db:
            assert making.claim(db, at) is None
        at += making.LEASE + timedelta(seconds=1)
    with unit(member.engine) as db:
        assert making.claim(db, at) is None
    assert "Chưa tạo được" in pages.get(member.citizen, PAGE)


def test_after_a_day_nothing_of_it_is_left(member):
    before = files(member)
    fetched(member)
    assert files(member) == before + 1
    job = {name: job for name, _every, job in JOBS}["privacy.exports"]
    with unit(member.engine) as db:
        assert job(db, now() + timedelta(hours=23)) == 0
    with unit(member.engine) as db:
        assert job(db, now() + timedelta(hours=24, seconds=1)) == 1
    assert files(member) == before
    assert member.citizen.get(f"{PAGE}/du-lieu.zip").status_code == 404


def files(member) -> int:
    with reading(member.engine) as db:
        return db.scalar(select(func.count()).select_from(StoredFile))


def test_a_new_copy_destroys_the_one_before(member):
    fetched(member)
    count = files(member)
    fetched(member)
    assert files(member) == count


def test_on_the_disk_it_is_unreadable(member):
    fetched(member)
    with reading(member.engine) as db:
        id = db.scalars(select(DataExport.file_id)).one()
    path = member.app.config["DATA_DIR"] / "files" / id.hex[:2] / f"{id.hex}.bin"
    assert path.read_bytes()[:2] != b"PK"
    assert b"du-lieu.json" not in path.read_bytes()


def test_a_stranger_gets_their_own_or_nothing(member, stranger):
    fetched(member)
    assert stranger.get(f"{PAGE}/du-lieu.zip").status_code == 404


def test_the_readme_is_in_the_readers_language_and_the_data_is_not(member):
    member.citizen.get("/?lang=en")
    ask(member.citizen)
    with reading(member.engine) as db:
        assert db.scalars(select(DataExport.language)).one() == "en"


def test_somebody_else_who_typed_this_number_is_not_given_away(app, member, engine, new_client):
    visitor = new_client()
    other = people.Specimen("Kẻ Mẫu Giả", people.CITIZEN.ma_so, "089185000999", "1985-09-04", "F", "0900000777")
    assert people.send_declaration(visitor, other).status_code == 303
    zipped = fetched(member)
    text = zipped.read("du-lieu.json").decode()
    stub = json.loads(text)["muc"]["declarations.khac"]["dong"]
    assert [set(row) for row in stub] == [{"sent_at", "kind", "status", "agency_code"}]
    assert "Kẻ Mẫu Giả" not in text
    assert "900000777" not in text
    assert "089185000999" not in text


# --- the operator -----------------------------------------------------------------------------------------------------


def test_an_operator_writes_the_same_copy_into_a_file(app, member, tmp_path):
    target = tmp_path / "du-lieu.zip"
    done = app.test_cli_runner().invoke(args=["export-subject", people.CITIZEN.ma_so, str(target)])
    assert done.exit_code == 0, done.output
    assert target.stat().st_mode & 0o777 == 0o600
    document = json.loads(zipfile.ZipFile(target).read("du-lieu.json"))
    assert document["nguoi"]["ma_so_bhxh"] == people.CITIZEN.ma_so
    with reading(member.engine) as db:
        noted = db.scalars(select(AuditEntry).where(AuditEntry.tag == "privacy.exported_by_operator")).one()
    assert noted.subject_id == member.account.person_id
    assert "Người vận hành xuất toàn bộ dữ liệu" in pages.get(member.citizen, "/tai-khoan/du-lieu/ai-da-xem")


def test_an_operator_overwrites_nothing_and_hears_of_unknown_numbers(app, member, tmp_path):
    target = tmp_path / "du-lieu.zip"
    target.write_text("kept")
    run = app.test_cli_runner()
    assert run.invoke(args=["export-subject", people.CITIZEN.ma_so, str(target)]).exit_code == 1
    assert target.read_text() == "kept"
    missing = run.invoke(args=["export-subject", "0000000000", str(tmp_path / "x.zip")])
    assert missing.exit_code == 1
    assert "mã số" in missing.output
    assert run.invoke(args=["export-subject"]).exit_code == 2
