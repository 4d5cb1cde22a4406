"""What an officer does at the counter: takes a declaration down, prints the sheet with the codes."""

from datetime import datetime

from sqlalchemy.orm import Session

from vssid import accounts, content
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.officers import Officer
from vssid.registration import actions, pictures, queries
from vssid.registration.drafts import Content
from vssid.registration.fields import HandIn, Info, Office, Side
from vssid.registration.models import Declaration
from vssid.registration.rules import Status, check_decidable
from vssid.registration.surroundings import Surroundings


def take_down(
    db: Session,
    said: Content,
    info: Info,
    consent: content.Acceptance,
    language: str,
    *,
    by: Officer,
    at: datetime,
) -> Declaration:
    """A declaration for the officer's own agency. Nothing is sent: the person stands there and signs.

    Raises Refused for the officer's own family, and unless what registration needs was agreed to.
    """
    if not consent.enough:
        raise Refused(N_("Chưa đủ đồng ý. Hãy đọc cho người đăng ký nghe rồi đánh dấu những mục bắt buộc."))
    queries.check_family(db, by, info.ma_so_bhxh, info.guardian.ma_so_bhxh if info.guardian else "")
    office = Office(by.agency_code, HandIn.COUNTER, False, info.email)
    return actions.enter(db, said, info, office, consent, language, by=by.by, at=at, counter_by=by.id)


def put_photo(
    db: Session, declaration: Declaration, side: Side, files: tuple[StoredFile, StoredFile], look: int, *, at: datetime
) -> None:
    """Set one photo. Raises Refused once it is decided: what the decision was made upon stays as it was seen."""
    check_decidable(Status(declaration.status))
    pictures.put(db, "declaration_id", declaration.id, side, files, look, at)


def sheet_account(db: Session, declaration: Declaration) -> accounts.Account | None:
    """The account whose codes may be printed: opened by this declaration and not yet in its owner's hands.

    An account that was begun anew since, at another counter or over the net, is none of an older declaration's.
    """
    if declaration.status != Status.APPROVED or declaration.person_id is None or not declaration.own_account:
        return None
    opened_by = queries.approved_of(db, declaration.person_id)
    if opened_by is None or opened_by.id != declaration.id:
        return None
    account = accounts.by_person(db, declaration.person_id)
    return account if account is not None and account.status == "new" else None


def print_codes(
    db: Session,
    house: Surroundings,
    declaration: Declaration,
    batch: accounts.backup.Batch,
    *,
    by: Officer,
    at: datetime,
) -> str:
    """New codes for the sheet; those of an earlier sheet are void. Returns the activation code."""
    account = sheet_account(db, declaration)
    if account is None:
        raise Refused(N_("Không có tài khoản nào chờ kích hoạt: không in được phiếu."))
    return accounts.print_codes(db, house.keyring, account, batch, by=by.by, at=at)
