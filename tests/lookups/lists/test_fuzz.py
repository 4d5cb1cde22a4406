"""10,000 questions that nobody would ask: each gets an answer, none gets an error or more than a page."""

import random

from tests.lookups.lists import corpus
from vssid.directory import listings
from vssid.directory.listings import Asked, Kind
from vssid.directory.listings.searching import PAGE
from vssid.kernel.clock import today
from vssid.kernel.db import reading

QUESTIONS = 10_000
SIGNS = "abcdeghiklmnopqrstuvxy  0123456789đăâêôơưáàảãạ%_'\"*()-+^:{}[]\\/|<>&;\0\n\u202e\N{ROCKET}中文한국"
WORDS = (
    "cong ty",
    "bệnh viện",
    "NEAR",
    "AND",
    "OR",
    "NOT",
    "zkkham",
    "zp91",
    "phường 5",
    "q.3",
    "TP",
    "a" * 60,
    "<script>",
    "' OR 1=1 --",
    "*",
    "",
)


def test_10_000_questions_have_an_answer(engine, client):
    corpus.load(engine)
    chance = random.Random(10)
    with reading(engine) as db:
        for _nth in range(QUESTIONS):
            text = " ".join(
                chance.choice(WORDS)
                if chance.random() < 0.4
                else "".join(chance.choices(SIGNS, k=chance.randrange(1, 12)))
                for _word in range(chance.randrange(1, 5))
            )
            places = {"provinces": ("91",)} if chance.random() < 0.2 else {}
            found = listings.find(db, Asked(chance.choice(list(Kind)), text, **places), today(), chance.randrange(25))
            assert len(found.codes) <= PAGE
    for sheet in ("co-quan", "kham-chua-benh", "don-vi"):
        for _nth in range(20):
            text = "".join(chance.choices(SIGNS, k=30))
            assert (
                client.get(f"/tra-cuu/{sheet}", query_string={"q": text, "noi": text, "tinh": text}).status_code == 200
            )
