"""Items go back and come back mended; meanwhile the days for the paper do not count."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import VISITOR
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import fold
from vssid.officers import Officer
from vssid.registration import messages, pictures, queries
from vssid.registration.corrections.rules import Item, Returned, check_returnable
from vssid.registration.models import Correction, Declaration
from vssid.registration.rules import Status, Tag, resumed
from vssid.registration.surroundings import Surroundings
from vssid.web.i18n import say_in

NOBODY_MENDS = N_(
    "Người này không có điện thoại để theo dõi và tự sửa. Hãy từ chối tờ khai này, rồi lập tờ khai mới tại quầy."
)
ALREADY = N_("Mục này đã sửa xong hoặc không cần sửa.")


def give_back(
    db: Session,
    house: Surroundings,
    declaration: Declaration,
    returned: list[Returned],
    *,
    by: Officer,
    at: datetime,
    today: date,
) -> None:
    """Trả lại để sửa: the citizen is told which items and why; the clock stands still from today.

    Raises Refused when it is decided or nothing is chosen, and where nobody could mend: without a phone nobody follows.
    """
    check_returnable(Status(declaration.status), returned)
    if declaration.counter_by is not None and not declaration.phone:
        raise Refused(NOBODY_MENDS)
    declaration.status, declaration.paused_on = Status.RETURNED, today
    for one in returned:
        db.add(
            Correction(
                id=uuid4(),
                declaration_id=declaration.id,
                item=one.item,
                reason_code=one.reason,
                words=one.words,
                with_sample=one.with_sample,
                before=_value(declaration, one.item),
                asked_at=at,
                asked_by=by.id,
                mended_at=None,
            )
        )
    items = ",".join(one.item for one in returned)
    audit.record(db, Tag.RETURNED, by.by, ("declaration", declaration.id), at, items=items)
    messages.send_sms(db, house.keyring, "returned", declaration, at, at + timedelta(days=3))
    lines = "\n".join(f"- {_line(one, declaration.language)}" for one in returned)
    messages.send_mail(db, house.keyring, "returned", declaration, at, house.url, items=lines)


def _line(one: Returned, language: str) -> str:
    said = (say_in(language, one.item.label), say_in(language, one.reason.label))
    return f"{said[0]}: {said[1]} {one.words}".strip()


def _value(declaration: Declaration, item: Item) -> str:
    return "" if item.side else str(getattr(declaration, item.column))


def mend(
    db: Session, declaration: Declaration, correction: Correction, values: dict[str, str], *, at: datetime, today: date
) -> bool:
    """Set what one returned line says; True when it was the last and the declaration goes on. Raises Refused if mended."""
    _check_open(declaration, correction)
    for column, value in values.items():
        setattr(declaration, column, value)
    if "full_name" in values:
        declaration.name_folded = fold(values["full_name"])
    if "phone" in values:
        declaration.phone_of_account = False
    return _mended(db, declaration, correction, at, today)


def mend_photo(
    db: Session,
    declaration: Declaration,
    correction: Correction,
    files: tuple[StoredFile, StoredFile],
    look: int,
    *,
    at: datetime,
    today: date,
) -> bool:
    """Replace one returned photo; the rest as in `mend`."""
    _check_open(declaration, correction)
    side = Item(correction.item).side
    if side is None:
        raise Refused(ALREADY)
    pictures.put(db, "declaration_id", declaration.id, side, files, look, at)
    return _mended(db, declaration, correction, at, today)


def _check_open(declaration: Declaration, correction: Correction) -> None:
    if declaration.status != Status.RETURNED or correction.mended_at is not None:
        raise Refused(ALREADY)


def _mended(db: Session, declaration: Declaration, correction: Correction, at: datetime, today: date) -> bool:
    correction.mended_at = at
    audit.record(db, Tag.MENDED, VISITOR, ("declaration", declaration.id), at, item=correction.item)
    db.flush()
    if queries.open_corrections(db, declaration.id):
        return False
    declaration.status = Status.RECEIVED if declaration.paper_at else Status.WAITING
    if declaration.paused_on is not None and declaration.paper_at is None:
        declaration.lapses_on = resumed(declaration.lapses_on, declaration.paused_on, today)
    declaration.paused_on = None
    return True
