"""An editor at the desk, and articles as somebody has written them."""

import io
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import people
from vssid.directory.models import Agency
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.newsroom import actions
from vssid.newsroom.models import Article
from vssid.newsroom.rules import Kind, Topic, Written
from vssid.officers.models import Officer as Officers

DESK = "/can-bo/noi-dung"
FORM = {
    "kind": "news",
    "topic": "khac",
    "title": "Tin mẫu",
    "lead": "Tóm tắt mẫu.",
    "body": "Nội dung **mẫu**.",
    "video_url": "",
}


class Author:
    """Whoever acts, as far as verbs look at them."""

    def __init__(self, id: UUID) -> None:
        self.id, self.agency_code = id, "08902"

    @property
    def by(self):
        return By(ActorKind.OFFICER, self.id)


@pytest.fixture
def author(app, engine: Engine) -> Author:
    """An editor who does not sign in."""
    with unit(engine) as db:
        _agency(db)
        people.add_officer(app, db, "BT02", "08902", "bien_tap")
        return Author(db.scalar(select(Officers.id).where(Officers.code == "BT02")))


def _agency(db: Session) -> None:
    if db.get(Agency, "08902") is None:
        people.add_agency(db)


@pytest.fixture
def editor(app, engine: Engine, new_client) -> FlaskClient:
    """An editor, signed in."""
    with unit(engine) as db:
        _agency(db)
        setup = people.add_officer(app, db, "BT01", "08902", "bien_tap")
    client = new_client()
    people.officer_signs_in(app, client, "BT01", setup)
    return client


def publish(
    db, by: Author, title: str = "Tin mẫu", *, kind: Kind = Kind.NEWS, at: datetime | None = None, topic: Topic = Topic.OTHER,
    lead: str = "", body: str = "Nội dung.", pinned: bool = False, publish_at: datetime | None = None,
    expires_at: datetime | None = None, video_url: str = "", **translations: Written,
) -> UUID:  # fmt: skip
    """An article that everybody may read (from `publish_at` on)."""
    at = at or now() - timedelta(minutes=5)
    id = actions.make(db, kind, topic, video_url, Written(title, lead, body), by=by, at=at)
    version = 1
    for language, written in translations.items():
        actions.save(db, id, version, language, written, topic, video_url, by=by, at=at)
        version += 1
    actions.publish(db, id, version, publish_at=publish_at, expires_at=expires_at, pinned=pinned, by=by, at=at)
    db.flush()
    return id


def address_of(engine: Engine, id: UUID) -> str:
    with reading(engine) as db:
        row = db.get(Article, id)
        return Kind(row.kind).address(row.slug)


def make(client: FlaskClient, **changes: str) -> str:
    """Write an article at the desk; the address of its form."""
    answer = people.post(client, f"{DESK}/moi", {**FORM, **changes})
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.text)
    return answer.headers["Location"]


def form_of(client: FlaskClient, place: str) -> dict[str, str]:
    """What stands in the form of an article, with the version that the editor sees."""
    html = client.get(place).get_data(as_text=True)
    return {"version": re.search(r'name="version" value="(\d+)"', html)[1]}


def save(client: FlaskClient, place: str, **values: str):
    fields = {key: value for key, value in FORM.items() if key != "kind"}
    return people.post(client, place, {**fields, **form_of(client, place), **values}, place)


def release(client: FlaskClient, place: str, **values: str):
    """Publish from the desk."""
    return people.post(client, f"{place}/dang", {**form_of(client, f"{place}/dang"), **values}, f"{place}/dang")


def attach(client: FlaskClient, place: str, where: str, body: bytes, name: str, **values: str):
    """Send a file to an article; `where` is anh, video or tep."""
    prefix = "anh" if where == "anh" else "tep"
    data = {f"{prefix}-file": (io.BytesIO(body), name), **{f"{prefix}-{key}": value for key, value in values.items()}}
    return people.post(client, f"{place}/{where}", data, f"{place}/anh", content_type="multipart/form-data")
