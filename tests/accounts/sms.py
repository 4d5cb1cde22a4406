"""Every text that the house sends by SMS, in both languages of SMS, with the longest values that it takes."""

from collections.abc import Iterator
from functools import cache

from translations import catalogues
from vssid.accounts import messages
from vssid.kernel.text import sms_text

LANGUAGES = ("vi", "en")
LONGEST = {
    "code": "1234 5678",
    "date": "30/12/2026",
    "day": "30/12",
    "hotline": "1900 0000",
    "child": "Cong Tang Ton Nu Ngoc Khanh",
    "name": "Cong Tang Ton Nu Ngoc Khanh",
    "helper": "Cong Tang Ton Nu Ngoc Khanh",
    "owner": "Cong Tang Ton Nu Ngoc Khanh",
    "task": "register a child",
    "time": "09:00",
    "month": "09/2026",
}
# What a text takes that is longer than that, by a piece of the text.
LONGER = {
    "bắt đầu giúp bạn": {"code": "123 456 789 0"},
    "VssID: Phản ánh": {"code": "PA-7K3M-9QX2"},
    "cơ sở khám chữa bệnh kiểm tra": {"time": "09:00 30/12"},
}
LONG_DAY = "30 September 2026"  # of a value that is a day, in English
DAYS = (
    "VssID: Thẻ BHYT của bạn ghi",
    "VssID: Thẻ BHYT của con ghi",
    "VssID: Thẻ BHYT hộ gia đình",
    "VssID: Yêu cầu",
    "VssID: Đã nhận yêu cầu",
)


@cache
def sources() -> list[str]:
    """The Vietnamese texts that begin as our SMS do; letters, which have several lines, are none."""
    found = [str(entry.id) for entry in catalogues.collected() if isinstance(entry.id, str)]
    return [text for text in found if text.startswith("VssID: ") and "\n" not in text]


def every_sms() -> Iterator[tuple[str, str]]:
    """(language, text) of each, as it leaves the house for somebody without a phrase."""
    followed = {str(text) for text in messages._NOTICES.values()}
    for language in LANGUAGES:
        said = (lambda text: text) if language == "vi" else _english
        for text in sources():
            whole = f"{said(text)} {said(str(messages._NOT_YOU))}" if text in followed else said(text)
            yield language, sms_text(whole % _values(text, language, followed=text in followed))


def _values(text: str, language: str, *, followed: bool) -> dict[str, str]:
    values = LONGEST | ({"code": "123 456 789 0"} if followed else {})
    for piece, more in LONGER.items():
        values |= more if piece in text else {}
    return values | ({"date": LONG_DAY} if language == "en" and text.startswith(DAYS) else {})


def _english(text: str) -> str:
    entry = catalogues.read("en").get(text)
    return str(entry.string) if entry is not None and entry.string else text
