"""Questions as the assistant reads them: cleaned, in which language, as words and ideas, and what of them is kept. Pure."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import StrEnum
from functools import cache

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold, spelt
from vssid.support.assistant.words import HOW, MEANINGS, OWN, STOP, WRITTEN_OUT

LONGEST_QUESTION = 300
MOST_WORDS = 60
KEPT = timedelta(days=180)
MOST_KEPT = 10_000
QUESTIONS_A_MINUTE = 60
LATIN = ("vi", "en")


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    ANSWERED = "question.answered"
    IGNORED = "question.ignored"


class State(StrEnum):
    """How an unanswered question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    IGNORED = "ignored"

    @property
    def label(self) -> Label:
        """In words."""
        return _STATES[self]


_STATES = {
    State.OPEN: N_("Chưa trả lời"),
    State.ANSWERED: N_("Đã viết câu trả lời"),
    State.IGNORED: N_("Bỏ qua"),
}

_HANGUL, _KANA, _HAN = "\uac00-\ud7af", "\u3040-\u30ff", "\u3400-\u4dbf\u4e00-\u9fff"
_EAST = re.compile(f"[{_HANGUL}{_KANA}{_HAN}々ー]+")
_LATIN = re.compile(r"[a-z0-9]+")
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323]")
# How a Vietnamese syllable without marks is built; most English words are built otherwise.
_SYLLABLE = re.compile(
    r"(ngh|ng|nh|th|tr|ch|gh|gi|kh|ph|qu|[bcdghklmnpqrstvx])?(uye|uya|uyu|oai|oay|oeo|uay|uoi|ieu|yeu|uou|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])(ng|nh|ch|[cmnpt])?"
)
_LONG_NUMBER = re.compile(r"\d(?:[\s.\-]*\d){3,}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


def language_of(text: str, interface: str) -> str:
    """The language of a question by its script, else by its words; `interface` decides where both may be."""
    if re.search(f"[{_HANGUL}]", text):
        return "ko"
    if re.search(f"[{_KANA}]", text):
        return "ja"
    if re.search(f"[{_HAN}]", text):
        return "ja" if interface == "ja" else "zh"
    if _VIETNAMESE.search(" ".join("".join(letters) + "".join(tones) for letters, tones in spelt(text))):
        return "vi"
    words = [word for word in _LATIN.findall(fold(text)) if not word.isdigit()]
    english = sum(_english(word) for word in words)
    vietnamese = sum(bool(_SYLLABLE.fullmatch(word)) or word in WRITTEN_OUT for word in words)
    if english == vietnamese:
        return interface if interface in LATIN else "vi"
    return "en" if english > vietnamese else "vi"


def _english(word: str) -> bool:
    return word in _ENGLISH or not (_SYLLABLE.fullmatch(word) or word in WRITTEN_OUT)


# Of the English words that are built like Vietnamese syllables those that Vietnamese hardly has.
_ENGLISH = frozenset(
    [
        "i",
        "my",
        "is",
        "how",
        "can",
        "the",
        "it",
        "in",
        "on",
        "at",
        "an",
        "me",
        "we",
        "he",
        "who",
        "am",
        "one",
        "do",
        "to",
        "no",
        "not",
        "of",
        "or",
        "new",
        "out",
        "get",
        "pay",
        "phone",
    ]
)


def tokens(text: str, language: str) -> Counter[str]:
    """What a text is compared by: words, pairs of neighbours ("mat_khau") and ideas ("#password"), each as often as it stands."""
    found: Counter[str] = Counter()
    plain = written_out(text, language)
    if language in LATIN:
        words = [word for word in _LATIN.findall(plain) if len(word) <= 40]
        words = words if language == "vi" else [_stem(word) for word in words]
        stop = STOP[language]
        found.update(word for word in words if word not in stop)
        pairs = itertools.pairwise(words)
        found.update(f"{one}_{other}" for one, other in pairs if one not in stop or other not in stop)
    else:
        found.update(pair for pair in _pairs(plain) if pair not in STOP[language])
        found.update(word for word in _LATIN.findall(fold(text)) if len(word) > 1)
    found.update(f"#{idea}" for idea, said in _said("ideas", language) if said(plain))
    return found


def _pairs(text: str) -> Iterator[str]:
    for run in _EAST.findall(text):
        yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))


def written_out(text: str, language: str) -> str:
    """`text` folded; in Vietnamese with what is shortened written out, in English without apostrophes."""
    if language not in LATIN:
        return text.casefold()
    words = re.findall(r"[^\W_]+", fold(text))
    if language == "vi":
        words = [WRITTEN_OUT.get(word, word) for word in words]
    return " ".join(words)


def _stem(word: str) -> str:
    """An English word without the endings that tell no difference here."""
    for ending, least in (("ies", 3), ("ing", 4), ("ed", 4), ("es", 4), ("s", 3)):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def speaks_of_own(text: str, language: str) -> bool:
    """Whether a question is about whoever asks it: "thẻ của tôi…"."""
    return any(said(written_out(text, language)) for _name, said in _said("own", language))


def asks_for_a_way(text: str, language: str) -> bool:
    """Whether a question asks how or where, not for a fact of one's own."""
    return any(said(written_out(text, language)) for _name, said in _said("how", language))


@cache
def _said(what: str, language: str) -> tuple[tuple[str, Callable[[str], bool]], ...]:
    table = {"own": {"own": OWN}, "how": {"how": HOW}}.get(what, MEANINGS)
    return tuple((name, _finder(said[language], language)) for name, said in table.items() if language in said)


def _finder(ways: str, language: str) -> Callable[[str], bool]:
    """A function that tells whether one of `ways` is in a text: as whole words, or anywhere where no blanks part words."""
    either = "|".join(re.escape(way.casefold()) for way in ways.split("|"))
    pattern = re.compile(rf"\b(?:{either})\b" if language in LATIN else either)
    return lambda text: pattern.search(text) is not None


def spellings(text: str) -> frozenset[tuple[str, tuple[str, ...]]]:
    """The words of a text with their marks, as far as they have any: they decide between texts alike without them."""
    return frozenset(word for word in spelt(re.sub(r"[^\w\s]", " ", text)) if word[1] or not word[0].isascii())


def masked_question(text: str) -> str:
    """A question without what may name somebody: long numbers and e-mail addresses become dots."""
    return _LONG_NUMBER.sub("…", _EMAIL.sub("…", text))[:LONGEST_QUESTION]


def key_of(text: str) -> str:
    """What two askings of one question have in common."""
    return " ".join(re.findall(r"[^\W_]+", fold(masked_question(text))))
