"""The editors' desk without script and with htmx: written, looked at, published, read; nothing typed is lost."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import pages, people
from tests.newsroom.conftest import DESK, FORM, Author, make, publish, release, save
from vssid.kernel.clock import VIETNAM, now
from vssid.kernel.db import reading, unit
from vssid.newsroom.models import Article, ArticleDraft
from vssid.officers.models import Officer as Officers


def articles(engine) -> list[Article]:
    with reading(engine) as db:
        return list(db.scalars(select(Article).where(Article.origin == "desk")))


def only(engine) -> Article:
    [article] = articles(engine)
    return article


def test_an_editor_writes_previews_schedules_publishes_and_a_visitor_reads(editor, client, engine):
    place = make(editor, title="Đổi nơi khám", body="Đến **quầy**.")
    page = pages.get(editor, place)
    assert "<strong>quầy</strong>" in page
    assert save(editor, place, title="Đổi nơi khám", body="Đến **cơ quan**.").status_code == 303
    answer = people.post(
        editor, f"{place}/xem-thu", {**FORM, "title": "Đổi nơi khám", "body": "Đến **cơ quan**.", "version": "2"}, place
    )
    assert answer.status_code == 303
    assert "<strong>cơ quan</strong>" in pages.get(editor, answer.headers["Location"])
    later = f"{(now() + timedelta(days=1)).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    assert release(editor, place, publish_at=later).status_code == 303
    assert "Đã hẹn giờ" in pages.get(editor, f"{place}/dang")
    article = only(engine)
    address = f"/tin-tuc/{article.slug}"
    assert abs((article.publish_at - now()) - timedelta(days=1)) < timedelta(minutes=3)
    assert client.get(address).status_code == 404
    soon = f"{(now() - timedelta(minutes=1)).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    assert release(editor, place, publish_at=soon).status_code == 303
    assert "<strong>cơ quan</strong>" in pages.get(client, address)
    gone = {"version": str(only(engine).version), "reason": "Sai"}
    assert people.post(editor, f"{place}/go", gone, f"{place}/dang").status_code == 303
    assert client.get(address).status_code == 410
    history = pages.get(editor, f"{place}/dang")
    assert "Gỡ bài" in history
    assert "BT01" in history


def test_htmx_puts_the_preview_beside_the_form_with_the_new_version(editor, engine):
    place = make(editor)
    form = {**FORM, "body": "Bản **mới**", "version": "1"}
    answer = people.post(editor, f"{place}/xem-thu", form, place, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="preview"')
    assert "<strong>mới</strong>" in answer.text
    assert 'name="version" value="2" form="text"' in answer.text
    assert "<h1" not in answer.text
    # The next saving goes on from there.
    assert people.post(editor, f"{place}/xem-thu", {**form, "version": "2"}, place).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_second_editor_sees_both_texts(editor, engine, headers):
    place = make(editor)
    assert save(editor, place, title="Của người thứ nhất").status_code == 303
    mine = {**FORM, "title": "Của người thứ hai", "body": "Của tôi", "version": "1"}
    answer = people.post(editor, f"{place}/xem-thu", mine, place, headers=headers)
    assert answer.status_code == 422
    assert "Có người vừa sửa bài này" in answer.text
    assert "Của người thứ nhất" in answer.text
    if not headers:
        assert 'value="Của người thứ hai"' in answer.text
        assert ">\r\nCủa tôi</textarea>" in answer.text or "Của tôi" in answer.text
        pages.inspected(answer)
    version = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    assert people.post(editor, place, {**mine, "version": version}, place).status_code == 303
    with reading(engine) as db:
        assert db.scalar(select(ArticleDraft.title)) == "Của người thứ hai"


@pytest.mark.parametrize("where", ["moi", "sua"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_wrong_comes_back_with_all_that_was_typed(editor, where, headers):
    place = f"{DESK}/moi" if where == "moi" else make(editor)
    form = {**FORM, "version": "1", "title": "", "body": "Rất dài, đừng mất"}
    answer = people.post(editor, place, form, place, headers=headers)
    assert answer.status_code == 422
    assert "Hãy viết tiêu đề tiếng Việt." in answer.text
    if not (headers and where == "sua"):
        assert "Rất dài, đừng mất" in answer.text
    for field, value in (
        ("title", "x" * 201),
        ("lead", "x" * 401),
        ("body", "x" * 60_001),
        ("topic", "?"),
        ("video_url", "http://a.vn"),
    ):
        assert people.post(editor, place, {**form, "title": "Có", field: value}, place).status_code == 422, field


def test_the_longest_text_in_any_script_is_taken(editor, engine):
    place = make(editor, body="健" * 60_000)
    answer = people.post(
        editor,
        place,
        {**FORM, "title": "Dài", "body": "ệ" * 60_000, "version": "1"},
        place,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    with reading(engine) as db:
        assert db.scalar(select(func.length(ArticleDraft.body))) == 60_000


def test_going_to_another_language_saves_what_was_typed(editor, engine):
    place = make(editor)
    answer = save(editor, place, title="Chưa lưu", sang="en")
    assert answer.headers["Location"].endswith("?nn=en")
    with reading(engine) as db:
        assert db.scalar(select(ArticleDraft.title)) == "Chưa lưu"
    english = answer.headers["Location"]
    pages.get(editor, english)
    assert save(editor, english, title="English", body="Text", sang="dang").headers["Location"].endswith("/dang")
    assert release(editor, place).status_code == 303
    assert "English" in editor.get(f"/tin-tuc/{only(engine).slug}?lang=en").text


def test_what_is_not_ready_is_not_published_and_says_why(editor, engine):
    place = make(editor, body="")
    answer = release(editor, place)
    assert answer.status_code == 422
    assert "chưa có nội dung" in answer.text
    assert save(editor, place, title="Có", body="Có").status_code == 303
    for values in ({"expires_at": "2020-01-01T00:00"}, {"publish_at": "hôm nay"}, {"version": "1"}):
        assert release(editor, place, **values).status_code == 422
    assert only(engine).state == "draft"
    assert people.post(editor, f"{place}/go", {"version": "9", "reason": ""}, f"{place}/dang").status_code == 422


def test_a_draft_is_deleted_and_a_published_article_is_not(editor, engine):
    place = make(editor)
    assert people.post(editor, f"{place}/xoa", {}, f"{place}/dang").headers["Location"] == DESK
    assert articles(engine) == []
    place = make(editor)
    release(editor, place)
    people.post(editor, f"{place}/xoa", {}, f"{place}/dang")
    assert len(articles(engine)) == 1


def test_the_list_is_filtered_by_kind_standing_and_missing_language(editor, engine):
    news, guide = make(editor, title="Tin một"), make(editor, title="Bài hai", kind="guide")
    release(editor, news)
    save(editor, f"{guide}?nn=en", title="Guide", body="Text")
    for query, seen, unseen in (
        ("loai=news", "Tin một", "Bài hai"), ("tinh-trang=draft", "Bài hai", "Tin một"), ("thieu=en", "Tin một", "Bài hai"),
        ("tinh-trang=current&loai=news", "Tin một", "Bài hai"),
    ):  # fmt: skip
        html = pages.get(editor, f"{DESK}?{query}")
        assert seen in html, query
        assert unseen not in html, query
    part = editor.get(f"{DESK}?loai=news", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="found"')
    assert "Tin một" in pages.get(editor, f"{DESK}?loai=<x>&sau=zzz&thieu=vi")
    assert "Không có bài nào như vậy" in pages.get(editor, f"{DESK}?tinh-trang=expired")


def test_the_list_is_turned_without_loss(editor, engine, app):
    with unit(engine) as db:
        by, at = Author(db.scalar(select(Officers.id))), now()
        for number in range(120):
            publish(db, by, f"Bài {number:03}", at=at - timedelta(seconds=number // 4))
    seen, path = [], f"{DESK}?loai=news"
    while path:
        html = pages.get(editor, path)
        seen += re.findall(r"Bài \d{3}", html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) == 120


def test_only_editors_come_in_and_unknown_articles_do_not_exist(app, engine, editor, new_client):
    with unit(engine) as db:
        setup = people.add_officer(app, db, "CB02", "08902", "duyet_ho_so")
    other = new_client()
    people.officer_signs_in(app, other, "CB02", setup)
    place = make(editor)
    unknown = f"{DESK}/123e4567-e89b-12d3-a456-426614174000"
    for path in ("", "/dang", "/anh", "/xem-thu"):
        assert editor.get(place + path).status_code == 200
        assert editor.get(unknown + path).status_code == 404
        assert other.get(place + path).status_code == 403
    assert other.get(DESK).status_code == 403
    token = {"csrf_token": people.csrf(editor, f"{DESK}/moi")}
    for path in ("", "/dang", "/go", "/xoa", "/anh", "/tep", "/video", "/tep/xoa", "/xem-thu"):
        assert editor.post(unknown + path, data={**FORM, "version": "1", "reason": "x", **token}).status_code == 404, (
            path
        )


def test_the_console_and_its_english_name_the_tool(editor):
    assert DESK in pages.get(editor, "/can-bo")
    pages.get(editor, f"{DESK}?lang=en")
    pages.get(editor, f"{make(editor)}?lang=en")


def test_shipped_texts_are_there_to_be_edited(editor, engine):
    html = pages.get(editor, f"{DESK}?loai=page")
    assert "Giới thiệu" in html
    place = re.search(rf'href="({DESK}/[0-9a-f-]{{36}})"', html)[1]
    assert "Bài có sẵn của phần mềm" in pages.get(editor, place)


def test_every_press_is_answered_with_htmx_too(editor, engine):
    """Where a press leads elsewhere, htmx is told where; the same as the 303 without script."""
    htmx = {"HX-Request": "true"}

    def pressed(path: str, data: dict[str, str], page: str) -> str:
        answer = people.post(editor, path, data, page, headers=htmx)
        assert answer.status_code == 204, (path, answer.text[-400:])
        return json.loads(answer.headers["HX-Location"])["path"]

    place = pressed(f"{DESK}/moi", FORM, f"{DESK}/moi")
    assert re.fullmatch(rf"{DESK}/[0-9a-f-]{{36}}", place)
    form = {key: value for key, value in FORM.items() if key != "kind"}
    assert pressed(place, {**form, "version": "1", "sang": "en"}, place) == f"{place}?nn=en"
    assert pressed(f"{place}/dang", {"version": "2"}, f"{place}/dang") == f"{place}/dang"
    wrong = people.post(editor, f"{place}/dang", {"version": "2"}, f"{place}/dang", headers=htmx)
    assert wrong.status_code == 422
    assert "Có người vừa sửa bài này" in wrong.text
    assert people.post(editor, f"{place}/go", {"version": "3"}, f"{place}/dang", headers=htmx).status_code == 422
    assert pressed(f"{place}/go", {"version": "3", "reason": "Sai"}, f"{place}/dang") == f"{place}/dang"
    assert pressed(f"{place}/tep/xoa", {}, f"{place}/anh") == f"{place}/anh"
    for where in ("anh", "tep", "video"):
        assert people.post(editor, f"{place}/{where}", {}, f"{place}/anh", headers=htmx).status_code == 422
    draft = make(editor)
    assert pressed(f"{draft}/xoa", {}, f"{draft}/dang") == DESK
