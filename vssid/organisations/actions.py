"""What happens to organisations and their members: made at approval, people added, activated, signed in, ended."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.accounts import Purpose
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import fold, one_line
from vssid.organisations import messages, queries
from vssid.organisations.models import Member, Organisation
from vssid.organisations.rules import (
    MOST_MEMBERS,
    Contact,
    Facts,
    Role,
    Tag,
    check_contact,
    check_facts,
    check_may_end,
)
from vssid.settings import SESSION_ABSOLUTE

KIND = str(ActorKind.MEMBER)


def create(db: Session, keyring: Keyring, facts: Facts, contact: Contact, *, by: By, at: datetime) -> Organisation:
    """Make an organisation with its first manager, who gets an activation code by SMS.

    Raises Refused for facts that cannot be kept, when its unit code, its facility or the manager's phone is taken, and for
    a facility that the directory does not know.
    """
    check_facts(facts)
    if facts.facility_code:
        _check_facility(db, facts.facility_code)
    if facts.ma_don_vi and queries.by_code(db, facts.ma_don_vi) is not None:
        raise Refused(N_("Đã có tổ chức mang mã đơn vị này."), "ma_don_vi")
    organisation = Organisation(
        id=uuid4(),
        kind=facts.kind,
        name=facts.name,
        name_folded=fold(facts.name),
        ma_don_vi=facts.ma_don_vi,
        tax_code=facts.tax_code,
        facility_code=facts.facility_code,
        address_line=facts.address_line,
        ward_code=facts.ward_code,
        province_code=facts.province_code,
        agency_code=facts.agency_code,
        portal=facts.portal,
        ivan_provider=facts.ivan_provider,
        status="active",
        created_at=at,
    )
    db.add(organisation)
    db.flush()
    audit.record(db, Tag.CREATED, by, ("organisation", organisation.id), at, agency=facts.agency_code)
    _end_invitation(db, contact.phone, by=by, at=at)
    add_member(db, keyring, organisation.id, contact, Role.MANAGER, by=by, at=at)
    return organisation


def _check_facility(db: Session, code: str) -> None:
    if directory.facility(db, code) is None:
        raise Refused(N_("Danh mục không có cơ sở khám chữa bệnh mang mã này."), "facility_code")
    if queries.by_facility(db, code) is not None:
        raise Refused(N_("Đã có tổ chức của cơ sở khám chữa bệnh này."), "facility_code")


def _end_invitation(db: Session, phone: str, *, by: By, at: datetime) -> None:
    """An invitation that nobody took up does not keep its number from an organisation that an officer has verified.

    Whoever typed it in elsewhere may be a stranger. A first manager who has not activated yet stays.
    """
    invited = queries.by_phone(db, phone)
    if invited is None or invited.status != "new":
        return
    if any(member.status == "active" for member in queries.members(db, invited.organisation_id)):
        end_member(db, invited, by=by, at=at)


def add_member(
    db: Session, keyring: Keyring, organisation_id: UUID, contact: Contact, role: Role, *, by: By, at: datetime
) -> Member:
    """Let somebody work for the organisation, once they have activated with the code that is sent to their phone.

    Raises Refused when the phone is another member's, and when there are as many members as there may be.
    """
    check_contact(contact)
    if queries.by_phone(db, contact.phone) is not None:
        raise Refused(N_("Số điện thoại này không dùng được cho thành viên mới. Hãy dùng số khác."), "phone")
    if len(queries.members(db, organisation_id)) >= MOST_MEMBERS:
        raise Refused(N_("Tổ chức đã có %(max)d thành viên. Hãy kết thúc người đã nghỉ trước.", max=MOST_MEMBERS))
    member = Member(
        id=uuid4(),
        organisation_id=organisation_id,
        full_name=one_line(contact.full_name),
        phone=contact.phone,
        email=contact.email,
        language=contact.language,
        role=role,
        status="new",
        created_at=at,
    )
    db.add(member)
    db.flush()
    audit.record(db, Tag.MEMBER_ADDED, by, ("member", member.id), at, role=role, organisation=str(organisation_id))
    send_code(db, keyring, member, Purpose.MEMBER_ACTIVATION, by=by, at=at)
    return member


def send_code(
    db: Session, keyring: Keyring, member: Member, purpose: Purpose, *, by: By, at: datetime, bound_to: str = ""
) -> None:
    """Issue a code and queue its SMS. The caller has asked `accounts.may_send`."""
    _id, code = accounts.issue_code(db, keyring, purpose, member.id, at, bound_to)
    messages.send_code(db, keyring, purpose, member, code, at)
    audit.record(db, Tag.CODE_SENT, by, ("member", member.id), at, purpose=purpose)


def set_password(db: Session, member_id: UUID, code_id: UUID, password_hash: str, *, at: datetime) -> None:
    """Use an activation or reset code up and set the password; all sessions end.

    Raises Refused if it was just used, and for who has left since it was tried: nobody comes back by an old code.
    """
    member = db.get_one(Member, member_id)
    if member.status == "ended" or not accounts.use_code(db, code_id, at):
        raise Refused(accounts.WRONG_CODE, "code")
    tag = Tag.ACTIVATED if member.status == "new" else Tag.PASSWORD_RESET
    member.password_hash, member.password_set_at, member.status = password_hash, at, "active"
    accounts.end_sessions_of(db, KIND, member.id, at, "password")
    audit.record(db, tag, By(ActorKind.MEMBER, member.id), ("member", member.id), at)


def sign_in(db: Session, member: Member, *, at: datetime) -> str:
    """Open the member's one session; returns its token."""
    accounts.end_sessions_of(db, KIND, member.id, at, "other_device")
    audit.record(db, Tag.SIGNED_IN, By(ActorKind.MEMBER, member.id), ("member", member.id), at)
    return accounts.open_session(db, KIND, member.id, None, at, SESSION_ABSOLUTE)


def end_member(db: Session, member: Member, *, by: By, at: datetime) -> None:
    """Somebody works here no longer. Raises Refused for the last manager."""
    check_may_end(Role(member.role), queries.other_managers(db, member))
    _end(db, member, by, at)


def _end(db: Session, member: Member, by: By, at: datetime) -> None:
    member.status, member.ended_at, member.password_hash = "ended", at, None
    accounts.end_sessions_of(db, KIND, member.id, at, "ended")
    audit.record(db, Tag.MEMBER_ENDED, by, ("member", member.id), at)


def end(db: Session, organisation: Organisation, reason: str, *, by: By, at: datetime) -> None:
    """The organisation files for nobody any more: its people are out at once. Raises Refused when it has ended."""
    if organisation.status == "ended":
        raise Refused(N_("Tổ chức này đã kết thúc."))
    organisation.status, organisation.ended_at, organisation.end_reason = "ended", at, reason
    for member in queries.members(db, organisation.id):
        _end(db, member, by, at)
    audit.record(db, Tag.ENDED, by, ("organisation", organisation.id), at)
