"""What is nearly the same, what names somebody, and codes as they are typed."""

import pytest

from vssid.kernel.labels import Refused
from vssid.kernel.text import SMS_SEGMENT, sms_text, typed_code
from vssid.support.feedback import messages, rules
from vssid.support.feedback.rules import Kind

LATE = rules.words_of("Tôi chưa nhận được thẻ bảo hiểm y tế dù đã nộp hồ sơ hai tháng trước ở bưu điện")
SAME = rules.words_of("Toi CHUA nhan duoc the bao hiem y te, du da nop ho so hai thang truoc tai buu dien.")
OTHER = rules.words_of("Công ty nợ bảo hiểm sáu tháng, xin hỏi bao giờ được chốt sổ và hưởng thất nghiệp")


def test_the_same_words_without_marks_are_nearly_the_same():
    assert rules.alike(LATE, [("a", OTHER), ("b", SAME)]) == ["b"]


def test_the_nearest_comes_first_and_three_are_enough():
    others = [("0", SAME), ("1", LATE), *((str(n), SAME) for n in range(2, 9))]
    found = rules.alike(LATE, others)
    assert found[0] == "1"
    assert len(found) == 3


def test_a_question_that_was_answered_is_known_by_its_title_however_much_is_written():
    title = rules.words_of("Nghỉ thai sản có phải đóng BHYT không?")
    letter = rules.words_of(
        "Hỏi về thai sản", "Tôi nghỉ thai sản từ tháng tư, công ty nói không phải đóng BHYT, có đúng vậy không ạ?"
    )
    assert rules.about(letter, [("a", OTHER), ("b", title)]) == ["b"]
    assert rules.about(LATE, [("b", title)]) == []
    assert rules.about(letter, [("c", "bhyt co")]) == []  # of two words anybody has both


@pytest.mark.parametrize("few", ["", "the", "the bhyt cham"])
def test_three_words_are_too_few_to_compare(few):
    assert rules.alike(rules.words_of(few), [("a", few)]) == []
    assert rules.alike(LATE, [("a", few)]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gọi 0912 345 678 nhé", ["0912 345 678"]),
        ("số 0912.345.678.", ["0912.345.678"]),
        ("thẻ DN4890123456789", ["4890123456789"]),
        ("CCCD 089185000101", ["089185000101"]),
        ("gửi ten@vidu.vn giúp", ["ten@vidu.vn"]),
        ("Ngày 04/09/2026 và 10/10/2026, 12.345.678 đồng", []),
        ("Năm 2026 có 8 người, mã 12345678", []),
        ("Tôi là Đặng Thị Mẫu Ưng ở xã", ["Đặng Thị Mẫu Ưng"]),
        ("toi la dang thi mau ung", ["dang thi mau ung"]),
        ("chị Mẫu Ưng đã nộp", ["Mẫu Ưng"]),
        ("theo mẫu số 1, ưng thuận", []),
    ],
)
def test_what_names_somebody_is_found(text, found):
    assert rules.identifying(text, "Đặng Thị Mẫu Ưng") == found


def test_a_text_that_names_somebody_is_refused_at_its_field_with_the_places():
    with pytest.raises(Refused) as refused:
        rules.check_anonymous("", subject="Hỏi", question="Gọi 0912345678", answer="Đã gọi")
    assert refused.value.field == "question"
    assert refused.value.label.params["found"] == "0912345678"
    rules.check_anonymous("Mẫu", subject="Hỏi mẫu", question="Chuyện ở xã", answer="Đã xong")


@pytest.mark.parametrize("typed", ["PA-BCDF-2345", "pa bcdf 2345", "BCDF2345", "bcdf-2345"])
def test_a_code_is_read_with_or_without_its_letters(typed):
    assert rules.bare_code(typed_code(typed)) == "BCDF2345"


def test_codes_do_not_repeat_and_are_read_out_in_fours():
    codes = {rules.new_signs(8) for _time in range(500)}
    assert len(codes) == 500
    assert rules.spoken_code("BCDF2345") == "PA-BCDF-2345"


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.QUESTION])
def test_a_message_fits_one_sms_whatever_the_hotline(kind):
    text = sms_text(str(messages.WORDS[kind]) % {"code": "PA-BCDF-2345", "hotline": "9" * 30})
    assert len(text) <= SMS_SEGMENT
    assert "http" not in text
