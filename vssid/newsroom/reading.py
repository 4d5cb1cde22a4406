"""An article as its page shows it: Markdown as HTML, pictures with their sizes, films and documents named with theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from markupsafe import Markup
from sqlalchemy.orm import Session

from vssid.kernel.clock import day_of
from vssid.kernel.files import StoredFile
from vssid.kernel.markup import from_markdown
from vssid.newsroom.models import Article, ArticlePicture
from vssid.newsroom.rules import OFFICIAL, WIDTHS, Kind, Topic, Written, video_host
from vssid.web.i18n import LANGUAGES


@dataclass(frozen=True)
class File:
    """A film or document: its address, media type, size in bytes, and the name of a document."""

    address: str
    media_type: str
    size: int
    name: str = ""


def picture_address(id: UUID, *, small: bool = False) -> str:
    """Where a picture is fetched."""
    return f"/tin-tuc/anh/{id}" + (f"?rong={WIDTHS[0]}" if small else "")


def cover_of(id: UUID, alt: str, width: int, height: int) -> dict[str, Any]:
    """The small picture of a list with the size that it takes up there, in pixels."""
    shown = min(width, WIDTHS[0])
    return {
        "address": picture_address(id, small=True),
        "alt": alt,
        "width": shown,
        "height": round(height * shown / width),
    }


def _attributes(picture: ArticlePicture) -> dict[str, str]:
    address = picture_address(picture.id)
    sources = {
        "srcset": f"{picture_address(picture.id, small=True)} {WIDTHS[0]}w, {address} {picture.width}w",
        "sizes": "100vw",
    }
    wide = sources if picture.width > WIDTHS[0] else {}
    return {"width": str(picture.width), "height": str(picture.height), "loading": "lazy", **wide}


def body_html(body: str, pictures: Iterable[ArticlePicture]) -> Markup:
    """The body's HTML."""
    return from_markdown(body, {picture_address(picture.id): _attributes(picture) for picture in pictures})


def shown(
    db: Session, article: Article, written: Written, language: str, pictures: list[ArticlePicture], reader: str
) -> dict[str, Any]:
    """What `newsroom/body.html` needs. `language` is that of the text, `reader` the reader's (codes of LANGUAGES)."""
    kind = Kind(article.kind)
    return {
        "kind": kind,
        "topic": Topic(article.topic),
        "title": written.title,
        "lead": written.lead,
        "body": body_html(written.body, pictures),
        "text_lang": LANGUAGES[language][1],
        "untranslated": language == OFFICIAL and reader != OFFICIAL,
        "published": day_of(article.publish_at) if article.publish_at else None,
        "changed": day_of(article.changed_at),
        "source_name": article.source_name,
        "source_url": article.source_url,
        "source_host": urlsplit(article.source_url).hostname or "",
        "video_url": article.video_url,
        "video_host": video_host(article.video_url) if article.video_url else "",
        "film": _film(db, article),
        "document": _document(db, article),
    }


def _film(db: Session, article: Article) -> File | None:
    row = db.get(StoredFile, article.video_file_id) if article.video_file_id else None
    return File(f"/tin-tuc/phim/{row.id}", row.media_type, row.size) if row else None


def _document(db: Session, article: Article) -> File | None:
    row = db.get(StoredFile, article.attachment_id) if article.attachment_id else None
    return File(f"/tin-tuc/tep/{row.id}", row.media_type, row.size, article.attachment_name) if row else None
