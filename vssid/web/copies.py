"""Copies of public pages on the disk, made before anybody asks: for the day on which the database is away."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from vssid.kernel.db import reading
from vssid.web.db import db as request_db
from vssid.web.i18n import LANGUAGES
from vssid.web.logs import QUIET

EVERY = timedelta(minutes=10)
Addresses = Callable[[Session], list[str]]


def register(app: Flask, addresses: Addresses) -> None:
    """Let a room name public pages of its own whose address holds something: `addresses(db)`, without parameters."""
    app.extensions.setdefault("copies", []).append(addresses)


def addresses(app: Flask) -> list[str]:
    """Every public page that is worth a copy."""
    plain = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments - set(rule.defaults or ())
        and getattr(app.view_functions[rule.endpoint], "__published__", False)
    ]
    with app.app_context(), reading(request_db.engine) as session:
        named = [address for names in app.extensions.get("copies", []) for address in names(session)]
    return list(dict.fromkeys([*plain, *named]))


def make_next(app: Flask, at: datetime) -> bool:
    """Render the next page in all languages, as a visitor sees it. True while there are more; then a pause of ten minutes."""
    waiting: list[str] = app.extensions.setdefault("copies.waiting", [])
    if not waiting:
        if at < app.extensions.get("copies.due", at):
            return False
        app.extensions["copies.due"] = at + EVERY
        waiting.extend(addresses(app))
        app.extensions["shelf"].prune(waiting)
    address = waiting.pop()
    visitor = app.test_client(use_cookies=False)
    for code in LANGUAGES:
        visitor.get(
            address,
            base_url=app.config["SETTINGS"].public_url,
            headers={"Accept-Language": code},
            environ_overrides={QUIET: True},
        )
    return bool(waiting)


MAKERS = (("published.copies", make_next),)
