"""/kiem-tra: what was pasted is taken apart, each part judged, and all of it once. Pure.

Only what nobody can imitate is called ours: an address of this house, words that we sent or that invite here. A message
that merely holds one of these is not: swindlers put true addresses and true numbers into theirs. Of a number that we
publish it is said that who calls it reaches us, not that who calls from it is one of us: that number can be faked.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import CODE_ALPHABET, fold
from vssid.shield import links, words
from vssid.shield.verdicts import Finding, Verdict

LONGEST = 2_000
MOST_FINDINGS = 12
CHECKS_A_MINUTE = 120  # of one network and worker: a carrier puts hundreds of phones behind one
# Texts that hold a code are looked for among those that we sent: guessing one must stay hopeless, from wherever.
LOOKED_FOR_HERE = 40
LOOKED_FOR_EVERYWHERE = 500

_CODE_SIGNS = f"[{CODE_ALPHABET}]"
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)?\(?\d[\d().\- ]{4,18}\d(?!\w)")
_FEEDBACK = re.compile(rf"(?<![\w-])PA-?{_CODE_SIGNS}{{4}}-?{_CODE_SIGNS}{{4}}(?![\w-])", re.IGNORECASE)
_DOCUMENT = re.compile(rf"(?<![\w-])(?:{_CODE_SIGNS}{{4}}[-. ]){{3}}{_CODE_SIGNS}{{4}}(?![\w-])", re.IGNORECASE)
_DECLARATION = re.compile(rf"(?<![\w-]){_CODE_SIGNS}{{4}}-{_CODE_SIGNS}{{4}}(?![\w-])", re.IGNORECASE)
_CANCELLING = re.compile(
    r"(?<![\w+])(?<!\d )(?:(?<=mã )|(?<=ma )|(?<=code )|(?!0|1[89]0 0))\d{3} \d{3} \d{3} \d(?! ?\d)", re.IGNORECASE
)
_ONE_TIME = re.compile(r"\d{6}|\d{8}|\d{3} \d{3}|\d{4} \d{4}")
# As numbers are dialled in Vietnam; what else has many digits is an amount, a paper's number, an account.
_DIALLED = re.compile(r"0\d{8,10}|1[89]00\d{4,6}|\+\d{7,15}")
_SERVICE = re.compile(r"\+?840?(1[89]00\d{4,6})")
_HOLDS_CODE = re.compile(r"\d{3,4} \d{3,4}|[0-9A-Z]{4}-[0-9A-Z]{4}")
_SPOKEN_PHONE = re.compile(r"0\d{3} \d{3} \d{3}|1[89]00 \d{4}")
_SENDER = re.compile(r"^\W*vssid\b")


@dataclass(frozen=True)
class Record:
    """What our own records say of the whole text: when we sent it, in the reader's words, '' if we did not or it may not be
    told; whether to the reader; whether it was looked for at all.
    """

    sent_at: str = ""
    to_reader: bool = False
    looked: bool = True


@dataclass(frozen=True)
class Owner:
    """Whose a published number is: of an agency, or (`listed`) of a facility or a collection point, which are not ours."""

    name: str
    listed: bool = False


@dataclass(frozen=True)
class Known:
    """What the house knows: its address, its hotline, whether a path is an invitation of ours, the numbers that are published.

    `phrase` is the reader's own, folded, '' where they have none or nobody is signed in. `published` takes digits as they
    are dialled within the country and says whose number that is, or None. `invitations` are the words of `INVITATION` in
    every language, with its placeholder.
    """

    site: links.Site
    hotline: str
    published: Callable[[str], Owner | None]
    invitations: tuple[str, ...] = ()
    phrase: str = ""
    record: Record = field(default_factory=Record)


@dataclass(frozen=True)
class Answer:
    """The verdict of all of it, the reasons for it, and the parts that were found."""

    verdict: Verdict
    reasons: tuple[Label, ...]
    findings: tuple[Finding, ...]


def judge(text: str, known: Known) -> Answer:
    """What to think of a pasted text of at most `LONGEST` signs."""
    found, without_links = links.find(text)
    numbers, rest = _numbers(without_links, known)
    # All are judged, so that none can hide behind harmless ones; what is not ours is shown first.
    judged = [*(links.judge(one, known.site) for one in found), *numbers]
    findings = tuple(sorted(judged, key=lambda one: one.verdict is not Verdict.NOT_OURS))
    bare = not re.sub(r"[\W_]", "", rest)
    if known.record.sent_at:
        return _answer(Verdict.OURS, (_sent(known.record),), findings)
    if _is_invitation(text, found, known):
        return _answer(Verdict.OURS, (_OUR_INVITATION,), findings)
    if reasons := _against(text, without_links, findings, known, bare=bare):
        return _answer(Verdict.NOT_OURS, reasons, findings)
    if bare and (verdict := _of_all(findings)):
        return Answer(verdict, _OF_NUMBERS.get(verdict, ()), findings[:MOST_FINDINGS])
    return _answer(Verdict.UNKNOWN, tuple(_doubts(text, known, findings, bare=bare)), findings)


def _answer(verdict: Verdict, reasons: tuple[Label, ...], findings: tuple[Finding, ...]) -> Answer:
    """Numbers that may be called come with the warning of those who call from them."""
    return Answer(verdict, reasons, tuple(_cautioned(one) for one in findings[:MOST_FINDINGS]))


def _cautioned(one: Finding) -> Finding:
    return replace(one, reasons=(*one.reasons, _CALLERS_LIE)) if one.verdict in _OF_NUMBERS else one


def _of_all(findings: tuple[Finding, ...]) -> Verdict | None:
    """What is said of nothing but these parts, where each of them may be trusted in the same way."""
    verdicts = {one.verdict for one in findings}
    if verdicts == {Verdict.OURS, Verdict.OUR_NUMBER}:
        return Verdict.OUR_NUMBER
    only = verdicts.pop() if len(verdicts) == 1 else None
    return only if only in (Verdict.OURS, *_OF_NUMBERS) else None


def _is_invitation(text: str, found: list[str], known: Known) -> bool:
    if len(found) != 1 or not links.invites(found[0], known.site):
        return False
    said = fold(text)
    return any(said == fold(words.replace("%(link)s", found[0])) for words in known.invitations)


def _against(
    text: str, without_links: str, findings: tuple[Finding, ...], known: Known, *, bare: bool
) -> tuple[Label, ...]:
    reasons = []
    if any(one.verdict is Verdict.NOT_OURS for one in findings):
        reasons.append(_THIS_NOT_OURS if bare else _HAS_NOT_OURS)
    reasons += [words.REASONS[signal] for signal in words.signals(without_links)]
    if _lacks_phrase(text, known) and (reasons or not may_be_looked_for(text)):
        reasons.append(_NO_PHRASE)
    return tuple(reasons)


def may_be_looked_for(text: str) -> bool:
    """Whether a text names us and holds a code: who shows it has the message.

    Words alone anybody could guess: by them a stranger would learn whether a number that they asked a code for is known.
    """
    return "vssid" in fold(text) and bool(_HOLDS_CODE.search(_SPOKEN_PHONE.sub(" ", text)))


def legible(text: str) -> str:
    """What was pasted without what no person writes: NUL, escape; lines stay."""
    kept = (
        sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    )
    return "".join(kept).strip()


def dialled(text: str) -> str:
    """A number as it is dialled within the country: +84 296 3 000 001 → 02963000001, +84 1900 0000 → 19000000. Others keep their +."""
    digits = re.sub(r"[^0-9+]", "", text)
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    if service := _SERVICE.fullmatch(digits):
        return service[1]
    for prefix in ("+84", "84"):
        rest = digits.removeprefix(prefix).removeprefix("0")
        if digits.startswith(prefix) and len(rest) in (9, 10):
            return "0" + rest
    return digits


def _numbers(text: str, known: Known) -> tuple[list[Finding], str]:
    """What is said of the codes and numbers in a text, and the text without them."""
    found: dict[str, Finding] = {}
    for pattern, reason, way in _CODES:
        found |= {match[0]: Finding(match[0], None, (reason,), way) for match in pattern.finditer(text)}
        text = pattern.sub(" ", text)
    for match in _PHONE.finditer(text):
        shown = match[0].strip(" .-")
        judged = _number(shown, known)
        if judged is not None:
            found.setdefault(dialled(shown), judged)
            text = text.replace(match[0], " ", 1)
    return list(found.values()), text


def _number(shown: str, known: Known) -> Finding | None:
    digits = dialled(shown)
    if digits == dialled(known.hotline):
        return Finding(shown, Verdict.OUR_NUMBER, (_HOTLINE,))
    if owner := known.published(digits):
        verdict, words_of_it = (Verdict.LISTED, _LISTED) if owner.listed else (Verdict.OUR_NUMBER, _AGENCYS)
        return Finding(shown, verdict, (Label(str(words_of_it), whose=owner.name),))
    if _DIALLED.fullmatch(digits):
        return Finding(shown, Verdict.UNKNOWN, (_kind_of(digits), _NEVER_CALLED))
    return Finding(shown, None, (_ONE_TIME_CODE,)) if _ONE_TIME.fullmatch(shown) else None


def _kind_of(digits: str) -> Label:
    if digits.startswith("+") and not digits.startswith("+84"):
        return _ABROAD
    return _PREMIUM if digits.startswith("1900") else _NO_NUMBER_OF_OURS


def begins_with_phrase(text: str, phrase: str) -> bool:
    """Whether a message begins the way ours to this reader do."""
    return bool(phrase) and fold(text).lstrip().startswith(f"vssid ({phrase})")


def _lacks_phrase(text: str, known: Known) -> bool:
    return bool(known.phrase and _SENDER.match(fold(text)) and len(text) > len("VssID") + 10) and not (
        begins_with_phrase(text, known.phrase)
    )


def _sent(record: Record) -> Label:
    return Label(str(_SENT_TO_READER if record.to_reader else _SENT), at=record.sent_at)


def _doubts(text: str, known: Known, findings: tuple[Finding, ...], *, bare: bool) -> list[Label]:
    doubts: list[Label] = []
    if _lacks_phrase(text, known):
        # It holds a code, so it may be a true warning that was not compared: to one who deleted it, it would be of no use.
        doubts.append(_NO_PHRASE)
    if begins_with_phrase(text, known.phrase):
        doubts.append(_HAS_PHRASE)
    if not bare and any(one.verdict in (Verdict.OURS, *_OF_NUMBERS) for one in findings):
        doubts.append(_TRUE_PARTS)
    if not known.record.looked:
        doubts.append(_NOT_LOOKED)
    elif not bare and _SENDER.match(fold(text)):
        doubts.append(_NOT_FOUND)
    return doubts or ([] if bare and findings else [_NOTHING_KNOWN])


# What /moi offers to send (vssid/notices/inviting); a test holds the two together.
INVITATION = N_(
    "Mời bạn dùng VssID: xem thẻ BHYT, quá trình đóng bảo hiểm, sổ khám chữa bệnh ngay trên điện thoại. Miễn phí,"
    " không hỏi mật khẩu hay mã. Mở: %(link)s"
)
_OUR_INVITATION = N_("Đúng từng chữ lời mời cài đặt của chúng tôi, do người dùng gửi.")
_SENT = N_(
    "Chúng tôi đã gửi đúng tin này lúc %(at)s. Chúng tôi không cho biết gửi tới ai. Mã trong tin không đưa cho ai, kể cả người gọi tự nhận là cán bộ."
)
_SENT_TO_READER = N_(
    "Chúng tôi đã gửi đúng tin này lúc %(at)s cho tài khoản của bạn. Mã trong tin không đưa cho ai, kể cả người gọi tự nhận là cán bộ."
)
_HAS_NOT_OURS = N_("Tin có đường dẫn không phải của chúng tôi. Tin nhắn của chúng tôi không bao giờ có đường dẫn.")
_THIS_NOT_OURS = N_("Đừng mở đường dẫn này.")
_NO_PHRASE = N_("Tin không có câu riêng của bạn. Mọi tin nhắn của chúng tôi cho bạn đều bắt đầu bằng câu ấy.")
_HAS_PHRASE = N_("Tin có câu riêng của bạn: có thể là của chúng tôi. Nếu có ai khác biết câu ấy, hãy đổi ngay.")
_TRUE_PARTS = N_(
    "Trong tin có số hoặc địa chỉ đúng, nhưng kẻ gian cũng chép được vào tin giả. Đừng tin cả tin vì một phần đúng."
)
_NOT_FOUND = N_(
    "Chúng tôi không tìm thấy tin giống hệt trong 90 ngày qua. Tin có mã còn dùng được thì không đối chiếu; tin thiếu hay thừa một chữ cũng không khớp."
)
_NOT_LOOKED = N_("Nơi này đã đối chiếu quá nhiều tin trong một giờ nên tin chưa được đối chiếu. Hãy thử lại sau.")
_NOTHING_KNOWN = N_("Chúng tôi không có gì để nói tin này là của ai. Hãy coi như không phải của chúng tôi.")
_HOTLINE = N_("Số tổng đài của chúng tôi.")
_AGENCYS = N_("Số của cơ quan BHXH: %(whose)s.")
_LISTED = N_("Số của cơ sở: %(whose)s, theo danh mục.")
_OF_NUMBERS: dict[Verdict, tuple[Label, ...]] = {
    Verdict.OUR_NUMBER: (
        N_(
            "Đây là số của chúng tôi. Bạn gọi tới số này thì gặp chúng tôi; ai gọi đến từ số này thì chưa chắc: kẻ gian giả được số hiện trên máy."
        ),
    ),
    Verdict.LISTED: (
        N_(
            "Đây không phải số của chúng tôi. Bạn gọi tới số này thì gặp cơ sở ghi dưới đây; ai gọi đến từ số này thì chưa chắc: kẻ gian giả được số hiện trên máy."
        ),
    ),
}
_CALLERS_LIE = N_(
    "Kẻ gian giả được số hiện trên máy khi gọi đến. Ai gọi hỏi mã hay mật khẩu thì cúp máy, rồi tự gọi lại."
)
_ABROAD = N_("Số nước ngoài: đừng gọi lại, cuộc gọi có thể rất đắt.")
_PREMIUM = N_("Số 1900 này không phải tổng đài của chúng tôi, gọi tới bị tính thêm tiền.")
_NO_NUMBER_OF_OURS = N_("Số này không có trong danh bạ của chúng tôi. Chúng tôi không biết là của ai.")
_NEVER_CALLED = N_("Chúng tôi không bao giờ gọi để hỏi mã xác thực, mật khẩu hay đòi chuyển tiền.")
_DOCUMENT_CODE = N_("Có dạng mã in trên giấy tờ. Hãy kiểm tra ở mục Xác minh thẻ, giấy tờ của trang này.")
_FEEDBACK_CODE = N_("Có dạng mã phản ánh. Hãy xem ở mục Hỗ trợ, Phản ánh, kiến nghị của trang này.")
_DECLARATION_CODE = N_("Có dạng mã tờ khai. Hãy xem ở mục Theo dõi tờ khai của trang này.")
_ONE_TIME_CODE = N_(
    "Có dạng mã xác thực. Chỉ nhập mã vào trang này khi chính bạn yêu cầu, không đọc cho ai. Chúng tôi không kiểm tra mã ở đây."
)
_CANCELLING_CODE = N_(
    "Có dạng mã huỷ. Nếu việc nói trong tin không phải do bạn làm, hãy nhập đúng mã này ở mục Huỷ thay đổi của trang này. Không đọc mã cho ai."
)
_CODES: tuple[tuple[re.Pattern[str], Label, tuple[Label, str] | None], ...] = (
    (_DOCUMENT, _DOCUMENT_CODE, None),
    (_FEEDBACK, _FEEDBACK_CODE, None),
    (_DECLARATION, _DECLARATION_CODE, None),
    (_CANCELLING, _CANCELLING_CODE, (N_("Huỷ thay đổi"), "/huy")),
)
