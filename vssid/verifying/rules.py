"""What a check tells, in words. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from vssid.card.rules import Validity
from vssid.card.strips import Strip, Verdict
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import grouped

LONGEST_TYPED = 600
CHECKS_AN_HOUR = (1200, timedelta(hours=1))  # from one network: a hospital's counters on a Monday morning

# A million codes stand behind a number: ten guesses a day find one of today's or yesterday's once in some ten thousand days.
# Of a network by itself, so that nobody can shut a number out everywhere; of all together sixty.
SPOKEN_HERE, SPOKEN_OF_NUMBER, SPOKEN_FROM_NETWORK = (
    (10, timedelta(days=1)),
    (60, timedelta(days=1)),
    (120, timedelta(hours=1)),
)

_REGISTER = {
    Validity.VALID: N_("Theo sổ bộ lúc này: thẻ dùng được."),
    Validity.NOT_YET: N_("Theo sổ bộ lúc này: thẻ chưa có hiệu lực."),
    Validity.EXPIRED: N_("Theo sổ bộ lúc này: thẻ đã hết hạn."),
    Validity.WITHDRAWN: N_("Theo sổ bộ lúc này: thẻ đã bị thu hồi."),
}


def register_says(state: Validity | None) -> Label:
    """What the register says of a card now; None is no card at all."""
    return N_("Theo sổ bộ lúc này: không có thẻ nào.") if state is None else _REGISTER[state]


@dataclass(frozen=True)
class Found:
    """What is told of a card: the colour (good, warn, bad, info), what was found, what to do, what the register says."""

    tone: str
    words: Label
    advice: Label
    register: Label | None


def told(verdict: Verdict, register: Validity | None, known: bool) -> Found:
    """A strip may be right and the card not any more: the register, where the person is `known`, has the last word."""
    if not known:
        return Found(verdict.tone, verdict.words, verdict.advice, None)
    says = register_says(register)
    if register is Validity.VALID or verdict.tone == "bad":
        return Found(verdict.tone, verdict.words, verdict.advice, says)
    return Found("bad", says, Verdict.ENDED.advice, None)


def facts(strip: Strip) -> list[tuple[Label, str | date]]:
    """What a strip says, line by line, for comparing with the person at the counter."""
    found: list[tuple[Label, str | date]] = [
        (N_("Chữ đầu của họ tên"), strip.initials),
        (N_("Năm sinh"), str(strip.birth_year)),
        (N_("Số thẻ BHYT"), grouped(strip.ma_so, 2, 4)),
        (N_("Mức hưởng"), " · ".join(filter(None, [str(strip.level), strip.area_code]))),
        (N_("Nơi đăng ký KCB ban đầu"), f"{strip.facility_code[:2]} - {strip.facility_code[2:]}"),
        (N_("Có giá trị từ ngày"), strip.valid_from),
    ]
    if strip.valid_to is not None:
        found.append((N_("Có giá trị đến ngày"), strip.valid_to))
    if strip.five_years_from is not None:
        found.append((N_("Thời điểm đủ 05 năm liên tục"), strip.five_years_from))
    found.append((N_("Ngày in thẻ giấy") if strip.paper else N_("Mã của ngày"), strip.day))
    return found
