"""Sentences of the law as pages show them: the words of a parameter, its source, and what they mean in the reader's language."""

from collections.abc import Mapping
from typing import NamedTuple

from vssid import directory
from vssid.card.today.rules import RECEPTION, SYSTEM_DOWN
from vssid.directory.models import Parameter
from vssid.kernel.labels import N_, Label
from vssid.web.i18n import say

Found = Mapping[str, Parameter]

# As vssid/directory/data/parameters.csv ships them: the catalogues translate them for reference. A sentence that an
# operator has changed is in no catalogue, so it stands alone.
SHIPPED = (
    N_(
        "Người bệnh xuất trình một trong các loại: thẻ BHYT điện tử trên VssID, tài khoản VNeID mức độ 2, CCCD, hoặc thẻ"
        " BHYT giấy. Thẻ điện tử có giá trị như thẻ giấy."
    ),
    N_("Khi VssID, VNeID hoặc cổng tiếp nhận BHYT bị lỗi, cơ sở khám chữa bệnh vẫn phải tiếp nhận người bệnh."),
    N_("Một trong các loại: thẻ BHYT trên điện thoại này, CCCD, VNeID mức độ 2, hoặc thẻ BHYT giấy."),
    N_("Trẻ em: thẻ BHYT, hoặc mã số thẻ, hoặc giấy khai sinh."),
    N_("Cơ sở khám chữa bệnh có ba cấp chuyên môn: ban đầu, cơ bản và chuyên sâu."),
    N_("Cấp cứu: đến cơ sở khám chữa bệnh nào cũng được."),
)


class Sentence(NamedTuple):
    """The Vietnamese words, their source, and a translation for reference; '' where the reader needs none or there is none."""

    words: str
    source: str
    reference: str


def said(found: Found, code: str) -> Sentence | None:
    """The words of a parameter; None where the day knows none."""
    if code not in found:
        return None
    words = found[code].value
    told = say(Label(words))
    return Sentence(words, source(found, code), "" if told == words else told)


def source(found: Found, code: str) -> str:
    """Where a value comes from, fit to be shown."""
    return directory.shown_source(found[code].source)


def for_reception(found: Found) -> list[Sentence]:
    """What to show at a counter that refuses, as templates/card/reception.html takes it."""
    return [one for one in (said(found, code) for code in (RECEPTION, SYSTEM_DOWN)) if one is not None]
