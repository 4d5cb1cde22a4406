"""Whose something is: ours, not ours, or not known. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from vssid.kernel.labels import N_, Label


class Verdict(StrEnum):
    """What we say of it."""

    OURS = "ours"
    OUR_NUMBER = "our_number"  # to call, not to believe: callers' numbers are faked
    LISTED = "listed"  # the number of a facility or a collection point, as the directory has it
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"

    @property
    def tone(self) -> str:
        """The tone of a notice."""
        return _TONES[self]

    @property
    def label(self) -> Label:
        """The verdict in words."""
        return _LABELS[self]

    @property
    def advice(self) -> Label:
        """What to do now."""
        return _ADVICE[self]


_TONES = {
    Verdict.OURS: "good",
    Verdict.OUR_NUMBER: "info",
    Verdict.LISTED: "info",
    Verdict.NOT_OURS: "bad",
    Verdict.UNKNOWN: "warn",
}
_LABELS = {
    Verdict.OURS: N_("Của chúng tôi"),
    Verdict.OUR_NUMBER: N_("Số của chúng tôi"),
    Verdict.LISTED: N_("Số của cơ sở, theo danh mục"),
    Verdict.NOT_OURS: N_("Không phải của chúng tôi"),
    Verdict.UNKNOWN: N_("Không biết"),
}
_CALL_BACK = N_("Ai gọi đến hỏi mã, mật khẩu hay đòi tiền thì cúp máy, rồi tự gọi lại.")
_ADVICE = {
    Verdict.OURS: N_("Bạn có thể làm theo. Mã và mật khẩu vẫn chỉ tự tay nhập trên trang này."),
    Verdict.OUR_NUMBER: _CALL_BACK,
    Verdict.LISTED: _CALL_BACK,
    Verdict.NOT_OURS: N_("Đừng mở, đừng gọi lại, đừng trả lời, đừng chuyển tiền. Hãy xoá tin."),
    Verdict.UNKNOWN: N_("Đừng làm theo khi chưa chắc. Hãy tự mở VssID hoặc tự gọi tổng đài để hỏi."),
}


@dataclass(frozen=True)
class Finding:
    """One part of what was pasted, as it stood there, with what we say of it and why.

    A code has no verdict: only its shape is known. `way` is where one goes with it, as a link's words and address.
    """

    shown: str
    verdict: Verdict | None
    reasons: tuple[Label, ...]
    way: tuple[Label, str] | None = None
