"""Cài đặt: what one may choose for all pages, in one place."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app

from vssid.kernel.labels import N_, Label
from vssid.web import choices, pages
from vssid.web.choices import Choice, chosen
from vssid.web.guards import public
from vssid.web.i18n import LANGUAGES, language
from vssid.web.published import published

bp = Blueprint("settings", __name__)


@dataclass(frozen=True)
class Option:
    """One value that may be chosen; a language is named in itself (`lang` is its HTML tag)."""

    value: str
    label: Label | str
    chosen: bool
    lang: str = ""


@dataclass(frozen=True)
class Group:
    """The values of one choice."""

    title: Label
    about: Label | None
    parameter: str
    options: tuple[Option, ...]


@bp.get("/cai-dat")
@published
@public
def show() -> Response:
    """Language, text size, contrast, text mode; the way to what belongs to the account."""
    weight = N_(
        "Chỉ hiện chữ thì không tải ảnh và mã chạy: mỗi trang chừng 10 KB, lần đầu bớt được %(size)s KB. Mã QR và nút bấm vẫn dùng được.",
        size=current_app.config["INSTALL_KB"],
    )
    groups = (
        Group(N_("Ngôn ngữ"), None, choices.LANGUAGE.parameter, _languages()),
        _group(N_("Cỡ chữ"), None, choices.SIZE, (N_("Chữ thường"), N_("Chữ lớn"), N_("Chữ rất lớn"))),
        _group(N_("Độ tương phản"), None, choices.CONTRAST, (N_("Như thường"), N_("Đen trắng rõ hơn"))),
        _group(N_("Mạng yếu, ít dữ liệu"), weight, choices.MODE, (N_("Hiện đầy đủ"), N_("Chỉ hiện chữ"))),
    )
    return pages.page("home/settings.html", groups=groups)


def _group(title: Label, about: Label | None, choice: Choice, labels: tuple[Label, ...]) -> Group:
    now = chosen(choice)
    options = (Option(value, label, value == now) for value, label in zip(choice.values, labels, strict=True))
    return Group(title, about, choice.parameter, tuple(options))


def _languages() -> tuple[Option, ...]:
    return tuple(Option(code, name, code == language(), tag) for code, (_locale, tag, name) in LANGUAGES.items())
