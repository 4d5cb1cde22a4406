"""Ước tính: a list of estimates, and each as a form that is asked by GET and answered on its own page."""

from decimal import ROUND_HALF_UP, Decimal

from flask import Blueprint, Response, request

from vssid.estimates.forms import FORMS, EstimateForm
from vssid.estimates.queries import figures_on
from vssid.estimates.rules import Figure, Figures, Kind, Outcome, Parts, name_of
from vssid.kernel.labels import Label, Refused
from vssid.web import db, pages
from vssid.web.guards import citizen
from vssid.web.i18n import number, say

bp = Blueprint("estimates", __name__, url_prefix="/ca-nhan/uoc-tinh")
YEAR_DIGITS = 4
ASKED = "tinh"  # sent by the button: an address without it only fills the form in
_KIND = f"/<any({', '.join(repr(str(kind)) for kind in Kind)}):kind>"


@bp.get("")
@citizen
def index() -> Response:
    """Which estimates there are."""
    return pages.page("estimates/index.html", kinds=list(Kind), active="ca-nhan")


@bp.get(_KIND)
@citizen
def show(kind: str) -> Response:
    """The form, and when it was sent the estimate above it."""
    wanted = Kind(kind)
    form = FORMS[wanted](formdata=request.args or None)
    outcome, figures, missing = _answered(form) if ASKED in request.args else (None, None, None)
    return pages.page(
        "estimates/show.html",
        status=422 if form.errors or missing else 200,
        missing=missing,
        kind=wanted,
        form=form,
        fields=sorted(form, key=lambda field: field is form.day),
        outcome=outcome,
        steps=[(step, formula(step.how)) for step in (*outcome.steps, outcome.answer)] if outcome else [],
        used=_named(figures) if figures else [],
        day=figures.day if figures else None,
        following=_following(wanted, outcome),
        active="ca-nhan",
    )


def _answered(form: EstimateForm) -> tuple[Outcome | None, Figures | None, Label | None]:
    """The estimate with the figures that it used, or errors in the form, or why nobody could reckon it today."""
    if not form.validate():  # type: ignore[no-untyped-call]
        return None, None, None
    figures = figures_on(db.session, form.on())
    try:
        return form.outcome(figures), figures, None
    except Refused as refusal:
        if refusal.field is None:
            return None, None, refusal.label
        form.refuse(refusal)
        return None, None, None


def _named(figures: Figures) -> list[tuple[Label, str, Figure]]:
    return [(name_of(one.code), _written(one.value), one) for one in figures.used.values()]


def _written(value: str) -> str:
    """A figure as the reader writes numbers; what may be a year keeps its digits together."""
    return value if value.isdecimal() and len(value) <= YEAR_DIGITS else number(Decimal(value))


def _following(kind: Kind, outcome: Outcome | None) -> str:
    """An average is wanted for what comes next: it is carried over in the address."""
    if kind is not Kind.AVERAGE or outcome is None:
        return ""
    return f"binh_quan={outcome.answer.result.quantize(Decimal(1), ROUND_HALF_UP)}"


def formula(parts: Parts) -> str:
    """A formula with its numbers as the reader writes them: 4,5% × 2.340.000 × 70%."""
    text = " ".join(number(part) if isinstance(part, Decimal) else say(part) for part in parts)
    return text.replace(" %", "%").replace("( ", "(").replace(" )", ")")
