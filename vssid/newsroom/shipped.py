"""Texts that come with this version, as rows that editors may change: taken in when the database is prepared.

A file is `texts/<kind>/<slug>.<language>.md`: lines `title:`, `lead:` and `topic:`, an empty line, Markdown. `order.txt`
of a folder says in which order its texts stand.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.newsroom.actions import set_texts
from vssid.newsroom.models import Article, ArticleText
from vssid.newsroom.rules import OFFICIAL, Kind, Origin, State, Topic, Written

FOLDER = Path(__file__).parent / "texts"
_HEAD = ("title", "lead", "topic")


class Original(NamedTuple):
    """One article of the software in all its languages; `digest` is that of its files."""

    kind: Kind
    slug: str
    topic: Topic
    written: dict[str, Written]
    digest: str


def load_shipped(db: Session, at: datetime, folder: Path = FOLDER) -> int:
    """Bring the shipped texts in; returns how many articles changed. What an editor has changed stays as it is.

    A text that is new is published, one that vanished withdrawn. A second run writes nothing.
    """
    originals = read(folder)
    rows = {row.shipped_key or "": row for row in db.scalars(select(Article).where(Article.shipped_key > ""))}
    count = 0
    for place, (key, original) in enumerate(originals.items()):
        row = rows.get(key)
        if row is not None and row.shipped_digest == original.digest:
            continue
        if row is None:
            row = _new(db, key, original, at - timedelta(seconds=place))
        _take_in(db, row, original, at)
        count += 1
    for key in rows.keys() - originals.keys():
        count += _vanished(db, rows[key], at)
    return count


def _new(db: Session, key: str, original: Original, publish_at: datetime) -> Article:
    row = Article(
        id=uuid4(), kind=original.kind, slug=original.slug, topic=original.topic, origin=Origin.SHIPPED, shipped_key=key,
        publish_at=publish_at, created_at=publish_at, changed_at=publish_at, version=0, touched=False,
    )  # fmt: skip
    db.add(row)
    return row


def _take_in(db: Session, row: Article, original: Original, at: datetime) -> None:
    row.shipped_digest = original.digest
    row.version += 1
    if row.touched:
        row.original_changed = True
        return
    row.topic, row.state, row.changed_at, row.changed_by, row.withdrawn_because = (
        original.topic, State.PUBLISHED, at, None, "",
    )  # fmt: skip
    db.flush()
    texts = {text.language: text for text in db.scalars(select(ArticleText).where(ArticleText.article_id == row.id))}
    # A language that is no longer shipped is an empty text.
    set_texts(db, row.id, {**dict.fromkeys(texts, Written()), **original.written}, texts, at)


def _vanished(db: Session, row: Article, at: datetime) -> int:
    """Withdraw what is shipped no longer, once; the digest is forgotten, so that it may come back."""
    if not row.shipped_digest:
        return 0
    row.shipped_digest = ""
    row.version += 1
    if row.touched:
        row.original_changed = True
        return 1
    row.state, row.changed_at, row.pinned = State.WITHDRAWN, at, False
    return 1


def read(folder: Path = FOLDER) -> dict[str, Original]:
    """The texts in `folder` by "<kind>/<slug>", in their order. Raises ValueError for one that is not as it must be."""
    found: dict[str, Original] = {}
    for kind in Kind:
        place = folder / kind
        if not place.is_dir():
            continue
        order = (place / "order.txt").read_text().split() if (place / "order.txt").exists() else []
        slugs = {path.name.split(".")[0] for path in place.glob("*.md")}
        for slug in sorted(slugs, key=lambda slug: (order.index(slug) if slug in order else len(order), slug)):
            found[f"{kind}/{slug}"] = _original(place, kind, slug)
    return found


def _original(place: Path, kind: Kind, slug: str) -> Original:
    digest, written, topic = hashlib.sha256(), {}, Topic.OTHER
    for path in sorted(place.glob(f"{slug}.*.md")):
        language = path.name.split(".")[1]
        body = path.read_bytes()
        digest.update(language.encode() + b"\0" + body + b"\0")
        head, written[language] = _parsed(path.name, body.decode())
        if language == OFFICIAL:
            topic = Topic(head["topic"])
    if OFFICIAL not in written:
        raise ValueError(f"{place.name}/{slug} has no Vietnamese text")
    return Original(kind, slug, topic, written, digest.hexdigest())


def _parsed(name: str, text: str) -> tuple[dict[str, str], Written]:
    head, _blank, body = text.partition("\n\n")
    lines = [line.partition(":") for line in head.splitlines()]
    if tuple(line[0] for line in lines) != _HEAD:
        raise ValueError(f"{name} must begin with {', '.join(_HEAD)}")
    values = {key: value.strip() for key, _colon, value in lines}
    return values, Written(values["title"], values["lead"], body.strip())
