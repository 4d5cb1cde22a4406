"""Which items of a declaration can be returned, and for which reasons. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.registration.fields import Kind, Side
from vssid.registration.rules import Status

LONGEST_WORDS = 300


class Item(StrEnum):
    """One thing that a declaration says or shows."""

    MA_SO = "ma_so_bhxh"
    NAME = "full_name"
    NUMBER = "id_number"
    GUARDIAN_MA_SO = "guardian_ma_so"
    GUARDIAN_NUMBER = "guardian_number"
    ADDRESS = "address"
    PHONE = "phone"
    PORTRAIT = "portrait"
    FRONT = "front"
    BACK = "back"
    BIRTH_FRONT = "birth_front"
    BIRTH_BACK = "birth_back"
    LICENCE = "licence"
    LICENCE_MORE = "licence_more"
    ORGANISATION_NAME = "organisation_name"
    UNIT_CODE = "unit_code"
    TAX_CODE = "tax_code"
    FACILITY_CODE = "facility_code"

    @property
    def label(self) -> Label:
        """The item as the form calls it."""
        side = self.side
        return side.label if side else _LABELS[self]

    @property
    def side(self) -> Side | None:
        """The photo that it is, if it is one."""
        return Side(self.value) if self.value in list(Side) else None

    @property
    def column(self) -> str:
        """Where a declaration keeps what the line says."""
        return _COLUMNS.get(self, self.value)

    @property
    def reasons(self) -> tuple["Reason", ...]:
        """The reasons that fit."""
        if self is Item.PORTRAIT:
            return _PORTRAIT_REASONS
        return _PHOTO_REASONS if self.side else _LINE_REASONS


class Reason(StrEnum):
    """Why an item goes back; the officer's own words are added."""

    BLURRED = "mo"
    CUT_OFF = "mat_goc"
    GLARE = "loa"
    WRONG_PAPER = "sai_giay"
    EXPIRED = "het_han"
    NOT_A_FACE = "khong_ro_mat"
    OTHER_PERSON = "nguoi_khac"
    NOT_AS_PAPER = "khac_giay_to"
    NOT_AS_REGISTER = "khac_so_bo"
    INCOMPLETE = "chua_du"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """The reason as the citizen reads it."""
        return _REASONS[self]


_LABELS = {
    Item.MA_SO: N_("Mã số BHXH"),
    Item.NAME: N_("Họ và tên"),
    Item.NUMBER: N_("Số CCCD/Hộ chiếu/CMND"),
    Item.GUARDIAN_MA_SO: N_("Mã số BHXH người giám hộ"),
    Item.GUARDIAN_NUMBER: N_("Số CMND/HC/CC của người giám hộ"),
    Item.ADDRESS: N_("Địa chỉ liên hệ"),
    Item.PHONE: N_("Số điện thoại"),
    Item.ORGANISATION_NAME: N_("Tên cơ quan, tổ chức"),
    Item.UNIT_CODE: N_("Mã đơn vị"),
    Item.TAX_CODE: N_("Mã số thuế"),
    Item.FACILITY_CODE: N_("Mã cơ sở khám chữa bệnh"),
}
_COLUMNS = {
    Item.ADDRESS: "address_line",
    Item.ORGANISATION_NAME: "full_name",
    Item.TAX_CODE: "id_number",
}
_REASONS = {
    Reason.BLURRED: N_("Ảnh mờ, không đọc được chữ."),
    Reason.CUT_OFF: N_("Ảnh mất góc: phải thấy đủ bốn góc của giấy tờ."),
    Reason.GLARE: N_("Ảnh bị loá hoặc bị che một phần."),
    Reason.WRONG_PAPER: N_("Không phải mặt giấy tờ cần chụp."),
    Reason.EXPIRED: N_("Giấy tờ trong ảnh đã hết hạn."),
    Reason.NOT_A_FACE: N_("Ảnh chân dung không rõ mặt: cần nhìn thẳng, mặt sáng, không đeo kính râm hay khẩu trang."),
    Reason.OTHER_PERSON: N_("Người trong ảnh chân dung khác người trên giấy tờ."),
    Reason.NOT_AS_PAPER: N_("Khác với giấy tờ trong ảnh."),
    Reason.NOT_AS_REGISTER: N_("Khác với sổ bộ của cơ quan BHXH."),
    Reason.INCOMPLETE: N_("Chưa đầy đủ."),
    Reason.OTHER: N_("Lý do khác:"),
}
_PHOTO_REASONS = (Reason.BLURRED, Reason.CUT_OFF, Reason.GLARE, Reason.WRONG_PAPER, Reason.EXPIRED, Reason.OTHER)
_PORTRAIT_REASONS = (Reason.NOT_A_FACE, Reason.OTHER_PERSON, Reason.BLURRED, Reason.OTHER)
_LINE_REASONS = (Reason.NOT_AS_PAPER, Reason.NOT_AS_REGISTER, Reason.INCOMPLETE, Reason.OTHER)
_ITEMS = {
    Kind.ADULT: (Item.PORTRAIT, Item.FRONT, Item.BACK, Item.MA_SO, Item.NAME, Item.NUMBER, Item.ADDRESS, Item.PHONE),
    Kind.CHILD: (
        Item.BIRTH_FRONT, Item.BIRTH_BACK, Item.NAME, Item.MA_SO, Item.GUARDIAN_MA_SO, Item.GUARDIAN_NUMBER,
        Item.ADDRESS, Item.PHONE,
    ),
    Kind.ORGANISATION: (
        Item.LICENCE, Item.LICENCE_MORE, Item.ORGANISATION_NAME, Item.UNIT_CODE, Item.TAX_CODE, Item.ADDRESS, Item.PHONE,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Returned:
    """One item with its reason, the officer's words, and whether a sample picture is shown."""

    item: Item
    reason: Reason
    words: str
    with_sample: bool


def items_of(kind: Kind, *, of_facility: bool = False) -> tuple[Item, ...]:
    """What can be returned, in the order of the officer's screen; of a health facility also its code."""
    return (*_ITEMS[kind], Item.FACILITY_CODE) if of_facility else _ITEMS[kind]


def checked(item: Item, reason: str, words: str, with_sample: bool) -> Returned:
    """One returned item. Raises Refused when the reason is none of its own, or says nothing."""
    fitting = {one.value: one for one in item.reasons}
    if reason not in fitting:
        raise Refused(N_("%(item)s: hãy chọn lý do trong danh sách.", item=item.label))
    if fitting[reason] is Reason.OTHER and len(words) < 10:
        raise Refused(N_("%(item)s: hãy ghi rõ lý do, ít nhất 10 ký tự.", item=item.label))
    if len(words) > LONGEST_WORDS:
        raise Refused(N_("%(item)s: lời giải thích dài quá %(max)s ký tự.", item=item.label, max=LONGEST_WORDS))
    return Returned(item, fitting[reason], words, with_sample and item.side is not None)


def check_returnable(status: Status, returned: list[Returned]) -> None:
    """Raise Refused unless the declaration waits for the officer, and something is returned."""
    if status not in (Status.WAITING, Status.RECEIVED):
        raise Refused(N_("Không trả lại được: tờ khai đang ở trạng thái “%(status)s”.", status=status.label))
    if not returned:
        raise Refused(N_("Hãy chọn ít nhất một mục cần sửa và lý do."))
