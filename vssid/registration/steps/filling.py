"""Scan to fill: what a card's QR code puts into step 1. A QR code is a claim: it stays editable, and is kept beside."""

from sqlalchemy.orm import Session

from vssid import directory, scans
from vssid.kernel.labels import N_, Label
from vssid.registration.drafts import Content
from vssid.registration.fields import Kind

LONGEST_QUERY = 60
OF_PERSONS = N_("Mã QR của thẻ là của một người, không điền được cho tổ chức.")
ADULT_PATH = N_("Đây là mã QR của CCCD. Trẻ đã có CCCD thì đăng ký như người lớn, ở mục “Cá nhân”.")


def fill(db: Session, content: Content, scan: scans.Scan) -> Label | None:
    """Put `scan` into the draft's `content`; None when done, else why this card does not belong here.

    The name on a BHYT card never replaces that of a CCCD, which is printed with more care.
    """
    if content.kind is Kind.ORGANISATION:
        return OF_PERSONS
    if content.kind is Kind.CHILD and scan.kind is scans.ScanKind.CCCD:
        return ADULT_PATH
    if scan.kind is scans.ScanKind.CCCD:
        values = {"id_number": scan.id_number, "full_name": scan.full_name, **_address(db, scan.address)}
    else:
        named = scans.ScanKind.CCCD.value in content.scans
        values = {"ma_so_bhxh": scan.ma_so_bhxh, "full_name": "" if named else scan.full_name}
    content.raw.update({field: value for field, value in values.items() if value})
    content.scans[scan.kind.value] = scan.as_dict()
    return None


def _address(db: Session, address: str) -> dict[str, str]:
    """Street and hamlet into their line; ward and province into the search, which shows what they may be today."""
    parts = [part.strip() for part in address.split(",") if part.strip()]
    for size in (3, 2):
        query = " ".join(parts[-size:])[:LONGEST_QUERY]
        if len(parts) >= size and directory.search_wards(db, query, limit=1):
            return {"address_line": ", ".join(parts[:-size]), "ward_query": query, "ward_code": ""}
    return {"address_line": address[:200]}


def filled_by(content: Content) -> dict[str, str]:
    """The fields that still hold what a QR code said, each with the kind of its card."""
    found: dict[str, str] = {}
    for kind, values in content.scans.items():
        scan = scans.Scan.from_dict(values)
        claimed = {"ma_so_bhxh": scan.ma_so_bhxh, "id_number": scan.id_number, "full_name": scan.full_name}
        found.update({field: kind for field, value in claimed.items() if value and content.raw.get(field) == value})
    return found
