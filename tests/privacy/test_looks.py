"""Who looked: every look of an officer, in words, to the person and nobody else; a few statements whatever there is."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from tests import pages, people
from vssid.accounts.models import Consent
from vssid.kernel.audit import ActorKind, AuditEntry, By, record
from vssid.kernel.clock import now
from vssid.kernel.db import Base, reading, unit
from vssid.lookups.rules import Tag as Lookup
from vssid.officers.models import Officer
from vssid.privacy.looks.queries import SENTENCES
from vssid.records.models import Guardianship
from vssid.registration.models import Declaration
from vssid.registration.rules import Tag

PAGE = "/tai-khoan/du-lieu/ai-da-xem"


def declaration_id(engine) -> UUID:
    with reading(engine) as db:
        return db.scalars(select(Declaration.id)).one()


def seen(client, path: str = PAGE) -> list[str]:
    """What the lines of the page say was done, newest first."""
    html = pages.get(client, path)
    return [
        re.sub(r"\s+", " ", words).strip()
        for words in re.findall(r'<section class="panel">\s*<h2 class="tight">(.*?)</h2>', html)
    ]


def test_each_look_of_an_officer_is_told_with_name_office_and_reason(member, engine):
    id = declaration_id(engine)
    before = len(seen(member.citizen))
    assert member.officer.get(f"/can-bo/to-khai/{id}").status_code == 200
    assert member.officer.get(f"/can-bo/to-khai/{id}/anh/front.jpg").status_code == 200
    assert member.officer.get(f"/can-bo/thay-doi/tai-khoan/{member.account.id}").status_code == 200
    found = seen(member.citizen)
    assert found[:3] == ["Mở thông tin tài khoản để xem", "Xem ảnh trong tờ khai: Mặt trước", "Mở tờ khai để xem"]
    assert len(found) == before + 3
    html = pages.get(member.citizen, PAGE)
    assert "Cán bộ Mẫu CB01 · CB01" in html
    assert "BHXH cơ sở Mẫu Một" in html
    assert "Khi đó tờ khai: Đã duyệt" in html
    assert "cb01@vidu.vn" not in html


def test_acts_are_told_too_and_ones_own_are_not(member):
    found = seen(member.citizen)
    assert "Phê duyệt tờ khai" in found
    assert all(words in map(str, SENTENCES.values()) or ":" in words for words in found)


def test_a_stranger_is_told_nothing_of_it(member, stranger):
    assert seen(stranger) == []
    assert "Chưa có ai xem" in pages.get(stranger, PAGE)


def test_a_look_up_of_the_number_by_somebody_is_told(member, engine):
    with unit(engine) as db:
        record(db, Lookup.FOUND, By(ActorKind.VISITOR), ("person", member.account.person_id), now())
        record(db, Lookup.FOUND, By(ActorKind.CITIZEN, member.account.id), ("person", member.account.person_id), now())
    html = pages.get(member.citizen, PAGE)
    assert html.count("Tìm ra mã số BHXH") == 1
    assert "Người dùng trang tra cứu" in html


def many(engine, n: int) -> None:
    id = declaration_id(engine)
    with unit(engine) as db:
        officer = db.scalars(select(Officer.id).where(Officer.code == "CB01")).one()
        for _n in range(n):
            record(db, Tag.VIEWED, By(ActorKind.OFFICER, officer), ("declaration", id), now(), agency="08902")


def test_the_list_is_read_page_by_page_until_its_end(member, engine):
    total = len(seen(member.citizen)) + 60
    many(engine, 60)
    html, counts = pages.get(member.citizen, PAGE), []
    while True:
        counts.append(html.count('<section class="panel">'))
        following = re.search(r'rel="next" href="([^"]+)"', html)
        if following is None:
            break
        html = pages.get(member.citizen, following[1])
    assert max(counts) == 25
    assert sum(counts) == total


def test_the_address_does_not_say_how_much_the_house_notes(member, engine):
    many(engine, 30)
    html = pages.get(member.citizen, PAGE)
    with reading(engine) as db:
        ids = {str(id) for id in db.scalars(select(AuditEntry.id)) if id > 20}
    keys = re.findall(r'ai-da-xem(?:\?sau=|/)([^"/]+)', html)
    assert keys
    assert not ids.intersection(keys)


@pytest.mark.parametrize("key", ["1", "x", "", "AAAA", "é", "A" * 500])
def test_a_key_that_was_not_made_here_begins_at_the_top(member, key):
    assert len(seen(member.citizen, f"{PAGE}?sau={key}")) == len(seen(member.citizen))


def test_a_page_takes_a_few_statements_however_long_the_list(member, engine):
    def cost() -> int:
        heard: list[str] = []
        listen = lambda _c, _cur, sql, *_rest: heard.append(sql)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        assert member.citizen.get(PAGE).status_code == 200
        event.remove(engine, "before_cursor_execute", listen)
        return len([sql for sql in heard if sql.startswith("SELECT")])

    few = cost()
    many(engine, 40)
    assert cost() <= few <= 11


def test_a_guardian_sees_who_looked_at_a_child_and_a_stranger_does_not(member, stranger, engine):
    with unit(engine) as db:
        child = people.add_person(db, people.CHILD)
        link = {"id": uuid4(), "child_id": child, "guardian_id": member.account.person_id}
        db.add(Guardianship(valid_from=now().date(), source="test", **link))
        officer = db.scalars(select(Officer.id)).first()
        record(db, Tag.VIEWED, By(ActorKind.OFFICER, officer), ("person", child), now(), agency="08902")
        consent = {"purpose": "tre_em", "version": "x", "text_digest": "x", "given": True, "at": now()}
        db.add(Consent(id=uuid4(), subject_kind="person", subject_id=child, **consent))
    path = f"/ca-nhan/gia-dinh/{child}/ai-da-xem"
    assert seen(member.citizen, path) == ["Mở tờ khai để xem"]
    assert people.CHILD.name in pages.get(member.citizen, path)
    assert stranger.get(path).status_code == 404
    assert f"{path[:-10]}/du-lieu" in pages.get(member.citizen, f"/ca-nhan/gia-dinh/{child}")
    # The complaint about it opens from its line.
    ask = re.search(r'href="([^"]+/hoi)"', pages.get(member.citizen, path))[1]
    assert people.post(member.citizen, ask, {"words": "Con tôi không nộp gì."}).status_code == 303
    assert stranger.get(ask).status_code == 404


def test_every_tag_that_means_looking_has_a_sentence():
    """A room that notes a new kind of look adds its sentence to SEEN beside its tags."""
    tags = {str(tag) for kind in _all_tags() for tag in kind}
    looks = {tag for tag in tags if re.search(r"viewed|scanned|looked", tag)}
    # An organisation and its list are nobody's file.
    assert looks - set(SENTENCES) - {"organisation.viewed", "roster.viewed"} == set()


def _all_tags() -> list[type]:
    import sys
    from enum import StrEnum

    assert Base.metadata.tables
    rooms = [module for name, module in sys.modules.items() if name.startswith("vssid.")]
    found = {getattr(room, "Tag", None) for room in rooms}
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, StrEnum)]


def test_the_page_is_for_the_signed_in_and_keeps_nothing(client, member):
    assert client.get(PAGE).status_code == 303
    assert "no-store" in member.citizen.get(PAGE).headers["Cache-Control"]
    assert "<title>" in pages.part(member.citizen, PAGE)
