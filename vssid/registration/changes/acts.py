"""What an officer can do for who stands before them: each act with its form, and what the form then wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vssid.kernel.labels import N_, Label
from vssid.registration.changes import forms
from vssid.registration.changes.rules import Item, Wanted


@dataclass(frozen=True)
class Act:
    """One thing that is done at the counter: its name, its form, and what the form then wants."""

    label: Label
    hint: Label
    form: Any
    wanted: Callable[[Any], Wanted]
    for_children: bool = False


ACTS = {
    "doi-so": Act(
        N_("Đổi số, còn số cũ"),
        N_("Mã gửi đến số cũ và số mới; người dân đọc mã tại quầy. Có hiệu lực ngay."),
        forms.CounterPhoneForm,
        lambda form: Wanted(Item.PHONE, phone=form.number()),
    ),
    "mat-so": Act(
        N_("Đổi số, mất số cũ"),
        N_("Mã gửi đến số mới. Cần cán bộ thứ hai xác nhận, rồi chờ; số cũ và email được báo và huỷ được."),
        forms.CounterLostForm,
        lambda form: Wanted(Item.PHONE, phone=form.number(), lost=True),
    ),
    "email": Act(
        N_("Đổi email"),
        N_("Mã gửi đến điện thoại và email mới; người dân đọc mã tại quầy. Có hiệu lực ngay."),
        forms.CounterEmailForm,
        lambda form: Wanted(Item.EMAIL, email=form.email.data, lost=True),
    ),
    "ngung": Act(
        N_("Ngừng sử dụng tài khoản"),
        N_("Có mã gửi đến điện thoại: ngừng ngay. Không còn số cũ: cần cán bộ thứ hai xác nhận, rồi chờ."),
        forms.CounterStopForm,
        lambda form: Wanted(Item.STOP, lost=bool(form.lost.data)),
        for_children=True,
    ),
}
