"""What gaps and late months mean for somebody, in plain sentences, by the law of the day. Pure.

Limits come from dated parameters (`qua_trinh.…`); where one is missing for the day, a sentence says that it cannot be told.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.records.contributions.rules import (
    Fund,
    Kind,
    Month,
    Period,
    Span,
    Tally,
    duration,
    named,
    runs,
    tally,
)

# After this age nobody is told about maternity: a matter of tact, the law knows no such age.
MATERNITY_UNTIL = 50
MOST_GAPS_TOLD = 3
_PREFIX = "qua_trinh."


@dataclass(frozen=True)
class Limit:
    """One number of the law and where it stands."""

    value: int
    source: str


@dataclass(frozen=True)
class Told:
    """One sentence, the colour of its box, and the law that it rests on ('' for plain facts)."""

    text: Label
    tone: str = "info"
    source: str = ""
    asks: bool = False  # about months that one may want explained


@dataclass(frozen=True)
class Who:
    """What matters of a person: `sex` is M or F, `birth_year` by the register."""

    sex: str
    birth_year: int


Limits = Mapping[str, Limit]
_CODES: dict[Fund, tuple[str, ...]] = {
    Fund.BHXH: ("thai_san.thang_dong", "thai_san.thang_xet", "huu_tri.nam"),
    Fund.BHTN: ("that_nghiep.thang_dong", "that_nghiep.thang_xet"),
    Fund.TNLD: (),
    Fund.BHYT: ("lien_tuc.thang", "lien_tuc.gian_doan"),
}


def codes(fund: Fund) -> list[str]:
    """The parameters that are needed for a fund."""
    return [_PREFIX + name for name in _CODES[fund]]


def told(
    fund: Fund, periods: Iterable[Period], who: Who, limits: Limits, now: Month, found: Tally | None = None
) -> list[Told]:
    """The sentences for one fund in the month `now`; none for somebody of whom no month is known.

    `found` is the tally of these periods, where it is at hand.
    """
    known = list(periods)
    found = found or tally(known, now)
    if found.whole is None:
        return []
    sentences = [*_late(found), *_gaps(fund, found)]
    if fund is Fund.BHXH:
        sentences += _maternity(tally((p for p in known if p.kind is Kind.COMPULSORY), now), who, limits, now)
        sentences += _pension(found, limits)
    elif fund is Fund.BHTN:
        sentences += _within(found, _UNEMPLOYMENT, limits, now)
    elif fund is Fund.BHYT:
        sentences += _five_years(found, limits, now)
    return sentences


def _late(found: Tally) -> list[Told]:
    if not found.late:
        return []
    spans = runs(found.late)
    text = N_(
        "%(late)s tháng chậm đóng hoặc chưa đóng (%(months)s). Những tháng này được tính khi đã đóng đủ. Hãy hỏi đơn vị"
        " hoặc cơ quan BHXH.",
        late=len(found.late),
        months=_listed(spans),
    )
    return [Told(text, "warn", asks=True)]


def _gaps(fund: Fund, found: Tally) -> list[Told]:
    gaps = found.gaps
    if not gaps:
        return []
    count = sum(gap.size for gap in gaps)
    return [Told(_GAPS[fund](count, _listed(gaps[::-1])), asks=True)]


_GAPS: dict[Fund, Callable[[int, Label], Label]] = {
    Fund.BHXH: lambda gap, months: N_(
        "Ngắt quãng %(gap)s tháng (%(months)s). Những tháng này không tính vào thời gian hưởng lương hưu; thời gian"
        " đã đóng trước đó vẫn được bảo lưu nếu chưa nhận BHXH một lần.",
        gap=gap,
        months=months,
    ),
    Fund.BHTN: lambda gap, months: N_(
        "Ngắt quãng %(gap)s tháng (%(months)s). Thời gian đóng trước đó mà chưa hưởng trợ cấp thất nghiệp vẫn được"
        " cộng dồn.",
        gap=gap,
        months=months,
    ),
    Fund.TNLD: lambda gap, months: N_(
        "Ngắt quãng %(gap)s tháng (%(months)s). Trong những tháng này không có bảo hiểm tai nạn lao động, bệnh nghề nghiệp.",
        gap=gap,
        months=months,
    ),
    Fund.BHYT: lambda gap, months: N_(
        "Ngắt quãng %(gap)s tháng (%(months)s). Trong những tháng này thẻ BHYT có thể không dùng được.",
        gap=gap,
        months=months,
    ),
}


def _listed(spans: list[Span]) -> Label:
    """The first few spans, and a sign when there are more; no words, so nothing that is translated."""
    shown = spans[:MOST_GAPS_TOLD]
    marks = [f"%(span{at})s" for at in range(len(shown))] + ["…"] * (len(spans) > MOST_GAPS_TOLD)
    return Label("; ".join(marks), **{f"span{at}": _one_listed(span) for at, span in enumerate(shown)})


def _one_listed(span: Span) -> Label:
    if span.size == 1:
        return Label("%(month)s", month=named(span.first))
    return Label("%(first)s–%(last)s", first=named(span.first), last=named(span.last))


def _unknown(what: Label) -> list[Told]:
    return [Told(N_("Dữ liệu chưa có quy định hiện hành về %(what)s nên chưa tính được. Hãy hỏi tổng đài.", what=what))]


def _asked(limits: Limits, *names: str) -> list[Limit] | None:
    """These limits, or None when one is missing for the day."""
    wanted = [_PREFIX + name for name in names]
    return [limits[code] for code in wanted] if all(code in limits for code in wanted) else None


@dataclass(frozen=True)
class _Window:
    """A right to so many paid months among the last so many: its parameters, its name, and what is said of it."""

    need: str
    window: str
    name: Label
    enough: Label
    lacking: Label


_MATERNITY = _Window(
    "thai_san.thang_dong",
    "thai_san.thang_xet",
    N_("chế độ thai sản"),
    enough=N_(
        "Thai sản: đã đóng %(paid)s tháng trong %(window)s tháng gần đây, đủ mức %(need)s/%(window)s tháng nếu sinh"
        " con trong tháng này."
    ),
    lacking=N_(
        "Thai sản: đã đóng %(paid)s tháng trong %(window)s tháng gần đây, thiếu %(missing)s tháng nữa là đủ"
        " %(need)s/%(window)s tháng trước khi sinh con."
    ),
)
_UNEMPLOYMENT = _Window(
    "that_nghiep.thang_dong",
    "that_nghiep.thang_xet",
    N_("trợ cấp thất nghiệp"),
    enough=N_(
        "Thất nghiệp: đã đóng %(paid)s tháng trong %(window)s tháng gần đây, đủ mức %(need)s/%(window)s tháng nếu"
        " nghỉ việc trong tháng này. Tháng đã tính cho lần hưởng trước thì không tính lại."
    ),
    lacking=N_(
        "Thất nghiệp: đã đóng %(paid)s tháng trong %(window)s tháng gần đây, thiếu %(missing)s tháng nữa là đủ"
        " %(need)s/%(window)s tháng trước khi nghỉ việc."
    ),
)


def _within(found: Tally, right: _Window, limits: Limits, now: Month) -> list[Told]:
    asked = _asked(limits, right.need, right.window)
    if asked is None:
        return _unknown(right.name)
    need, window = asked
    looked_at = Span(now - window.value, now - 1)
    paid, late = found.paid_within(looked_at), found.late_within(looked_at)
    values: dict[str, Any] = {"paid": paid, "need": need.value, "window": window.value}
    if paid >= need.value:
        return [Told(Label(str(right.enough), **values), "good", need.source)]
    missing = need.value - paid
    return [Told(Label(str(right.lacking), missing=missing, **values), "info", need.source), *_helped(late, missing)]


def _maternity(found: Tally, who: Who, limits: Limits, now: Month) -> list[Told]:
    if who.sex != "F" or now // 12 - who.birth_year > MATERNITY_UNTIL:
        return []
    return _within(found, _MATERNITY, limits, now)


def _helped(late: int, missing: int) -> list[Told]:
    """Late months that would be enough once they are paid."""
    if not 0 < missing <= late:
        return []
    return [Told(N_("Khi những tháng chậm đóng trong thời gian này được đóng đủ thì sẽ đủ tháng."), "warn")]


def _pension(found: Tally, limits: Limits) -> list[Told]:
    asked = _asked(limits, "huu_tri.nam")
    if asked is None:
        return _unknown(N_("số năm đóng để hưởng lương hưu"))
    [need] = asked
    total, missing = len(found.paid), need.value * 12 - len(found.paid)
    if missing <= 0:
        text = N_(
            "Lương hưu: đã đóng %(total)s, đủ %(years)s năm để được xét lương hưu khi đến tuổi.",
            total=duration(total),
            years=need.value,
        )
        return [Told(text, "good", need.source)]
    text = N_(
        "Lương hưu: đã đóng %(total)s, thiếu %(missing)s nữa là đủ %(years)s năm để được xét lương hưu khi đến tuổi.",
        total=duration(total),
        missing=duration(missing),
        years=need.value,
    )
    return [Told(text, "info", need.source)]


def continuous(found: Tally, longest_gap: int) -> list[Span]:
    """Paid months put together where no more than `longest_gap` months are missing in between; oldest first."""
    joined: list[Span] = []
    for span in runs(found.paid):
        if joined and span.first - joined[-1].last - 1 <= longest_gap:
            joined[-1] = Span(joined[-1].first, span.last)
        else:
            joined.append(span)
    return joined


def _five_years(found: Tally, limits: Limits, now: Month) -> list[Told]:
    asked = _asked(limits, "lien_tuc.thang", "lien_tuc.gian_doan")
    if asked is None:
        return _unknown(N_("05 năm liên tục tham gia bảo hiểm y tế"))
    need, gap = asked
    joined = continuous(found, gap.value)
    if not joined:
        return []
    current = joined[-1]
    paid, missed = found.paid_within(current), now - current.last - 1
    if missed > gap.value:
        text = N_(
            "05 năm liên tục: đã ngắt quá %(gap)s tháng kể từ tháng %(last)s, khi đóng lại thì tính lại từ đầu.",
            gap=gap.value,
            last=named(current.last),
        )
        return [Told(text, "warn", gap.source)]
    values = {"since": named(current.first), "paid": duration(paid)}
    if paid >= need.value:
        text = N_(
            "05 năm liên tục: đã đóng %(paid)s liên tục từ tháng %(since)s, đủ 05 năm để được xét miễn cùng chi trả khi"
            " phần cùng chi trả trong năm vượt mức.",
            **values,
        )
    else:
        text = N_(
            "05 năm liên tục: đã đóng %(paid)s liên tục từ tháng %(since)s, thiếu %(missing)s nữa là đủ 05 năm để được"
            " xét miễn cùng chi trả khi phần cùng chi trả trong năm vượt mức.",
            **values,
            missing=duration(need.value - paid),
        )
    return [Told(text, "good" if paid >= need.value else "info", need.source), *_at_risk(missed, gap)]


def _at_risk(missed: int, gap: Limit) -> list[Told]:
    if missed <= 0:
        return []
    text = N_(
        "Chưa thấy đóng BHYT %(missed)s tháng gần đây. Ngắt quá %(gap)s tháng thì thời gian liên tục tính lại từ đầu.",
        missed=missed,
        gap=gap.value,
    )
    return [Told(text, "warn", gap.source)]
