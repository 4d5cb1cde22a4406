"""Step 3, Cơ quan tiếp nhận: the nearest agencies first, then search and tree."""

from typing import Any

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid import directory
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.registration.drafts import OpenDraft
from vssid.registration.fields import HandIn, Office
from vssid.registration.steps.forms import OfficeForm
from vssid.registration.steps.visit import both, first_step, keep, missing_step, my_draft, window
from vssid.web import db, pages
from vssid.web.guards import public

bp = window("offices")


@both(bp.get, "/co-quan")
@public
def show(path: str) -> Response | AnyResponse:
    """The nearest agencies first, then search and tree."""
    draft = my_draft(path)
    missing = missing_step(draft, path, "office")
    if missing or draft is None or draft.content.info is None:
        return redirect(missing or first_step(path, draft), 303)
    kept = draft.content.office
    form = OfficeForm(
        formdata=None,
        data={
            "agency_code": kept.agency_code if kept else "",
            "hand_in": kept.hand_in if kept else HandIn.COUNTER.value,
            "wants_form_by_email": kept.wants_form_by_email if kept else False,
            "email": (kept.email if kept else "") or draft.content.info.email,
        },
    )
    return pages.page("registration/office.html", form=form, **_agency_context(draft, form.agency_code.data))


def _agency_context(draft: OpenDraft, chosen: str | None) -> dict[str, Any]:
    session_, ward = db.session, draft.content.info.ward_code if draft.content.info else ""
    query, parent = pages.query_text("q", 60), pages.query_text("cha", 5)
    nearest = [near.agency for near in directory.nearest_agencies(session_, ward, 3)]
    listed = directory.search_agencies(session_, query, 20) if query else directory.agency_children(session_, parent)
    current = directory.agency(session_, chosen) if chosen else None
    return {
        "draft": draft,
        "path": draft.content.kind.value,
        "nearest": nearest,
        "listed": [agency for agency in listed if agency not in nearest],
        "above": directory.agency_path(session_, parent) if parent else [],
        "query": query,
        "parent": parent,
        "chosen": current,
    }


@both(bp.post, "/co-quan")
@public
def save_office(path: str) -> Response | AnyResponse:
    """Keep agency, way of handing in, and whether the form is mailed."""
    draft = my_draft(path)
    missing = missing_step(draft, path, "office")
    if missing or draft is None or draft.content.info is None:
        return pages.after_post(None, missing or first_step(path, draft))
    form = OfficeForm()
    valid = form.validate_on_submit()
    code = (form.agency_code.data or "")[:5]
    with reading(db.engine()) as session_:
        known = directory.agency(session_, code) if code else None
    if valid and known is None:
        form.refuse(Refused(N_("Hãy chọn một cơ quan trong danh sách."), "agency_code"))
    if not valid or known is None:
        return pages.refused("registration/office.html", form=form, **_agency_context(draft, code))
    draft.content.office = Office(code, form.hand_in.data, bool(form.wants_form_by_email.data), form.email.data or "")
    return keep(draft, draft.content, url_for("sending.review", path=path))
