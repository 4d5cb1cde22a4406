"""The values of one record of a hospital's file: numbers, moments, codes, the numbers of persons; and a HOSO made of them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Cells
from vssid.kernel.text import has_control_characters, one_line

ZERO = Decimal(0)
LONGEST_LINK = 100
_CENT = Decimal("0.01")
_NUMBER = re.compile(r"\d{1,13}(?:\.\d{1,8})?", re.ASCII)
_EARLIEST_YEAR = 1990  # health insurance begins in 1992
_AMOUNTS_BELOW = Decimal(10**12)  # fits every column, also when two of them are added up
_FACILITY = re.compile(r"[0-9]{2}[0-9A-Z]{3}")
_CARD = re.compile(r"[A-Z]{2}[0-9][0-9A-Z]{2}([0-9]{10})")
_MA_SO, _CCCD = re.compile(r"[0-9]{10}"), re.compile(r"[0-9]{12}")
_NUMBERS = {"": ZERO, "0": ZERO}
_BAD_NUMBER = N_("Không phải số: chỉ gồm chữ số, dấu chấm trước phần lẻ, không có dấu âm.")


@dataclass
class Claim:
    """One HOSO as it would be taken over; `data` is what is staged: plain values, money as text. Nothing holds with problems."""

    key: str = ""
    link: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, Label]] = field(default_factory=list)


class Values:
    """The values of one record by our names; problems are named by the element that the file has."""

    def __init__(self, record: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> None:
        """`names` are the elements by our names, the first that says something first."""
        self.cells = Cells(record)
        self._record, self._names = record, names

    def element(self, name: str) -> str:
        """The element that stands for our name: the first that says something."""
        known = self._names[name]
        for one in known:
            if one in self._record:
                return one
        return known[0]

    def text(self, name: str, limit: int) -> str:
        """One clean line of at most `limit` signs; '' when empty or after noting a problem."""
        return self.cells.text(self.element(name), limit)

    def lines(self, name: str, limit: int) -> str:
        """A longer text with its lines kept; '' when empty or after noting a problem."""
        element = self.element(name)
        cleaned = [one_line(line) for line in self._record.get(element, "").splitlines()]
        text = "\n".join(line for line in cleaned if line)
        if has_control_characters(text.replace("\n", " ")):
            self.cells.wrong(element, N_("Có ký tự không dùng được hoặc không phải chữ UTF-8."))
            return ""
        if len(text) > limit:
            self.cells.wrong(element, N_("Dài quá %(max)s ký tự.", max=limit))
            return ""
        return text

    def number(self, name: str, places: Decimal = _CENT) -> Decimal:
        """An amount that is not negative; zero when empty or after noting a problem."""
        element = self.element(name)
        text = self._record.get(element, "")
        known = _NUMBERS.get(text)
        if known is not None:
            return known
        if not _NUMBER.fullmatch(text):
            self.cells.wrong(element, _BAD_NUMBER)
            return ZERO
        value = Decimal(text).quantize(places, ROUND_HALF_UP)
        if value >= _AMOUNTS_BELOW:
            self.cells.wrong(element, N_("Số phải nhỏ hơn %(most)s.", most="1.000.000.000.000"))
            return ZERO
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number between two; None when empty or after noting a problem."""
        element = self.element(name)
        text = self._record.get(element, "")
        if not text:
            return None
        value = Decimal(text) if _NUMBER.fullmatch(text) else None
        if value is None or not least <= value <= most:
            self.cells.wrong(element, N_("Phải là số từ %(least)s đến %(most)s.", least=least, most=most))
            return None
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """yyyyMMdd, yyyyMMddHHmm or with seconds, in the time of Viet Nam (naive here)."""
        element = self.element(name)
        text = self._record.get(element, "")
        if not text:
            return None
        try:
            if not text.isascii() or not text.isdigit() or len(text) not in (8, 12, 14):
                raise ValueError
            parts = [int(text[:4]), *(int(text[at : at + 2]) for at in range(4, min(len(text), 12), 2))]
            moment = datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - made aware when it is kept
        except ValueError:
            self.cells.wrong(
                element, N_("Thời điểm phải viết là năm, tháng, ngày, giờ, phút liền nhau, ví dụ 202601150805.")
            )
            return None
        if moment.year < _EARLIEST_YEAR:
            self.cells.wrong(element, N_("Năm phải từ %(year)s trở đi.", year=_EARLIEST_YEAR))
            return None
        return moment

    def facility(self, name: str) -> str:
        """The code of a facility; '' when empty or after noting a problem."""
        words = N_("Mã cơ sở KCB gồm 5 ký tự: 2 chữ số rồi 3 chữ số hoặc chữ in hoa.")
        return self.cells.shaped(self.element(name), _FACILITY, words)


def persons_numbers(cards: Iterable[str], paper: str) -> tuple[list[str], list[str]]:
    """Mã số of cards (each may be several, joined by ;), and numbers of identity papers: those that have the form of one."""
    people, papers = [], []
    for card in ";".join(cards).upper().split(";"):
        number = card.strip()
        if found := _CARD.fullmatch(number):
            people.append(found[1])
        elif _MA_SO.fullmatch(number):
            people.append(number)
        elif _CCCD.fullmatch(number):
            papers.append(number)
    if paper:
        papers.append(paper.upper())
    return list(dict.fromkeys(people)), list(dict.fromkeys(papers))


def plain(value: Any) -> Any:
    """A value as it is staged: decimals and moments as text."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def digest(data: Mapping[str, Any]) -> str:
    """What tells two deliveries apart."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
