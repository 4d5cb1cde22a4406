"""Who renews a card, and what its holder must do before it ends. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from vssid.card.rules import Face, Validity, validity
from vssid.directory.rules import whole_of
from vssid.kernel.labels import N_, Label

HOUSEHOLD = "GD"  # hộ gia đình: pays for itself
BY_AGENCY, GAP, WAIT = "the.tu_gia_han", "bhyt.gian_doan", "bhyt.cho"
# What of the parameters a note needs.
CODES = (BY_AGENCY, GAP, WAIT)

SWINDLE = N_("Không ai có quyền thu tiền gia hạn thẻ qua điện thoại hay tin nhắn.")


@dataclass(frozen=True)
class Note:
    """What to do, in sentences; whether reckoning one's contribution helps; the parameters that it rests on."""

    words: tuple[Label, ...]
    pays: bool
    codes: tuple[str, ...]


def renewed_by_agency(object_code: str, listed: str) -> bool:
    """Whether the agency renews cards of this object code without their holders; `listed` are codes with blanks between."""
    return bool(object_code) and object_code in listed.split()


def note(face: Face, values: Mapping[str, str], today: date) -> Note | None:
    """What to say of the card's renewal; None where the object code, or a figure, is not known: nothing is guessed."""
    state = validity(face, today)
    if state is Validity.WITHDRAWN:
        return None
    if renewed_by_agency(face.object_code, values.get(BY_AGENCY, "")):
        return None if state is Validity.EXPIRED else _BY_AGENCY
    if face.object_code != HOUSEHOLD or face.valid_to is None:
        return None
    gap, wait = (whole_of(code, values.get(code, "")) for code in (GAP, WAIT))
    if gap is None or wait is None:
        return None
    return _of_household(face.valid_to, gap, wait, today)


_BY_AGENCY = Note(
    (N_("Thẻ này được cơ quan BHXH tự gia hạn. Không phải nộp gì, không ai có quyền thu tiền gia hạn."),),
    pays=False,
    codes=(BY_AGENCY,),
)


def _of_household(last: date, gap: int, wait: int, today: date) -> Note:
    until = last + timedelta(days=gap)
    if today <= last:
        first = N_("Thẻ hộ gia đình: hãy đóng tiếp trước hết ngày %(day)s để thẻ nối liền.", day=last)
    elif today <= until:
        first = N_("Thẻ hộ gia đình đã hết hạn: hãy đóng tiếp trước hết ngày %(day)s để không phải chờ.", day=until)
    else:
        first = N_("Thẻ hộ gia đình đã hết hạn: hãy đóng lại để có thẻ mới.")
    then = N_(
        "Gián đoạn quá %(gap)s ngày thì thẻ mới chỉ dùng được sau %(wait)s ngày kể từ ngày đóng.", gap=gap, wait=wait
    )
    return Note((first, then, SWINDLE), pays=True, codes=(GAP, WAIT))
