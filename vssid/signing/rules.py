"""What a signed form 01 can be found to be, in words; whose name and number a certificate bears. Pure."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold, one_line, spelt

LARGEST_BYTES = 8 * 1024**2
MOST_SIGNATURES = 10
MOST_REVISIONS = 40
MOST_CERTIFICATES = 24  # of authorities that certify one another the paths grow by the factorial
_HEADER_WITHIN = 1024  # where readers look for %PDF-


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    TRUSTED = "signing.authority_trusted"
    REMOVED = "signing.authority_removed"


class Problem(StrEnum):
    """Why a signed form cannot be taken in place of the paper."""

    TOO_LARGE = "too_large"
    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NOT_OUR_FORM = "not_our_form"
    UNSIGNED = "unsigned"
    TOO_COMPLEX = "too_complex"
    ALTERED = "altered"
    WEAK = "weak"
    UNKNOWN_AUTHORITY = "unknown_authority"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_FOR_SIGNING = "not_for_signing"
    WRONG_NAME = "wrong_name"
    NO_NUMBER = "no_number"
    WRONG_NUMBER = "wrong_number"

    @property
    def label(self) -> Label:
        """What is wrong and what to do next."""
        return _PROBLEMS[self.value]


_PROBLEMS = {
    "too_large": N_(
        "Tệp lớn hơn %(limit)s MB. Hãy ký đúng tệp tờ khai đã tải về, không chèn thêm ảnh.",
        limit=LARGEST_BYTES // 1024**2,
    ),
    "not_a_pdf": N_("Tệp này không phải PDF. Hãy chọn tệp tờ khai PDF đã ký số."),
    "encrypted": N_("Tệp bị đặt mật khẩu hoặc mã hoá. Hãy ký lại tệp tờ khai đã tải về, không đặt mật khẩu."),
    "damaged": N_("Tệp bị hỏng hoặc chưa tải lên hết. Hãy gửi lại; nếu vẫn lỗi, hãy tải tờ khai về và ký lại."),
    "not_our_form": N_(
        "Tệp này không giữ nguyên tờ khai chúng tôi đã cấp. Hãy tải tờ khai của hồ sơ này về và ký ngay trên tệp đó: "
        "không in rồi quét lại, không chỉnh sửa hay lưu thành tệp khác trước khi ký."
    ),
    "unsigned": N_("Tờ khai chưa có chữ ký số. Hãy ký tệp bằng phần mềm ký số rồi gửi lại."),
    "too_complex": N_("Tệp quá phức tạp, không kiểm tra được. Hãy tải tờ khai về và ký lại một lần."),
    "altered": N_(
        "Tờ khai đã bị thay đổi, hoặc chữ ký số bị hỏng. Hãy tải tờ khai về, ký lại và không thêm gì ngoài chữ ký."
    ),
    "weak": N_(
        "Chữ ký dùng thuật toán quá yếu (MD5, SHA-1 hoặc khoá RSA dưới 2048 bit). Hãy chọn SHA-256 trong phần mềm ký, "
        "hoặc hỏi nơi cấp chứng thư số."
    ),
    "unknown_authority": N_(
        "Không nối được chứng thư số tới nơi cấp mà cơ quan công nhận. Hãy chọn đính kèm đủ chuỗi chứng thư trong phần "
        "mềm ký, dùng chứng thư khác, hoặc nộp bản giấy."
    ),
    "not_yet_valid": N_("Chứng thư số chưa đến ngày có hiệu lực. Hãy gửi lại từ ngày đó, hoặc nộp bản giấy."),
    "expired": N_("Chứng thư số đã hết hạn. Hãy gia hạn rồi ký lại, hoặc nộp bản giấy."),
    "revoked": N_("Chứng thư số đã bị thu hồi. Hãy hỏi nơi cấp chứng thư, hoặc nộp bản giấy."),
    "not_for_signing": N_(
        "Chứng thư này không dùng để ký văn bản. Hãy ký bằng chứng thư chữ ký số, hoặc nộp bản giấy."
    ),
    "wrong_name": N_("Tên trên chứng thư số khác tên trên tờ khai. Hãy ký bằng chứng thư của người kê khai."),
    "no_number": N_(
        "Chứng thư số không ghi số giấy tờ của người ký. Hãy dùng chứng thư có số CCCD/Hộ chiếu/CMND, hoặc nộp bản giấy."
    ),
    "wrong_number": N_(
        "Số giấy tờ trên chứng thư số khác số trên tờ khai. Hãy ký bằng chứng thư của người kê khai; nếu chứng thư còn "
        "ghi số cũ, hãy nộp bản giấy."
    ),
}


class Revocation(StrEnum):
    """What the file itself proves about revocation; nobody is asked over the network."""

    GOOD = "good"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Label:
        """For the officer."""
        if self is Revocation.GOOD:
            return N_("Tệp kèm bằng chứng chứng thư số chưa bị thu hồi.")
        return N_("Tệp không kèm bằng chứng còn hiệu lực; chưa kiểm tra việc thu hồi chứng thư số.")


MARKLESS_NAME = N_("Tên trên chứng thư số không có dấu; khớp với tên trên tờ khai khi bỏ dấu.")


@dataclass(frozen=True)
class Declared:
    """Who must have signed: the name, and every number that may stand for them (ID papers; tax or unit code)."""

    name: str
    numbers: frozenset[str]


@dataclass(frozen=True)
class Subject:
    """What a certificate says of its holder, as written. `numbers` are the values of UID and serialNumber."""

    name: str
    numbers: tuple[str, ...]
    organisation: str


@dataclass(frozen=True)
class Signer:
    """Whose certificate signed. `number` without its kind; `serial` in hexadecimal; `authority` is the issuer's name."""

    name: str
    number: str
    organisation: str
    serial: str
    authority: str
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True)
class Verdict:
    """What was found. `signed_at` is only what the signing program says; `name_marks`: the name agreed with its marks."""

    problem: Problem | None
    signer: Signer | None = None
    signed_at: datetime | None = None
    revocation: Revocation = Revocation.UNKNOWN
    name_marks: bool = True

    def plain(self) -> dict[str, object]:
        """The same for JSON: moments in ISO 8601, enums by value."""
        found = asdict(self)
        found["signed_at"] = self.signed_at.isoformat() if self.signed_at else None
        if self.signer:
            found["signer"] |= {
                "valid_from": self.signer.valid_from.isoformat(),
                "valid_to": self.signer.valid_to.isoformat(),
            }
        return found


def first_look(pdf: bytes, issued: bytes | None) -> Problem | None:
    """What can be said of `pdf` without parsing it. `issued` is the form that must be its beginning (None: any PDF)."""
    if len(pdf) > LARGEST_BYTES:
        return Problem.TOO_LARGE
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        return Problem.NOT_A_PDF
    if issued is None or (pdf.startswith(issued) and len(pdf) > len(issued)):
        return None
    if pdf == issued:
        return Problem.UNSIGNED
    if issued.startswith(pdf):
        return Problem.DAMAGED
    return Problem.ENCRYPTED if b"/Encrypt" in pdf else Problem.NOT_OUR_FORM


# What authorities write before a number: kinds of papers, and the semantic prefixes of ETSI EN 319 412-1 with the country.
_KIND = re.compile(r"(?:CCCD|CMND|CMT|CC|HC|HCHIEU|MST|MNS|MDV|BHXH|(?:IDC|PNO|PAS|TIN|TAX|NTR|VAT)VN)[:. -]*")
_SEPARATORS = re.compile(r"[\s.:-]+")


def bare_number(written: str) -> str:
    """A certificate's number without its kind and separators: "CCCD: 0890 9001 2345" → 089090012345."""
    text = one_line(written).upper()
    return _SEPARATORS.sub("", _KIND.sub("", text, count=1) if _KIND.match(text) else text)


def same_name(certified: str, declared: str) -> tuple[bool, bool]:
    """(whether it is the same name, whether with its marks). A name without any mark agrees with the bare letters only."""
    if spelt(certified) == spelt(declared):
        return True, True
    markless = fold(certified) == one_line(certified).casefold()
    return markless and fold(certified) == fold(declared), False


def identify(subject: Subject, declared: Declared | None) -> tuple[Problem | None, str, bool]:
    """(problem, number to show, whether the name agreed with its marks) of a holder; None declared: anybody will do."""
    theirs = [number for number in map(bare_number, subject.numbers) if number]
    if declared is None:
        return None, (theirs or [""])[0], True
    ours = {bare_number(number) for number in declared.numbers}
    matching = [number for number in theirs if number in ours]
    number = (matching or theirs or [""])[0]
    same, marks = same_name(subject.name, declared.name)
    if not same:
        return Problem.WRONG_NAME, number, False
    if not theirs:
        return Problem.NO_NUMBER, "", marks
    return (None if matching else Problem.WRONG_NUMBER), number, marks
