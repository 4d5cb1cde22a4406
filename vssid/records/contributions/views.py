"""Quá trình tham gia: totals, the timeline, what gaps mean, each period; of oneself and of a child."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, redirect, request
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import Row
from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel.clock import today
from vssid.kernel.labels import N_, CalendarMonth, Label
from vssid.records import disputes
from vssid.records import queries as register
from vssid.records.contributions import asking, picture, queries, radar
from vssid.records.contributions.rules import (
    Fund,
    Kind,
    Period,
    State,
    Status,
    Tally,
    ahead,
    duration,
    first_day,
    month_of,
    tally,
)
from vssid.records.disputes import RowKind
from vssid.records.rules import PartialDate
from vssid.records.whose import Both, Whose
from vssid.web import db, pages
from vssid.web.i18n import month, say, shown, vietnamese

bp = Blueprint("contributions", __name__)
both = Both(bp, "ca-nhan")
FUND = "<any(bhxh, bhtn, tnld, bhyt):fund>"
PAGE_ROWS = 10  # the newest; what is older is one press away, and forty years weigh no more than one
# Of the picture and of the table beside it, unless somebody asks for all.
YEARS, STRETCHES = 12, 6


def init_app(app: Flask) -> None:
    """Let periods be disputed."""
    disputes.register_rows(app, RowKind.CONTRIBUTION, described, address)


def described(session: Session, person_id: UUID, row_id: UUID) -> str | None:
    """What a period is called, for its owner; None for a row of somebody else's."""
    row = queries.one(session, person_id, row_id)
    if row is None:
        return None
    called = N_(
        "%(fund)s: từ tháng %(first)s đến tháng %(last)s, %(employer)s",
        fund=Fund(row.fund).label,
        first=CalendarMonth(row.from_month),
        last=CalendarMonth(row.to_month),
        employer=vietnamese(row.employer_name),
    )
    return shown(called)


def address(session: Session, person_id: UUID, row_id: UUID) -> str:
    """Where a period stands below its owner's pages."""
    row = queries.one(session, person_id, row_id)
    return f"/qua-trinh/{Fund(row.fund).slug}/{row_id}" if row else "/qua-trinh"


def fund_of(slug: str) -> Fund:
    """The fund that an address names."""
    return Fund(slug.upper())


@dataclass(frozen=True)
class Item:
    """A period as the pages show it."""

    row: Row[Any]
    disputed: bool

    @property
    def status(self) -> Status:
        """How it stands."""
        return Status(self.row.status)

    @property
    def state(self) -> Label:
        """The same in words."""
        return self.status.label_for(self.kind)

    @property
    def kind(self) -> Kind:
        """Compulsory or voluntary."""
        return Kind(self.row.kind)

    @property
    def first(self) -> str:
        """The first month."""
        return month(self.row.from_month)

    @property
    def last(self) -> str:
        """The last month."""
        return month(self.row.to_month)

    @property
    def salary(self) -> str:
        """The salary with its currency in the reader's language, '' where none is known."""
        value: Decimal | None = self.row.salary
        if value is None:
            return ""
        amount = format_decimal(value, "#,##0.##")
        return _("%(amount)s đồng", amount=amount) if self.row.currency == "VND" else f"{amount} {self.row.currency}"

    @property
    def coefficient(self) -> str:
        """The coefficient in the reader's language, '' where none is known."""
        value: Decimal | None = self.row.coefficient
        return "" if value is None else str(format_decimal(value, "0.00#"))


class Stretch(NamedTuple):
    """Months in a row that stand alike, for the table beside the picture."""

    first: str
    last: str
    size: int
    state: State


@both.get("/qua-trinh")
def index(whose: Whose) -> Response:
    """The first fund that holds anything."""
    fund = queries.first_fund(db.session, whose.person_id)
    return redirect(f"{whose.base}/qua-trinh/{fund.slug}", 303, Response)  # type: ignore[return-value]


@both.get(f"/qua-trinh/{FUND}")
def show(whose: Whose, fund: str) -> Response:
    """One fund: how long, where the gaps are, each period."""
    chosen = fund_of(fund)
    rows = queries.history(db.session, whose.person_id, chosen)
    here = f"{whose.base}/qua-trinh/{chosen.slug}"
    known = queries.as_periods(rows)
    found = tally(known, month_of(today()))
    disputed = disputes.disputed(db.session, whose.person_id, RowKind.CONTRIBUTION) if rows else frozenset()
    begin = _begin(rows)
    told = _told(whose, chosen, known, found) if rows and begin == 0 else []
    asks = [at for at, one in enumerate(told) if one.asks]
    return pages.page(
        "records/contributions/show.html",
        whose=whose,
        fund=chosen,
        here=here,
        tabs=[(say(one.tab), f"{whose.base}/qua-trinh/{one.slug}", one is chosen) for one in Fund],
        found=found,
        total=duration(len(found.paid)),
        **_in_words(found),
        picture=picture.draw(found, None if _asks_for_all() else YEARS) if begin == 0 else None,
        told=told,
        asking_after=asks[-1] if asks else None,
        office=asking.office_near(db.session, whose.person_id) if asks else None,
        check=f"{here}/kiem-tra" if asks else None,  # upstairs, with the other requests
        ahead=_paid_ahead(known),
        sources=list(dict.fromkeys(one.source for one in told if one.source)),
        items=[Item(row, row.id in disputed) for row in rows[begin : begin + PAGE_ROWS]],
        newer=_page_from(rows, begin - PAGE_ROWS, here) if begin > 0 else None,
        older=_page_from(rows, begin + PAGE_ROWS, here) if begin + PAGE_ROWS < len(rows) else None,
        active=whose.active,
    )


def _paid_ahead(known: list[Period]) -> str | None:
    last = ahead(known, month_of(today()))
    return None if last is None else month(first_day(last))


def _asks_for_all() -> bool:
    return request.args.get("bang") == "1"


def _in_words(found: Tally) -> dict[str, Any]:
    """The table beside the picture, newest first: the last stretches, or all of them for who presses once more."""
    newest = found.stretches[::-1]
    shown = newest if _asks_for_all() else newest[:STRETCHES]
    return {
        "stretches": [
            Stretch(month(first_day(span.first)), month(first_day(span.last)), span.size, state)
            for span, state in shown
        ],
        "more_stretches": len(newest) - len(shown),
        "whole_table": len(shown) > STRETCHES,
        "since": month(first_day(found.whole.first)) if found.whole else "",
    }


def _begin(rows: list[Row[Any]]) -> int:
    """Where the page begins: after the row that the address names, by its key; at the newest for any other name."""
    key = request.args.get("sau", "")
    return next((at for at, row in enumerate(rows, start=1) if str(row.id) == key), 0)


def _page_from(rows: list[Row[Any]], at: int, here: str) -> str:
    return f"{here}?sau={rows[at - 1].id}" if at > 0 else here


def _told(whose: Whose, fund: Fund, known: list[Period], found: Tally) -> list[radar.Told]:
    """The sentences, by the law of today."""
    person = register.person(db.session, whose.person_id) or abort(404)
    who = radar.Who(person.sex, PartialDate.parse(person.birth_date).year)
    stored = directory.parameters(db.session, radar.codes(fund), today())
    limits = {
        code: radar.Limit(value, directory.shown_source(one.source))
        for code, one in stored.items()
        if (value := directory.whole_of(code, one.value)) is not None
    }
    return radar.told(fund, known, who, limits, month_of(today()), found)


@both.get(f"/qua-trinh/{FUND}/<uuid:row>", reaches="contribution")
def detail(whose: Whose, fund: str, row: UUID) -> Response:
    """One period with all that is known of it."""
    chosen = fund_of(fund)
    found = queries.one(db.session, whose.person_id, row)
    if found is None or found.fund != chosen:
        abort(404)
    complaint = disputes.complaint(db.session, whose.person_id, RowKind.CONTRIBUTION, found.id)
    item = Item(found, complaint is not None)
    return pages.page(
        "records/contributions/detail.html",
        whose=whose,
        fund=chosen,
        item=item,
        complaint=complaint,
        facts=_facts(item, chosen),
        back=f"{whose.base}/qua-trinh/{chosen.slug}",
        dispute_url=disputes.link(whose, RowKind.CONTRIBUTION, found.id),
        office=asking.office_near(db.session, whose.person_id),
        active=whose.active,
    )


def _facts(item: Item, fund: Fund) -> list[tuple[str, str]]:
    """Every field of the detail (seed 004), also those that are empty: a dash says that nothing is known."""
    row = item.row
    lines = [
        (_("Loại bảo hiểm"), say(fund.label)),
        (_("Từ tháng"), item.first),
        (_("Đến tháng"), item.last),
        (_("Chức vụ"), row.job),
        (
            _("Đơn vị công tác"),
            f"{row.employer_name} ({row.employer_code})" if row.employer_code else row.employer_name,
        ),
        (_("Nơi làm việc"), row.workplace),
        (_("Loại tiền"), row.currency),
        (say(fund.salary_label), item.salary),
        (_("Mức lương/hệ số"), item.coefficient),
    ]
    return [(label, value or "–") for label, value in lines]
