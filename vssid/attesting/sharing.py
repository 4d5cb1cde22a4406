"""/xac-minh/chia-se: where the phone's “Chia sẻ” brings a text or a picture of a QR code (share_target of the manifest)."""

from flask import Blueprint, Response, current_app, redirect, request

from vssid import accounts, scans
from vssid.attesting.shares import LONGEST_TEXT, SHARES_AN_HOUR, Shared, found_in
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Label, Refused
from vssid.web import pages
from vssid.web.forgery import csrf
from vssid.web.guards import public

bp = Blueprint("sharing", __name__)
PAGE = "attesting/shared.html"
TOO_OFTEN = N_("Nơi này đã kiểm tra quá nhiều lần trong một giờ. Hãy thử lại sau.")
NOTHING = N_("Chưa nhận được chữ hoặc ảnh nào. Hãy chia sẻ lại.")
OTHER_CODE = N_("Mã QR trong ảnh không phải mã xác minh của giấy do chúng tôi cấp.")
OTHER_TEXT = N_("Trong phần chữ vừa chia sẻ không có mã xác minh.")


@bp.get("/xac-minh/chia-se")
@public
def explain() -> Response:
    """What can be shared; also where a reload of the page below leads."""
    return pages.page(PAGE, trouble=None, code="")


@bp.post("/xac-minh/chia-se")
@public
def receive() -> Response:
    """On to /xac-minh with what was shared behind #, which no log sees; or words about what can be shared.

    The phone knows no form token. Nothing is changed here, so none is asked for; pages of others are turned away by
    their origin all the same.
    """
    limiter = current_app.extensions["limiter"]
    if not limiter.allow("share", accounts.network(), *SHARES_AN_HOUR, now()):
        return pages.refused(PAGE, status=429, trouble=TOO_OFTEN, code="")
    found = _shared()
    if isinstance(found, Label):
        return pages.refused(PAGE, trouble=found, code="")
    if found.code:
        return pages.page(PAGE, trouble=None, code=found.code)
    return redirect(f"/xac-minh#{found.fragment}", 303, Response)  # type: ignore[return-value]


csrf.exempt(receive)


def _shared() -> Shared | Label:
    """What the request holds to check, or why it holds nothing."""
    texts = [request.form.get(name, "")[:LONGEST_TEXT] for name in ("text", "url")]
    found = found_in(texts)
    if found:
        return found
    photo = request.files.get("anh")
    if not photo:
        return OTHER_TEXT if any(text.strip() for text in texts) else NOTHING
    try:
        codes = scans.codes_of_photo(current_app.extensions["workshop"], photo.stream.read(scans.LARGEST_BYTES + 1))
    except Refused as refused:
        return refused.label
    return found_in(code[:LONGEST_TEXT] for code in codes) or OTHER_CODE
