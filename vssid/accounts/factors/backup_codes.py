"""Mã dự phòng: how many are left, and ten new ones that are shown once."""

from typing import Any

from flask import Blueprint, Response, current_app

from vssid.accounts import backup
from vssid.accounts.entrance import me
from vssid.accounts.factors import actions
from vssid.accounts.factors.asking import check_password, hotline
from vssid.accounts.factors.forms import PasswordOnlyForm
from vssid.accounts.rules import spoken_code
from vssid.kernel.clock import day_of, now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.web import db, pages
from vssid.web.guards import citizen

bp = Blueprint("backup_codes", __name__, url_prefix="/tai-khoan/ma-du-phong")
PAGE = "accounts/backup_codes.html"


def _around(form: Any = None) -> dict[str, Any]:
    with reading(db.engine()) as session:
        left = backup.left(session, me().id)
    return {"left": left, "form": form or PasswordOnlyForm(formdata=None), "active": "tai-khoan"}


@bp.get("")
@citizen
def show() -> Response:
    """How many are left."""
    return pages.page(PAGE, **_around())


@bp.post("")
@citizen
def renew() -> Response:
    """Ten new ones; the old ones are void. They stand in this answer and nowhere else."""
    form, at = PasswordOnlyForm(), now()
    if not form.validate_on_submit():
        return pages.refused(PAGE, **_around(form))
    try:
        check_password(form.password.data)
    except Refused as refusal:
        form.refuse(refusal)
        return pages.refused(PAGE, **_around(form))
    batch = backup.fresh()
    keyring = current_app.extensions["keyring"]
    actions.keep_backup_codes(db.session, keyring, me().id, batch, at=at, hotline=hotline())
    db.commit()
    spoken = [spoken_code(code) for code in batch.codes]
    return pages.page("accounts/backup_codes_new.html", codes=spoken, made=day_of(at), active="tai-khoan")
