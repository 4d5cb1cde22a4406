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


def ways_to_ask(lines: str, addresses: Mapping[str, str]) -> list[Document]:
    """How people ask, as documents of a title only: lines of "what|phrase|phrase".

    `what` is the end of a known address, an intent behind OWN, or NOT_OURS. Of an article that an editor has withdrawn
    nothing is left.
    """
    split = (line.split("|") for line in lines.splitlines())
    asked = [(what, phrase) for what, *phrases in split for phrase in phrases]
    kept = {NOT_OURS: NOT_OURS, **{OWN + intent: OWN + intent for intent in Intent}, **addresses}
    weights = {NOT_OURS: _READILY_REFUSED}
    return [Document(kept[what], phrase, weight=weights.get(what, 1.0)) for what, phrase in asked if what in kept]


def factors(question: str, language: str) -> dict[str, float]:
    """For each intent: more for who speaks of themselves, less for who asks how something is done."""
    own = _ASKED_FOR_ONESELF if speaks_of_own(question, language) else _ASKED_IN_GENERAL
    factor = own * (_ASKED_FOR_A_WAY if asks_for_a_way(question, language) else 1.0)
    return {OWN + intent: factor for intent in Intent}
