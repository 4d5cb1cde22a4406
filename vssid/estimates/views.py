"""Ước tính: a list of estimates, and each as a form that is asked by GET and answered on its own page."""

from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from vssid import accounts
from vssid.estimates.forms import FORMS, NEWEST, EstimateForm
from vssid.estimates.own import Taken
from vssid.estimates.queries import figures_on, newest_coefficients, year_of
from vssid.estimates.rules import COEFFICIENT, Figure, Figures, Kind, NoFigure, Outcome, Parts, dong, name_of
from vssid.estimates.taking import contradiction, take
from vssid.kernel.labels import Label, Refused
from vssid.web import db, pages
from vssid.web.guards import citizen
from vssid.web.i18n import number, say

bp = Blueprint("estimates", __name__, url_prefix="/ca-nhan/uoc-tinh")
YEAR_DIGITS = 4
ASKED = "tinh"  # sent by the button: an address without it only fills the form in
TAKE = "lay"  # fills the form from one's own rows
HIDDEN = "HiddenField"
_KIND = f"/<any({', '.join(repr(str(kind)) for kind in Kind)}):kind>"


@bp.get("")
@citizen
def index() -> Response:
    """Which estimates there are."""
    return pages.page("estimates/index.html", kinds=list(Kind), active="ca-nhan")


@bp.get(_KIND)
@citizen
def show(kind: str) -> Response:
    """The form, and when it was sent the estimate above it; filled from one's own rows when that is asked for."""
    wanted = Kind(kind)
    taken, lacking = _taken(wanted)
    form = FORMS[wanted](formdata=MultiDict({**taken.values, **request.args}) if taken else request.args or None)
    outcome, figures, refusal = _answered(form) if ASKED in request.args else (None, None, lacking)
    return pages.page(
        "estimates/show.html",
        status=422 if form.errors or (refusal and not taken) else 200,
        missing=refusal.label if refusal and not taken else None,
        newer=_newest_instead(refusal, form),
        taken=taken,
        kind=wanted,
        form=form,
        fields=[field for field in sorted(form, key=lambda one: one is form.day) if field.type != HIDDEN or field.data],
        outcome=outcome,
        against=contradiction(db.session, accounts.me().person_id) if outcome and _from_rows(form) else None,
        from_rows=TAKE in request.args,
        steps=[(step, "" if step.plain else formula(step.how)) for step in (*outcome.steps, outcome.answer)]
        if outcome
        else [],
        used=_named(figures) if figures else [],
        day=figures.day if figures else None,
        following=_following(wanted, outcome, figures),
        active="ca-nhan",
    )


def _taken(kind: Kind) -> tuple[Taken | None, NoFigure | None]:
    """What one's own rows say, if that is asked for, and the figure that was lacking for it."""
    if TAKE not in request.args or ASKED in request.args:
        return None, None
    newest = request.args.get("he_so") == NEWEST
    return take(db.session, kind, accounts.me().person_id, newest=newest, written=number)


def _from_rows(form: EstimateForm) -> bool:
    """Whether the estimate is of one's own rows, and such that these may speak against it."""
    return TAKE in request.args and form.needs_pause


def _answered(form: EstimateForm) -> tuple[Outcome | None, Figures | None, Refused | None]:
    """The estimate with the figures that it used, or errors in the form, or why nobody could reckon it today."""
    if not form.validate():  # type: ignore[no-untyped-call]
        return None, None, None
    figures = figures_on(db.session, form.on(), newest=form.takes_newest)
    try:
        return form.outcome(figures), figures, None
    except Refused as refusal:
        if refusal.field is None:
            return None, None, refusal
        form.refuse(refusal)
        return None, None, None


def _newest_instead(refusal: Refused | None, form: EstimateForm) -> tuple[int, str] | None:
    """The year of the newest coefficients, and the address that chooses them, where those of the day are missing."""
    if not isinstance(refusal, NoFigure) or not refusal.code.startswith(COEFFICIENT) or form.takes_newest:
        return None
    table = newest_coefficients(db.session, refusal.day)
    if not table:
        return None
    asked = [(name, value) for name, value in request.args.items() if name != "he_so"]
    return year_of(table), f"{request.path}?{urlencode([*asked, ('he_so', NEWEST)])}"


def _named(figures: Figures) -> list[tuple[Label, str, Figure]]:
    return [(name_of(one.code), _written(one.value), one) for one in figures.used.values()]


def _written(value: str) -> str:
    """A figure as the reader writes numbers; what may be a year keeps its digits together."""
    return value if value.isdecimal() and len(value) <= YEAR_DIGITS else number(Decimal(value))


def _following(kind: Kind, outcome: Outcome | None, figures: Figures | None) -> str:
    """An average is wanted for what comes next: it is carried over in the address, and of which coefficients it is."""
    if kind is not Kind.AVERAGE or outcome is None or figures is None:
        return ""
    chosen = {"he_so": NEWEST} if figures.borrowed is not None else {}
    return urlencode({"binh_quan": number(dong(outcome.answer.result)), **chosen})


def formula(parts: Parts) -> str:
    """A formula with its numbers as the reader writes them: 4,5% × 2.340.000 × 70%."""
    text = " ".join(number(part) if isinstance(part, Decimal) else say(part) for part in parts)
    return text.replace(" %", "%").replace("( ", "(").replace(" )", ")")
