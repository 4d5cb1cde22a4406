"""Sheets of a roster of 2,000 people: from the rows to the kept file, beside WeasyPrint on the same pages without codes."""

import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pypdf
from flask import Flask, current_app
from weasyprint import HTML

from bench.ground import specimen_ground
from bench.report import Row, Series, at_most, at_most_times, number
from vssid import organisations
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.tables import SourceRow
from vssid.kernel.workshop import PDF, Workshop
from vssid.rosters import actions, queries
from vssid.rosters.intake import staging
from vssid.rosters.intake.checking import checked
from vssid.rosters.models import Roster
from vssid.rosters.rules import SHEET
from vssid.rosters.sheets import printing
from vssid.web.db import db as request_db

PART = "rosters"
PEOPLE, A_CLASS = 2_000, 40
MOST_TIMES = 2.0
# Of the child process that makes the sheets; it ends with them.
MOST_MEGABYTES = 400
TURNS, QUICK_TURNS = 3, 1
_PICTURE = re.compile(r'<img src="data:[^"]*" alt="">')
_NO_PICTURE = '<i class="qr"></i>'
_ITS_ROOM = ".qr { width: 24mm; height: 24mm; }</style>"


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with specimen_ground() as ground:
        app = ground.app()
        id = roster_of(app)
        ours, bare, checking = [], [], []
        for turn in range(QUICK_TURNS if quick else TURNS):
            say(f"rosters: both ways, turn {turn + 1}")
            checking.append(timed(lambda: checked(source(), today())))
            ours.append(our_way(app, id))
            html = sheets(app, id)
            plain = _PICTURE.sub(_NO_PICTURE, html).replace("</style>", _ITS_ROOM)
            bare.append(timed(lambda plain=plain: HTML(string=plain).write_pdf()))
        body = kept(app, id)
        with app.app_context():
            request_db.engine.dispose()
    pages = len(pypdf.PdfReader(io.BytesIO(body)).pages)
    noisy = Series(ours).noisy or Series(bare).noisy
    what = f"sheets of {number(PEOPLE)} people, {pages} pages of {number(len(body) / 1024)} KiB; median of {len(ours)}"
    beside = f"WeasyPrint alone, no codes: {_s(bare)}"
    times = Series(ours).median / Series(bare).median
    return [
        at_most_times(PART, what, _s(ours), beside, times, MOST_TIMES, noisy=noisy),
        at_most(PART, "the most memory of the child that makes them", memory_of(html), MOST_MEGABYTES, "MB"),
        Row(PART, f"{number(PEOPLE)} rows that have been read, checked", _s(checking)),
    ]


def source() -> list[SourceRow]:
    """The rows of a file as the reader hands them over."""
    rows = [
        [
            f"79{n:08}",
            f"Nguyễn Thị Bé Mẫu {'ABCDEFGHIK'[n % 10]}",
            f"{1 + n % 28:02}/09/2018",
            f"{1 + n // A_CLASS}A",
            "",
        ]
        for n in range(PEOPLE)
    ]
    return [SourceRow(line, cells, 0) for line, cells in enumerate([list(SHEET.columns), *rows], start=1)]


def roster_of(app: Flask) -> UUID:
    """A school of the specimens with its roster; returns the roster's id."""
    facts = organisations.Facts(
        organisations.OrganisationKind.SCHOOL,
        "Trường Tiểu học Mẫu",
        "TH9999",
        "",
        "1 đường Mẫu",
        "30307",
        "91",
        "08902",
    )
    contact = organisations.Contact("Phan Thị Mẫu", "+84900000999")
    with app.app_context(), unit(request_db.engine) as db:
        school = organisations.create(db, app.extensions["keyring"], facts, contact, by=OPERATOR, at=now())
        found = checked(source(), today())
        upload = staging.keep(db, app.extensions["files"], school.id, "Năm học mẫu", found, now())
        roster, _difference = actions.save(db, upload, found, drop_gone=False, by=OPERATOR, at=now())
        return roster.id


def our_way(app: Flask, id: UUID) -> float:
    """Seconds from the claim of the print to its encrypted file."""
    with app.app_context(), unit(request_db.engine) as db:
        printing.request(db, db.get_one(Roster, id), by=OPERATOR, at=now())
    return timed(lambda: printing.make_next(app, now()))


def sheets(app: Flask, id: UUID) -> str:
    """The finished HTML."""
    with app.app_context(), reading(request_db.engine) as db:
        return printing.sheets_html(db, db.get_one(Roster, id), queries.all_rows(db, id))


def kept(app: Flask, id: UUID) -> bytes:
    """The PDF that was made; raises when none was."""
    with app.app_context(), reading(request_db.engine) as db:
        made = printing.newest(db, id)
        if made is None or made.file_id is None:
            raise RuntimeError("no sheets were made")
        store: FileStore = current_app.extensions["files"]
        return store.read(db.get_one(StoredFile, made.file_id))


def memory_of(html: str) -> float:
    """The largest resident size of a fresh child that makes these sheets, in megabytes."""
    workshop = Workshop()
    try:
        workshop.run_named(printing.SECONDS, PDF, html)
        status = Path(f"/proc/{workshop.run(5, os.getpid)}/status").read_text()
    finally:
        workshop.close()
    kilobytes = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])  # type: ignore[index]
    return kilobytes / 1024


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _s(values: list[float]) -> str:
    return f"{Series(values).median:.2f} s"
