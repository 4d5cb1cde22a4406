"""Why the cards are wanted, and what the address says of whose they are."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from vssid.printing.choosing import Wanted
from vssid.printing.rules import LONGEST_REASON
from vssid.web.forms import Day, Form, clean, no_control_characters, paragraph


class WishForm(Form):
    """The reason; whose cards travels along as it was chosen."""

    reason = paragraph(
        _l("Lý do"), LONGEST_REASON, _l("Hãy ghi lý do."), no_control_characters, filters=[clean],
        render_kw={"maxlength": LONGEST_REASON, "rows": 3},
        description=_l("Cán bộ thứ hai đọc lý do này trước khi đồng ý. Tối đa 300 ký tự."),
    )  # fmt: skip


class RevokeForm(Form):
    """Why papers are worth nothing any more."""

    reason = paragraph(
        _l("Lý do"), LONGEST_REASON, _l("Hãy ghi lý do."), no_control_characters, filters=[clean],
        render_kw={"maxlength": LONGEST_REASON, "rows": 3}, description=_l("Lý do được ghi lại. Tối đa 300 ký tự."),
    )  # fmt: skip


class FilterForm(Form):
    """What narrows a ward and may be typed wrongly; the rest of the address comes from lists and ticks."""

    since = Day(_l("Chỉ thẻ có giá trị từ ngày (nếu cần)"), [Optional()], name="tu-ngay")


def wanted_of(values: Mapping[str, str], since: date | None) -> Wanted | None:
    """What an address or a form names; None for what no form of ours sends."""
    roster, ward = values.get("danh-sach", ""), values.get("phuong-xa", "")
    try:
        found = Wanted(UUID(roster) if roster else None, ward, since, bool(values.get("chua-co")))
    except ValueError:
        return None
    return found if bool(roster) != bool(ward) else None


def as_values(wanted: Wanted) -> dict[str, str]:
    """The same for an address or hidden fields."""
    values = {
        "danh-sach": str(wanted.roster or ""),
        "phuong-xa": wanted.ward,
        "tu-ngay": wanted.since.isoformat() if wanted.since else "",
        "chua-co": "1" if wanted.without_account else "",
    }
    return {name: value for name, value in values.items() if value}
