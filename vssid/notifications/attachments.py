"""Attachments are made when their message leaves, from what it is about: the outbox itself holds no documents."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Flask


@dataclass(frozen=True)
class Attachment:
    """One document: file name as the reader sees it, media type, content in bytes."""

    name: str
    media_type: str
    content: bytes


Maker = Callable[[UUID], tuple[str, str, bytes]]


def register_attachment(app: Flask, name: str, maker: Maker) -> None:
    """Let messages carry the attachment `name`; `maker(about_id)` gives file name, media type and bytes.

    It is called in the application's context, outside any transaction; an exception postpones the message.
    """
    makers: dict[str, Maker] = app.extensions.setdefault("attachments", {})
    if name in makers:
        raise ValueError(f"the attachment {name} is registered already")
    makers[name] = maker


def make(app: Flask, name: str, about_id: UUID) -> Attachment:
    """The attachment `name` about `about_id`. Raises LookupError for a name that nobody registered."""
    makers: dict[str, Maker] = app.extensions.get("attachments", {})
    if name not in makers:
        raise LookupError(f"nobody makes the attachment {name}")
    return Attachment(*makers[name](about_id))
