"""Writing, publishing, taking back: two editors, moments, pins, and what is kept how long."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.newsroom.conftest import publish
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import Refused
from vssid.newsroom import actions, latest, published_texts, queries
from vssid.newsroom.models import Article, ArticleDraft, ArticleText, ArticleWords
from vssid.newsroom.rules import EditedMeanwhile, Kind, Standing, Topic, Written

TEXT = Written("Tin mẫu", "Tóm tắt", "Nội dung")


def make(db, author, kind=Kind.NEWS):
    return actions.make(db, kind, Topic.OTHER, "", TEXT, by=author, at=now())


def save(db, author, id, version, written, language="vi", at=None):
    actions.save(db, id, version, language, written, Topic.OTHER, "", by=author, at=at or now())


def release(db, author, id, version, **more):
    values = {"publish_at": None, "expires_at": None, "pinned": False, "at": now(), **more}
    return actions.publish(db, id, version, by=author, **values)


def test_readers_see_nothing_of_a_draft_and_then_all_of_it(db, author):
    id, at = make(db, author), now()
    assert [entry.id for entry in latest(db, Kind.NEWS, "vi", 9, at)] == []
    article = release(db, author, id, 1, at=at)
    assert article.slug.startswith("tin-mau-")
    assert [entry.title for entry in latest(db, Kind.NEWS, "vi", 9, at)] == ["Tin mẫu"]
    assert db.scalar(select(func.count()).select_from(ArticleDraft)) == 0


def test_a_change_is_seen_when_it_is_published_and_the_address_stays(db, author):
    id, at = publish(db, author), now()
    slug = db.get(Article, id).slug
    save(db, author, id, 2, Written("Tên khác", "", "Khác"))
    assert latest(db, Kind.NEWS, "vi", 1, at)[0].title == "Tin mẫu"
    release(db, author, id, 3, at=at)
    assert latest(db, Kind.NEWS, "vi", 1, at)[0].title == "Tên khác"
    assert db.get(Article, id).slug == slug


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(db, author):
    id = make(db, author)
    save(db, author, id, 1, Written("Của người thứ nhất"))
    with pytest.raises(EditedMeanwhile):
        save(db, author, id, 1, Written("Của người thứ hai"))
    assert db.get(ArticleDraft, (id, "vi")).title == "Của người thứ nhất"
    with pytest.raises(EditedMeanwhile):
        release(db, author, id, 1)


def test_what_is_scheduled_waits_and_what_ended_is_gone(db, author):
    at = now()
    id = publish(db, author, publish_at=at + timedelta(hours=1), expires_at=at + timedelta(hours=2))
    slug = db.get(Article, id).slug
    for minutes, how in (
        (0, Standing.SCHEDULED),
        (59, Standing.SCHEDULED),
        (60, Standing.CURRENT),
        (119, Standing.CURRENT),
        (120, Standing.EXPIRED),
    ):
        moment = at + timedelta(minutes=minutes)
        seen = [entry.id for entry in latest(db, Kind.NEWS, "vi", 9, moment)]
        assert (queries.reading(db, Kind.NEWS, slug, "vi", moment)[0], seen) == (
            how,
            [id] if how is Standing.CURRENT else [],
        )


def test_published_again_without_a_moment_it_keeps_its_own(db, author):
    at = now()
    id = publish(db, author, publish_at=at - timedelta(days=3), at=at - timedelta(days=3))
    before = db.get(Article, id).publish_at
    assert release(db, author, id, 2).publish_at == before


def test_a_moment_to_come_that_is_taken_back_means_now(db, author):
    at = now()
    id = publish(db, author, publish_at=at + timedelta(days=5), at=at)
    assert release(db, author, id, 2, at=at).publish_at == at


def test_a_fourth_pin_is_refused_in_words(db, author):
    for number in range(3):
        publish(db, author, f"Ghim {number}", pinned=True)
    id = make(db, author)
    with pytest.raises(Refused, match="bỏ ghim"):
        release(db, author, id, 1, pinned=True)
    publish(db, author, kind=Kind.GUIDE, pinned=True)


def test_withdrawn_is_gone_with_its_reason_and_comes_back_at_its_address(db, author):
    id = publish(db, author)
    slug = db.get(Article, id).slug
    actions.withdraw(db, id, 2, "Sai số liệu", by=author, at=now())
    assert queries.reading(db, Kind.NEWS, slug, "vi", now()) == (Standing.WITHDRAWN, None)
    with pytest.raises(Refused):
        actions.withdraw(db, id, 3, "Lần nữa", by=author, at=now())
    release(db, author, id, 4)
    assert queries.reading(db, Kind.NEWS, slug, "vi", now())[0] is Standing.CURRENT


def test_a_translation_falls_behind_when_the_vietnamese_text_goes_on(db, author):
    id = publish(db, author, en=Written("Sample", "", "Text"))
    en = db.get(ArticleText, (id, "en"))
    assert en.source_changed_at == db.get(ArticleText, (id, "vi")).changed_at
    save(db, author, id, 3, Written("Mới", "", "Mới"))
    release(db, author, id, 4, at=now() + timedelta(seconds=1))
    assert en.source_changed_at < db.get(ArticleText, (id, "vi")).changed_at
    save(db, author, id, 5, Written("New", "", "New"), "en")
    release(db, author, id, 6, at=now() + timedelta(seconds=2))
    assert en.source_changed_at == db.get(ArticleText, (id, "vi")).changed_at


def test_an_emptied_translation_is_taken_away_by_publishing(db, author):
    id = publish(db, author, en=Written("Sample", "", "Text"))
    save(db, author, id, 3, Written(), "en")
    assert db.get(ArticleText, (id, "en")) is not None
    release(db, author, id, 4)
    assert db.get(ArticleText, (id, "en")) is None


def test_a_video_needs_a_video(db, author):
    id = make(db, author, Kind.VIDEO)
    with pytest.raises(Refused, match="video"):
        release(db, author, id, 1)
    actions.save(db, id, 2, "vi", TEXT, Topic.OTHER, "https://vidu.vn/1", by=author, at=now())
    release(db, author, id, 3)


def test_all_texts_come_with_their_words_and_addresses(db, author):
    id = publish(
        db,
        author,
        "Đổi thẻ",
        lead="Ngắn.",
        body="Đến **quầy**, mang [thẻ](/x).",
        en=Written("Card", "", "Go to the desk."),
    )
    publish(db, author, "Chưa đến", publish_at=now() + timedelta(days=1))
    (vi,) = published_texts(db, [Kind.NEWS], "ja", now())
    assert (vi.id, vi.language, vi.body) == (id, "vi", "Đến quầy, mang thẻ.")
    words = select(ArticleWords.heads, ArticleWords.words).where(ArticleWords.article_id == id)
    assert db.execute(words.where(ArticleWords.language == "vi")).one() == (
        " doi the / ngan ",
        " zknews doi the ngan den quay mang ",
    )
    assert vi.address == f"/tin-tuc/{db.get(Article, id).slug}"
    assert next(published_texts(db, [Kind.NEWS], "en", now())).title == "Card"


def test_who_did_what_is_noted_by_ids_only(db, author):
    id = publish(db, author, "Tiêu đề kín")
    rows = db.scalars(select(AuditEntry).where(AuditEntry.subject_id == id).order_by(AuditEntry.id)).all()
    assert [row.tag for row in rows] == ["article.made", "article.published"]
    assert all(row.actor_id == author.id for row in rows)
    assert "kín" not in str([row.detail for row in rows])


def test_only_what_was_never_published_is_deleted(db, author):
    published, draft = publish(db, author), make(db, author)
    with pytest.raises(Refused):
        actions.drop_draft(db, published, by=author, at=now())
    actions.drop_draft(db, draft, by=author, at=now())
    assert db.get(Article, draft) is None


def test_old_drafts_and_withdrawn_articles_are_forgotten(db, author):
    at = now()
    draft, other = make(db, author), make(db, author)
    gone, standing = publish(db, author), publish(db, author)
    actions.withdraw(db, gone, 2, "Cũ", by=author, at=at - timedelta(days=731))
    for id, days in ((draft, 366), (other, 364), (standing, 5000)):
        db.get(Article, id).changed_at = at - timedelta(days=days)
    db.flush()
    assert actions.forget_old(db, at) is False
    left = set(db.scalars(select(Article.id).where(Article.id.in_([draft, other, gone, standing]))))
    assert left == {other, standing}
    assert db.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_topic_and_link_of_a_draft_are_not_what_readers_have_yet(db, author):
    id, at = publish(db, author, kind=Kind.VIDEO, video_url="https://video.example/a"), now()
    actions.save(
        db, id, 2, "vi", Written("Tin mẫu", "", "Nội dung."), Topic.CARD, "https://video.example/b", by=author, at=at
    )
    article = db.get(Article, id)
    assert (article.topic, article.video_url) == (Topic.OTHER, "https://video.example/a")
    release(db, author, id, 3, at=at)
    assert (article.topic, article.video_url) == (Topic.CARD, "https://video.example/b")
    assert (article.next_topic, article.next_video_url) == (None, None)
