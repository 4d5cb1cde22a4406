"""What stands in an index beside texts, and how a question's own words speak for an intent. Pure."""

import re
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


def _of(people: str, unmarked: str, foreign: str) -> re.Pattern[str]:
    """Whoever is somebody's own: “chồng tôi”, “mẹ của em”, “bà nội tui”; `unmarked` where it says so without marks, too."""
    near = r"(?: (?:gái|trai|ruột|nội|ngoại|chồng|vợ|dâu|rể|đẻ|họ|trưởng|út))*(?: (?:của|nhà))* (?:tôi|tui|tao|mình)"
    near_unmarked = r"(?: (?:gai|trai|ruot|noi|ngoai|chong|vo))*(?: (?:cua|nha))* (?:toi|tui|minh)"
    # “Em” speaks of oneself, but not behind those who are nobody's to be addressed.
    behind = r"(?:mẹ|má|bố|cha|chồng|vợ|con)(?: (?:gái|trai|chồng|vợ))* em"
    vietnamese = rf"(?<!thứ )(?:{people}){near}|(?<!thu )(?:{unmarked}){near_unmarked}|(?={people}){behind}"
    return re.compile(rf"\b(?:{vietnamese})\b|{foreign}")


_GROWN = _of(
    "mẹ|má|bố|cha|chồng|vợ|ông|bà|ba|anh|chị|em|dì|cô|chú|cậu|bác",
    "me|bo|cha|chong|vo|ong|ba|anh|chi",
    r"của (?:mẹ|má|bố|cha|chồng|vợ|ông|bà)\b|\bcua (?:me|bo|cha|chong|vo)\b"
    r"|\b(?:my|our) (?:mother|mom|mum|father|dad|husband|wife|parents?|brother|sister|grand\w+|aunt|uncle)\b"
    r"|어머니|엄마|아버지|아빠|남편|아내|부모|할머니|할아버지|오빠|언니|누나|동생"
    r"|妈妈|母亲|爸爸|父亲|丈夫|老公|妻子|老婆|父母|奶奶|爷爷|外婆|外公|哥哥|姐姐|弟弟|妹妹"
    r"|母の|母は|母親|お母|父の|父は|父親|お父|夫の|夫は|主人|妻|両親|祖母|祖父|兄|姉|弟|妹",
)
_CHILD = _of(
    "con|cháu",
    "con|chau",
    r"\b(?:my|our) (?:sons?|daughters?|child|children|kids?)\b|아들|딸|아이|儿子|女儿|孩子|息子|娘|子ども|子供",
)
_OF_CHILDREN = (Intent.CHILDREN_CARDS, Intent.MY_DECLARATION)


def asked_of(intent: Intent, question: str) -> Intent:
    """The intent itself, or SOMEBODY_ELSE where the question is about a relative's record and the intent about one's own."""
    told = question.casefold()
    of_others = _GROWN.search(told) or (intent not in _OF_CHILDREN and _CHILD.search(told))
    return Intent.SOMEBODY_ELSE if of_others else intent


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
