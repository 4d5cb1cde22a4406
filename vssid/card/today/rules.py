"""What somebody who goes to a hospital today must know, as far as the law of the day says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vssid.directory.rules import whole_of
from vssid.kernel.labels import N_, Label
from vssid.records.rules import PartialDate, birthday

RECEPTION, SYSTEM_DOWN, ACCEPTING = "kham.the_dien_tu", "kham.khi_he_thong_loi", "kham.tinh_nhan_the_dien_tu"
BRING, BRING_CHILD, CHILD_UNDER = "kham.mang_theo", "kham.mang_theo.tre_em", "kham.mang_theo.tre_em_duoi"
LEVELS, EMERGENCY = "kham.ba_cap", "kham.noi_khac.cap_cuu"
EVERYWHERE = "*"

# What the fund pays at another facility than that of first registration, without referral: percents of the card's level.
ELSEWHERE: dict[str, Label] = {
    "kham.noi_khac.ngoai_tru.co_ban_duoi_50": N_("Khám ngoại trú ở cấp cơ bản, cơ sở dưới 50 điểm"),
    "kham.noi_khac.ngoai_tru.co_ban_50_70": N_("Khám ngoại trú ở cấp cơ bản, cơ sở từ 50 đến dưới 70 điểm"),
    "kham.noi_khac.ngoai_tru.tinh_trung_uong_cu": N_("Khám ngoại trú ở bệnh viện trước đây là tuyến tỉnh, trung ương"),
    "kham.noi_khac.noi_tru.co_ban": N_("Điều trị nội trú ở cấp cơ bản"),
    "kham.noi_khac.noi_tru.chuyen_sau": N_("Điều trị nội trú ở cấp chuyên sâu"),
}
CODES = (
    RECEPTION, SYSTEM_DOWN, ACCEPTING, BRING, BRING_CHILD, CHILD_UNDER, LEVELS, EMERGENCY, *ELSEWHERE,
)  # fmt: skip


@dataclass(frozen=True)
class Elsewhere:
    """One rule for other facilities: where, the percent of the card's level, and of the costs if that is known."""

    code: str
    where: Label
    of_level: int
    of_costs: int | None


def elsewhere(values: Mapping[str, str], share: int | None) -> list[Elsewhere]:
    """The rules that hold on the day of `values`; one without a readable percent is left out, never guessed.

    `share` is what the fund pays at the card's level, in percent.
    """
    found = []
    for code, where in ELSEWHERE.items():
        part = whole_of(code, values.get(code, ""))
        if part is not None:
            # Whole percents: 40 of 80 are 32. What is not whole (40 of 95 is) would be said wrongly, so it is not said.
            exact = share is not None and part * share % 100 == 0
            found.append(Elsewhere(code, where, part, part * share // 100 if exact and share is not None else None))
    return found


def is_small_child(birth_date: str, values: Mapping[str, str], today: date) -> bool:
    """Whether the birth certificate is enough; `birth_date` as the register keeps it. No when the age is not known."""
    under = whole_of(CHILD_UNDER, values.get(CHILD_UNDER, ""))
    return under is not None and today < birthday(PartialDate.parse(birth_date), under)


def accepts(provinces: str, code: str) -> bool:
    """Whether a province takes the electronic card: `provinces` is * or codes with blanks between."""
    return provinces == EVERYWHERE or code in provinces.split()
