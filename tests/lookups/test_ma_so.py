"""/tra-cuu/ma-so: three facts that agree give ten digits, everything else gives one answer."""

import re
import time
import unicodedata

import pytest
from sqlalchemy import Engine, event, select

from tests import pages, people
from tests.lookups.conftest import DEAD, NUMBERLESS, OLD, PATH, look_up, question
from tests.people import CITIZEN, STRANGER
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.records.models import Person

pytestmark = pytest.mark.usefixtures("register")
# What differs from page to page for everybody: tokens, the captcha's question and salt, what the reader typed.
PASSING = re.compile(r'value="[^"]*"|X-CSRFToken":"[^"]*"|data-\w+="[^"]*"|id="captcha-hint">[^<]*')
NOT_FOUND = "Không tìm thấy mã số BHXH khớp với cả ba mục đã nhập."
MISSES = {
    "wrong date": question(birth_date="05/09/1985"),
    "only the year": question(birth_date="1985"),
    "wrong number": question(id_number=STRANGER.cccd),
    "wrong name": question(full_name="Đặng Thị Mẫu Ung"),
    "unknown": question(id_number="089185009999"),
    "dead": question(DEAD),
    "without a number": question(NUMBERLESS),
}


def entries(engine: Engine) -> list[tuple[str, object, dict]]:
    with reading(engine) as db:
        query = select(AuditEntry).where(AuditEntry.tag.like("lookup.%")).order_by(AuditEntry.id)
        return [(row.tag, row.subject_id, row.detail) for row in db.scalars(query)]


def test_the_form_asks_for_three_facts_and_shows_the_other_ways(client):
    html = pages.get(client, PATH)
    for name in ("full_name", "birth_date", "id_number", "captcha_answer"):
        assert f'name="{name}"' in html
    assert '<a href="/tra-cuu/co-quan">' in html
    assert "<h1>Tìm mã số Bảo hiểm xã hội</h1>" in pages.part(client, PATH)


def test_sign_in_leads_here(client):
    assert '<a href="/tra-cuu/ma-so">Tìm mã số Bảo hiểm xã hội</a>' in pages.get(client, "/dang-nhap")


@pytest.mark.parametrize("htmx", [False, True])
def test_who_knows_all_three_is_told_the_digits(client, htmx):
    answer = look_up(client, htmx=htmx)
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert "89 0000 0101" in html
    assert f'data-copy="{CITIZEN.ma_so}"' in html
    assert 'href="/dang-ky/ca-nhan/thong-tin"' in html
    assert 'href="/dang-nhap"' in html
    assert ("<html" in html) is not htmx
    if not htmx:
        pages.inspected(answer)


@pytest.mark.parametrize("htmx", [False, True])
def test_who_does_not_gets_the_form_back_as_typed_and_the_other_ways(client, htmx):
    answer = look_up(client, birth_date="05/09/1985", htmx=htmx)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert NOT_FOUND in html
    assert 'value="05/09/1985"' in html
    assert '<a href="/tra-cuu/co-quan">' in html
    assert ("<html" in html) is not htmx
    if not htmx:
        pages.inspected(answer)


def test_everybody_who_is_not_told_gets_the_same_answer(new_client):
    seen = set()
    for asked in MISSES.values():
        answer = people.post(new_client(), PATH, asked)
        html = answer.get_data(as_text=True)
        kept = {name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Content-Length")}
        seen.add((answer.status_code, PASSING.sub("", html), tuple(sorted(kept.items()))))
        assert not re.search(r"89 ?0000 ?01", html)
    assert len(seen) == 1
    assert NOT_FOUND in seen.pop()[1]


def test_answers_to_values_of_one_length_have_one_length(new_client):
    """Only tokens, which are packed, and the words of the captcha's question may be longer or shorter."""
    random = re.compile(r'_token" value="[^"]*"|X-CSRFToken":"[^"]*"|id="captcha-hint">[^<]*')
    lengths = set()
    for asked in (MISSES["wrong date"], MISSES["wrong number"], MISSES["wrong name"], MISSES["unknown"]):
        html = people.post(new_client(), PATH, asked).get_data(as_text=True)
        lengths.add(len(random.sub("", html)))
    assert len(lengths) == 1


@pytest.mark.parametrize("asked", [question(), *MISSES.values()], ids=["found", *MISSES])
def test_the_register_is_asked_the_same_whatever_it_knows(client, engine, asked):
    sent: list[str] = []

    def hear(_connection, _cursor, sql, _values, _context, _many) -> None:
        sent.append(" ".join(sql.split()))

    html = client.get(PATH).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    event.listen(Engine, "before_cursor_execute", hear)
    try:
        client.post(PATH, data={"csrf_token": token, **people.captcha_answer(html), **asked})
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    upto = next(n for n, sql in enumerate(sent) if sql.startswith("INSERT INTO audit_entries"))
    asking = (re.search(r"(?:FROM|INTO) (\w+)", sql) for sql in sent[: upto + 1])
    tables = [found[1] for found in asking if found]
    assert tables == [
        "limit_counters",  # today's price
        "limit_counters",  # the captcha works once
        "limit_counters",  # network
        "limit_counters",  # how often the network asked
        "limit_counters",  # session
        "limit_counters",  # paper
        "limit_counters",  # name
        "persons",
        "person_identifiers",
        "audit_entries",
    ]


def test_every_look_up_is_in_the_audit_without_a_value(client, engine):
    look_up(client)
    look_up(client, birth_date="05/09/1985")
    look_up(client, id_number="089185009999")
    with reading(engine) as db:
        person = db.scalar(select(Person.id).where(Person.full_name == CITIZEN.name, Person.merged_into_id.is_(None)))
    missed = ("lookup.ma_so_not_found", None, {})
    assert entries(engine) == [("lookup.ma_so_found", person, {}), missed, missed]


def test_who_is_signed_in_stands_in_the_audit(app, client, engine):
    with unit(engine) as db:
        people.open_account(app, db, STRANGER)
    people.citizen_signs_in(app, client, STRANGER.ma_so)
    look_up(client)
    with reading(engine) as db:
        row = db.scalars(select(AuditEntry).where(AuditEntry.tag == "lookup.ma_so_found")).one()
        assert (row.actor_kind, row.actor_id is None) == ("citizen", False)


def test_merged_numbers_answer_with_the_one_that_remains(client):
    for paper in (OLD.cccd, CITIZEN.cccd):
        html = look_up(client, OLD, id_number=paper).get_data(as_text=True)
        assert "89 0000 0101" in html
        assert OLD.ma_so not in html


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_may_come_composed_or_in_parts(client, form):
    name = unicodedata.normalize(form, CITIZEN.name).upper()
    assert look_up(client, full_name=f"  {name} ").status_code == 200


def test_a_name_without_its_marks_is_another_name(client):
    assert look_up(client, full_name="Dang Thi Mau Ung").status_code == 422


@pytest.mark.parametrize(("typed", "status"), [("1980", 200), ("1/1980", 422), ("01/01/1980", 422), ("1981", 422)])
def test_a_year_in_the_register_is_that_year_and_nothing_finer(client, typed, status):
    assert look_up(client, STRANGER, birth_date=typed).status_code == status


@pytest.mark.parametrize("path", ["get", "found", "missed", "refused"])
def test_no_answer_may_be_kept_and_none_puts_a_value_into_an_address(client, path):
    answer = {
        "get": lambda: client.get(PATH),
        "found": lambda: look_up(client),
        "missed": lambda: look_up(client, birth_date="1970"),
        "refused": lambda: look_up(client, birth_date="hôm qua"),
    }[path]()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.location is None
    assert not [name for name, _value in answer.headers if name.startswith("HX-")]
    for address in re.findall(r'(?:href|action|src|hx-post)="([^"]*)"', answer.get_data(as_text=True)):
        assert not re.search(r"8900000|0891850|1985", address)


def test_an_address_with_the_answers_in_it_looks_nothing_up(client, engine):
    html = client.get(PATH, query_string=question()).get_data(as_text=True)
    assert CITIZEN.name not in html
    assert entries(engine) == []


# --- what is typed wrongly --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("full_name", "", "Hãy nhập họ và tên."),
        ("full_name", "X", "Họ và tên phải có từ 2 đến 100 ký tự."),
        ("full_name", "a" * 101, "Dài quá 100 ký tự. Hãy viết ngắn lại."),
        ("full_name", "Mẫu 4", "Họ và tên chỉ gồm chữ cái"),
        ("birth_date", "", "Hãy nhập ngày sinh."),
        ("birth_date", "hôm qua", "Ngày phải viết là ngày/tháng/năm"),
        ("birth_date", "31/02/1985", "Không có ngày này trong lịch."),
        ("birth_date", "1/1/1850", "Năm phải từ 1900 trở đi."),
        ("birth_date", "1/1/2999", "Ngày này chưa đến."),
        ("id_number", "", "Hãy nhập số giấy tờ."),
        ("id_number", "12345", "Số giấy tờ chưa đúng"),
        ("id_number", "8900000101", "Số giấy tờ chưa đúng"),
        ("captcha_solution", "x", "Mã kiểm tra chưa đúng."),
        ("captcha_token", "x", "Mã kiểm tra đã cũ."),
    ],
)
def test_every_field_says_what_is_wrong_and_nothing_is_looked_up(client, engine, field, typed, words):
    answer = look_up(client, **{field: typed})
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert NOT_FOUND not in html
    assert entries(engine) == []


@pytest.mark.parametrize("field", ["full_name", "birth_date", "id_number"])
@pytest.mark.parametrize(
    "typed",
    [
        "a" * 50_000, "1" * 50_000, " " * 50_000 + "!", "1/" * 25_000, "A1234567" * 6_000, "\u0301" * 50_000, "1\u00a0" * 25_000,
        "\0", "Mẫu\0", "\u202eMẫu", "Mẫu\x1b[31m", "<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "٠٨٩١٨٥٠٠٠١٠١", "👩‍🌾",
        "\r\nSet-Cookie: a=b", "%00", "../../etc/passwd",
    ],
    ids=repr,
)  # fmt: skip
def test_hostile_text_is_refused_quickly_and_harms_nothing(client, engine, field, typed):
    html = client.get(PATH).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    data = {"csrf_token": token, **people.captcha_answer(html), **question(**{field: typed})}
    began = time.perf_counter()
    answer = client.post(PATH, data=data)
    assert time.perf_counter() - began < 0.5
    assert answer.status_code == 422
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "Set-Cookie: a" not in str(answer.headers)
    assert entries(engine) == []


def test_a_field_that_comes_twice_or_not_at_all_is_no_way_round(client, engine):
    html = client.get(PATH).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    twice = {**question(), "birth_date": ["1970", "04/09/1985"]}
    answer = client.post(PATH, data={"csrf_token": token, **people.captcha_answer(html), **twice})
    assert answer.status_code == 422
    assert CITIZEN.ma_so not in answer.get_data(as_text=True)
    assert people.post(client, PATH, {}).status_code == 422
    assert len(entries(engine)) == 1


def test_a_solved_captcha_works_once(client):
    html = client.get(PATH).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    data = {"csrf_token": token, **people.captcha_answer(html), **question()}
    assert client.post(PATH, data=data).status_code == 200
    again = client.post(PATH, data=data)
    assert again.status_code == 422
    assert "89 0000 0101" not in again.get_data(as_text=True)
