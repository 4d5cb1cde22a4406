"""What is said of a message as a whole: only what nobody can imitate is ours."""

import pytest

from tests.accounts.sms import every_sms
from tests.shield.messages import HONEST, SWINDLES
from vssid.accounts.rules import with_phrase
from vssid.kernel.text import without_marks
from vssid.notices.inviting.rules import WORDS
from vssid.shield import links, rules, words
from vssid.shield.rules import Known, Owner, Record, judge
from vssid.shield.verdicts import Verdict
from vssid.shield.words import Signal

HOST = "bhxhso.mau.vn"
AGENCY_PHONE, HOSPITAL_PHONE = "02963000001", "02963000031"
OWNERS = {AGENCY_PHONE: Owner("BHXH tỉnh Mẫu"), HOSPITAL_PHONE: Owner("Bệnh viện Mẫu", listed=True)}
HOTLINE = "1900 0000"
INVITED = f"https://{HOST}/moi/duoc-ky"
CANCELLING = "VssID: Tai khoan vua dang nhap. Khong phai ban? Khoa tai VssID, muc Huy thay doi, ma 965 870 167 2, hoac goi 1900 0000."


def known(phrase: str = "", record: Record | None = None) -> Known:
    site = links.Site(f"https://{HOST}", lambda token: token == "duoc-ky")
    return Known(site, HOTLINE, OWNERS.get, (str(WORDS), "Try VssID. Open: %(link)s"), phrase, record or Record())


def verdict(text: str, **more) -> Verdict:
    return judge(text, known(**more)).verdict


def said(answer: rules.Answer) -> str:
    """All that stands on the page of it, in its order."""
    parts = [answer.verdict.label, *answer.reasons, answer.verdict.advice]
    return "\n".join([*parts, *(reason for one in answer.findings for reason in one.reasons)])


@pytest.mark.parametrize(
    "text",
    [
        "1900 0000", "1900.0000", "19000000", "+84 1900 0000", "+8419000000", "(+84) 1900 0000", "0084 1900 0000", "84 1900 0000", "+84 0296 3000 001",
        "0296 3000 001", "+84 296 3000001", "(0296) 3000001", "0084 2963000001", "1900 0000, 0296 3000 001",
    ],
)  # fmt: skip
def test_a_number_of_ours_is_ours_to_call_and_who_calls_from_it_may_be_anybody(text):
    answer = judge(text, known())
    assert answer.verdict is Verdict.OUR_NUMBER
    assert {one.verdict for one in answer.findings} == {Verdict.OUR_NUMBER}
    assert "kẻ gian giả được số hiện trên máy" in answer.reasons[0]
    assert "làm theo" not in said(answer)
    assert answer.verdict.tone != "good"


@pytest.mark.parametrize("text", ["0296 3000 031", "+84 296 3000 031"])
def test_the_number_of_a_facility_is_not_ours_and_named(text):
    answer = judge(text, known())
    assert answer.verdict is Verdict.LISTED
    assert answer.findings[0].reasons[0].params == {"whose": "Bệnh viện Mẫu"}
    for needed in ("theo danh mục", "không phải số của chúng tôi", "kẻ gian giả được số hiện trên máy"):
        assert needed in said(answer)
    assert "làm theo" not in said(answer)


def test_numbers_of_several_kinds_are_told_one_by_one():
    answer = judge("1900 0000; 0296 3000 031; 0912 345 678", known())
    assert answer.verdict is Verdict.UNKNOWN
    assert [one.verdict for one in answer.findings] == [Verdict.OUR_NUMBER, Verdict.LISTED, Verdict.UNKNOWN]
    assert [rules._CALLERS_LIE in one.reasons for one in answer.findings] == [True, True, False]


def test_our_address_beside_our_number_is_no_more_than_the_number():
    assert verdict(f"https://{HOST} 1900 0000") is Verdict.OUR_NUMBER


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+371 26543210", rules._ABROAD), ("0037126543210", rules._ABROAD), ("1900 6789", rules._PREMIUM), ("0912 345 678", rules._NO_NUMBER_OF_OURS),
        ("1900 00001", rules._PREMIUM), ("0296 3000 002", rules._NO_NUMBER_OF_OURS), ("+84 1900 6789", rules._PREMIUM),
        ("+84 912 345 6789 01", rules._NO_NUMBER_OF_OURS),
    ],
)  # fmt: skip
def test_other_numbers_are_not_known_and_we_never_ask_for_codes(text, reason):
    answer = judge(text, known())
    assert answer.verdict is Verdict.UNKNOWN
    [finding] = answer.findings
    assert finding.reasons == (reason, rules._NEVER_CALLED)


def test_a_true_number_does_not_make_a_message_true():
    answer = judge("Chào bà, gọi 1900 0000 để được hướng dẫn", known())
    assert answer.verdict is Verdict.UNKNOWN
    assert rules._TRUE_PARTS in answer.reasons


def test_a_true_link_does_not_make_a_message_true_but_is_named():
    answer = judge(f"Mở https://{HOST}/moi/duoc-ky xem thẻ", known())
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.findings[0].verdict is Verdict.OURS
    assert judge(f"https://{HOST}/moi/duoc-ky", known()).verdict is Verdict.OURS


@pytest.mark.parametrize(
    "text",
    [
        "VssID: Tai khoan BHXH cua ban se bi khoa sau 24 gio. Cap nhat tai https://vssid-gov.top",
        "BHXH thông báo: thẻ BHYT của bạn sẽ bị khoá. Vui lòng liên hệ ngay 0912 345 678",
        "Cháu là cán bộ BHXH, bác đọc giúp cháu mã OTP vừa gửi về máy nhé",
        "Vui lòng cung cấp mã xác thực cho nhân viên để cập nhật VssID",
        "Bác gửi lại mã xác nhận cho em", "Nhập mật khẩu và mã PIN vào đường link", "Chuyển khoản 200.000đ vào STK 123456789 để nhận trợ cấp",
        "Nộp lệ phí đổi thẻ BHYT 50k", "Tải file VssID.apk về máy", "Cài AnyDesk để cán bộ hỗ trợ", "Bạn có lệnh bắt của toà án vì rửa tiền",
        "Nhận ngay tiền hỗ trợ bảo hiểm thất nghiệp trước ngày 5", "Chúc mừng bạn trúng thưởng",
        "Your insurance card will be suspended, click the link", "Please send me the verification code", "Share your screen with our officer", "You have won a prize",
        "인증번호를 알려 주세요", "계정이 정지됩니다", "비밀번호를 입력해 주세요", "아래 링크를 클릭하세요", "수수료를 납부하고 이체해 주세요",
        "请把验证码发给我,提供验证码", "您的社保卡已被冻结", "请点击下面的链接", "请立即转账", "認証コードを教えてください", "口座が停止されました", "リンクをクリックして", "手数料をお支払いください",
    ],
)  # fmt: skip
def test_what_asks_threatens_or_lures_is_not_ours(text):
    answer = judge(text, known())
    assert answer.verdict is Verdict.NOT_OURS
    assert answer.reasons


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Bác đọc mã OTP cho cháu", Signal.CODE), ("Gửi mật khẩu cho tôi", Signal.PASSWORD), ("Chuyển tiền ngay", Signal.MONEY),
        ("Cài TeamViewer", Signal.APP), ("Thẻ sẽ bị khoá, tài khoản bị khoá", Signal.THREAT), ("Bạn đã trúng thưởng", Signal.PRIZE),
    ],
)  # fmt: skip
def test_each_demand_is_named(text, signal):
    assert signal in words.signals(text)


@pytest.mark.parametrize(
    "text",
    [
        "Không đọc mã OTP cho ai.",
        "Đừng bao giờ gửi mật khẩu qua tin nhắn.",
        "Never share your verification code.",
        "请不要提供验证码",
        "Chiều nay họp tổ dân phố lúc 14 giờ",
    ],
)
def test_a_warning_is_not_a_demand(text):
    assert words.signals(text) == ()


def test_a_warning_before_a_demand_does_not_hide_it():
    assert Signal.CODE in words.signals("Không đọc mã cho người lạ. Đọc mã OTP cho em.")


@pytest.mark.parametrize(("text", "signal"), SWINDLES)
def test_a_swindle_is_not_ours_and_its_reason_is_true(text, signal):
    for written in (text, without_marks(text), text.upper(), without_marks(text).lower(), f"VssID: {text}"):
        answer = judge(written, known())
        assert answer.verdict is Verdict.NOT_OURS, written
        assert words.REASONS[signal] in answer.reasons, (written, words.signals(written))


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_text_is_not_called_a_swindle(text):
    for written in (text, without_marks(text), text.upper()):
        assert verdict(written) is Verdict.UNKNOWN, (written, words.signals(written))


def test_a_link_is_not_called_an_app():
    assert words.signals("Quy khach duoc hoan tien BHXH, bam link de nhan") == (Signal.LINK, Signal.PRIZE)


@pytest.mark.parametrize("text", ["Đọc m\u200bã O\u200bTP cho em", "Đọc mã ОТР cho em", "Bac doc\nma OTP\ncho em"])
def test_hidden_signs_letters_of_other_scripts_and_broken_lines_hide_nothing(text):
    assert Signal.CODE in words.signals(text)


def test_no_message_of_ours_is_taken_for_a_swindlers():
    for language, text in every_sms():
        for written in (text, text.upper()):
            assert verdict(written) is Verdict.UNKNOWN, (language, text, words.signals(text))
        marked = with_phrase(text, "lua vang")
        assert verdict(marked, phrase="lua vang") is Verdict.UNKNOWN, marked
        assert verdict(marked) is Verdict.UNKNOWN, marked


def test_our_invitation_is_ours_word_by_word_and_only_so():
    whole = str(WORDS) % {"link": INVITED}
    for text in (whole, without_marks(whole), whole.upper().replace(INVITED.upper(), INVITED), f" {whole}\n"):
        answer = judge(text, known())
        assert (answer.verdict, answer.reasons) == (Verdict.OURS, (rules._OUR_INVITATION,)), text
    assert verdict(f"Try VssID. Open: {INVITED}") is Verdict.OURS
    for text in (
        f"{whole} Đọc mã cho em",
        f"Gấp. {whole}",
        whole.replace("không hỏi", "có hỏi"),
        str(WORDS) % {"link": f"https://{HOST}/moi/gia"},
        str(WORDS) % {"link": f"https://{HOST}/huy"},
        str(WORDS) % {"link": "https://evil.com/moi/duoc-ky"},
        f"{whole} https://{HOST}/huy",
    ):
        assert verdict(text) is not Verdict.OURS, text


def test_the_invitation_that_is_known_is_the_one_that_is_sent():
    assert str(rules.INVITATION) == str(WORDS)


@pytest.mark.parametrize(
    "text", ["965 870 167 2", CANCELLING, CANCELLING.replace("965", "065"), "VssID: … Huỷ thay đổi, mã 065 870 167 2."]
)
def test_a_cancelling_code_is_to_be_entered_and_told_to_nobody(text):
    for record in (Record(), Record("14:05, 4/9/2026")):
        [code, *_numbers] = sorted(judge(text, known(record=record)).findings, key=lambda one: one.way is None)
        assert (code.reasons, code.verdict) == ((rules._CANCELLING_CODE,), None)
        assert code.way[1] == "/huy"


def test_a_code_in_a_text_of_ours_has_no_verdict_of_its_own():
    answer = judge("VssID: Phan anh PA-7K3M-9QX2 da co tra loi. Hoi: 1900 0000.", known(record=Record("14:05")))
    assert answer.verdict is Verdict.OURS
    assert [one.verdict for one in answer.findings] == [None, Verdict.OUR_NUMBER]


def test_what_we_sent_is_ours_and_says_when_and_not_to_whom():
    answer = judge("VssID: Mã 1234 5678", known(record=Record("14:05, 4/9/2026")))
    assert answer.verdict is Verdict.OURS
    assert answer.reasons[0].params == {"at": "14:05, 4/9/2026"}
    assert answer.reasons[0] == rules._SENT
    assert judge("VssID: x", known(record=Record("14:05", to_reader=True))).reasons[0] == rules._SENT_TO_READER


def test_without_the_readers_phrase_a_message_that_says_it_is_ours_is_not():
    text = "VssID: Hồ sơ của bạn đã có kết quả. Hỏi: 1900 0000."
    assert verdict(text) is Verdict.UNKNOWN
    answer = judge(text, known(phrase="lua vang"))
    assert (answer.verdict, answer.reasons) == (Verdict.NOT_OURS, (rules._NO_PHRASE,))


@pytest.mark.parametrize("text", ["VssID (lua vang): Hồ sơ xong.", "vssid (Lúa vàng): hồ sơ xong."])
def test_the_readers_phrase_makes_it_possible_and_no_more(text):
    answer = judge(text, known(phrase="lua vang"))
    assert answer.verdict is Verdict.UNKNOWN
    assert rules._HAS_PHRASE in answer.reasons


def test_the_phrase_excuses_no_link():
    assert verdict("VssID (lua vang): mở evil.com/x", phrase="lua vang") is Verdict.NOT_OURS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("PA-7K3M-9QX2", rules._FEEDBACK_CODE), ("pa7K3M9QX2", rules._FEEDBACK_CODE), ("7K3M-9QX2", rules._DECLARATION_CODE),
        ("7K3M-9QX2-BDFG-2345", rules._DOCUMENT_CODE), ("7K3M 9QX2 BDFG 2345", rules._DOCUMENT_CODE), ("123456", rules._ONE_TIME_CODE),
        ("123 456", rules._ONE_TIME_CODE), ("1234 5678", rules._ONE_TIME_CODE), ("12345678", rules._ONE_TIME_CODE), ("123 456 789 0", rules._CANCELLING_CODE),
    ],
)  # fmt: skip
def test_codes_are_known_by_their_shape_and_never_evaluated(text, reason):
    answer = judge(text, known())
    assert answer.verdict is Verdict.UNKNOWN
    assert [one.reasons for one in answer.findings] == [(reason,)]


def test_words_alone_are_not_looked_for_and_codes_are():
    assert not rules.may_be_looked_for("VssID: Số này nhận mã cho nhiều tài khoản. Hỏi: 1900 0000.")
    assert not rules.may_be_looked_for("VssID: gọi 0912 345 678")
    assert not rules.may_be_looked_for("Mã 1234 5678")
    for text in ("VssID: mã 123 456", "vssid: 1234 5678", "VssID: nhập 123 456 789 0", "VssID: tờ khai 7K3M-9QX2"):
        assert rules.may_be_looked_for(text)


def test_nothing_known_teaches_to_take_it_for_not_ours():
    assert judge("Chào bạn", known()).reasons == (rules._NOTHING_KNOWN,)


def test_signs_that_no_person_types_are_left_out_and_lines_stay():
    assert rules.legible("a\x00b\r\nc\x1b[0m\ud800") == "ab\nc[0m"
    assert rules.legible("\x00\x1b") == ""


def test_much_of_everything_is_judged_in_reasonable_steps():
    pieces = ("0912 345 678 ", "evil.com ", "đọc mã ", "7K3M-9QX2 ", "(", "1 ", "gửi ", "không ", "a ", "gửi cho em ")
    for piece in (*pieces, "cài ứng dụng ", "bhxh kết bạn ", "bấm vào ", "nhận tiền ", "tài khoản bị ", "kẻ gian "):
        answer = judge((piece * 2_000)[: rules.LONGEST], known())
        assert len(answer.findings) <= rules.MOST_FINDINGS


def test_nothing_hides_behind_what_is_ours():
    """Ten links of ours before one of theirs, a mailbox beside our number."""
    ours = f"https://{HOST}/tra-cuu"
    many = " ".join(f"{ours}?q={n}" for n in range(30))
    assert verdict(f"{many} https://evil.example/login") is Verdict.NOT_OURS
    assert judge(f"{many} https://evil.example/login", known()).findings[0].shown == "https://evil.example/login"
    for text in ("1900 0000 bhxh.hotro@mail.example", f"{ours} bhxh-hotro@evil.example"):
        assert verdict(text) is Verdict.UNKNOWN


def test_a_true_warning_that_was_not_compared_is_not_called_false():
    text = "VssID: So dien thoai cua tai khoan se doi luc 09:00 04/9/2026. Khong phai ban? Nhap ma 927 385 059 4"
    found = judge(text, known("lua vang"))
    assert found.verdict is Verdict.UNKNOWN
    assert any("câu riêng" in str(reason) for reason in found.reasons)
