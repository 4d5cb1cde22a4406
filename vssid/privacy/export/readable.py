"""A row of the copy for people's eyes, in Vietnamese: what has a name in words, days and states as people write them."""

import re
from datetime import datetime
from typing import Any

from vssid.kernel.clock import VIETNAM
from vssid.privacy import rules as privacy
from vssid.privacy.export.words import WORDS
from vssid.privacy.looks.queries import SENTENCES
from vssid.records import IdKind, Sex
from vssid.registration import Kind, Side, Status

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*", re.ASCII)
_PLAIN = {
    "officer": "Cán bộ",
    "citizen": "Bạn hoặc người giám hộ",
    "visitor": "Người chưa đăng nhập",
    "operator": "Người vận hành",
    "system": "Hệ thống",
    "active": "Đang dùng",
    "closed": "Đã ngừng",
    "done": "Xong",
    "sent": "Đã gửi",
    "sms": "Tin nhắn",
    "email": "Email",
    "hieu_luc": "Có hiệu lực",
    "thu_hoi": "Đã thu hồi",
    privacy.CORE: "Đăng ký và cung cấp dịch vụ",
    privacy.PAPERS: "Ảnh giấy tờ để đối chiếu",
    privacy.REMINDERS: "Nhắc việc",
    "tre_em": "Người giám hộ đồng ý cho con",
}
# By column: the same word may stand for different things.
_BY_COLUMN: dict[str, dict[str, str]] = {
    "sex": {one.value: str(one.label) for one in Sex},
    "side": {one.value: str(one.label) for one in Side},
    "id_kind": {one.value: str(one.label) for one in IdKind},
    "kind": {one.value: str(one.label) for kinds in (IdKind, Kind, privacy.Kind) for one in kinds},
    "status": {one.value: str(one.label) for states in (privacy.Status, Status) for one in states},
    "about": {one.value: str(one.label) for one in privacy.About},
    "tag": {tag: str(words) for tag, words in SENTENCES.items()},
}


def lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What of a row has a name in words and says anything."""
    found = [(str(WORDS[key]), _text(key, value)) for key, value in row.items() if key in WORDS]
    return [(word, text) for word, text in found if text]


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, dict):
        return " · ".join(_text("", one) for one in value.values() if one not in (None, ""))
    if value is None:
        return ""
    text = str(value)
    if _MOMENT.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    if found := _DAY.fullmatch(text):
        return f"{found[3]}/{found[2]}/{found[1]}"
    return _BY_COLUMN.get(key, {}).get(text) or _PLAIN.get(text, text)
