"""Bảng tin: a short notice at the top of pages, for a while, also without network. Door."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.labels import N_
from vssid.notices.board import actions, desk, queries, rules, views
from vssid.notices.board.rules import Item
from vssid.notices.standing import Standing, keep
from vssid.officers import Permission, Tool
from vssid.web import published
from vssid.web.i18n import language, say

__all__ = ["JOBS", "init_app"]

JOBS = (("notices.board", timedelta(hours=1), actions.forget_old),)


def init_app(app: Flask) -> None:
    """Open the desk and the window; give every page its board."""
    for window in (views, desk):
        app.register_blueprint(window.bp)
    officers.register_tool(app, Tool(desk.KEY, N_("Bảng tin"), "board_desk.list_items", Permission.NOTICES_MANAGE))
    standing: Standing[list[Item]] = keep(app, Standing(_ask, []))
    app.extensions["board.items"] = standing
    app.extensions["board"] = functools.partial(_shown, standing)


def _ask(db: Session) -> list[Item]:
    return [known.item for known in queries.to_come(db, now())]


def _shown(standing: Callable[[], list[Item]], audience: str) -> list[dict[str, Any]]:
    """What a page of `audience` shows now, in the reader's language."""
    found, items, at = [], standing(), now()
    if changes := [moment for item in items for moment in (item.begins_at, item.ends_at) if moment > at]:
        published.holds_until(min(changes))
    for one in rules.shown(items, audience, at):
        text, lang = one.words.for_reader(language())
        found.append(
            {
                "severity": one.severity.value, "label": say(one.severity.label), "role": one.severity.role,
                "text": text, "lang": lang, "href": one.href, "ends": int(one.ends_at.timestamp()),
            }
        )  # fmt: skip
    return found
