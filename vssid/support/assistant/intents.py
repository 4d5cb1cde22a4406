"""Questions about one's own record: a fixed list. Pure."""

from enum import StrEnum

from vssid.kernel.labels import N_, Label


class Intent(StrEnum):
    """What the assistant answers from the record of who is signed in."""

    CARD_VALID = "card_valid"
    BENEFIT_LEVEL = "benefit_level"
    HOW_LONG = "how_long"
    LATE_OR_GAPS = "late_or_gaps"
    LAST_BENEFIT = "last_benefit"
    LAST_VISIT = "last_visit"
    MY_FACILITY = "my_facility"
    CHILDREN_CARDS = "children_cards"
    MY_DECLARATION = "my_declaration"
    WHO_LOOKED = "who_looked"
    MY_FEEDBACK = "my_feedback"
    # Of nobody's record: what is said to a question about a mother's card or a husband's years.
    SOMEBODY_ELSE = "somebody_else"

    @property
    def heading(self) -> Label:
        """What the answer is about."""
        return _INTENTS[self][0]

    @property
    def address(self) -> str:
        """The page that has the whole."""
        return _INTENTS[self][1]


_INTENTS = {
    Intent.CARD_VALID: (N_("Thẻ BHYT của bạn"), "/ca-nhan/the-bhyt"),
    Intent.BENEFIT_LEVEL: (N_("Mức hưởng BHYT của bạn"), "/ca-nhan/the-bhyt"),
    Intent.HOW_LONG: (N_("Thời gian bạn đã đóng"), "/ca-nhan/qua-trinh"),
    Intent.LATE_OR_GAPS: (N_("Tháng chậm đóng, tháng không đóng"), "/ca-nhan/qua-trinh"),
    Intent.LAST_BENEFIT: (N_("Khoản bạn đã hưởng"), "/ca-nhan/thong-tin-huong"),
    Intent.LAST_VISIT: (N_("Lần khám của bạn"), "/ca-nhan/so-kham"),
    Intent.MY_FACILITY: (N_("Nơi đăng ký khám ban đầu của bạn"), "/ca-nhan/the-bhyt"),
    Intent.CHILDREN_CARDS: (N_("Thẻ BHYT của con bạn"), "/ca-nhan/gia-dinh"),
    Intent.MY_DECLARATION: (N_("Tờ khai của bạn"), "/to-khai"),
    Intent.WHO_LOOKED: (N_("Ai đã xem hồ sơ của bạn"), "/tai-khoan/du-lieu/ai-da-xem"),
    Intent.MY_FEEDBACK: (N_("Phản ánh của bạn"), "/ho-tro/phan-anh/cua-toi"),
    Intent.SOMEBODY_ELSE: (N_("Thông tin của người khác"), "/ca-nhan/gia-dinh"),
}
