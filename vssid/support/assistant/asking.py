"""What stands in an index beside texts, and how a question's own words speak for an intent. Pure."""

from collections.abc import Mapping

from vssid.newsroom.rules import Kind
from vssid.support.assistant.intents import Intent
from vssid.support.assistant.ranking import Document
from vssid.support.assistant.rules import asks_for_a_way, speaks_of_own

# How readily a text of a kind is taken: a question that somebody has asked before is the best answer.
WEIGHTS: Mapping[Kind, float] = {Kind.FAQ: 1.0, Kind.GUIDE: 0.8, Kind.POLICY: 0.8, Kind.PAGE: 0.6}
# What is not ours to answer has phrases, too, so that it is not taken for what looks like it.
OWN, NOT_OURS = "intent:", "-"
_READILY_REFUSED = 1.15
_ASKED_FOR_ONESELF, _ASKED_IN_GENERAL, _ASKED_FOR_A_WAY = 1.5, 0.75, 0.9


def documents_of(language: str) -> list[Document]:
    """The ways to ask for one's own record, as documents of a title only."""
    return [Document(OWN + intent, phrase) for intent in Intent for phrase in intent.phrases(language) if phrase]


def other_ways(lines: str, addresses: Mapping[str, str]) -> list[Document]:
    """More ways to ask what a text answers: lines of "slug|phrase|phrase", the slug as the end of a known address."""
    asked = [
        (slug, phrase) for slug, *phrases in (line.split("|") for line in lines.splitlines()) for phrase in phrases
    ]
    strange = [Document(NOT_OURS, phrase, weight=_READILY_REFUSED) for slug, phrase in asked if slug == NOT_OURS]
    return [*strange, *(Document(addresses[slug], phrase) for slug, phrase in asked if slug in addresses)]


def factors(question: str, language: str) -> dict[str, float]:
    """For each intent: more for who speaks of themselves, less for who asks how something is done."""
    own = _ASKED_FOR_ONESELF if speaks_of_own(question, language) else _ASKED_IN_GENERAL
    factor = own * (_ASKED_FOR_A_WAY if asks_for_a_way(question, language) else 1.0)
    return {OWN + intent: factor for intent in Intent}
