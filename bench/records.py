"""What the pages of one's own records cost with forty years of history and five hundred visits, beside one year.

Two servers run side by side and are asked in turns by the same specimen citizen of each: what differs is her history alone.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert

from bench import ground as places
from bench.client import fetch
from bench.ground import MAIN_MA_SO, SERVE, Ground, serving, specimen_ground
from bench.report import Row, Series, at_most, at_most_times
from bench.server import count
from vssid import records
from vssid.kernel import clock
from vssid.kernel.db import reading, unit
from vssid.kernel.rows import table_of
from vssid.records import IdKind
from vssid.records.contributions.models import Contribution
from vssid.records.contributions.rules import Fund, first_day, month_of
from vssid.records.papers.models import Paper
from vssid.records.visits.models import Visit, VisitLine
from vssid.web import papers
from vssid.web.db import db as request_db

PART = "records"
MOST_TIMES, MOST_STATEMENTS = 1.5, 8
LONG_YEARS, LONG_VISITS, VISITS_A_YEAR, LINES = 40, 500, 50, 6
TURNS, ASKED_A_TURN, WARM_TIMES = 3, 200, 60
LATE_MONTHS = 2
PAGES = ("/ca-nhan/qua-trinh/bhxh", "/ca-nhan/so-kham")
PAPERS = ("/ca-nhan/qua-trinh.pdf", "/ca-nhan/so-kham.pdf?nam={year}")
AT = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = (Paper, VisitLine, Visit, Contribution)


def measure(quick: bool, say: Callable[[str], None]) -> list[Row]:
    """The rows of this part."""
    with ExitStack() as kept:
        short, long = (kept.enter_context(specimen_ground()) for _house in range(2))
        say(f"records: one year, and {LONG_YEARS} years with {LONG_VISITS} visits")
        cookies: list[str] = []
        rows: list[Row] = []
        for ground, years, visits in ((short, 1, 12), (long, LONG_YEARS, LONG_VISITS)):
            app = ground.app()
            filled(app, years, visits)
            client = places.citizen(app)
            if ground is long:
                rows += _statements(app, client)
                rows += _printed(client)
                app.extensions["workshop"].close()
            cookies.append(places.cookies_of(client))
            with app.app_context():
                request_db.engine.dispose()
        taken = _asked((short, long), cookies, 1 if quick else TURNS, say)
    return [*(row for path in PAGES for row in _compared(path, *taken[path])), *rows]


def filled(app: Flask, years: int, visits: int) -> None:
    """Give the main citizen a history of so many years, an employer a year in each fund, and so many visits."""
    now = clock.now()
    with app.app_context():
        with reading(request_db.engine) as db:
            person = records.person_by(db, IdKind.MA_SO_BHXH, MAIN_MA_SO)
        with unit(request_db.engine) as db:
            for table in TABLES:
                db.execute(delete(table_of(table)))
            db.execute(insert(table_of(Contribution)), list(_periods(person.id, years)))
            made = list(_visits(person.id, visits, now))
            db.execute(insert(table_of(Visit)), made)
            db.execute(insert(table_of(VisitLine)), [line for visit in made for line in _lines(visit["id"])])


def _periods(person: UUID, years: int) -> Iterator[dict[str, Any]]:
    now = month_of(clock.today())
    for fund in Fund:
        for nth in range(years):
            # The newest months are late, and each job but the newest ends a month before the next begins.
            first, last = now - 12 * (nth + 1), now - 12 * nth - (2 if nth else 1)
            spans = [(first, last, "da_dong")]
            if nth == 0:
                spans = [(first, last - LATE_MONTHS, "da_dong"), (last - LATE_MONTHS + 1, last, "cham_dong")]
            for begin, end, status in spans:
                yield {
                    "id": uuid4(), "person_id": person, "fund": fund, "kind": "bat_buoc", "from_month": first_day(begin),
                    "to_month": first_day(end), "employer_code": f"TM{nth:04}M", "employer_name": f"Công ty Mẫu số {nth}",
                    "employer_key": f"TM{nth:04}M", "job": "Chuyên viên", "workplace": "Phường Mẫu, tỉnh An Giang",
                    "salary": Decimal("6000000.00"), "coefficient": Decimal("3.660"), "currency": "VND", "status": status,
                    "recorded_at": AT, "updated_at": AT,
                }  # fmt: skip


def _visits(person: UUID, visits: int, now: datetime) -> Iterator[dict[str, Any]]:
    for nth in range(visits):
        came = datetime(now.year - nth // VISITS_A_YEAR, 1, 1, 2, 0, tzinfo=UTC) + timedelta(
            days=nth % VISITS_A_YEAR * 6
        )
        yield {
            "id": uuid4(), "person_id": person, "facility_code": "89012", "link_code": f"MAU{nth:08}", "year": came.year,
            "sensitive": False, "visit_kind": "01", "reason": "", "admitted_at": came, "discharged_at": came,
            "department_code": "K01", "main_diagnosis_code": "I10", "main_diagnosis": "Tăng huyết áp mẫu", "other_codes": "",
            "result": "2", "discharge_kind": "1", "patient_object": "", "total_hospital": Decimal("95000.00"),
            "total_insurance": Decimal("95000.00"), "paid_by_fund": Decimal("76000.00"), "copay": Decimal("19000.00"),
            "paid_by_patient": Decimal("0.00"), "other_sources": Decimal("0.00"), "content_digest": f"{nth:064x}",
            "recorded_at": AT, "updated_at": AT,
        }  # fmt: skip


def _lines(visit: UUID) -> Iterator[dict[str, Any]]:
    for nth in range(LINES):
        yield {
            "id": uuid4(), "visit_id": visit, "ordinal": nth, "part": "thuoc", "group_code": "4", "code": "40.491",
            "name": "Thuốc Mẫu 500mg", "unit": "Viên", "quantity": Decimal("30.000"), "price": Decimal("500.000"),
            "rate": 100, "level": 80, "amount": Decimal("15000.00"), "insured": Decimal("15000.00"),
            "paid_by_fund": Decimal("12000.00"), "copay": Decimal("3000.00"), "paid_by_patient": Decimal("0.00"),
            "other_sources": Decimal("0.00"),
        }  # fmt: skip


def _statements(app: Flask, client: FlaskClient) -> list[Row]:
    return [
        at_most(
            PART, f"`{path}`, long history: SQL statements", count(app, client, path), MOST_STATEMENTS, "statements"
        )
        for path in PAGES
    ]


def _printed(client: FlaskClient) -> list[Row]:
    """Each statement of the long history, printed after the workshop's child has started."""
    client.get("/ca-nhan/the-bhyt.pdf")
    found = []
    for path in PAPERS:
        started = time.perf_counter()
        answer = client.get(path.format(year=clock.today().year))
        took = time.perf_counter() - started
        if answer.status_code != 200 or not answer.data.startswith(b"%PDF"):
            raise RuntimeError(f"{path} answered {answer.status_code}")
        found.append(at_most(PART, f"`{path.partition('?')[0]}`, long history: printed", took, papers.SECONDS, "s"))
    return found


def _asked(
    grounds: tuple[Ground, Ground], cookies: list[str], turns: int, say: Callable[[str], None]
) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of each page for (one year, long history), one after the other; the first turn warms and does not count."""
    taken: dict[str, tuple[list[float], list[float]]] = {path: ([], []) for path in PAGES}
    with ExitStack() as kept:
        for ground in grounds:
            kept.enter_context(serving([*SERVE, "--no-worker"], ground))
        for turn in range(-1, turns):
            say(f"records: asking, turn {turn + 1} of {turns}")
            for path, both in taken.items():
                for _time in range(ASKED_A_TURN if turn >= 0 else WARM_TIMES):
                    for ground, cookie, times in zip(grounds, cookies, both, strict=True):
                        started = time.perf_counter()
                        if fetch(ground.port, path, cookie).status != 200:
                            raise RuntimeError(f"{path} was not answered")
                        if turn >= 0:
                            times.append((time.perf_counter() - started) * 1000)
    return taken


def _compared(path: str, short: list[float], long: list[float]) -> list[Row]:
    rows = []
    for name, at in (("median", 49), ("99th percentile", 98)):
        ours, beside = (statistics.quantiles(times, n=100)[at] for times in (long, short))
        noisy = Series(short).noisy or Series(long).noisy
        what = f"`{path}`, {LONG_YEARS} years and {LONG_VISITS} visits: {name}" if at == 49 else f"… {name}"
        shown = f"{ours:.2f} ms", f"one year: {beside:.2f} ms"
        if at == 49:
            rows.append(at_most_times(PART, what, *shown, ours / beside, MOST_TIMES, noisy=noisy))
        else:
            rows.append(Row(PART, what, *shown, f"{ours / beside:.2f} ×", noisy=noisy))
    return rows
