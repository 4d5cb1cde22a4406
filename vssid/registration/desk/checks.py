"""What a machine can compare before a person looks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from vssid import accounts, directory, organisations, records
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold
from vssid.records import IdKind, Sex
from vssid.registration.approval import why_no_ward
from vssid.registration.fields import Kind
from vssid.registration.models import Declaration
from vssid.registration.queries import Registered


@dataclass(frozen=True)
class Check:
    """One automatic check: whether it is fine, and what it found."""

    fine: bool
    words: Label


def checks(db: Session, declaration: Declaration, known: Registered, today: date) -> list[Check]:
    """All checks, those that need a look first."""
    if declaration.kind == Kind.ORGANISATION:
        found = _of_facility(db, declaration, today) + _of_organisation(db, declaration)
        return sorted(found, key=lambda check: check.fine)
    person = known.person
    found = (
        _of_child(declaration, known, today) if declaration.kind == Kind.CHILD else _of_adult(db, declaration, known)
    )
    if person is None:
        found.insert(0, Check(False, N_("Mã số BHXH không có trong sổ bộ")))
    else:
        found += [
            Check(True, N_("Mã số BHXH có trong sổ bộ")),
            Check(_same_name(person.full_name, declaration.full_name), N_("Họ và tên so với sổ bộ")),
            Check(person.died_on is None, N_("Người này còn sống theo sổ bộ")),
            Check(person.ward_code in ("", declaration.ward_code), N_("Phường/xã so với sổ bộ")),
        ]
    return sorted(found, key=lambda check: check.fine)


def _of_organisation(db: Session, declaration: Declaration) -> list[Check]:
    """What we know of an organisation is only what it says; the officer compares with the papers and the agency's list."""
    taken = organisations.by_code(db, declaration.unit_code) if declaration.unit_code else None
    words = N_("Chưa có tổ chức mang mã đơn vị này") if taken is None else N_("Đã có tổ chức mang mã đơn vị này.")
    if not declaration.unit_code:
        words = N_("Không có mã đơn vị: xem trong danh sách của cơ quan")
    return [
        Check(bool(declaration.unit_code) and taken is None, words),
        Check(False, N_("So tên, mã số thuế với giấy tờ và con dấu trên mẫu 01")),
    ]


def _of_facility(db: Session, declaration: Declaration, today: date) -> list[Check]:
    """What the directory and the other organisations say of a facility's code; nothing for other kinds."""
    code = declaration.facility_code
    if not code:
        return []
    listed = directory.facility(db, code)
    if listed is None:
        return [Check(False, N_("Danh mục không có cơ sở khám chữa bệnh mang mã này."))]
    taken = organisations.by_facility(db, code)
    words = N_("Chưa có tổ chức của cơ sở này") if taken is None else N_("Đã có tổ chức của cơ sở khám chữa bệnh này.")
    holds = (listed.valid_from or today) <= today <= (listed.valid_to or today)
    contract = listed.bhyt_contract and holds
    return [
        *([] if fold(listed.name) == fold(declaration.full_name) else [Check(False, _other_name(listed.phone))]),
        Check(taken is None, words),
        Check(
            contract,
            N_("Cơ sở đang có hợp đồng khám chữa bệnh BHYT")
            if contract
            else N_("Theo danh mục, cơ sở không có hợp đồng khám chữa bệnh BHYT"),
        ),
    ]


def _other_name(phone: str) -> Label:
    """Whoever declares may not be of that facility: only its own telephone tells, never the declared one."""
    if not phone:
        return N_("Tên khai khác tên trong danh mục. Hãy hỏi cơ sở trước khi duyệt.")
    return N_("Tên khai khác tên trong danh mục. Hãy gọi cơ sở %(phone)s trước khi duyệt.", phone=phone)


def _same_name(one: str, other: str) -> bool:
    return records.check_name(one).casefold() == records.check_name(other).casefold()


def _of_adult(db: Session, declaration: Declaration, known: Registered) -> list[Check]:
    owner = accounts.by_phone(db, declaration.phone)
    words = (
        N_("Số điện thoại chưa thuộc tài khoản nào")
        if declaration.phone
        else N_("Không có điện thoại: mã in trên phiếu")
    )
    found = [Check(owner is None, words)]
    person = known.person
    if person is not None:
        account = accounts.by_person(db, person.id)
        if account is not None and account.guardian_id is not None:
            found.append(Check(True, N_("Đang có tài khoản trẻ em: duyệt thì chuyển cho chính người này")))
        else:
            free = account is None or account.status == "closed"
            found.append(Check(free, N_("Mã số này chưa có tài khoản, hoặc tài khoản cũ đã ngừng sử dụng")))
        found += _number_checks(declaration, known)
    return found


def _number_checks(declaration: Declaration, known: Registered) -> list[Check]:
    kind, person = IdKind(declaration.id_kind), known.person
    found = []
    if kind is IdKind.CCCD and person is not None:
        wrong = records.check_cccd(declaration.id_number, known.birth, Sex(person.sex))
        found += [Check(False, words) for words in wrong] or [Check(True, N_("Số CCCD đúng năm sinh, giới tính"))]
    if kind in known.numbers:
        found.append(Check(known.numbers[kind] == declaration.id_number, N_("Số giấy tờ so với sổ bộ")))
    return found


def _of_child(declaration: Declaration, known: Registered, today: date) -> list[Check]:
    wrong = why_no_ward(known, today) if known.person else None
    found = [Check(False, wrong)] if wrong else []
    guardian = known.guardian
    if guardian is None:
        return found
    linked = any(one.id == guardian.id for one in known.guardians)
    number = known.guardian_numbers.get(IdKind(declaration.guardian_id_kind)) if declaration.guardian_id_kind else None
    words = N_("Sổ bộ ghi người này là người giám hộ của trẻ")
    found.append(
        Check(linked, words if linked else N_("Sổ bộ chưa ghi người này là người giám hộ: xem giấy khai sinh"))
    )
    found.append(Check(number == declaration.guardian_number, N_("Số giấy tờ của người giám hộ so với sổ bộ")))
    others = [one.full_name for one in known.guardians if one.id != guardian.id]
    if others and not linked:
        found.append(Check(False, N_("Sổ bộ ghi người giám hộ khác: %(names)s", names=", ".join(others))))
    return found
