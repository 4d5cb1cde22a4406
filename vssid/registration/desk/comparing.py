"""Typed, scanned and registered values beside each other; what differs is marked."""

import json
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import directory, scans
from vssid.kernel.labels import Refused
from vssid.kernel.text import grouped, spoken_phone
from vssid.records import IdKind, PartialDate, Sex
from vssid.registration.fields import Kind
from vssid.registration.models import Declaration
from vssid.registration.papers import full_address, info_facts
from vssid.registration.queries import Registered
from vssid.web.i18n import say


@dataclass(frozen=True)
class Line:
    """One row of the comparison. `typed` is what was declared, '' where nobody types it.

    What need not agree is shown beside each other and not `compares`d.
    """

    label: str
    typed: str
    scanned: str
    registered: str
    compares: bool = True

    @property
    def differs(self) -> bool:
        """Whether what is known of it does not agree."""
        known = {_plain(value) for value in (self.typed, self.scanned, self.registered) if value}
        return self.compares and len(known) > 1


def _plain(text: str) -> str:
    return text.casefold().replace(" ", "")


def compared(db: Session, declaration: Declaration, known: Registered) -> list[Line]:
    """The lines of step 1, then birth date and sex, which only card and register tell."""
    typed = {fact.label: fact.value for fact in info_facts(db, declaration)}
    registered = _registered(db, declaration, known)
    scanned = _scanned(declaration)
    labels = list(typed)
    if declaration.kind == Kind.ORGANISATION:
        listed = _listed(db, declaration)
        # Who signs in for a facility has a telephone of their own.
        own = _("Số điện thoại")
        return [Line(label, value, "", listed.get(label, ""), label != own) for label, value in typed.items()]
    labels[2:2] = [label for label in (_("Ngày sinh"), _("Giới tính")) if label not in typed]
    return [Line(label, typed.get(label, ""), scanned.get(label, ""), registered.get(label, "")) for label in labels]


def _listed(db: Session, declaration: Declaration) -> dict[str, str]:
    """What the directory has of a facility that registers."""
    facility = directory.facility(db, declaration.facility_code) if declaration.facility_code else None
    if facility is None:
        return {}
    return {
        _("Mã cơ sở khám chữa bệnh"): facility.code,
        _("Tên cơ quan, tổ chức"): facility.name,
        _("Địa chỉ liên hệ"): facility.address,
        _("Số điện thoại"): facility.phone,
    }


def _registered(db: Session, declaration: Declaration, known: Registered) -> dict[str, str]:
    person = known.person
    found = {}
    if person is not None:
        found = {
            _("Mã số BHXH"): grouped(known.numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4),
            _("Họ và tên"): person.full_name,
            _("Ngày sinh"): known.birth.vn() if known.birth else "",
            _("Giới tính"): say(Sex(person.sex).label),
            _("Địa chỉ liên hệ"): full_address(db, person.address, person.province_code, person.ward_code),
            _("Số điện thoại"): spoken_phone(person.phone),
            _("Email"): person.email,
        }
    if declaration.id_kind:
        found[_("Số CCCD/Hộ chiếu/CMND")] = known.numbers.get(IdKind(declaration.id_kind), "")
    if known.guardian is not None:
        kind = IdKind(declaration.guardian_id_kind) if declaration.guardian_id_kind else IdKind.CCCD
        found[_("Mã số BHXH người giám hộ")] = grouped(known.guardian_numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4)
        found[_("Số CMND/HC/CC của người giám hộ")] = known.guardian_numbers.get(kind, "")
        found[_("Người liên hệ")] = known.guardian.full_name
    return found


def _scanned(declaration: Declaration) -> dict[str, str]:
    """What the QR codes of cards said; of a value on both, the CCCD's."""
    if not declaration.scans:
        return {}
    found: dict[str, str] = {}
    kept = json.loads(declaration.scans)
    for kind in sorted(kept, key=lambda kind: kind == scans.ScanKind.CCCD):
        scan = scans.Scan.from_dict(kept[kind])
        lines = {
            _("Mã số BHXH"): grouped(scan.ma_so_bhxh, 2, 4),
            _("Họ và tên"): scan.full_name,
            _("Số CCCD/Hộ chiếu/CMND"): scan.id_number,
            _("Ngày sinh"): _birth(scan.birth_date),
            _("Giới tính"): say(Sex(scan.sex).label) if scan.sex else "",
            _("Địa chỉ liên hệ"): scan.address if kind == scans.ScanKind.CCCD else "",
        }
        found.update({label: value for label, value in lines.items() if value})
    return found


def _birth(iso: str) -> str:
    try:
        return PartialDate.parse(iso).vn() if iso else ""
    except Refused:
        return ""
