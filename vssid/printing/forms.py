"""Why the cards are wanted, and what the address says of whose they are."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l

from vssid.printing.choosing import Wanted
from vssid.printing.rules import LONGEST_REASON
from vssid.web.forms import Form, clean, no_control_characters, paragraph

_MOST_PARTS = 999


class WishForm(Form):
    """The reason; whose cards travels along as it was chosen."""

    reason = paragraph(
        _l("Lý do"), LONGEST_REASON, _l("Hãy ghi lý do."), no_control_characters, filters=[clean],
        render_kw={"maxlength": LONGEST_REASON, "rows": 3},
        description=_l("Cán bộ thứ hai đọc lý do này trước khi đồng ý. Tối đa 300 ký tự."),
    )  # fmt: skip


def wanted_of(values: Mapping[str, str]) -> Wanted | None:
    """What an address or a form names; None for what no form of ours sends."""
    try:
        roster, ward = values.get("danh-sach", ""), values.get("phuong-xa", "")
        part = values.get("phan", "0") or "0"
        found = Wanted(
            UUID(roster) if roster else None,
            ward,
            date.fromisoformat(values["tu-ngay"]) if values.get("tu-ngay") else None,
            bool(values.get("chua-co")),
            int(part) if part.isascii() and len(part) <= len(str(_MOST_PARTS)) else -1,
        )
    except ValueError:
        return None
    return found if bool(roster) != bool(ward) and found.part >= 0 else None


def as_values(wanted: Wanted) -> dict[str, str]:
    """The same for an address or hidden fields."""
    values = {
        "danh-sach": str(wanted.roster or ""),
        "phuong-xa": wanted.ward,
        "tu-ngay": wanted.since.isoformat() if wanted.since else "",
        "chua-co": "1" if wanted.without_account else "",
        "phan": str(wanted.part or ""),
    }
    return {name: value for name, value in values.items() if value}
