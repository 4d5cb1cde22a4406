"""The bell: what gets there and what never does, who sees it, in which language, how long."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from tests import pages, people
from tests.notices.conftest import HTMX, account_of, ring
from vssid import accounts
from vssid.accounts.models import Account, NoticeChoice
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import CalendarMonth, Label, packed, unpacked
from vssid.notifications import inbox
from vssid.notifications.inbox.models import InboxItem
from vssid.notifications.inbox.rules import Topic, check_place, rings, topic_of
from vssid.notifications.models import OutboxMessage

PAGE = "/thong-bao"
AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def items(engine):
    with reading(engine) as db:
        return list(db.scalars(select(InboxItem).order_by(InboxItem.at, InboxItem.kind)))


def count_in_bar(html: str) -> str:
    found = re.search(r'class="pill bell".*?</a>', html, re.S)
    return (re.search(r'<b aria-hidden="true">(.*?)</b>', found[0]) or ["", ""])[1]


# ---- rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("card.reminder", Topic.CARD), ("notice.card", Topic.CARD), ("notice.visit", Topic.VISIT),
        ("notice.employer", Topic.CONTRIBUTION), ("privacy.export_ready", Topic.DATA), ("notice.password", Topic.ACCOUNT),
        ("change.phone_done", Topic.ACCOUNT), ("what.comes_next_year", Topic.ACCOUNT),
    ],
)  # fmt: skip
def test_every_kind_has_a_topic(kind, topic):
    assert topic_of(kind) is topic


def test_codes_do_not_ring():
    assert not rings("code.reset")
    assert rings("notice.password")


@pytest.mark.parametrize(
    "href", ["//vidu.vn/x", "https://vidu.vn", "javascript:alert(1)", "ca-nhan", "/a\\b", "/a b", "", "/a\n"]
)
def test_a_place_elsewhere_is_refused(href):
    with pytest.raises(ValueError, match="not a plain path"):
        check_place(href)


def test_a_packed_label_keeps_days_months_and_labels_for_any_language():
    label = Label("%(a)s %(b)s %(c)s %(d)s", a=date(2026, 9, 4), b=CalendarMonth(date(2026, 9, 1)), c=Label("x"), d=7)
    again = unpacked(packed(label))
    assert again == label
    assert again.params == label.params


# ---- what gets there ----------------------------------------------------------------------------------------------


def test_a_message_to_two_contacts_is_one_item(app, engine, citizen):
    id = account_of(engine, people.CITIZEN)
    with app.app_context(), unit(engine) as db:
        account = db.get_one(Account, id)
        for to in ("+84900000101", "mau@vidu.vn"):
            accounts.tell(
                db, app.extensions["keyring"], to, "vi", Label("VssID: Việc lớn."), "change.x", account.id, AT,
                ring=accounts.Ring("/tai-khoan/thay-doi"),
            )  # fmt: skip
    [one] = items(engine)
    assert (one.account_id, one.kind, one.href, one.topic) == (id, "change.x", "/tai-khoan/thay-doi", "tai-khoan")
    assert "Việc lớn".encode() not in one.sealed


def test_a_security_notice_rings_without_its_code(app, engine, citizen):
    """A changed password is told by SMS with a code that freezes; the bell says what happened."""
    form = {"old": people.PASSWORD, "password": "một con đò sang sông", "again": "một con đò sang sông"}
    assert people.post(citizen, "/tai-khoan/mat-khau", form).status_code == 303
    [one] = items(engine)
    assert one.kind == "notice.password"
    html = pages.get(citizen, PAGE)
    assert "Mật khẩu của bạn vừa được đổi." in html
    assert "VssID: Mật" not in html
    assert "nhập mã" not in html


def test_codes_are_never_kept(app, engine, new_client, citizen):
    people.post(new_client(), "/quen-mat-khau", {"phone": people.CITIZEN.phone, "name": people.CITIZEN.ma_so})
    with reading(engine) as db:
        assert "code.reset" in set(db.scalars(select(OutboxMessage.kind)))
    assert items(engine) == []


def test_whoever_chose_nothing_still_hears_by_the_bell(app, engine, citizen):
    kind = accounts.NoticeKind.CARD
    with app.app_context(), unit(engine) as db:
        person = db.scalars(select(Account.person_id)).one()
        sent = db.scalar(select(func.count()).select_from(OutboxMessage))
        [listener] = accounts.notices.listening(db, kind, [person]).values()
        assert listener.to is None
        accounts.notices.tell(
            db, accounts.house(), listener, kind, Label("VssID: Thẻ. %(hotline)s"), AT, "/ca-nhan/the-bhyt"
        )
        assert db.scalar(select(func.count()).select_from(OutboxMessage)) == sent
    assert [one.kind for one in items(engine)] == ["notice.card"]


def test_whoever_chose_sms_gets_both(app, engine, citizen):
    kind = accounts.NoticeKind.CARD
    with app.app_context(), unit(engine) as db:
        account = db.scalars(select(Account)).one()
        db.add(NoticeChoice(account_id=account.id, kind=kind, channel="sms"))
        db.flush()
        [listener] = accounts.notices.listening(db, kind, [account.person_id]).values()
        accounts.notices.tell(
            db, accounts.house(), listener, kind, Label("VssID: Thẻ. %(hotline)s"), AT, "/ca-nhan/the-bhyt"
        )
        told = db.scalars(select(OutboxMessage.kind).where(OutboxMessage.kind == "notice.card"))
        assert list(told) == ["notice.card"]
    assert len(items(engine)) == 1


# ---- the page -----------------------------------------------------------------------------------------------------


def test_an_empty_bell_says_what_will_be_there(citizen):
    html = pages.get(citizen, PAGE)
    assert "Chưa có thông báo nào" in html
    assert count_in_bar(html) == ""
    assert "Đánh dấu đã đọc tất cả" not in html


def test_it_speaks_the_language_of_now(app, engine, citizen):
    ring(app, engine, people.CITIZEN, "VssID: Mật khẩu của bạn vừa được đổi.", kind="notice.password")
    assert "Mật khẩu của bạn vừa được đổi." in pages.get(citizen, PAGE)
    assert "Mật khẩu của bạn vừa được đổi." not in citizen.get(f"{PAGE}?lang=en").text


def test_what_was_written_into_a_name_is_text(app, engine, citizen):
    ring(app, engine, people.CITIZEN, "VssID: %(name)s giúp bạn.", params={"name": "<img src=x onerror=alert(1)>"})
    html = pages.get(citizen, PAGE)
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_opening_marks_it_and_leads_on(app, engine, citizen):
    ring(app, engine, people.CITIZEN)
    [one] = items(engine)
    html = pages.get(citizen, PAGE)
    assert count_in_bar(html) == "1"
    assert "Mới" in html
    assert items(engine)[0].read_at is None, "looking changes nothing"
    answer = people.post(citizen, f"{PAGE}/{one.id}/mo", page=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ca-nhan/the-bhyt")
    [one] = items(engine)
    assert one.expires_at - one.read_at == timedelta(days=180)
    assert count_in_bar(pages.get(citizen, PAGE)) == ""


def test_htmx_is_led_on_as_well(app, engine, citizen):
    ring(app, engine, people.CITIZEN)
    [one] = items(engine)
    token = people.csrf(citizen, PAGE)
    answer = citizen.post(f"{PAGE}/{one.id}/mo", data={"csrf_token": token}, headers=HTMX)
    assert answer.status_code == 204
    assert '"/ca-nhan/the-bhyt"' in answer.headers["HX-Location"]


@pytest.mark.parametrize("fragment", [False, True])
def test_all_are_marked_at_once(app, engine, citizen, fragment):
    for n in range(3):
        ring(app, engine, people.CITIZEN, f"VssID: Việc {n}.")
    token = people.csrf(citizen, PAGE)
    answer = citizen.post(f"{PAGE}/da-doc", data={"csrf_token": token}, headers=HTMX if fragment else {})
    assert answer.status_code == (204 if fragment else 303)
    assert all(one.read_at for one in items(engine))


def test_a_strangers_item_does_not_exist(app, engine, citizen, signed_in):
    ring(app, engine, people.CITIZEN)
    [one] = items(engine)
    stranger = signed_in(people.STRANGER)
    ring(app, engine, people.CITIZEN)
    one = items(engine)[0]
    ring(app, engine, people.STRANGER, "VssID: Của người lạ.")
    assert people.post(stranger, f"{PAGE}/{one.id}/mo", page=PAGE).status_code == 404
    assert people.post(stranger, f"{PAGE}/da-doc", page=PAGE).status_code == 303
    with reading(engine) as db:
        assert db.get_one(InboxItem, one.id).read_at is None
    assert "Của người lạ" not in pages.get(citizen, PAGE)


def test_a_visitor_is_sent_to_sign_in(client):
    answer = client.get(PAGE)
    assert answer.status_code == 303
    assert "/dang-nhap" in answer.headers["Location"]
    assert "pill bell" not in pages.get(client, "/")


def test_pages_follow_by_key_and_one_topic_can_be_chosen(app, engine, citizen):
    for n in range(45):
        kind = "privacy.x" if n % 9 == 0 else "card.reminder"
        ring(app, engine, people.CITIZEN, f"VssID: Việc số {n:02}.", kind=kind, at=AT + timedelta(seconds=n))
    seen, path = [], PAGE
    while path:
        html = pages.get(citizen, path)
        seen += re.findall(r"Việc số (\d\d)", html)
        path = (re.search(r'rel="next" href="([^"]+)"', html) or ["", ""])[1].replace("&amp;", "&")
    assert seen == [f"{n:02}" for n in range(44, -1, -1)]
    assert re.findall(r"Việc số (\d\d)", pages.get(citizen, f"{PAGE}?muc=du-lieu")) == ["36", "27", "18", "09", "00"]
    assert len(re.findall(r"Việc số", pages.get(citizen, f"{PAGE}?muc=la&sau=rac"))) == 20


def test_above_99_it_says_99_plus(app, engine, citizen):
    keyring, id = app.extensions["keyring"], account_of(engine, people.CITIZEN)
    with unit(engine) as db:
        for n in range(120):
            inbox.put(db, keyring, id, "card.x", Label(f"VssID: {n}."), "/ca-nhan", AT)
    assert count_in_bar(pages.get(citizen, PAGE)) == "99+"
    with reading(engine) as db:
        assert inbox.unread(db, id) == 100


def test_what_cannot_be_opened_any_more_is_named_as_that(app, engine, citizen):
    ring(app, engine, people.CITIZEN)
    with unit(engine) as db:
        db.execute(update(InboxItem).values(sealed=b"x" * 60))
    assert "Không đọc được thông báo này nữa." in pages.get(citizen, PAGE)


def test_read_items_go_after_180_days_and_unread_ones_after_400(app, engine, citizen):
    at = now() - timedelta(days=399)
    ring(app, engine, people.CITIZEN, "VssID: Chưa đọc.", at=at)
    ring(app, engine, people.CITIZEN, "VssID: Đã đọc.", at=at)
    with unit(engine) as db:
        ids = list(db.scalars(select(InboxItem.id)))
        inbox.mark_read(db, account_of(engine, people.CITIZEN), ids[0], at + timedelta(days=200))
        inbox.forget_old(db, at + timedelta(days=381))
    assert [one.id for one in items(engine)] == [ids[1]]
    with unit(engine) as db:
        inbox.forget_old(db, at + timedelta(days=401))
    assert items(engine) == []


def test_the_bell_costs_one_statement_a_page(app, engine, citizen):
    heard = []

    def hear(_connection, _cursor, statement, *_rest):
        if "inbox_items" in statement:
            heard.append(statement)

    ring(app, engine, people.CITIZEN)
    event.listen(engine, "before_cursor_execute", hear)
    try:
        pages.get(citizen, "/tai-khoan")
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert len(heard) == 1
