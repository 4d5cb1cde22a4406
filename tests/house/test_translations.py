"""The four catalogues against the source and against the words of translations/glossary.csv.

A translator's comment in a .po file makes an exception, with its reason: `# glossary: skip <term>: <reason>` for a term
(its cell `vi`), `# length: <reason>` for a label that wraps. Both are counted.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from translations import catalogues
from vssid.factory import NAVIGATION
from vssid.kernel.text import SMS_SEGMENT, sms_text

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = catalogues.LANGUAGES
BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
ABBREVIATION = re.compile(r"(?<![^\W\d_])(BHXH|BHYT|BHTN|BHTNLĐ|KCB|CSKCB|CCCD|CMND)(?![A-Za-zÀ-ỹ])")
LENGTHS = {"bar": (11, 5), "button": (26, 13), "field": (32, 16)}  # Latin letters, CJK signs
# Words that are wrong in whatever text they stand.
NEVER = {
    "en": r"(?i)\b(?:regimes?|dossiers?|cadres?|premiums?|log(?:ged|ging)? ?(?:in|out)|please)\b",
    "ko": "당신|의료보험|고용보험|4대보험|국민연금공단|근로복지공단",
    "zh": "社保|健康保险|QR码",
    "ja": "あなた|お客様|雇用保険|傷病手当金|脱退一時金|年金事務所|ヶ月",
}
SMS_VALUES = {
    "code": "1234 5678",
    "date": "04/09/2026",
    "hotline": "1900 0000",
    "child": "Cong Tang Ton Nu Ngoc Khanh",
    "name": "Cong Tang Ton Nu Ngoc Khanh",
    "helper": "Cong Tang Ton Nu Ngoc Khanh",
    "owner": "Cong Tang Ton Nu Ngoc Khanh",
    "task": "register a child",
    "time": "09:00",
}


# ---- the glossary -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Term:
    """One row: what a translation of `vi` must hold, and what is wrong in it."""

    vi: str
    cells: dict[str, str]
    inside: tuple[str, ...]  # forms that count wherever they stand
    alone: tuple[str, ...]  # forms that count only as the whole text
    verb: bool
    short: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def cell(self, language: str, context: str | None) -> str:
        """The rendering, the short one under the context `short`."""
        return self.short.get(language, self.cells[language]) if context == "short" else self.cells[language]


def glossary_rows() -> list[dict[str, str]]:
    with (ROOT / "translations" / "glossary.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def folded(text: str) -> str:
    """NFC, lower case, the mark on the second vowel (hoà, khoẻ, uỷ), for comparing."""
    marked = r"([oO][àáảãạèéẻẽẹ]|[uU][ỳýỷỹỵ])"
    text = unicodedata.normalize("NFC", text).lower()
    old = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ",
           "ọe": "oẹ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ"}  # fmt: skip
    assert all(re.fullmatch(marked, new) for new in old.values())
    return re.sub(rf"({'|'.join(old)})(?!\w)", lambda match: old[match[1]], text)


def term_of(row: dict[str, str]) -> Term:
    notes = [part.strip() for part in row["note"].split(";")]
    also, alone = listed(notes, "also: ", " / "), listed(notes, "alone: ", " / ")
    whole = "whole" in notes
    forms = (row["vi"], *also)
    return Term(
        vi=row["vi"],
        cells={language: row[language] for language in LANGUAGES},
        inside=() if whole else tuple(map(folded, forms)),
        alone=tuple(map(folded, (*forms, *alone) if whole else alone)),
        verb="verb" in notes,
        short={code: words[0] for code in LANGUAGES if (words := listed(notes, f"short {code}: ", "\n"))},
        wrong={code: listed(notes, f"not {code}: ", ", ") for code in LANGUAGES},
    )


def listed(notes: list[str], head: str, separator: str) -> tuple[str, ...]:
    """The items of one part of a note, without remarks in brackets."""
    for note in notes:
        if note.startswith(head):
            return tuple(item.strip() for item in BRACKETS.sub("", note.removeprefix(head)).split(separator))
    return ()


@cache
def terms() -> tuple[Term, ...]:
    return tuple(map(term_of, glossary_rows()))


@cache
def forms() -> list[tuple[re.Pattern[str], Term]]:
    """Every form that counts inside a text, longest first."""
    pairs = sorted(((form, term) for term in terms() for form in term.inside), key=lambda pair: -len(pair[0]))
    return [(re.compile(rf"(?<!\w){re.escape(form)}(?!\w)"), term) for form, term in pairs]


@cache
def terms_in(text: str) -> tuple[Term, ...]:
    """The terms of a Vietnamese text, longest first; each stretch of it counts once."""
    rest = folded(text)
    whole = next((term for term in terms() if rest.strip() in term.alone), None)
    if whole:
        return (whole,)
    found = []
    for form, term in forms():
        rest, times = form.subn("\0", rest)
        if times:
            found.append(term)
    return tuple(dict.fromkeys(found))


def pattern_of(cell: str, language: str, verb: bool = False) -> re.Pattern[str]:
    """A cell in a translation; in English also its plural, of a verb what begins alike (reject: rejected, rejection)."""
    words = re.escape(cell.lower())
    if language == "ko" and len(cell) == 1:
        return re.compile(rf"(?<![가-힣]){words}(?![가-힣])")
    if language != "en":
        return re.compile(words)
    if verb:
        return re.compile(rf"(?<!\w){re.escape(cell.lower().split()[0].removesuffix('e'))}")
    ending = f"(?:{words[:-1]}ies|{words}'?s?)" if cell.endswith("y") else rf"{words}(?:'?s|es)?"
    return re.compile(rf"(?<!\w){ending}(?!\w)")


# ---- what is wrong with one entry ---------------------------------------------------------------------------------


@dataclass
class Judgement:
    """What was found in one entry."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    skips: int = 0


def spoken(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def source_of(entry: Message) -> str:
    return spoken(entry.id)[0]


def comments(entry: Message) -> str:
    return " ".join(entry.user_comments)


def judge_words(entry: Message, language: str) -> Judgement:
    """The glossary's points 3 to 4."""
    judgement = Judgement()
    skipped = set(re.findall(r"glossary: skip (.+?): \S", comments(entry)))
    found = terms_in(source_of(entry))
    unused = skipped - {term.vi for term in found}
    judgement.faults += [f"skips {name!r}, which is no term of it" for name in sorted(unused)]
    judgement.skips = len(skipped)
    wanted = [term for term in found if term.vi not in skipped]
    for form in spoken(entry.string):
        rest = unicodedata.normalize("NFC", form).lower()
        for term in wanted:
            cell = term.cell(language, entry.context)
            if not pattern_of(cell, language, term.verb).search(form.lower()):
                said = f"{form!r} lacks {cell!r} ({term.vi})"
                (judgement.warnings if term.verb else judgement.faults).append(said)
            rest = pattern_of(cell, language).sub("\0", rest)
        wrong = [word for term in wanted for word in term.wrong[language] if pattern_of(word, language).search(rest)]
        judgement.faults += [f"{form!r} says {word!r}" for word in wrong]
    return judgement


def judge_signs(entry: Message, language: str) -> list[str]:
    """The glossary's point 5, as far as it holds for every entry."""
    found = []
    for form in spoken(entry.string):
        plain = outside_brackets(PLACEHOLDER.sub("□", form))
        found += [f"{form!r} has {sign} outside brackets" for sign in ABBREVIATION.findall(plain)]
        found += [f"{form!r} {words}" for words in _slips(form, language)]
    return found


def _slips(form: str, language: str) -> Iterator[str]:
    if "₫" in form:
        yield "has the sign ₫"
    for word in re.findall(NEVER[language], form):
        yield f"says {word!r}, never right in {language}"
    if unicodedata.normalize("NFC", form) != form:
        yield "is not in NFC"
    if any(line != line.rstrip() for line in form.split("\n")):
        yield "has blanks at the end of a line"
    if language == "zh" and half_width(form):
        yield f"has half-width {half_width(form)}"
    if language == "ko" and re.search(r"(?<!니)다[.:?!]?$", form):
        yield "ends in a dictionary form"


def outside_brackets(text: str) -> str:
    """`text` without what stands in brackets, also in brackets within brackets."""
    shorter = BRACKETS.sub("", text)
    return shorter if shorter == text else outside_brackets(shorter)


def half_width(text: str) -> str:
    """Half-width ,:?() that do not stand between Latin letters or digits."""
    plain = PLACEHOLDER.sub("□", text)
    return "".join(re.findall(r"(?<![A-Za-z0-9])[,:?()]|[,:?()](?![A-Za-z0-9])", plain))


def judge_label(entry: Message, language: str, use: str) -> list[str]:
    """Full stops and the length table."""
    found = []
    for form in spoken(entry.string):
        if use == "button" and form.endswith((".", "。", "．", "!", "！")):
            found.append(f"button {form!r} ends in a full stop")
        if "length: " not in comments(entry) and not PLACEHOLDER.search(form):
            found += over_long(form, language, use)
    return found


def over_long(form: str, language: str, use: str) -> list[str]:
    latin, cjk = LENGTHS[use]
    if language == "en":
        return [f"{use} {form!r} has {len(form)} letters, {latin} fit"] if len(form) > latin else []
    width = sum(1 if unicodedata.east_asian_width(sign) in "WF" else cjk / latin for sign in form)
    return [f"{use} {form!r} is {width:.1f} signs wide, {cjk} fit"] if width > cjk + 0.01 else []


@cache
def uses() -> dict[tuple[str | None, str], str]:
    """What the texts are that are known to be a label: (context, msgid) → bar, button or field."""
    words = r"""(?:\b_\(|pgettext\(['"]([^'"]+)['"], *)"([^"]+)"\)"""
    button = re.compile(r"ui\.(?:submit|link_button)\(" + words)
    element = re.compile(r"""(?:class="btn\b|<button\b)(?:(?!</(?:a|button|span|summary)>).)*""", re.S)
    label = re.compile(r"""\b(?:line|paragraph|secret|Choice|\w+Field)\(\s*_l\("([^"]+)"\)""")
    found = {
        (None, text): "field" for path in (ROOT / "vssid").rglob("*.py") for text in label.findall(path.read_text())
    }
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text()
        pieces = [match.group() for pattern in (button, element) for match in pattern.finditer(source)]
        found |= {(context or None, text): "button" for piece in pieces for context, text in re.findall(words, piece)}
    return found | {(item.label.context, str(item.label)): "bar" for item in NAVIGATION.bar}


def name_of(entry: Message) -> str:
    return f"[{entry.context}] {source_of(entry)}" if entry.context else source_of(entry)


# ---- the catalogues -----------------------------------------------------------------------------------------------


@cache
def template() -> Catalog:
    return catalogues.collected()


@cache
def catalogue(language: str) -> Catalog:
    return catalogues.read(language)


def translated(language: str) -> list[Message]:
    """The entries that are there; what is missing is the first test's matter."""
    return [entry for entry in catalogue(language) if entry.id and all(spoken(entry.string))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_or_left_over(language):
    faults = catalogues.faults(catalogue(language), template())
    assert {kind: texts for kind, texts in faults.items() if texts} == {}, "run `make i18n`, then translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_is_always_said_in_the_same_words(language, capsys):
    judgements = {name_of(entry): judge_words(entry, language) for entry in translated(language)}
    warnings = [f"{name}: {words}" for name, judged in judgements.items() for words in judged.warnings]
    skips = sum(judged.skips for judged in judgements.values())
    long = sum("length: " in comments(entry) for entry in translated(language))
    with capsys.disabled():
        sys.stdout.write(f" {language}: {skips} terms skipped, {long} long labels, {len(warnings)} verbs to look at\n")
    sys.stdout.write("\n".join(warnings))
    assert {name: judged.faults for name, judged in judgements.items() if judged.faults} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_and_abbreviations_are_those_of_the_language(language):
    found = {name_of(entry): judge_signs(entry, language) for entry in translated(language)}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_their_place(language):
    known = uses()
    entries = [(entry, known.get((entry.context, source_of(entry)))) for entry in translated(language)]
    found = {name_of(entry): judge_label(entry, language, use) for entry, use in entries if use}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_letter_is_kept(language):
    """Blank lines of an e-mail are part of its text."""
    torn = [
        name_of(entry)
        for entry in translated(language)
        if any(form.count("\n") != source_of(entry).count("\n") for form in spoken(entry.string))
    ]
    assert torn == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_sms_is_one_segment(language):
    """Readers of other scripts get the English text: theirs would cost three segments."""
    texts = [str(entry.id) for entry in template() if entry.id and is_sms(entry)]
    assert len(texts) >= 10
    for text in texts:
        words = text if language == "vi" else spoken(catalogue("en").get(text).string)[0]
        sent = sms_text(words % SMS_VALUES)
        assert 0 < len(sent) <= SMS_SEGMENT, f"{len(sent)}: {sent}"


def is_sms(entry: Message) -> bool:
    place = any(name.endswith("/messages.py") for name, _line in entry.locations)
    return place and source_of(entry).startswith("VssID: ") and "\n" not in source_of(entry)


# ---- the glossary itself, and the checker on wrong samples --------------------------------------------------------


def test_every_row_of_the_glossary_is_complete():
    rows = glossary_rows()
    assert len(rows) > 150
    assert [row["vi"] for row in rows if not all(row[key] for key in ("vi", *LANGUAGES)) or None in row] == []
    assert [row["vi"] for row in rows if any(unicodedata.normalize("NFC", cell) != cell for cell in row.values())] == []
    said = [row["vi"] for row in rows]
    assert [vi for vi in said if said.count(vi) > 1] == []


@pytest.mark.parametrize(
    ("vi", "found"),
    [
        ("Hãy nhập mã số BHXH.", ["mã số BHXH"]),
        ("BHXH và thẻ bảo hiểm y tế", ["thẻ BHYT", "bảo hiểm xã hội"]),
        ("giấy tờ tùy thân", ["giấy tờ tuỳ thân"]),
        ("Đóng", ["Đóng"]),
        ("Đóng cửa sổ", []),
        ("Duyệt", ["phê duyệt"]),
        ("Sử dụng thẻ BHYT", ["Sử dụng thẻ BHYT"]),
        ("hồ sơ, mã số hồ sơ", ["số hồ sơ", "hồ sơ"]),
        ("chẩn đoánh", []),
    ],
)
def test_terms_are_found_longest_first_and_at_word_borders(vi, found):
    assert [term.vi for term in terms_in(vi)] == found


@pytest.mark.parametrize(
    ("vi", "language", "text", "fault"),
    [
        ("Mã số BHXH", "en", "Insurance number", "lacks 'social insurance number'"),
        ("Mã số BHXH", "en", "Social insurance number or social security number", "says 'social security number'"),
        ("Mã số BHXH", "ko", "사회보험코드", "lacks '사회보험번호'"),
        ("Quét mã QR", "zh", "扫描二维码或QR码", "says 'QR码'"),
        ("Đóng", "ja", "近い", "lacks '閉じる'"),
        ("Hồ sơ đã gửi", "en", "Dossier sent", "lacks 'application'"),
    ],
)
def test_the_checker_hears_a_wrong_word(vi, language, text, fault):
    assert fault in " ".join(judge_words(Message(vi, text), language).faults)


@pytest.mark.parametrize(
    ("vi", "language", "text"),
    [
        ("Các cơ quan BHXH", "en", "Social insurance agencies"),
        ("BHXH Việt Nam và BHXH", "en", "Vietnam Social Security and social insurance"),
        ("Gia hạn thẻ BHYT", "ko", "건강보험증 연장"),  # a verb only warns
        ("Chọn tỉnh, thành phố", "ko", "성/시를 선택해 주세요"),  # 주 (state) is wrong only as a word
    ],
)
def test_the_checker_lets_right_words_pass(vi, language, text):
    assert judge_words(Message(vi, text), language).faults == []


def test_a_verb_that_is_said_otherwise_warns():
    assert judge_words(Message("Gia hạn", "Extend"), "en").warnings != []
    assert judge_words(Message("Lý do từ chối", "Reason for rejection"), "en").warnings == []


def test_an_exception_needs_a_reason_and_a_term_of_the_text():
    label = Message("Mã số BHXH", "Number", user_comments=["glossary: skip mã số BHXH: the", "table has no room"])
    assert (judge_words(label, "en").faults, judge_words(label, "en").skips) == ([], 1)
    bare = Message("Mã số BHXH", "Number", user_comments=["glossary: skip mã số BHXH:"])
    assert judge_words(bare, "en").faults != []
    other = Message("Ngày sinh", "Date of birth", user_comments=["glossary: skip hồ sơ: no reason"])
    assert judge_words(other, "en").faults != []


def test_a_short_form_counts_only_under_its_context():
    assert judge_words(Message("BHXH", "Social", context="short"), "en").faults == []
    assert judge_words(Message("BHXH", "Social"), "en").faults != []


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("en", "Card BHYT", "BHYT outside brackets"),
        ("zh", "BHYT卡", "BHYT outside brackets"),
        ("ko", "여권 또는 CCCD", "CCCD outside brackets"),
        ("en", "1,263,600 ₫", "₫"),
        ("zh", "电话: 1", "half-width :"),
        ("zh", "%(site)s,办理", "half-width ,"),
        ("ko", "닫다", "dictionary form"),
        ("en", "Sent ", "blanks"),
        ("ja", "カ\u3099", "NFC"),
        ("en", "Please log in", "says 'log in'"),
        ("zh", "社保卡", "says '社保'"),
    ],
)
def test_the_checker_sees_a_wrong_sign(language, text, fault):
    assert fault in " ".join(judge_signs(Message("x", text), language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Health insurance card (thẻ BHYT)"),
        ("ko", "사회보험번호(건강보험증(thẻ BHYT)의 마지막 10자리)"),
        ("zh", "追踪：%(url)s/to-khai，14:05"),
        ("ko", "제출했습니다."),
    ],
)
def test_the_checker_lets_right_signs_pass(language, text):
    assert judge_signs(Message("x", text), language) == []


@pytest.mark.parametrize(
    ("language", "text", "use", "right"),
    [
        ("en", "Send.", "button", False),
        ("en", "Send", "button", True),
        ("en", "Personal records", "bar", False),
        ("ko", "개인정보관리", "bar", False),
        ("ko", "내 정보", "bar", True),
        ("zh", "一二三四五六七八九十一二三", "button", True),
        ("zh", "一二三四五六七八九十一二三四", "button", False),
    ],
)
def test_the_checker_measures_labels(language, text, use, right):
    assert (judge_label(Message("x", text), language, use) == []) is right


def test_labels_are_known_by_the_source():
    known = uses()
    assert known[(None, "Chấp nhận")] == "button"
    assert known[(None, "Người liên hệ")] == "field"
    assert known[("pager", "Trang sau")] == "button"
    assert "bar" in known.values()
    assert sum(use == "button" for use in known.values()) > 25
