"""Đăng ký cho con, in the guardian's account: who acts and how they are reached is known; then the same steps."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, content, directory, records
from vssid.helping import Task
from vssid.kernel.text import grouped
from vssid.records import IdKind
from vssid.registration.addresses import address_of
from vssid.registration.drafts import Content
from vssid.registration.fields import Address, Guardian, Kind
from vssid.registration.papers import full_address
from vssid.registration.steps.forms import WardForm
from vssid.registration.steps.info import context, raw_of, scan_wanted, scanned
from vssid.registration.steps.visit import begun_elsewhere, keep, my_draft
from vssid.web import db, pages
from vssid.web.guards import citizen, lendable
from vssid.web.i18n import say

bp = Blueprint("family", __name__, url_prefix="/ca-nhan/gia-dinh")
PAGE = "registration/ward.html"
PATH = Kind.CHILD.value


@bp.get("/dang-ky")
@lendable(Task.CHILD)
@citizen
def info() -> Response | AnyResponse:
    """The child's form, with the guardian's own lines filled in."""
    terms = content.to_terms(request.path)
    if terms:
        return pages.leave(terms)
    elsewhere = begun_elsewhere(PATH)
    if elsewhere:
        return elsewhere
    draft = my_draft(PATH)
    raw = draft.content.raw if draft else {}
    form = WardForm(formdata=None, data={**raw, "same_address": raw.get("same_address", "y" if not raw else "") == "y"})
    return pages.page(PAGE, **context(form, draft, raw, PATH), **_guardian_lines())


def _guardian() -> tuple[records.Person, dict[IdKind, str]]:
    person = records.person(db.session, accounts.me().person_id) or abort(404)
    return person, records.identifiers(db.session, person.id)


def _paper(numbers: dict[IdKind, str]) -> tuple[str, str]:
    """Kind and number of the guardian's paper, '' when the register knows none."""
    kinds = (IdKind.CCCD, IdKind.CMND, IdKind.PASSPORT)
    return next(((kind.value, numbers[kind]) for kind in kinds if kind in numbers), ("", ""))


def _guardian_lines() -> dict[str, Any]:
    person, numbers = _guardian()
    address = address_of(db.session, person.id)
    return {
        "guardian": [
            (_("Người giám hộ"), person.full_name),
            (_("Mã số BHXH người giám hộ"), grouped(numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4)),
            (_("Số CMND/HC/CC của người giám hộ"), _paper(numbers)[1]),
        ],
        "my_address": full_address(db.session, address.line, address.province_code, address.ward_code)
        if address
        else "",
    }


@bp.post("/dang-ky")
@lendable(Task.CHILD)
@citizen
def save_info() -> Response | AnyResponse:
    """Check step 1 and keep it; the guardian is who is signed in, whatever the form says."""
    elsewhere = begun_elsewhere(PATH)
    if elsewhere:
        return elsewhere
    form, draft = WardForm(), my_draft(PATH)
    if scan_wanted():
        return scanned(PATH, draft, form, url_for("family.info"), PAGE, _guardian_lines, in_account=True)
    picking = directory.picker.is_picking(request.form)
    valid = not picking and form.validate_on_submit()
    address = _address(form)
    if not valid or address is None:
        error = None if picking or address else directory.picker.problem(db.session, request.form)
        shown = {**context(form, draft, request.form, PATH), **_guardian_lines(), "ward_error": error and say(error)}
        return pages.refused(PAGE, status=200 if picking else 422, **shown)
    person, numbers = _guardian()
    kind, number = _paper(numbers)
    account = accounts.by_person(db.session, person.id)
    guardian = Guardian(
        numbers.get(IdKind.MA_SO_BHXH, ""), kind, number, form.relation.data, person.id.hex, bool(form.own_account.data)
    )
    kept = draft.content if draft else Content(Kind.CHILD)
    kept.raw, kept.in_account = raw_of(form), True
    kept.info = form.info(guardian, address, (account.email if account else None) or "", person.full_name)
    return keep(draft, kept, url_for("photos.show", path=PATH))


def _address(form: WardForm) -> Address | None:
    """The guardian's own where the child lives with them."""
    if form.same_address.data:
        return address_of(db.session, accounts.me().person_id)
    chosen = directory.picker.chosen(db.session, request.form)
    if chosen is None:
        return None
    return Address(chosen.place.province_code, chosen.place.code, form.address_line.data, chosen.given)
