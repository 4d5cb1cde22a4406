"""What a check tells, in words. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from vssid.card.rules import Face, Validity
from vssid.card.strips import Strip, Verdict, initials
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

NUMBER_ALONE = N_("Cần thêm 7 số dưới mã QR trên điện thoại người bệnh.")
SPOKEN_WRONG = N_("7 số chưa khớp. Số này đổi mỗi ngày: hãy nhờ người bệnh mở thẻ và đọc lại.")
CARD_FORM = N_(
    "Đây là mã QR theo mẫu thẻ: có số thẻ, không chứng minh được thẻ. Hãy quét mã lớn của ngày, hoặc mã dưới trên thẻ in."
)
# This page knows no portrait and no name.
COMPARE = N_("So chữ đầu họ tên và năm sinh với giấy tờ có ảnh.")

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
    face: Face | None = None


def unfinished(text: str) -> Label | None:
    """What is missing of something that is neither a strip nor a whole spoken code nor a document's code."""
    digits = re.sub(r"[ .-]", "", text)
    if text.count("|") >= 8:
        return CARD_FORM
    if not digits.isdigit():
        return None
    return {10: NUMBER_ALONE, 17: SPOKEN_WRONG}.get(len(digits))


def advice(verdict: Verdict) -> Label:
    """What the clerk does now, on a page that knows no portrait and no name."""
    return COMPARE if verdict is Verdict.GOOD else verdict.advice


def told(verdict: Verdict, register: Validity | None, known: bool) -> Found:
    """A strip may be right and the card not any more: the register, where the person is `known`, has the last word."""
    if not known:
        return Found(verdict.tone, verdict.words, advice(verdict), None)
    says = register_says(register)
    if register is Validity.VALID or verdict.tone == "bad":
        return Found(verdict.tone, verdict.words, advice(verdict), says)
    return Found("bad", says, Verdict.ENDED.advice, None)


def facts_of_face(face: Face) -> list[tuple[Label, str | date]]:
    """The same of somebody whose code was read out: as little as a strip would tell."""
    return [(N_("Chữ đầu của họ tên"), initials(face.holder)), (N_("Năm sinh"), face.birth[-4:])]


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
