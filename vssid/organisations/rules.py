"""What an organisation and its people are, and who may end whom. Pure: no clock, no database."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Np_, Refused
from vssid.kernel.text import has_control_characters, one_line

LONGEST_NAME = 200
LONGEST_CODE = 20
MOST_MEMBERS = 50
MEMBERS_A_DAY = (20, timedelta(days=1))
PENDING_SECONDS = 900

_UNIT_CODE = re.compile(r"[0-9A-Z][0-9A-Z./_-]*")
_FACILITY_CODE = re.compile(r"[0-9]{2}[0-9A-Z]{3}")
_TAX_CODE = re.compile(r"[0-9]{10}(?:-[0-9]{3})?")


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    CREATED = "organisation.created"
    ENDED = "organisation.ended"
    VIEWED = "organisation.viewed"
    MEMBER_ADDED = "member.added"
    MEMBER_ENDED = "member.ended"
    CODE_SENT = "member.code_sent"
    ACTIVATED = "member.activated"
    PASSWORD_RESET = "member.password_reset"  # noqa: S105 - a name, not a secret
    SIGNED_IN = "member.signed_in"
    SIGN_IN_REFUSED = "member.sign_in_refused"
    SIGNED_OUT = "member.signed_out"


class OrganisationKind(StrEnum):
    """What kind of organisation (tổ chức) files for its people."""

    EMPLOYER = "don_vi"
    SCHOOL = "truong_hoc"
    AGENT = "dai_ly"
    FACILITY = "co_so_kcb"

    @property
    def label(self) -> Label:
        """The kind in words."""
        return _KIND_LABELS[self]

    @property
    def work(self) -> "Permission":
        """What its members are here for."""
        return Permission.CHECK if self is OrganisationKind.FACILITY else Permission.ROSTERS


_KIND_LABELS = {
    OrganisationKind.EMPLOYER: N_("Đơn vị sử dụng lao động"),
    OrganisationKind.SCHOOL: N_("Nhà trường"),
    OrganisationKind.AGENT: N_("Đại lý thu"),
    OrganisationKind.FACILITY: N_("Cơ sở khám bệnh, chữa bệnh"),
}


class Portal(StrEnum):
    """Where the organisation makes its electronic transactions (nơi đăng ký giao dịch)."""

    STATE = "cong"
    IVAN = "ivan"

    @property
    def label(self) -> Label:
        """The place's name on the form."""
        return N_("Cổng TTĐT BHXH Việt Nam") if self is Portal.STATE else N_("Tổ chức I-VAN")


class Permission(StrEnum):
    """One thing that a member may do."""

    ROSTERS = "organisation.rosters"
    CHECK = "organisation.check"
    MANAGE = "organisation.manage"


class Role(StrEnum):
    """A member's role; the values stand in the database."""

    MANAGER = "quan_ly"
    CLERK = "nhap_lieu"

    def label_at(self, kind: OrganisationKind) -> Label:
        """The role as people of such an organisation call it."""
        if self is Role.MANAGER:
            return N_("Quản lý")
        return Np_("role", "Tiếp nhận") if kind is OrganisationKind.FACILITY else N_("Nhập liệu")

    def permissions_at(self, kind: OrganisationKind) -> frozenset[str]:
        """What the role may do in such an organisation."""
        return frozenset({kind.work, Permission.MANAGE}) if self is Role.MANAGER else frozenset({kind.work})


@dataclass(frozen=True)
class Facts:
    """What is known of an organisation: `ma_don_vi` and `tax_code` may be ''; `agency_code` is the agency in charge.

    `facility_code` is a facility's MA_CSKCB, '' for every other kind.
    """

    kind: OrganisationKind
    name: str
    ma_don_vi: str
    tax_code: str
    address_line: str
    ward_code: str
    province_code: str
    agency_code: str
    portal: Portal = Portal.STATE
    ivan_provider: str = ""
    facility_code: str = ""


@dataclass(frozen=True)
class Contact:
    """A person who works for an organisation: name, phone (E.164), e-mail or '', language code."""

    full_name: str
    phone: str
    email: str = ""
    language: str = "vi"


def unit_code(text: str) -> str:
    """A unit code (mã đơn vị) as it is kept: upper case, without blanks."""
    return re.sub(r"\s", "", text).upper()


def unit_code_ok(code: str) -> bool:
    """Whether `code` is one, as `unit_code` gives it."""
    return len(code) <= LONGEST_CODE and bool(_UNIT_CODE.fullmatch(code))


def facility_code(text: str) -> str:
    """A facility's code (MA_CSKCB) as it is kept: upper case, without blanks and dashes, as in 89 - 012."""
    return re.sub(r"[\s–—-]", "", text).upper()


def facility_code_ok(code: str) -> bool:
    """Whether `code` has the form of one, as `facility_code` gives it: two digits and three signs."""
    return bool(_FACILITY_CODE.fullmatch(code))


def check_facts(facts: Facts) -> None:
    """Raise Refused for facts that cannot be kept; a name is needed, codes only need their form."""
    if not facts.name or len(facts.name) > LONGEST_NAME or has_control_characters(facts.name):
        raise Refused(N_("Hãy ghi tên tổ chức, tối đa %(max)d ký tự.", max=LONGEST_NAME), "name")
    if facts.ma_don_vi and not unit_code_ok(facts.ma_don_vi):
        raise Refused(N_("Mã đơn vị chỉ gồm chữ không dấu, số và các dấu . / - _, tối đa 20 ký tự."), "ma_don_vi")
    if facts.tax_code and not _TAX_CODE.fullmatch(facts.tax_code):
        raise Refused(N_("Mã số thuế gồm 10 số, hoặc 10 số, gạch nối và 3 số."), "tax_code")
    if facts.portal is Portal.IVAN and not facts.ivan_provider:
        raise Refused(N_("Hãy ghi tên tổ chức I-VAN."), "ivan_provider")
    if facts.kind is OrganisationKind.FACILITY and not facility_code_ok(facts.facility_code):
        raise Refused(N_("Mã cơ sở khám chữa bệnh gồm 5 ký tự, ví dụ 89012."), "facility_code")
    if facts.kind is not OrganisationKind.FACILITY and facts.facility_code:
        raise Refused(N_("Chỉ cơ sở khám bệnh, chữa bệnh mới có mã cơ sở."), "facility_code")


def check_contact(contact: Contact) -> None:
    """Raise Refused unless there is a name; the phone was read by the form."""
    name = one_line(contact.full_name)
    if not 2 <= len(name) <= 100 or has_control_characters(name):
        raise Refused(N_("Họ và tên phải có từ 2 đến %(max)s ký tự.", max=100), "full_name")


def check_may_end(role: Role, other_managers: int) -> None:
    """Raise Refused when nobody would be left who can let others in: `other_managers` are those that are active."""
    if role is Role.MANAGER and other_managers == 0:
        raise Refused(
            N_("Đây là người quản lý cuối cùng. Hãy thêm một người quản lý khác và đợi họ kích hoạt tài khoản trước.")
        )


def check_reason(words: str) -> str:
    """The officer's reason as one line. Raises Refused when it says nothing."""
    reason = one_line(words)
    if len(reason) < 10:
        raise Refused(N_("Hãy ghi rõ lý do, ít nhất 10 ký tự."), "reason")
    return reason
