"""What a person may ask about their own data, until when it is answered, and what the audit calls it. Pure.

Basis: Law 91/2025/QH15 (articles 4, 9, 11, 14) and Decree 356/2025/NĐ-CP, article 5: an answer within two working days;
see, correct, provide within 10 days (+10); restrict, object, withdraw within 15 (+15); delete within 20 (+20).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused

LONGEST_WORDS = 2000
LONGEST_ANSWER = 2000
REQUESTS_A_DAY = (5, timedelta(days=1))
EXPORTS_A_DAY = (3, timedelta(days=1))
EXPORT_LIFE = timedelta(hours=24)
# As long as a complaint about the answer may come up; its words go with it.
REQUESTS_KEPT = timedelta(days=5 * 365)
LOOKS_A_PAGE = 25

ANSWER_DAYS = "du_lieu.ngay_tra_loi"


class Tag(StrEnum):
    """What the audit calls the acts of this room; the person (of a request: the request) is their subject."""

    EXPORT_ASKED = "privacy.export_asked"
    EXPORT_FETCHED = "privacy.export_fetched"
    EXPORTED = "privacy.exported_by_operator"
    ASKED = "privacy.request_asked"
    TAKEN_BACK = "privacy.request_taken_back"
    VIEWED = "privacy.request_viewed"
    ACKNOWLEDGED = "privacy.request_acknowledged"
    EXTENDED = "privacy.request_extended"
    DONE = "privacy.request_done"
    REFUSED = "privacy.request_refused"
    WITHDRAWN = "privacy.consent_withdrawn"
    GIVEN = "privacy.consent_given"


# What the person reads of it (“Ai đã xem hồ sơ của tôi”).
SEEN = {
    Tag.EXPORTED: N_("Người vận hành xuất toàn bộ dữ liệu theo yêu cầu"),
    Tag.VIEWED: N_("Mở yêu cầu về dữ liệu để xem"),
    Tag.ACKNOWLEDGED: N_("Tiếp nhận yêu cầu về dữ liệu"),
    Tag.EXTENDED: N_("Gia hạn yêu cầu về dữ liệu"),
    Tag.DONE: N_("Trả lời yêu cầu về dữ liệu"),
    Tag.REFUSED: N_("Từ chối yêu cầu về dữ liệu"),
}


class Kind(StrEnum):
    """What is asked for. Withdrawing consent is none of them: it is done at once, without an officer."""

    CORRECT = "sua"
    DELETE = "xoa"
    RESTRICT = "han_che"
    OBJECT = "phan_doi"
    LOOK = "khieu_nai_xem"
    ROW = "khieu_nai_dong"

    @property
    def label(self) -> Label:
        """The wish in words."""
        return _KINDS[self][0]

    @property
    def hint(self) -> Label:
        """What it is for, and what it cannot do."""
        return _KINDS[self][1]

    @property
    def days(self) -> str:
        """The parameter with the calendar days within which it is done."""
        return f"du_lieu.ngay_{_KINDS[self][2]}"

    @property
    def more_days(self) -> str:
        """The parameter with the calendar days of the one extension."""
        return f"du_lieu.gia_han_{_KINDS[self][2]}"


_KINDS = {
    Kind.CORRECT: (
        N_("Sửa dữ liệu"),
        N_("Nêu rõ mục nào sai và nội dung đúng. Cơ quan BHXH có thể cần xem giấy tờ gốc."),
        "sua",
    ),
    Kind.DELETE: (
        N_("Xoá dữ liệu"),
        N_("Xoá được ảnh giấy tờ, liên hệ không dùng nữa. Quá trình tham gia, thẻ BHYT và nhật ký phải giữ theo luật."),
        "xoa",
    ),
    Kind.RESTRICT: (
        N_("Hạn chế xử lý dữ liệu"),
        N_("Ví dụ: chưa dùng một mục dữ liệu cho đến khi kiểm tra xong."),
        "han_che",
    ),
    Kind.OBJECT: (
        N_("Phản đối xử lý dữ liệu"),
        N_("Ví dụ: không muốn dữ liệu được dùng cho một việc cụ thể."),
        "han_che",
    ),
    Kind.LOOK: (
        N_("Khiếu nại lượt xem"),
        N_("Bạn cho rằng một lượt xem hồ sơ là không đúng. Cán bộ khác với người đã xem sẽ trả lời."),
        "sua",
    ),
    Kind.ROW: (
        N_("Không phải tôi / sai"),
        N_("Một dòng dữ liệu không phải của bạn hoặc ghi sai. Dòng đó được đánh dấu cho đến khi có trả lời."),
        "sua",
    ),
}
# What a form can choose; a look or a row is complained about where it stands.
CHOOSABLE = (Kind.CORRECT, Kind.DELETE, Kind.RESTRICT, Kind.OBJECT)


class About(StrEnum):
    """Which data a request is about, where one says so."""

    NONE = ""
    NAME = "ho_ten"
    BIRTH = "ngay_sinh"
    PAPER = "giay_to"
    CONTACT = "lien_he"
    CARD = "the_bhyt"
    PHOTOS = "anh"
    FAMILY = "gia_dinh"
    PARTICIPATION = "qua_trinh"
    NOT_ME = "khong_phai_toi"
    WRONG = "sai"

    @property
    def label(self) -> Label:
        """The data in words."""
        return _ABOUT[self]

    def in_words_of(self, *, own: bool) -> Label:
        """The same as the person says it of their own data (`own`) or of their child's."""
        if self is About.NOT_ME:
            return N_("Không phải của tôi") if own else N_("Không phải của con")
        return self.label


_ABOUT = {
    About.NONE: N_("Không rõ hoặc mục khác"),
    About.NAME: N_("Họ và tên"),
    About.BIRTH: N_("Ngày sinh, giới tính"),
    About.PAPER: N_("Số giấy tờ"),
    About.CONTACT: N_("Điện thoại, email, địa chỉ"),
    About.CARD: N_("Thẻ BHYT"),
    About.PHOTOS: N_("Ảnh đã gửi"),
    About.FAMILY: N_("Người giám hộ, con"),
    About.PARTICIPATION: N_("Quá trình tham gia"),
    About.NOT_ME: N_("Không phải của người này"),
    About.WRONG: N_("Đúng người, nhưng ghi sai"),
}
# What is said of a disputed row.
OF_A_ROW = (About.NOT_ME, About.WRONG)
OF_ALL_DATA = tuple(one for one in About if one not in OF_A_ROW)


class Status(StrEnum):
    """Where a request stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATUSES[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATUSES[self][1]

    @property
    def open(self) -> bool:
        """Whether an answer is still to come."""
        return self in OPEN


_STATUSES = {
    Status.NEW: (N_("Đã gửi, chờ tiếp nhận"), "info"),
    Status.ACKNOWLEDGED: (N_("Đã tiếp nhận, đang xử lý"), "info"),
    Status.DONE: (N_("Đã trả lời"), "good"),
    Status.REFUSED: (N_("Bị từ chối, có lý do"), "bad"),
    Status.TAKEN_BACK: (N_("Bạn đã rút"), "plain"),
}
OPEN = (Status.NEW, Status.ACKNOWLEDGED)

ALREADY_OPEN = N_("Bạn đang có một yêu cầu cùng loại chưa xong. Hãy đợi trả lời, hoặc rút yêu cầu đó trước.")
ROW_ALREADY_OPEN = N_("Dòng này đang chờ cơ quan trả lời rồi.")
CHECK_ALREADY_OPEN = N_("Quỹ này đang có yêu cầu kiểm tra chưa xong. Hãy đợi cơ quan BHXH trả lời.")
CHECK = N_("Yêu cầu kiểm tra quá trình tham gia")
ENDED = N_("Yêu cầu này đã kết thúc hoặc cán bộ khác vừa xử lý. Hãy xem tình trạng mới nhất.")
REASON_NEEDED = N_("Hãy ghi lý do bằng lời để người dân hiểu: luật buộc phải nêu lý do.")
ONE_EXTENSION = N_("Yêu cầu chỉ được gia hạn một lần.")
OWN_LOOK = N_("Bạn không xử lý được khiếu nại về lượt xem của chính mình. Hãy chuyển cho cán bộ khác.")


@dataclass(frozen=True)
class Clocks:
    """Until when a request is answered and done: days in Vietnam, the last one counted."""

    answer_by: date
    done_by: date


def check_reason(text: str | None) -> str:
    """The words of a refusal or an extension. Raises Refused when there are none."""
    words = (text or "").strip()
    if len(words) < 10:
        raise Refused(REASON_NEEDED, "words")
    return words


class Late(StrEnum):
    """Which clock of an open request has run out."""

    ANSWER = "answer"
    DONE = "done"

    @property
    def label(self) -> Label:
        """What is overdue."""
        return N_("Quá hạn tiếp nhận") if self is Late.ANSWER else N_("Quá hạn giải quyết")


def late(status: Status, clocks: Clocks, today: date) -> Late | None:
    """What is overdue, if anything."""
    if not status.open:
        return None
    if clocks.done_by < today:
        return Late.DONE
    return Late.ANSWER if status is Status.NEW and clocks.answer_by < today else None


CORE, PAPERS, REMINDERS = "dich_vu", "giay_to", "nhac_viec"
EFFECTS = {
    CORE: N_(
        "Đây là phần cốt lõi: rút đồng ý nghĩa là ngừng sử dụng tài khoản. Thẻ BHYT và quyền lợi của bạn không đổi."
    ),
    PAPERS: N_(
        "Rút đồng ý: ảnh giấy tờ của các tờ khai đã có kết quả bị xoá ngay, không lấy lại được. Tờ khai đang chờ duyệt vẫn cần ảnh; muốn xoá thì hãy rút tờ khai đó."
    ),
    REMINDERS: N_(
        "Rút đồng ý: không còn tin nhắn hoặc email nhắc nộp bản giấy, nhắc thẻ BHYT sắp hết hạn. Mọi chức năng khác giữ nguyên."
    ),
}
