"""Shapes of the officer's forms; what a value may be is asked of the rules."""

from typing import Any

from flask_babel import lazy_gettext as _l

from vssid import records
from vssid.kernel.labels import N_
from vssid.registration.fields import HandIn, Kind
from vssid.registration.models import Declaration
from vssid.registration.rules import Rejection
from vssid.web.forms import Choice, Form, paragraph, required
from vssid.web.i18n import say

COPY = "sao_y"


class PaperForm(Form):
    """Đã nhận tờ khai giấy: how it came and which ID was shown."""

    channel = Choice(_l("Nhận qua"), [required(_l("Chọn một mục."))], choices=[], default=HandIn.COUNTER.value)
    id_shown = Choice(_l("Giấy tờ đã xuất trình"), [required(_l("Chọn một mục."))], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.channel.choices = [(way.value, say(way.label)) for way in HandIn]
        kinds = (records.IdKind.CCCD, records.IdKind.CMND, records.IdKind.PASSPORT)
        shown = [(kind.value, say(kind.label)) for kind in kinds]
        self.id_shown.choices = [*shown, (COPY, say(N_("Bản sao kèm theo (bưu chính, đơn vị)")))]


def likely_paper(declaration: Declaration) -> dict[str, str]:
    """What the officer would tick in most cases: the way that was announced, and there the ID that was declared.

    An organisation declares none: a copy of its licence comes with the paper.
    """
    if declaration.hand_in != HandIn.COUNTER or declaration.kind == Kind.ORGANISATION:
        return {"channel": declaration.hand_in, "id_shown": COPY}
    kind = declaration.guardian_id_kind if declaration.kind == Kind.CHILD else declaration.id_kind
    return {"channel": declaration.hand_in, "id_shown": kind}


class RejectForm(Form):
    """Từ chối: a common reason and the officer's own words."""

    reason_code = Choice(_l("Lý do"), [required(_l("Hãy chọn lý do từ chối."))], choices=[])
    reason = paragraph(_l("Ghi rõ để người dân biết phải sửa gì"), 1000, False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.reason_code.choices = [(reason.value, say(reason.label)) for reason in Rejection]
