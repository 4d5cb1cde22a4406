"""Reading a feed's bytes: in a child process, because a stranger wrote them."""

import calendar
import io
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from feedparser.api import parse

from vssid.kernel.markup import from_html, plain
from vssid.kernel.text import has_control_characters, one_line
from vssid.newsroom.feeds.rules import ITEMS_A_TURN, LONGEST_LEAD, LONGEST_TITLE, Item, plain_link

_PICTURE = re.compile(r"<img\b[^>]*?\bsrc=[\"']([^\"'>]{1,500})[\"']", re.IGNORECASE)
_OLDEST = 1990


def items(content: bytes, base: str) -> list[Item] | str:
    """The newest items of a feed that was fetched from `base`, or why there are none: "broken" or "empty"."""
    found = parse(io.BytesIO(content), response_headers={"content-type": "application/xml"})
    if not found.get("version"):
        return "broken"
    read = [_item(entry, base) for entry in found.entries[: ITEMS_A_TURN * 4]]
    usable = [item for item in read if item is not None]
    if not usable:
        return "broken" if found.bozo else "empty"
    usable.sort(key=lambda item: item.published or datetime.min.replace(tzinfo=UTC), reverse=True)
    return usable[:ITEMS_A_TURN]


def _item(entry: Mapping[str, Any], base: str) -> Item | None:
    title = _words(str(entry.get("title", "")), LONGEST_TITLE)
    link = _joined(base, str(entry.get("link", "")))
    if not (title and link):
        return None
    html = _html(entry)
    guid = str(entry.get("id") or link)[:2_000]
    return Item(guid, link, title, _words(html, LONGEST_LEAD), _moment(entry), _picture(entry, html, base))


def _joined(base: str, address: str) -> str:
    try:
        return plain_link(urljoin(base, address))
    except ValueError:
        return ""


def _html(entry: Mapping[str, Any]) -> str:
    contents = [str(one.get("value", "")) for one in entry.get("content", [])]
    return str(entry.get("summary", "")) or next(iter(contents), "")


def _words(html: str, longest: int) -> str:
    """Plain words of at most `longest` signs, without anything that a person does not see."""
    text = plain(str(from_html(html[: longest * 50])))
    shown = one_line("".join(sign for sign in text if not has_control_characters(sign)))
    if len(shown) <= longest:
        return shown
    cut = shown[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    for name in ("published_parsed", "updated_parsed"):
        parsed: time.struct_time | None = entry.get(name)
        if parsed is not None and parsed.tm_year >= _OLDEST:
            try:
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _picture(entry: Mapping[str, Any], html: str, base: str) -> str:
    named = [str(one.get("url", "")) for one in [*entry.get("media_thumbnail", []), *entry.get("media_content", [])]]
    enclosed = [
        str(one.get("href", "")) for one in entry.get("enclosures", []) if str(one.get("type", "")).startswith("image/")
    ]
    drawn = _PICTURE.search(html)
    for address in [*enclosed, *named, *([drawn[1]] if drawn else [])]:
        if found := _joined(base, address):
            return found
    return ""
