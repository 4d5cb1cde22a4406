"""Mã kiểm tra: how it was solved, and what it cost."""

import hashlib

import pytest

from vssid.kernel.labels import Refused
from vssid.web import captcha
from vssid.web.captcha import DIFFICULTY, Challenge


def worked(one: Challenge) -> dict[str, str]:
    n = next(n for n in range(one.max) if hashlib.sha256(f"{one.salt}{n}".encode()).hexdigest() == one.challenge)
    return {"captcha_token": one.token, "captcha_solution": str(n)}


def answered(one: Challenge) -> dict[str, str]:
    numbers = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    total = sum(numbers.index(str(one.question.params[side])) for side in ("left", "right"))
    return {"captcha_token": one.token, "captcha_answer": str(total)}


def checked(app, data: dict[str, str], at_least: int = 1) -> bool:
    with app.test_request_context("/", method="POST", data=data):
        return captcha.check(at_least)


@pytest.fixture
def made(app):
    def make(harder: int = 1) -> Challenge:
        with app.test_request_context("/"):
            one = captcha.challenge(harder)
            assert one is not None
            return one

    return make


def test_it_tells_work_from_an_answer(app, made):
    assert checked(app, worked(made())) is True
    assert checked(app, answered(made())) is False


def test_harder_means_that_many_times_the_work(made):
    assert (made().max, made(4).max) == (DIFFICULTY, 4 * DIFFICULTY)


def test_work_for_less_than_the_price_is_not_taken_and_the_question_still_is(app, made):
    cheap = made(2)
    with pytest.raises(Refused):
        checked(app, worked(cheap), at_least=4)
    assert checked(app, answered(cheap), at_least=4) is False
    assert checked(app, worked(made(4)), at_least=4) is True


def test_the_price_cannot_be_written_into_the_token(app, made):
    one = made()
    with pytest.raises(Refused):
        checked(app, {**worked(one), "captcha_token": one.token + "x"})


def test_it_works_once(app, made):
    one = made()
    assert checked(app, worked(one))
    with pytest.raises(Refused):
        checked(app, answered(one))
