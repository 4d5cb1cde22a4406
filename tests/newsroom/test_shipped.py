"""Texts of the software: taken in once, renewed while nobody has touched them, left alone afterwards."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from vssid.kernel.clock import now
from vssid.kernel.markup import from_markdown, plain
from vssid.newsroom import actions, load_shipped
from vssid.newsroom.models import Article, ArticleText
from vssid.newsroom.rules import LONGEST_BODY, LONGEST_LEAD, LONGEST_TITLE, TONGUES, Kind, Topic, Written
from vssid.newsroom.shipped import FOLDER, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "guide").mkdir()
    put(tmp_path, "guide/mot.vi", "Một", "Nội dung một.")
    put(tmp_path, "guide/mot.en", "One", "Text one.")
    put(tmp_path, "guide/hai.vi", "Hai", "Nội dung hai.")
    (tmp_path / "guide" / "order.txt").write_text("mot\nhai\n")
    return tmp_path


def put(folder: Path, name: str, title: str, body: str) -> None:
    (folder / f"{name}.md").write_text(f"title: {title}\nlead: Tóm tắt.\ntopic: tai-khoan\n\n{body}\n")


def row(db, key: str) -> Article:
    return db.scalar(select(Article).where(Article.shipped_key == key))


def title(db, key: str, language: str = "vi") -> str | None:
    text = db.get(ArticleText, (row(db, key).id, language))
    return text and text.title


def load(db, folder, seconds: int = 0) -> int:
    done = load_shipped(db, now() + timedelta(seconds=seconds), folder)
    db.flush()
    return done


@pytest.fixture
def loaded(db, folder):
    # What the version itself ships is not there, so it is withdrawn.
    load(db, folder)
    return folder


def test_new_texts_are_published_in_their_order(db, loaded):
    found = {row(db, f"guide/{slug}").publish_at: slug for slug in ("mot", "hai")}
    assert [found[at] for at in sorted(found, reverse=True)] == ["mot", "hai"]
    assert (row(db, "guide/mot").slug, title(db, "guide/mot"), title(db, "guide/mot", "en")) == ("mot", "Một", "One")


def test_a_second_run_writes_nothing(db, loaded):
    heard = []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *args: heard.append(args[2]))
    assert load(db, loaded, 5) == 0
    assert [one for one in heard if not one.startswith("SELECT")] == []


def test_a_changed_text_is_renewed_and_a_dropped_language_goes(db, loaded):
    put(loaded, "guide/mot.vi", "Một mới", "Khác.")
    (loaded / "guide/mot.en.md").unlink()
    assert load(db, loaded, 5) == 1
    assert (title(db, "guide/mot"), title(db, "guide/mot", "en")) == ("Một mới", None)


def test_what_an_editor_changed_stays_and_is_marked(author, db, loaded):
    article = row(db, "guide/mot")
    mine = Written("Của tỉnh", "", "Của tỉnh.")
    actions.save(db, article.id, article.version, "vi", mine, Topic.OTHER, "", by=author, at=now())
    put(loaded, "guide/mot.vi", "Một mới", "Khác.")
    assert load(db, loaded, 5) == 1
    assert article.original_changed
    assert title(db, "guide/mot") == "Một"
    actions.publish(
        db, article.id, article.version, publish_at=None, expires_at=None, pinned=False, by=author, at=now()
    )
    assert title(db, "guide/mot") == "Của tỉnh"
    assert not article.original_changed
    assert load(db, loaded, 9) == 0


def test_what_an_editor_withdrew_does_not_come_back(author, db, loaded):
    article = row(db, "guide/mot")
    actions.withdraw(db, article.id, article.version, "Không dùng", by=author, at=now())
    put(loaded, "guide/mot.vi", "Một mới", "Khác.")
    load(db, loaded, 5)
    assert article.state == "withdrawn"


def test_a_vanished_text_is_withdrawn_once_and_may_come_back(db, loaded):
    text = (loaded / "guide/hai.vi.md").read_text()
    (loaded / "guide/hai.vi.md").unlink()
    assert (load(db, loaded, 5), row(db, "guide/hai").state) == (1, "withdrawn")
    assert load(db, loaded, 6) == 0
    (loaded / "guide/hai.vi.md").write_text(text)
    assert (load(db, loaded, 7), row(db, "guide/hai").state) == (1, "published")


def test_a_text_without_its_head_stops_the_start(folder):
    (folder / "guide/ba.vi.md").write_text("# Ba\n\nKhông có đầu.\n")
    with pytest.raises(ValueError, match=r"ba\.vi\.md"):
        read(folder)


def test_what_this_version_ships_can_be_taken_in():
    for key, original in read().items():
        assert set(original.written) <= set(TONGUES), key
        for language, text in original.written.items():
            where = f"{key}.{language}"
            assert 0 < len(text.title) <= LONGEST_TITLE, where
            assert 0 < len(text.lead) <= LONGEST_LEAD, where
            assert len(text.body) <= LONGEST_BODY, where
            # A sign of Chinese, Japanese or Korean says as much as a syllable.
            least = 60 if language in ("vi", "en") else 30
            assert len(plain(from_markdown(text.body))) > least, where
            # Bold that ends in a sign before a letter is none: Korean, Chinese and Japanese put no blank behind it.
            assert "**" not in from_markdown(text.body), where


def test_every_shipped_text_is_there_in_english_too():
    assert [key for key, original in read().items() if "en" not in original.written] == []


def test_orders_name_texts_that_are_there():
    for order in FOLDER.glob("*/order.txt"):
        slugs = order.read_text().split()
        there = {path.name.split(".")[0] for path in order.parent.glob("*.md")}
        assert len(slugs) == len(set(slugs))
        assert set(slugs) == there


def test_links_of_shipped_texts_lead_somewhere(app):
    rules = app.url_map.bind("localhost")
    texts = read()
    for key, original in texts.items():
        for text in original.written.values():
            for link in _links(text.body):
                endpoint, values = rules.match(link.split("?")[0].split("#")[0])
                if endpoint.startswith("newsroom.show_"):
                    assert f"{endpoint.split('_')[1]}/{values['slug']}" in texts, (key, link)


def _links(body: str) -> list[str]:
    return re.findall(r'href="(/[^"]*)"', from_markdown(body))


def test_a_prepared_database_holds_them(db):
    assert row(db, "page/gioi-thieu").kind == Kind.PAGE
