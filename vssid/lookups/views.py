"""Tìm mã số Bảo hiểm xã hội: name, birth date and paper together give the ten digits; anything else, the other ways."""

from flask import Blueprint, Response

from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import now
from vssid.kernel.labels import Refused
from vssid.kernel.text import grouped
from vssid.lookups import actions
from vssid.lookups.brakes import brake, price_here
from vssid.lookups.forms import MaSoForm
from vssid.web import captcha, db, pages
from vssid.web.guards import actor_of, public
from vssid.web.htmx import is_fragment_request

bp = Blueprint("lookups", __name__, url_prefix="/tra-cuu")
PAGE = "lookups/ma_so.html"


@bp.get("/ma-so")
@public
def ma_so_form() -> Response:
    """What one must know of oneself to be told the number."""
    return pages.page(PAGE, form=MaSoForm(formdata=None), missed=False, **captcha.for_template(price_here()))


@bp.post("/ma-so")
@public
def find_ma_so() -> Response:
    """The digits, or one answer for everything that does not fit."""
    form = MaSoForm()
    if not form.validate_on_submit():
        return _again(form)
    try:
        # Half of today's price will do: it may have risen while the form was filled in.
        by_work = captcha.check(at_least=price_here() // 2)
    except Refused as refusal:
        form.refuse(refusal)
        return _again(form)
    actor = actor_of(ActorKind.CITIZEN)
    asked, by = form.asked(), actor.by if actor else VISITOR
    stopped = brake(asked, by_work, by)
    if stopped is not None:
        form.refuse(Refused(stopped.label))
        # htmx puts the form back only for 422.
        return _again(form, status=422 if is_fragment_request() else 429)
    ma_so = actions.find_ma_so(db.session, asked, by=by, at=now())
    db.commit()
    if ma_so is None:
        return _again(form, missed=True)
    return pages.page("lookups/ma_so_found.html", ma_so=ma_so, spaced=grouped(ma_so, 2, 4))


def _again(form: MaSoForm, *, status: int = 422, missed: bool = False) -> Response:
    return pages.refused(PAGE, status=status, form=form, missed=missed, **captcha.for_template(price_here()))
