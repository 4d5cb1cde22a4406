"""A paper in words: each thing that it says, in the order of its kind, as pages and prints have it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from vssid.kernel.clock import VIETNAM
from vssid.kernel.labels import Label
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import SEXES, SHOWN, Field, Form, NumberKind, PaperKind
from vssid.records.visits.rules import KINDS, RESULTS
from vssid.web.i18n import day, moment, number, say


class Line(NamedTuple):
    """One thing that a paper says; `said` marks the hospital's own words, which may have several lines."""

    label: Label
    value: str
    said: bool


def lines(paper: Paper, *, printed: bool = False) -> list[Line]:
    """Everything that a paper says; what it does not say is left out. `printed` is Vietnamese, whoever reads."""
    found = {
        **paper.details, "diagnosis": paper.diagnosis, "from_date": paper.from_date, "to_date": paper.to_date,
        "days": paper.days,
    }  # fmt: skip
    return [
        Line(one.label, value, one.form in (Form.TEXT, Form.LINES))
        for one in SHOWN[PaperKind(paper.kind)]
        if (value := _value(one, found.get(one.name), printed))
    ]


def _value(field: Field, value: Any, printed: bool) -> str:
    if value in (None, ""):
        return ""
    if field.form in (Form.TEXT, Form.LINES):
        return str(value)
    return (_printed if printed else _shown)(field.form, value)


def _shown(form: Form, value: Any) -> str:
    if form is Form.DAY:
        return day(_day(value))
    if form is Form.MOMENT:
        at = datetime.fromisoformat(value).replace(tzinfo=VIETNAM)
        return moment(at) if at.hour or at.minute else day(at.date())
    if form is Form.COUNT:
        return number(value)
    return _chosen(form, value, say, (_("Có"), _("Không")))


def _printed(form: Form, value: Any) -> str:
    if form is Form.DAY:
        return f"{_day(value):%d/%m/%Y}"
    if form is Form.MOMENT:
        at = datetime.fromisoformat(value)
        return f"{at:%H:%M %d/%m/%Y}" if at.hour or at.minute else f"{at:%d/%m/%Y}"
    return str(value) if form is Form.COUNT else _chosen(form, value, str, ("Có", "Không"))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _chosen(form: Form, value: str, spoken: Callable[[Label], str], yes_and_no: tuple[str, str]) -> str:
    """What a code means; a code that nobody knows says nothing."""
    if form is Form.YES:
        return {"1": yes_and_no[0], "0": yes_and_no[1]}.get(value, "")
    names = {Form.SEX: SEXES, Form.RESULT: RESULTS, Form.CARE: KINDS}[form]
    return spoken(names[value]) if value in names else ""


def number_line(paper: Any) -> tuple[Label, str]:
    """What the paper's number is called, and the number."""
    return NumberKind(paper.number_kind).label, paper.number
