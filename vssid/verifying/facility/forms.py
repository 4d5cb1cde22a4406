"""Shapes of the counter's forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from vssid import scans
from vssid.card.strips import looks_like
from vssid.card.strips import rules as strips
from vssid.kernel.labels import N_, Refused
from vssid.records.rules import IdKind, PartialDate
from vssid.verifying.facility.rules import LONGEST_TEXT, MISHEARD, Asked, ByNumber, How, Purpose, misheard, number_in
from vssid.web.forms import Choice, Form, at_most, line, required
from vssid.web.i18n import say

NOTHING = N_("Hãy quét mã, hoặc gõ số thẻ và ngày sinh.")
NO_BIRTH = N_("Chỉ có số mà không có mã: hãy nhập cả ngày sinh.")
NOT_A_NUMBER = N_("Chưa đúng: mã số BHXH 10 số, số thẻ 15 ký tự hoặc số CCCD 12 số; nếu gõ mã đọc thì thêm đủ 7 số.")


class CheckForm(Form):
    """One field for everything that is scanned or typed, and the birth date for who has no code."""

    # As it came: blanks are signs of a strip.
    qr_text = StringField(
        _l("Mã thẻ hoặc số"),
        [at_most(LONGEST_TEXT)],
        description=_l(
            "Quét mã trên điện thoại, thẻ giấy hoặc CCCD. Không quét được: gõ mã số BHXH rồi 7 số người bệnh đọc."
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "maxlength": LONGEST_TEXT},
    )
    birth = line(
        _l("Ngày sinh, nếu chỉ có số"),
        10,
        False,
        description=_l("Ví dụ 04/09/1985; người chỉ có năm sinh thì ghi năm."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def asked(self) -> Asked:
        """What the counter asks about. Raises Refused for what can be no card."""
        return asked_about(self.qr_text.data or "", self.birth.data or "")


def asked_about(text: str, birth: str = "") -> Asked:
    """The same of any text. A card or a CCCD that says its birth date itself needs no typing."""
    if not text.strip():
        raise Refused(NOTHING, "qr_text")
    spoken = strips.typed(text)
    if spoken is not None:
        # Without blanks and dashes: however it is written, a number is counted as one.
        return Asked(How.SPOKEN, "".join(spoken))
    if looks_like(text):
        return Asked(How.STRIP, text)
    scan = scans.read(text)
    if isinstance(scan, scans.Scan) and scan.birth_date:
        number = number_in(scan.ma_so_bhxh or scan.id_number)
        if number is not None:
            proof = ByNumber.CARD if scan.kind is scans.ScanKind.BHYT else ByNumber.CCCD
            return Asked(How.NUMBER, "", *number, PartialDate.parse(scan.birth_date), proof)
    number = number_in(text)
    if number is None:
        # Of a code that a scanner read nothing can be mended: it is answered, not asked for again.
        if len(text) > 2 * len("DN4898900000101"):
            return Asked(How.STRIP, text)
        # Of seven misheard digits nine in ten are told by their check digit alone.
        raise Refused(MISHEARD if misheard(text) else NOT_A_NUMBER, "qr_text")
    if not birth:
        raise Refused(NO_BIRTH, "birth")
    return Asked(How.NUMBER, kind=IdKind(number[0]), value=number[1], birth=_parsed(birth))


def _parsed(birth: str) -> PartialDate:
    try:
        return PartialDate.parse(birth)
    except Refused as refusal:
        raise Refused(refusal.label, "birth") from refusal


class CheckInForm(Form):
    """Ghi nhận vào khám."""

    purpose = Choice(_l("Mục đích"), [required(_l("Chọn một mục."))], choices=[], default=Purpose.EXAM.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.purpose.choices = [(purpose.value, say(purpose.label)) for purpose in Purpose]
