"""What form 01 says: who is registered by which path, with which photos, where and how. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from vssid.kernel.labels import N_, Label


class Kind(StrEnum):
    """Who is registered. The value is the path below /dang-ky."""

    ADULT = "ca-nhan"
    CHILD = "tre-em"
    ORGANISATION = "to-chuc"

    @property
    def label(self) -> Label:
        """The kind in the officer's list."""
        return _KINDS[self]

    @property
    def sides(self) -> tuple["Side", ...]:
        """The photos that this path asks for, in order. No portrait of a child is asked."""
        return _SIDES_OF[self]

    @property
    def needed(self) -> frozenset["Side"]:
        """The photos without which nothing is sent: the back of a birth certificate, a second page may be empty."""
        return frozenset(self.sides) - {Side.BIRTH_BACK, Side.LICENCE_MORE}


class Side(StrEnum):
    """A photo of a declaration."""

    PORTRAIT = "portrait"
    FRONT = "front"
    BACK = "back"
    BIRTH_FRONT = "birth_front"
    BIRTH_BACK = "birth_back"
    LICENCE = "licence"
    LICENCE_MORE = "licence_more"

    @property
    def label(self) -> Label:
        """The photo's name on the screen."""
        return _SIDES[self][0]

    @property
    def advice(self) -> Label:
        """How to take it so that it is accepted."""
        return _SIDES[self][1]


_KINDS = {Kind.ADULT: N_("Người lớn"), Kind.CHILD: N_("Trẻ em"), Kind.ORGANISATION: N_("Tổ chức")}
_SIDES_OF = {
    Kind.ADULT: (Side.PORTRAIT, Side.FRONT, Side.BACK),
    Kind.CHILD: (Side.BIRTH_FRONT, Side.BIRTH_BACK),
    Kind.ORGANISATION: (Side.LICENCE, Side.LICENCE_MORE),
}
_SIDES = {
    Side.PORTRAIT: (N_("Ảnh chân dung"), N_("Ảnh 3×4 hoặc tự chụp: mặt sáng, tươi cười, không đeo kính râm")),
    Side.FRONT: (N_("Mặt trước"), N_("Mặt trước giấy tờ: đặt trên nền tối, đủ bốn góc, không loá")),
    Side.BACK: (N_("Mặt sau"), N_("Mặt sau giấy tờ: đặt trên nền tối, đủ bốn góc, không loá")),
    Side.BIRTH_FRONT: (
        N_("Giấy khai sinh, mặt trước"),
        N_("Bản chính hoặc trích lục: đủ bốn góc, đọc rõ họ tên, ngày sinh"),
    ),
    Side.BIRTH_BACK: (N_("Giấy khai sinh, mặt sau"), N_("Không bắt buộc, nếu mặt sau không có chữ")),
    Side.LICENCE: (
        N_("Quyết định thành lập, giấy phép"),
        N_("Trang có tên, số, ngày cấp và con dấu: đủ bốn góc, đọc rõ chữ"),
    ),
    Side.LICENCE_MORE: (N_("Trang tiếp theo"), N_("Không bắt buộc, nếu mọi thông tin ở trang đầu")),
}


class Purpose(StrEnum):
    """What form 01 is handed in for. It is read by an agency, so its words are Vietnamese in every language."""

    REGISTER = "dang_ky"
    ADJUST = "dieu_chinh"
    STOP = "ngung"

    @property
    def words(self) -> str:
        """The purpose as the form says it."""
        return _PURPOSES[self]


_PURPOSES = {
    Purpose.REGISTER: "đăng ký sử dụng",
    Purpose.ADJUST: "điều chỉnh thông tin",
    Purpose.STOP: "ngừng sử dụng",
}


class HandIn(StrEnum):
    """How the signed form reaches the agency (hình thức nộp hồ sơ)."""

    COUNTER = "tai_noi"
    POST = "buu_chinh"
    THROUGH = "qua_don_vi"

    @property
    def label(self) -> Label:
        """The way in words, with who pays."""
        return _HAND_IN[self]


_HAND_IN = {
    HandIn.COUNTER: N_("Nộp tại nơi tiếp nhận"),
    HandIn.POST: N_("Nộp tại nhà qua bưu chính công ích (tự trả cước)"),
    HandIn.THROUGH: N_("Nộp qua đơn vị, đại lý thu hoặc nhà trường"),
}


class PaperChannel(StrEnum):
    """How the paper came, or that a digital signature stands for it: nobody chooses that one in a form."""

    COUNTER = HandIn.COUNTER.value
    POST = HandIn.POST.value
    THROUGH = HandIn.THROUGH.value
    SIGNED = "ky_so"

    @property
    def label(self) -> Label:
        """The way in words."""
        return N_("Ký số, không cần bản giấy") if self is PaperChannel.SIGNED else HandIn(self.value).label


class Relation(StrEnum):
    """What the child is to the guardian (quan hệ với người giám hộ)."""

    CHILD = "con"
    GRANDCHILD = "chau"
    WARD = "duoc_giam_ho"

    @property
    def label(self) -> Label:
        """The relation in words."""
        return _RELATIONS[self]


_RELATIONS = {
    Relation.CHILD: N_("Con"),
    Relation.GRANDCHILD: N_("Cháu"),
    Relation.WARD: N_("Người được giám hộ khác"),
}


class Address(NamedTuple):
    """Where somebody lives: codes of today, the line below the ward, the old address as it was chosen or ''."""

    province_code: str
    ward_code: str
    line: str
    given: str = ""


@dataclass(frozen=True)
class Guardian:
    """Who acts for a child: mã số BHXH and ID number as typed or, in the account, as the register has them."""

    ma_so_bhxh: str
    id_kind: str
    id_number: str
    relation: str
    # The signed-in guardian's person, as hex; '' on the public path.
    person_id: str = ""
    own_account: bool = True


@dataclass(frozen=True)
class Organisation:
    """What an organisation says beside its name: kind as `organisations` has it, mã đơn vị or '', digits of the tax code.

    A health facility also says its MA_CSKCB.
    """

    kind: str
    unit_code: str
    tax_code: str
    ivan_provider: str
    facility_code: str = ""


@dataclass(frozen=True)
class Info:
    """Step 1 as it was checked. `phone` is E.164 ('' where the guardian's account has it), `ward_code` is of today.

    A child has no `id_kind` and `id_number`: who has a CCCD registers as an adult. An organisation has no mã số.
    """

    ma_so_bhxh: str
    full_name: str
    id_kind: str
    id_number: str
    province_code: str
    ward_code: str
    address_line: str
    phone: str
    contact_name: str
    email: str
    portal: str
    address_given: str = ""
    guardian: Guardian | None = None
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Office:
    """Step 3 as it was checked."""

    agency_code: str
    hand_in: str
    wants_form_by_email: bool
    email: str


def ma_so_of(text: str) -> str:
    """The ten digits from what was typed: a whole 15-sign card number is as good as its last ten digits."""
    plain = re.sub(r"[\s.\-]", "", text).upper()
    return plain[-10:] if re.fullmatch(r"[A-Z]{2}[0-9]{13}", plain) else plain
