"""Which text answers a question: BM25F over title, lead and body, ideas beside words; marks decide between equals. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vssid.directory.listings.rules import meant, slips_allowed, splits
from vssid.support.assistant.rules import LATIN, spellings, tokens

# Robertson and Zaragoza's BM25F: a weight and a normalisation of length for each field, one saturation for all.
TITLE, LEAD, BODY = (4.0, 0.4), (2.0, 0.5), (0.7, 0.75)
SATURATION = 1.6
IDEA, PAIR = 1.5, 0.8
ENOUGH, COVERED = 4.5, 0.2
MARKS, SECOND = 0.08, 0.3
# How much of its worth a word that no text has counts against all texts. Half of the pairs of signs in Chinese, Japanese
# and Korean are no words.
STRANGE_WORD, STRANGE_PAIR = 0.7, 0.3
MOST_SLIPS = 6


@dataclass(frozen=True)
class Document:
    """Something that may answer: its key, its fields, how readily it is taken beside others (1: like any)."""

    key: str
    title: str
    lead: str = ""
    body: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Match:
    """A document by its key, how well it fits, and how much of the question is in it (0 to 1)."""

    key: str
    score: float
    covered: float

    @property
    def enough(self) -> bool:
        """Whether it may be shown as the answer: better none than a wrong one."""
        return self.score >= ENOUGH and self.covered >= COVERED


class Index:
    """The texts of one language, ready to be asked."""

    def __init__(self, language: str, documents: Sequence[Document]) -> None:
        """Read all of them once."""
        self.language = language
        self.documents = documents
        self._fields = [
            [(tokens(text, language), weight, norm) for text, (weight, norm) in _fields(document)]
            for document in documents
        ]
        self._spelt = [spellings(f"{one.title} {one.lead} {one.body}") for one in documents]
        lengths = [[sum(field[0].values()) for field in fields] for fields in self._fields]
        self._means = [_mean(column) for column in zip(*lengths, strict=True)]
        self._postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, fields in enumerate(self._fields):
            self._enter(number, fields)
        self._times = {word: len(where) for word, where in self._postings.items()}
        self._words = [(word, times) for word, times in self._times.items() if word.isalpha() and word.isascii()]

    def _enter(self, number: int, fields: Sequence[tuple[Counter[str], float, float]]) -> None:
        for (found, weight, norm), mean in zip(fields, self._means, strict=True):
            length = 1 - norm + norm * sum(found.values()) / mean
            for token, times in found.items():
                where = self._postings[token]
                where[number] = where.get(number, 0.0) + weight * times / length

    def _worth(self, token: str) -> float:
        times = self._times.get(token, 0)
        rare = math.log(1 + (len(self.documents) - times + 0.5) / (times + 0.5))
        return rare * (IDEA if token.startswith("#") else PAIR if "_" in token else 1.0)

    def _expected(self, token: str) -> float:
        """How much a token that no text has speaks against all of them: pairs of words are not expected to be found."""
        if token in self._times:
            return 1.0
        return 0.0 if "_" in token else STRANGE_WORD if self.language in LATIN else STRANGE_PAIR

    def asked(self, question: str) -> Counter[str]:
        """The tokens of a question; words that no text has are taken for those that were meant."""
        found = tokens(question, self.language)
        if self.language not in LATIN:
            return found
        strange = [word for word in found if word.isalpha() and word not in self._times and slips_allowed(word)]
        for word in strange[:MOST_SLIPS]:
            if two := next((f"{a}_{b}" for a, b in splits(word) if f"{a}_{b}" in self._times), None):
                found.update([two, *two.split("_")])
            elif near := meant(word, [one for one in self._words if one[0][0] == word[0]], most=1):
                found.update(near)
            else:
                continue
            del found[word]
        return found

    def find(self, question: str, more: Mapping[str, float] | None = None) -> list[Match]:
        """What fits, best first, each key once. `more` are factors for keys that the question itself speaks for or against."""
        asked = self.asked(question)
        worth = {token: self._worth(token) for token in asked}
        whole = sum(value * self._expected(token) for token, value in worth.items()) or 1.0
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for token, value in worth.items():
            for number, weight in self._postings.get(token, {}).items():
                scores[number] += value * weight / (SATURATION + weight)
                covered[number] += value
        marked = spellings(question)
        found: dict[str, list[Match]] = defaultdict(list)
        for number, score in scores.items():
            document = self.documents[number]
            alike = len(marked & self._spelt[number]) / len(marked) if marked else 0.0
            factor = document.weight * (more or {}).get(document.key, 1.0) * (1 + MARKS * alike)
            found[document.key].append(Match(document.key, score * factor, min(covered[number] / whole, 1.0)))
        best = [_together(matches) for matches in found.values()]
        return sorted(best, key=lambda match: (-match.score, match.key))

    def fits(self, question: str, text: str) -> float:
        """How much of a question is in a part of a text: which part to quote."""
        there = tokens(text, self.language)
        return sum(self._worth(token) for token in self.asked(question) if token in there)


def _together(matches: Sequence[Match]) -> Match:
    """What a text and its phrases say together: the best of them, and a part of the second."""
    first, *others = sorted(matches, key=lambda match: -match.score)[:2]
    more = sum(match.score for match in others) * SECOND
    return Match(first.key, first.score + more, max(match.covered for match in (first, *others)))


def _mean(lengths: Sequence[int]) -> float:
    """The mean of a field where there is one: phrases have a title only."""
    there = [length for length in lengths if length]
    return sum(there) / len(there) if there else 1.0


def _fields(document: Document) -> tuple[tuple[str, tuple[float, float]], ...]:
    return (document.title, TITLE), (document.lead, LEAD), (document.body, BODY)
