"""Vietnamese text: one spelling to store, one folded form to search, one to put into an SMS."""

import re
import unicodedata

import phonenumbers

_SPACES = re.compile(r"\s+")
_FOLDED_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_UNFOLDED_LETTERS = str.maketrans({"đ": "d", "Đ": "D"})
# Typographic signs outside GSM 03.38; one of them would make the whole SMS cost three times as much.
_SMS_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "·": "-", "₫": "d", "\u00a0": " "}
)
_GSM_7BIT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
SMS_SEGMENT = 160
# For codes that people read out and type: no vowels, so that no word comes of it, and no look-alikes (0/O, 1/I).
CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # huyền, sắc, ngã, hỏi, nặng
# One letter on paper, two in the code tables; telephones turn an apostrophe into a quotation mark.
_TWINS = str.maketrans({"ð": "đ", "’": "'"})


def one_line(text: str) -> str:
    """NFC, every run of white space one blank, ends trimmed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def has_control_characters(text: str) -> bool:
    """Whether `text` holds a character that no person types: NUL, escape, bidi override, lone surrogate."""
    return any(
        unicodedata.category(sign) in ("Cc", "Cs", "Cn") or sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"
        for sign in text
    )


def without_marks(text: str) -> str:
    """`text` in plain Latin letters of the same case: "Được duyệt" → "Duoc duyet"."""
    decomposed = unicodedata.normalize("NFD", text.translate(_UNFOLDED_LETTERS))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def fold(text: str) -> str:
    """The form that is searched and compared: no marks, lower case, single blanks, đ as d.

    SQLite's own folding knows neither đ nor upper-case Đ, so a folded column stands beside each searched name.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_FOLDED_LETTERS))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _SPACES.sub(" ", letters.casefold()).strip()


def spelt(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """A name as it is compared with its marks: of each word the letters and the tones, whatever the case and blanks.

    Both Hoà and Hòa are written; a word has one tone, so where it stands tells nothing.
    """
    return [_spelt_word(word) for word in one_line(name).casefold().translate(_TWINS).split(" ")]


def _spelt_word(word: str) -> tuple[str, tuple[str, ...]]:
    signs = unicodedata.normalize("NFD", word)
    letters = "".join(sign for sign in signs if sign not in _TONES)
    return unicodedata.normalize("NFC", letters), tuple(sign for sign in signs if sign in _TONES)


def sms_text(text: str) -> str:
    """`text` in the 7-bit alphabet of SMS. Raises ValueError if a sign is left that the alphabet lacks."""
    plain = without_marks(text.translate(_SMS_SIGNS))
    strange = {sign for sign in plain if sign not in _GSM_7BIT}
    if strange:
        raise ValueError(f"not in the SMS alphabet: {sorted(strange)!r}")
    return plain


def mobile_number(text: str) -> str | None:
    """A Vietnamese mobile number as E.164 (+84…), or None. Takes 0912…, 84912…, +84 912…, dots and blanks."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != 84 or not phonenumbers.is_valid_number(number):
        return None
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phonenumbers.number_type(number) not in kinds:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def spoken_phone(e164: str) -> str:
    """+84912345678 as people read it: 0912 345 678. Anything else comes back as it is."""
    if not re.fullmatch(r"\+84\d{9}", e164):
        return e164
    local = "0" + e164[3:]
    return f"{local[:4]} {local[4:7]} {local[7:]}"


def phones(text: str) -> tuple[tuple[str, str], ...]:
    """“0296 000 001; 0296.000.002” → each number as it is written and as it is dialled."""
    written = (part.strip() for part in re.split(r"[;,/]", text))
    return tuple((part, digits) for part in written if (digits := re.sub(r"[^0-9+]", "", part)))


def masked(value: str, head: int = 3, tail: int = 2) -> str:
    """`value` with its middle hidden: 0912345678 → 091*****78."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def masked_email(address: str) -> str:
    """An address with the middle of its name hidden: ten@vidu.vn → t*n@vidu.vn; '' stays ''."""
    name, at, host = address.partition("@")
    return f"{masked(name, 1, 1)}{at}{host}"


def grouped(code: str, *sizes: int) -> str:
    """Break `code` into groups of `sizes`, the rest last: 8900000101 by 2, 4 → 89 0000 0101."""
    parts, at = [], 0
    for size in sizes:
        parts.append(code[at : at + size])
        at += size
    return " ".join(part for part in [*parts, code[at:]] if part)


def typed_code(text: str) -> str:
    """A code of CODE_ALPHABET as people type it: any case, with or without dashes, dots and blanks."""
    return re.sub(r"[\s.\-]", "", text).upper()
