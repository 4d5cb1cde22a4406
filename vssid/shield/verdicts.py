"""Whose something is: ours, not ours, or not known. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from vssid.kernel.labels import N_, Label


class Verdict(StrEnum):
    """What we say of it."""

    OURS = "ours"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"

    @property
    def tone(self) -> str:
        """The tone of a notice."""
        return {Verdict.OURS: "good", Verdict.NOT_OURS: "bad", Verdict.UNKNOWN: "warn"}[self]

    @property
    def label(self) -> Label:
        """The verdict in words."""
        return _LABELS[self]

    @property
    def advice(self) -> Label:
        """What to do now."""
        return _ADVICE[self]


_LABELS = {
    Verdict.OURS: N_("Của chúng tôi"),
    Verdict.NOT_OURS: N_("Không phải của chúng tôi"),
    Verdict.UNKNOWN: N_("Không biết"),
}
_ADVICE = {
    Verdict.OURS: N_("Bạn có thể làm theo. Mã và mật khẩu vẫn chỉ tự tay nhập trên trang này."),
    Verdict.NOT_OURS: N_("Đừng mở, đừng gọi lại, đừng trả lời, đừng chuyển tiền. Hãy xoá tin."),
    Verdict.UNKNOWN: N_("Đừng làm theo khi chưa chắc. Hãy tự mở VssID hoặc tự gọi tổng đài để hỏi."),
}


@dataclass(frozen=True)
class Finding:
    """One part of what was pasted, as it stood there, with what we say of it and why."""

    shown: str
    verdict: Verdict
    reasons: tuple[Label, ...]
