"""How articles and questions are put into words, and which article comes first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vssid.directory.listings.ranking import Spelling
from vssid.directory.listings.rules import marked_words, meant, slips_allowed, splits
from vssid.kernel.text import spelt
from vssid.newsroom.rules import Kind, words_of

LONGEST = 100
MOST_WORDS = 12
LONGEST_WORD = 40
# Of a word that is not the last one typed, where nothing was found otherwise.
SHORTEST_BEGINNING = 3
# What texts and people shorten; both are written out, so that either finds either.
WRITTEN_OUT = {
    "bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "bhtn": "bao hiem that nghiep", "bh": "bao hiem", "kcb": "kham chua benh",
    "bv": "benh vien", "cccd": "can cuoc", "tk": "tai khoan", "mk": "mat khau", "sdt": "so dien thoai", "dt": "dien thoai",
    "app": "ung dung",
}  # fmt: skip
# What people say and texts do not, behind `WRITTEN_OUT`.
SAID_OTHERWISE = {
    "nghi de": "thai san",
    "nghi sinh": "thai san",
    "xoa ung dung": "go ung dung",
    "tien ma chay": "mai tang",
}
# What only asks. A question that is nothing else keeps it.
_IDLE = {
    "la", "thi", "vi", "cua", "va", "toi", "minh", "em", "nao", "sao", "lam", "gi", "nhe", "a", "xin", "hoi", "voi",
    "duoc", "khong", "nhu", "muon", "cach", "how", "to", "do", "i", "my", "an", "of", "is", "are", "what", "where",
    "for", "and", "on", "when",
}  # fmt: skip
# Texts that answer stand before texts that tell what happened.
ANSWERING = (Kind.FAQ, Kind.GUIDE, Kind.POLICY, Kind.DOCUMENT, Kind.PAGE)
TELLING = (Kind.NEWS, Kind.VIDEO)


@dataclass(frozen=True)
class Word:
    """A word typed, what it may stand for, and whether it may be the beginning of one."""

    typed: str
    choices: tuple[str, ...]
    begins: bool = False

    def stands_in(self, text: str) -> bool:
        """Whether a text of words between blanks has it."""
        return any(f" {one}" in text if self.begins else f" {one} " in text for one in self.choices)


@dataclass(frozen=True)
class Question:
    """What was typed as it is compared: the whole, its words, and those with marks as typed."""

    key: str
    words: tuple[Word, ...]
    marked: tuple[Spelling, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """What the ranking looks at: the words of title and lead between blanks, parted by a stroke."""

    heads: str
    title: str
    in_own_language: bool
    answers: bool


def written_out(text: str) -> str:
    """The words of a text as they are compared."""
    return " ".join(WRITTEN_OUT.get(word, word) for word in words_of(text).split() if len(word) <= LONGEST_WORD)


def heads_of(title: str, lead: str) -> str:
    """What `article_words.heads` holds."""
    return f" {written_out(title)} / {written_out(lead)} "


def index_words(kind: Kind, title: str, lead: str, body: str) -> str:
    """What `article_words.words` holds: each word once, and the mark of the kind."""
    words = dict.fromkeys(written_out(f"{title} {lead} {body}").split())
    return f" {' '.join([mark_of(kind), *words])} "


def mark_of(kind: Kind) -> str:
    """The word that all articles of a kind have and nobody types."""
    return f"zk{kind}"


def question_of(text: str) -> Question:
    """A question as it was typed; it has no words when nothing can be searched. The last word may be a beginning."""
    key = f" {written_out(text[:LONGEST])} "
    for said, meant_by_it in SAID_OTHERWISE.items():
        key = key.replace(f" {said} ", f" {meant_by_it} ")
    key = key.strip()
    words = list(dict.fromkeys(key.split()))
    telling = ([word for word in words if word not in _IDLE] or words)[:MOST_WORDS]
    last = telling[-1] if telling and telling[-1] == words[-1] else ""
    return Question(key, tuple(Word(word, (word,), word == last) for word in telling), marked_words(text))


def mended(question: Question, known: Iterable[tuple[str, int]]) -> Question:
    """The question with words that nobody has written taken for those that were meant; `known` with how often each stands."""
    times = dict(known)
    words: list[Word] = []
    for word in question.words:
        if word.typed in times:
            words.append(word)
        elif len(word.typed) >= SHORTEST_BEGINNING and any(one.startswith(word.typed) for one in times):
            words.append(Word(word.typed, word.choices, begins=True))
        elif two := max(
            (pair for pair in splits(word.typed) if pair[0] in times and pair[1] in times),
            key=lambda pair: min(times[part] for part in pair),
            default=None,
        ):
            words += [Word(part, (part,)) for part in two]
        else:
            near = meant(word.typed, times.items()) if slips_allowed(word.typed) else []
            words.append(Word(word.typed, tuple(near)) if near else word)
    return Question(question.key, tuple(words), question.marked)


def order(question: Question, candidate: Candidate) -> tuple[int, ...]:
    """What to sort by, best first; between equals the newest."""
    title = candidate.heads.partition("/")[0]
    spelling = spelt(candidate.title) if question.marked else []
    return (
        sum(not word.stands_in(candidate.heads) for word in question.words),
        f" {question.key}" not in title,
        sum(not word.stands_in(title) for word in question.words),
        not _neighbours(question.words, title),
        sum(word not in spelling for word in question.marked),
        not candidate.in_own_language,
        not candidate.answers,
    )


def _neighbours(words: Sequence[Word], title: str) -> bool:
    """Whether two words that were typed beside each other stand so in a title: "thai sản" is not "sản … thai"."""
    return any(f" {one} {other}" in title for a, b in pairwise(words) for one in a.choices for other in b.choices)


def taken_for(question: Question, heads: str) -> tuple[tuple[str, str], ...]:
    """Words typed that the best article has otherwise: (typed, taken for)."""
    instead = []
    for word in question.words:
        there = next((one for one in word.choices if f" {one}" in heads), None)
        if there is not None and word.typed not in there:
            instead.append((word.typed, there))
    return tuple(instead)
