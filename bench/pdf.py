"""The card as PDF: our way through the workshop's child process, beside WeasyPrint called right here."""

import time
from collections.abc import Callable

from flask import Flask
from weasyprint import HTML

from bench.ground import MAIN_MA_SO, citizen, specimen_ground
from bench.report import Row, Series, at_most_times
from vssid import records
from vssid.card import shown
from vssid.card.prints import sheets
from vssid.card.prints.sheets import PaperCard
from vssid.card.strips import rules
from vssid.kernel.clock import today
from vssid.records import IdKind
from vssid.web import papers
from vssid.web.db import db as request_db

PART = "pdf"
MOST_TIMES = 1.5
TURNS, QUICK_TURNS, WARM_TURNS = 40, 20, 3
# As long as a real one.
STRIP = rules.PREFIX + "A7" * 88


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with specimen_ground() as ground:
        app = ground.app()
        client = citizen(app)
        say("pdf: both ways in turns")
        ours, straight, whole = [], [], []
        for turn in range(WARM_TURNS + (QUICK_TURNS if quick else TURNS)):
            html, took = our_way(app)
            beside = timed(lambda html=html: HTML(string=html).write_pdf())
            request = timed(lambda: client.get("/ca-nhan/the-bhyt.pdf"))
            if turn >= WARM_TURNS:
                ours.append(took)
                straight.append(beside)
                whole.append(request)
        # The child of the workshop ends with its pool; nothing is to outlive the measurement.
        app.extensions["workshop"]._discard(app.extensions["workshop"]._open())
        with app.app_context():
            request_db.engine.dispose()
    times = Series(ours).median / Series(straight).median
    return [
        at_most_times(
            PART, f"card, median of {len(ours)}", _ms(ours), f"WeasyPrint alone: {_ms(straight)}", times, MOST_TIMES,
            noisy=Series(ours).noisy or Series(straight).noisy,
        ),
        Row(PART, "the whole request `/ca-nhan/the-bhyt.pdf`, audit included", _ms(whole), noisy=Series(whole).noisy),
    ]  # fmt: skip


def our_way(app: Flask) -> tuple[str, float]:
    """The finished HTML, and the seconds from the register's rows to the PDF."""
    with app.test_request_context("/ca-nhan/the-bhyt.pdf"):
        person = records.person_by(request_db.session, IdKind.MA_SO_BHXH, MAIN_MA_SO)
        holder = shown.holder_of(person.id)
        started = time.perf_counter()
        picture = shown.portrait(request_db.session, holder.person)
        html = sheets.single_html(request_db.session, PaperCard(holder.person, holder.face, picture, STRIP, today()))
        body = papers.as_pdf(html)
        took = time.perf_counter() - started
        request_db.session.remove()
    if not body.startswith(b"%PDF"):
        raise RuntimeError("that was no PDF")
    return html, took


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ms(values: list[float]) -> str:
    return f"{Series(values).median * 1000:.1f} ms"
