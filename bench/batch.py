"""Paper cards of 2,000 people as one file: from the claim to the kept PDF, beside WeasyPrint on the same finished HTML."""

import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
from flask import Flask
from PIL import Image
from sqlalchemy import select, update
from weasyprint import HTML

from bench.ground import specimen_ground
from bench.report import Row, at_most, at_most_times, number
from vssid.card.models import Card
from vssid.kernel import images
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.kernel.workshop import Workshop
from vssid.officers import Officer, Role
from vssid.officers import models as officers
from vssid.printing import actions, making
from vssid.printing.choosing import Choice, Found, Wanted
from vssid.printing.models import CardBatch
from vssid.printing.rules import Kind, State
from vssid.records.models import Person
from vssid.web.db import db as request_db

PART = "batch"
PEOPLE, QUICK_PEOPLE, A_CLASS = 2_000, 240, 40
# Where one document of all cards is measured as well.
AT_ONCE = 500
WITH_PORTRAIT = 10
MOST_TIMES = 1.5
MOST_MEGABYTES = 300


class Watched(Workshop):
    """A workshop that looks at its child's most memory before it ends."""

    most = 0.0

    def close(self) -> None:
        """Look, then end it."""
        if self._pool is not None:
            status = Path(f"/proc/{self.run(30, os.getpid)}/status").read_text()
            kilobytes = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])  # type: ignore[index]
            Watched.most = max(Watched.most, kilobytes / 1024)
        super().close()


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    people = QUICK_PEOPLE if quick else PEOPLE
    # Some have no card, or one that has ended.
    with specimen_ground(people * 3) as ground:
        app = ground.app()
        say(f"batch: {people} cards, our way")
        id = agreed(app, people)
        documents: list[tuple[str, int]] = []
        ours = our_way(app, documents)
        body = kept(app, id)
        say("batch: the same HTML, WeasyPrint alone")
        bare = timed(lambda: [HTML(string=html).write_pdf() for html, _cards in documents])
        say("batch: as one document")
        at_once = min(AT_ONCE, people)
        chosen = together(documents, at_once)
        whole = timed(lambda: HTML(string=chosen).write_pdf())
        with app.app_context():
            request_db.engine.dispose()
    pages = len(pypdf.PdfReader(io.BytesIO(body)).pages)
    megabytes = len(body) / 1024**2
    what = f"{number(people)} cards, {pages} pages of {number(megabytes)} MiB, a tenth with a portrait"
    return [
        at_most_times(PART, what, f"{ours:.1f} s", f"WeasyPrint alone: {bare:.1f} s", ours / bare, MOST_TIMES),
        at_most(PART, "the most memory of the children that make them", Watched.most, MOST_MEGABYTES, "MB"),
        Row(PART, f"WeasyPrint alone, {number(at_once)} of them as one document", f"{whole:.1f} s"),
    ]


def agreed(app: Flask, people: int) -> UUID:
    """A batch of so many specimens that two officers want; its id."""
    with app.app_context(), reading(request_db.engine) as db:
        query = select(Person.id, Person.full_name, Card.ma_so_bhxh).join(Card, Card.person_id == Person.id)
        holds = Card.valid_from <= today(), Card.valid_to >= today(), Card.status == "hieu_luc", Card.version == 1
        alive = Person.died_on.is_(None), Person.merged_into_id.is_(None)
        found = {row.id: row for row in db.execute(query.where(*holds, *alive).order_by(Person.id))}
        chosen = list(found.values())[:people]
        officer = db.scalars(select(officers.Officer).where(officers.Officer.code == "GS01")).one()
        second = db.scalars(select(officers.Officer).where(officers.Officer.code != "GS01").limit(1)).one()
    if len(chosen) < people:
        raise RuntimeError(f"only {len(chosen)} specimens have a card")
    rows = tuple(
        Found(f"{1 + nth // A_CLASS}A", one.ma_so_bhxh, one.full_name, one.id) for nth, one in enumerate(chosen)
    )
    with app.app_context(), unit(request_db.engine) as db:
        file = app.extensions["files"].put(db, portrait(), "image/jpeg", now())
        db.flush()
        for one in chosen[::WITH_PORTRAIT]:
            db.execute(update(Person).where(Person.id == one.id).values(portrait_file_id=file.id))
        choice = Choice(Kind.ROSTER, officer.agency_code, "Trường Tiểu học Mẫu", "Năm học mẫu", rows)
        by = Officer(
            kind=ActorKind.OFFICER, id=officer.id, session_id=officer.id, ends_at=now(), code=officer.code,
            name=officer.name, role=Role.SUPERVISOR, agency_code=officer.agency_code, agency_name="",
            agencies=(officer.agency_code,), ma_so_bhxh=None,
        )  # fmt: skip
        id = actions.ask(db, choice, Wanted(), "Đo thời gian", by=by, at=now())
        db.execute(
            update(CardBatch)
            .where(CardBatch.id == id)
            .values(state=State.AGREED, decided_by=second.id, decided_at=now())
        )
    return id


def portrait() -> bytes:
    """A photo as the register keeps it: noise weighs as much as a face and its background."""
    noise = Image.effect_noise((300, 400), 60).resize((1_200, 1_600), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    Image.merge("RGB", (noise, noise, noise)).save(out, "JPEG", quality=92)
    photo = images.prepare(out.getvalue())
    if not isinstance(photo, images.Photo):
        raise RuntimeError(f"no photo: {photo}")
    return photo.jpeg


def our_way(app: Flask, documents: list[tuple[str, int]]) -> float:
    """Seconds from the claim to the encrypted file; the finished HTML of each piece goes to `documents`."""
    plain, workshop = making.finished, making.Workshop

    def listening(*arguments: Any) -> tuple[str, int]:
        found = plain(*arguments)
        documents.append(found)
        return found

    making.finished, making.Workshop = listening, Watched  # type: ignore[misc]
    try:
        return timed(lambda: [None for _more in iter(lambda: making.make_next(app, now()), False)])
    finally:
        making.finished, making.Workshop = plain, workshop  # type: ignore[misc]


def together(documents: list[tuple[str, int]], most: int) -> str:
    """The first so many cards as one document."""
    bodies, cards = [], 0
    for html, count in documents:
        if cards >= most:
            break
        bodies.append(html.partition("<body>")[2].partition("</body>")[0])
        cards += count
    head, tail = documents[0][0].partition("<body>")[0], "</body></html>"
    return f"{head}<body>{''.join(bodies)}{tail}"


def kept(app: Flask, id: UUID) -> bytes:
    """The PDF that was made; raises when none was."""
    with app.app_context(), reading(request_db.engine) as db:
        made = db.get_one(CardBatch, id)
        if made.file_id is None:
            raise RuntimeError("no cards were made")
        return bytes(app.extensions["files"].read(db.get_one(StoredFile, made.file_id)))


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
