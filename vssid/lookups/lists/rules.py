"""Which lists have a page, and what each is called. Pure."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from vssid.directory.listings import Kind
from vssid.kernel.labels import N_, Label

SHOWS_LATE = "tra_cuu.hien_cham_dong"


@dataclass(frozen=True)
class Sheet:
    """One look-up: the end of its address, its list, its title, what one may type, and what is in it."""

    slug: str
    kind: Kind
    icon: str
    title: Label
    what: Label
    hint: Label


SHEETS = (
    Sheet(
        "co-quan",
        Kind.AGENCIES,
        "home",
        N_("Cơ quan BHXH"),
        N_("Địa chỉ, điện thoại, giờ làm việc"),
        N_("Tên hoặc mã cơ quan, ví dụ: chau doc, 08902."),
    ),
    Sheet(
        "kham-chua-benh",
        Kind.TREATING,
        "card",
        N_("Cơ sở khám chữa bệnh BHYT"),
        N_("Bệnh viện, phòng khám, trạm y tế có ký hợp đồng KCB BHYT"),
        N_("Tên hoặc mã cơ sở, gõ tắt cũng được, ví dụ: bv da khoa, 89012."),
    ),
    Sheet(
        "cap-giay-nghi",
        Kind.CERTIFYING,
        "book",
        N_("Cơ sở cấp giấy nghỉ việc hưởng BHXH"),
        N_("Nơi được cấp giấy chứng nhận nghỉ việc hưởng BHXH"),
        N_("Tên hoặc mã cơ sở, gõ tắt cũng được, ví dụ: bv da khoa, 89012."),
    ),
    Sheet(
        "don-vi",
        Kind.EMPLOYERS,
        "chart",
        N_("Đơn vị tham gia BHXH"),
        N_("Công ty, trường học, cơ quan đang tham gia BHXH"),
        N_("Tên hoặc mã đơn vị, gõ tắt cũng được, ví dụ: cty tnhh an phat."),
    ),
    Sheet(
        "diem-thu",
        Kind.POINTS,
        "map",
        N_("Điểm thu, đại lý thu"),
        N_("Nơi đóng BHXH tự nguyện và BHYT hộ gia đình"),
        N_("Tên điểm thu hoặc nơi ở, ví dụ: buu dien long xuyen."),
    ),
)


@dataclass(frozen=True)
class Wanted:
    """What somebody asks of a list: words, a province's code, a place in words, which page (from 0)."""

    text: str = ""
    province: str = ""
    place: str = ""
    number: int = 0

    def __bool__(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.text or self.province or self.place)

    def address(self, slug: str) -> str:
        """Where the answer stands."""
        asked = {"q": self.text, "tinh": self.province, "noi": self.place, "trang": self.number}
        return f"/tra-cuu/{slug}?{urlencode({name: value for name, value in asked.items() if value})}"


BY_SLUG = {sheet.slug: sheet for sheet in SHEETS}
# For the address of the one rule: the slugs are the contract's.
SLUGS = ", ".join(f"'{sheet.slug}'" for sheet in SHEETS)


def map_address(name: str, address: str) -> str:
    """Where the phone's own map opens: geo: asks it for words, and asks nobody else."""
    return f"geo:0,0?q={quote(', '.join(part for part in (name, address) if part))}"
