"""10,000 questions that nobody would ask: each has an answer or none, no page breaks, none takes long."""

import random

import pytest

from tests import people
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.support.assistant.answers import OTHERS, answer
from vssid.support.assistant.knowledge import Library
from vssid.support.assistant.rules import LONGEST_QUESTION, key_of, masked_question

QUESTIONS = 10_000
SIGNS = "abcdeghiklmnopqrstuvxy  0123456789đăâêôơưáàảãạ%_'\"*()-+^:{}[]\\/|<>&;\u00a0\N{ROCKET}中文한국かな々ー"
WORDS = (
    "thẻ", "của tôi", "mật khẩu", "bệnh viện", "bhxh", "NEAR", "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "%(level)s",
    "a" * 60, "a.a" * 30, "医保卡", "비밀번호", "保険証", "#card", "mat_khau", "-", "intent:card_valid", "", "../../etc/passwd",
)  # fmt: skip


def strange(chance: random.Random) -> str:
    return " ".join(
        chance.choice(WORDS) if chance.random() < 0.5 else "".join(chance.choices(SIGNS, k=chance.randrange(1, 14)))
        for _word in range(chance.randrange(1, 9))
    )[:LONGEST_QUESTION]


@pytest.mark.only_on("sqlite")
def test_10_000_questions_are_answered_or_not(engine):
    chance, library = random.Random(10), Library()
    with reading(engine) as db:
        for _nth in range(QUESTIONS):
            text = strange(chance)
            found = answer(db, library, text, chance.choice(("vi", "en", "ko", "zh", "ja")), None, now(), today())
            assert len(found.others) <= OTHERS
            assert "<script" not in str(found.quoted or "")
            assert len(masked_question(text)) <= LONGEST_QUESTION
            key_of(text)


def test_pages_show_them_as_text(app, client):
    chance = random.Random(11)
    app.extensions["assistant.flood"]._asked.clear()
    token = people.csrf(client, "/ho-tro/tro-ly")
    for _nth in range(40):
        answer_ = client.post("/ho-tro/tro-ly", data={"csrf_token": token, "question": strange(chance)})
        assert answer_.status_code in (200, 422)
        assert "<script>alert" not in answer_.get_data(as_text=True)
