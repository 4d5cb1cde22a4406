"""The board: who writes, who reads, how long, in which language, and that it never breaks a page."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from tests.notices.conftest import HTMX, officer, tags, typed
from vssid.factory import create_app
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.notices.board import actions, rules
from vssid.notices.board.models import BoardItem
from vssid.notices.board.rules import Item, Place, Severity
from vssid.notices.words import FiveWords

DESK, JSON = "/can-bo/bang-tin", "/thong-bao/bang.json"
AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
WORDS = "Hệ thống bảo trì tối nay."


def form(**changes):
    at = now()
    return {
        "severity": "quan-trong", "place": "moi-noi", "words_vi": WORDS, "begins_at": typed(at - timedelta(minutes=1)),
        "ends_at": typed(at + timedelta(hours=2)), "href": "", **changes,
    }  # fmt: skip


def put(client, **changes):
    return people.post(client, f"{DESK}/moi", form(**changes))


def rows(engine):
    with reading(engine) as db:
        return list(db.scalars(select(BoardItem)))


def item(**changes) -> Item:
    values = {
        "severity": Severity.INFO, "place": Place.EVERYWHERE, "words": FiveWords("a"), "href": "", "begins_at": AT,
        "ends_at": AT + timedelta(hours=1), **changes,
    }  # fmt: skip
    return Item(**values)


# ---- rules --------------------------------------------------------------------------------------------------------


def test_it_stands_from_its_first_moment_to_just_before_its_last():
    one = item()
    assert [one.stands(AT + timedelta(seconds=s)) for s in (-1, 0, 3599, 3600)] == [False, True, True, False]


def test_three_at_most_and_the_loudest_first():
    items = [item(severity=s, words=FiveWords(s)) for s in Severity for _n in range(2)]
    assert [one.severity for one in rules.shown(items, "cong", AT)] == ["khan", "khan", "quan-trong"]


@pytest.mark.parametrize(
    ("place", "audiences"),
    [("moi-noi", ["cong", "dan", "can-bo"]), ("cong", ["cong"]), ("dan", ["dan"]), ("can-bo", ["can-bo"])],
)
def test_each_place_has_its_audience(place, audiences):
    one = item(place=Place(place))
    assert [audience for audience in ("cong", "dan", "can-bo") if one.is_for(audience)] == audiences


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": AT}, {"begins_at": AT + timedelta(hours=2)}, {"ends_at": AT + timedelta(days=30, minutes=1)},
        {"href": "https://vidu.vn"}, {"href": "//vidu.vn"},
    ],
)  # fmt: skip
def test_what_may_not_stand_is_refused(changes):
    with pytest.raises(Refused):
        rules.check(item(**changes), AT)


def test_thirty_days_are_allowed():
    rules.check(item(ends_at=AT + timedelta(days=30)), AT)


# ---- the desk -----------------------------------------------------------------------------------------------------


def test_a_notice_stands_on_every_page_at_once(app, engine, client, supervisor, citizen):
    assert put(supervisor).status_code == 303
    for browser, path in ((client, "/"), (client, "/dang-nhap"), (citizen, "/ca-nhan"), (supervisor, "/can-bo")):
        html = pages.get(browser, path)
        assert re.search(
            r'class="board board-quan-trong" role="status" data-ends="\d+"><p class="wrap"><strong>Quan trọng</strong>',
            html,
        )
        assert WORDS in html
    assert tags(engine, "board.") == ["board.put"]


def test_only_its_audience_sees_it(client, supervisor, citizen):
    put(supervisor, place="can-bo")
    assert WORDS in pages.get(supervisor, "/can-bo")
    assert WORDS in pages.get(client, "/can-bo/dang-nhap")
    assert WORDS not in pages.get(client, "/")
    assert WORDS not in pages.get(citizen, "/ca-nhan")


def test_what_is_urgent_interrupts_who_listens(client, supervisor):
    put(supervisor, severity="khan")
    assert re.search(r'role="alert" data-ends="\d+"><p class="wrap"><strong>Khẩn</strong>', pages.get(client, "/"))


def test_a_reader_gets_their_language_or_vietnamese_marked_as_such(client, supervisor):
    put(supervisor, words_en="Maintenance tonight.")
    assert "Maintenance tonight." in client.get("/?lang=en").text
    assert f'<span lang="vi">{WORDS}</span>' in client.get("/?lang=ko").text
    assert f"<span>{WORDS}</span>" in client.get("/?lang=vi").text


HOSTILE = "</script><img src=x onerror=alert(1)> \" ' {{ 7*7 }} %(x)s %s &amp; \u2028"


def test_hostile_words_are_text_everywhere(client, supervisor):
    assert put(supervisor, words_vi=HOSTILE).status_code == 303
    html = client.get("/?lang=vi").text
    assert "<img src=x" not in html
    assert "{{ 7*7 }} %(x)s %s &amp;amp;" in html
    assert "<img src=x" not in pages.get(supervisor, DESK)
    [one] = json.loads(client.get(JSON).data)["bang"]
    assert one["chu"]["vi"].startswith("</script><img src=x")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words_vi": ""}, "Hãy viết câu tiếng Việt."),
        ({"words_vi": "x" * 201}, "Dài quá 200 ký tự"),
        ({"words_ja": "x" * 201}, "Dài quá 200 ký tự"),
        ({"severity": "to"}, "Giá trị không hợp lệ"),
        ({"place": ""}, "Hãy chọn nơi hiện."),
        ({"ends_at": ""}, "Hãy chọn lúc gỡ."),
        ({"ends_at": "mai"}, "Hãy chọn ngày và giờ"),
        ({"ends_at": "2020-01-01T00:00"}, "Lúc gỡ đã qua"),
        ({"ends_at": "2099-01-01T00:00"}, "tối đa 30 ngày"),
        ({"href": "https://vidu.vn/x"}, "Chỉ nhận địa chỉ trong trang này"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(engine, supervisor, changes, words, fragment):
    data = form(words_en="Typed already", **changes)
    token = people.csrf(supervisor, f"{DESK}/moi")
    answer = supervisor.post(f"{DESK}/moi", data={**data, "csrf_token": token}, headers=HTMX if fragment else {})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Typed already" in answer.text
    assert rows(engine) == []


def test_htmx_is_led_to_the_list(supervisor):
    token = people.csrf(supervisor, f"{DESK}/moi")
    answer = supervisor.post(f"{DESK}/moi", data={**form(), "csrf_token": token}, headers=HTMX)
    assert answer.status_code == 204
    assert DESK in answer.headers["HX-Location"]


def test_times_are_vietnams(engine, supervisor):
    ends = now() + timedelta(days=2)
    put(supervisor, ends_at=typed(ends))
    [row] = rows(engine)
    assert row.ends_at == ends.replace(second=0, microsecond=0)
    assert typed(ends) in pages.get(supervisor, f"{DESK}/{row.id}")


def test_it_ends_by_itself_at_its_minute(client, supervisor, engine):
    put(supervisor)
    [row] = rows(engine)
    with time_machine.travel(row.ends_at - timedelta(seconds=1), tick=False):
        assert WORDS in client.get("/").text
    with time_machine.travel(row.ends_at, tick=False):
        assert WORDS not in client.get("/").text
        assert json.loads(client.get(JSON).data)["bang"] == []


def test_one_to_come_waits(client, supervisor, engine):
    put(supervisor, begins_at=typed(now() + timedelta(hours=1)))
    assert WORDS not in client.get("/").text
    assert "Chưa hiện" in pages.get(supervisor, DESK)
    [one] = (json.loads(client.get(JSON).data)["bang"],)
    assert one[0]["chu"] == {"vi": WORDS}


def test_of_two_editors_the_second_sees_what_the_first_wrote(engine, supervisor, app, new_client):
    put(supervisor)
    [row] = rows(engine)
    other = officer(app, engine, new_client, "BT01", "bien_tap")
    page = f"{DESK}/{row.id}"
    assert people.post(supervisor, page, form(words_vi="Bản một.", version=1)).status_code == 303
    answer = people.post(other, page, form(words_vi="Bản hai.", version=1))
    assert answer.status_code == 422
    assert "Người khác vừa sửa thông báo này." in answer.text
    assert "Bản một." in answer.text
    assert people.post(other, page, form(words_vi="Bản hai.", version=2)).status_code == 303
    assert rows(engine)[0].words_vi == "Bản hai."
    assert people.post(other, f"{page}/go", {"version": 1}, page).status_code == 422
    assert tags(engine, "board.") == ["board.put", "board.changed", "board.changed"]


@pytest.mark.parametrize("fragment", [False, True])
def test_taken_down_it_is_gone_and_stands_among_the_past(engine, client, supervisor, fragment):
    put(supervisor)
    [row] = rows(engine)
    page = f"{DESK}/{row.id}"
    data = {"version": 1, "csrf_token": people.csrf(supervisor, page)}
    answer = supervisor.post(f"{page}/go", data=data, headers=HTMX if fragment else {})
    assert answer.status_code == (204 if fragment else 303)
    assert WORDS not in client.get("/").text
    html = pages.get(supervisor, DESK)
    assert html.index("Đã hết") < html.index(WORDS)
    # What has ended is shown, and can be put up once more, but not changed.
    assert people.post(supervisor, page, form(version=2)).status_code == 422
    assert 'action="/can-bo/bang-tin/moi"' in pages.get(supervisor, page)


def test_the_past_follows_by_key(app, engine, supervisor):
    with unit(engine) as db:
        by = db.scalars(select(people.officers_room.models.Officer.id)).one()
        for n in range(30):
            ends = now() - timedelta(days=1, seconds=n)
            db.add(
                BoardItem(
                    id=people.uuid4(), severity="khan", place="cong", words_vi=f"Cũ {n:02}", words_en="", words_ko="",
                    words_zh="", words_ja="", href="", begins_at=ends - timedelta(hours=1), ends_at=ends, version=1,
                    changed_at=ends, changed_by=by,
                )
            )  # fmt: skip
    first = pages.get(supervisor, DESK)
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    seen = re.findall(r"Cũ (\d\d)", first) + re.findall(r"Cũ (\d\d)", pages.get(supervisor, following))
    assert seen == [f"{n:02}" for n in range(30)]


def test_old_notices_are_forgotten(engine, supervisor):
    put(supervisor)
    with unit(engine) as db:
        actions.forget_old(db, now() + timedelta(days=399))
    assert len(rows(engine)) == 1
    with unit(engine) as db:
        actions.forget_old(db, now() + timedelta(days=402))
    assert rows(engine) == []


def test_an_officer_without_the_right_does_not_come_in(app, engine, supervisor, new_client):
    other = officer(app, engine, new_client, "CB01", "duyet_ho_so")
    assert other.get(DESK).status_code == 403
    assert other.get(f"{DESK}/moi").status_code == 403
    assert "Bảng tin" not in pages.get(other, "/can-bo")


def test_the_phones_copy_has_what_is_for_everybody_only(client, supervisor):
    put(supervisor, place="dan", words_vi="Chỉ người dân.")
    put(supervisor, place="cong", words_vi="Ai cũng đọc.", words_en="For all.")
    answer = client.get(JSON)
    told = json.loads(answer.data)
    assert [one["chu"] for one in told["bang"]] == [{"vi": "Ai cũng đọc.", "en": "For all."}]
    assert abs(told["luc"] - now().timestamp()) < 60
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert "Set-Cookie" not in answer.headers


def test_a_page_that_phones_keep_has_no_board(client, supervisor):
    put(supervisor)
    assert WORDS not in pages.get(client, "/xac-minh")


# ---- when the database is away ------------------------------------------------------------------------------------


@pytest.mark.only_on("sqlite")
def test_with_the_database_gone_the_last_known_board_stays(app, engine, supervisor):
    put(supervisor)
    settings = app.config["SETTINGS"]
    other = create_app(settings)
    client = other.test_client()
    assert WORDS in client.get("/cai-dat-ung-dung").text
    [standing] = [one for one in other.extensions["standings"] if one is other.extensions["board.items"]]
    file = settings.data_dir / "vssid.sqlite"
    with other.app_context():
        people.request_db.engine.dispose()
    away = [(path, path.with_name(f"away-{path.name}")) for path in settings.data_dir.glob("vssid.sqlite*")]
    assert file in [path for path, _hidden in away]
    for path, hidden in away:
        path.rename(hidden)
    try:
        standing.forget()
        for path in ("/cai-dat-ung-dung", JSON):
            answer = client.get(path)
            assert answer.status_code == 200
            assert WORDS in answer.text
        assert 'class="board board-' in client.get("/cai-dat-ung-dung").text
        with time_machine.travel(now() + timedelta(days=8)):
            assert 'class="board board-' not in client.get("/cai-dat-ung-dung").text
    finally:
        with other.app_context():
            people.request_db.engine.dispose()
        for path in settings.data_dir.glob("vssid.sqlite*"):
            path.unlink()
        for path, hidden in away:
            hidden.rename(path)
