"""Open data: what the lists hold, in two formats, a version a change; taken from the disk, also without a database."""

import csv
import gzip
import io
import json
import re
import shutil
from datetime import date, timedelta

import pytest
import time_machine

from vssid.directory import listings, open_data
from vssid.directory.listings import Kind
from vssid.directory.models import Agency, Employer, Facility
from vssid.directory.open_data.rules import KEPT
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.tables import csv_bytes, rows

BASE = "/tra-cuu/du-lieu"


@pytest.fixture(autouse=True)
def _clean(app):
    yield
    shutil.rmtree(app.config["DATA_DIR"] / "open-data", ignore_errors=True)


def bring_in(engine, *rows, kinds=(Kind.AGENCIES, Kind.TREATING, Kind.CERTIFYING)):
    with unit(engine) as session:
        for row in rows:
            session.merge(row)
        listings.touch(session, *kinds, at=now())


def make(app):
    """Write what is to be written; how many versions that were."""
    made = 0
    while open_data.make_next(app, now()):
        made += 1
    return made


@pytest.fixture
def lists(app, engine):
    bring_in(
        engine,
        Agency(code="089", name="BHXH Mẫu Tỉnh", folded=""),
        Agency(code="08999", name="BHXH Mẫu Tải, “Một”", folded="", address="=1+1", phone="0296 000 001", parent_code="089"),
        Facility(
            code="01A2B", name="Phòng khám Mẫu", folded="", bhyt_contract=False, issues_sick_leave=True,
            valid_from=date(2026, 1, 2),
        ),
        Employer(code="TA1", name="Công ty Mẫu Kín", months_late=7),
    )  # fmt: skip
    assert make(app) == 2
    return app


def rows_of(body):
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("cell", ["+84296000001", "=1+1", "-", "@mau", "'Tám", "Mẫu"])
def test_what_was_handed_out_comes_back_as_it_was(cell):
    [head, row] = rows(io.BytesIO(csv_bytes([["ma", "dien_thoai"], ["08999", cell]])))
    assert (head.cells, row.cells) == (["ma", "dien_thoai"], ["08999", cell])


def test_csv_has_the_columns_of_the_import_and_runs_nothing(lists, client):
    answer = client.get(f"{BASE}/co-quan.csv")
    assert answer.mimetype == "text/csv"
    assert re.fullmatch(r'attachment; filename="co-quan-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    [row] = [row for row in rows_of(answer.data) if row["ma"] == "08999"]
    assert row == {
        "ma": "08999", "ten": "BHXH Mẫu Tải, “Một”", "ma_cha": "089", "dia_chi": "'=1+1", "dien_thoai": "0296 000 001",
        "email": "", "gio_lam_viec": "",
    }  # fmt: skip


def test_json_says_the_same_as_text(lists, client):
    found = client.get(f"{BASE}/co-so-kham-chua-benh.json").get_json()
    assert found["so_muc"] == len(found["muc"])
    [row] = [row for row in found["muc"] if row["ma_cskcb"] == "01A2B"]
    assert (row["hop_dong_bhyt"], row["cap_giay_nghi"]) == ("0", "1")
    assert (row["hieu_luc_tu"], row["hieu_luc_den"]) == ("02/01/2026", "")


def test_employers_are_not_given_away(lists, client):
    assert client.get(f"{BASE}/don-vi.csv").status_code == 404
    for slug in open_data.BY_SLUG:
        assert "Công ty Mẫu Kín" not in client.get(f"{BASE}/{slug}.json").get_data(as_text=True)


def test_packed_and_plain_are_the_same_file_with_tags_of_their_own(lists, client):
    plain = client.get(f"{BASE}/co-quan.csv")
    packed = client.get(f"{BASE}/co-quan.csv", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Set-Cookie" not in plain.headers
    again = client.get(f"{BASE}/co-quan.csv", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_each_change_is_a_version_and_the_old_one_stays_as_it_was(lists, client, engine, app):
    before = client.get(f"{BASE}/co-quan.json").data
    with time_machine.travel(now() + timedelta(minutes=5)):
        bring_in(engine, Agency(code="08999", name="BHXH Mẫu Đã Đổi", folded=""), kinds=(Kind.AGENCIES,))
        assert make(app) == 1
    versions = open_data.versions(open_data.folder_of(app, open_data.BY_SLUG["co-quan"]))
    assert len(versions) == 2
    assert "Mẫu Đã Đổi" in client.get(f"{BASE}/co-quan.json").get_data(as_text=True)
    old = client.get(f"{BASE}/co-quan/{versions[1].stamp}.json")
    assert old.data == before
    assert "immutable" in old.headers["Cache-Control"]
    html = client.get(BASE).get_data(as_text=True)
    assert f"{BASE}/co-quan/{versions[1].stamp}.csv" in html


def test_an_import_that_changes_nothing_makes_no_version(lists, engine, app):
    with time_machine.travel(now() + timedelta(minutes=5)):
        bring_in(engine, kinds=(Kind.AGENCIES,))
        assert make(app) == 1  # looked, and remembers that it has
        assert make(app) == 0
    assert len(open_data.versions(open_data.folder_of(app, open_data.BY_SLUG["co-quan"]))) == 1


def test_old_versions_make_room(lists, engine, app):
    for n in range(KEPT + 3):
        with time_machine.travel(now() + timedelta(minutes=5 * (n + 1))):
            bring_in(engine, Agency(code="08999", name=f"BHXH Mẫu {n}", folded=""), kinds=(Kind.AGENCIES,))
            make(app)
    versions = open_data.versions(open_data.folder_of(app, open_data.BY_SLUG["co-quan"]))
    assert len(versions) == KEPT
    assert f"BHXH Mẫu {KEPT + 2}" in gzip.decompress(versions[0].files["json"].read_bytes()).decode()


@pytest.mark.parametrize(
    "stamp", ["..", "../seen", "20260101T000000Z", "%2e%2e%2fseen", "20260101T000000", "x" * 500, "20260101T000000Z/.."]
)
def test_an_address_leads_to_no_other_file(lists, client, stamp):
    assert client.get(f"{BASE}/co-quan/{stamp}.csv").status_code in (404, 308)


def test_a_list_that_was_never_brought_in_says_so(app, client):
    assert client.get(f"{BASE}/diem-thu.csv").status_code == 404
    assert "chưa có dữ liệu" in client.get(BASE).get_data(as_text=True)


def test_what_was_taken_can_be_brought_in_again(lists, client, app, tmp_path):
    path = tmp_path / "co-quan.csv"
    records = client.get(f"{BASE}/co-quan.json").get_json()["muc"]
    path.write_bytes(csv_bytes([list(records[0]), *(list(record.values()) for record in records)]))
    said = app.test_cli_runner().invoke(args=["imports", "run", "agencies", str(path), "--dry-run"])
    assert said.exit_code == 0, said.output
    assert json.dumps(len(records)) in said.output
