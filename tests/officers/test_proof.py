"""An officer who was away for a while shows the password before the next decision; nothing typed is lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from tests import pages, people
from vssid.kernel.clock import now
from vssid.kernel.db import unit


@pytest.fixture
def officer(app, client, engine):
    with app.app_context(), unit(engine) as db:
        people.add_agency(db)
        code = people.add_officer(app, db, "CB01", "08902")
    people.officer_signs_in(app, client, "CB01", code)
    return client


def reject(client, **more):
    """A decision about a declaration that does not exist: whoever gets through hears 404."""
    return people.post(
        client, f"/can-bo/to-khai/{uuid4()}/tu-choi", {"reason": "khac", "note": "Ảnh mờ", **more}, "/can-bo"
    )


def test_who_is_at_work_is_not_asked(officer):
    assert reject(officer).status_code == 404


def test_after_six_minutes_away_the_password_is_asked_and_the_words_stay(officer):
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = reject(officer)
        assert asked.status_code == 422
        html = pages.inspected(asked)
        assert "Xác nhận lại là bạn" in html
        assert 'name="note" value="Ảnh mờ"' in html
        assert reject(officer, proof="sai rồi nhé").status_code == 422
        assert reject(officer, proof=people.OFFICER_PASSWORD).status_code == 404
        # From here on they are at work again.
        assert reject(officer).status_code == 404


def test_looking_around_after_a_while_away_does_not_replace_the_password(officer):
    with time_machine.travel(now() + timedelta(minutes=6)) as clock:
        assert officer.get("/can-bo").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert reject(officer).status_code == 422


def test_who_keeps_working_is_not_asked_all_morning(officer):
    with time_machine.travel(now()) as clock:
        for _step in range(10):
            clock.shift(timedelta(minutes=4))
            assert officer.get("/can-bo").status_code == 200
        assert reject(officer).status_code == 404


def test_guessing_there_ends_after_five_tries(officer):
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        for _try in range(5):
            reject(officer, proof="không phải")
        answer = reject(officer, proof=people.OFFICER_PASSWORD)
    assert answer.status_code == 422
    assert "quá nhiều lần" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/can-bo/to-khai/{id}/duyet",
        "/can-bo/to-khai/{id}/tra-lai",
        "/can-bo/to-khai/{id}/khong-trung",
        "/can-bo/khoi-phuc/{id}/lap",
        "/can-bo/khoi-phuc/{id}/xac-nhan",
        "/can-bo/du-lieu/{id}/tra-loi",
        "/can-bo/khoa/{id}/xoa",
    ],
)
def test_every_decision_asks_for_it(officer, path):
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = people.post(officer, path.format(id=uuid4()), page="/can-bo")
    assert asked.status_code == 422
    html = pages.inspected(asked)
    assert "Xác nhận lại là bạn" in html
    assert 'href="/can-bo"' in html  # nobody is sent back to an address that takes no visits


def test_an_administrator_finds_the_tools_without_any_queue(app, client, engine):
    with app.app_context(), unit(engine) as db:
        people.add_agency(db)
        code = people.add_officer(app, db, "QT01", "08902", "quan_tri")
    people.officer_signs_in(app, client, "QT01", code)
    assert 'href="/can-bo/nhan-su"' in pages.get(client, "/can-bo")


def test_who_would_rather_not_is_led_to_a_page(officer):
    with time_machine.travel(now() + timedelta(minutes=6)):
        html = reject(officer).get_data(as_text=True)
        back = re.search(r'<a href="([^"]+)">Thôi', html)[1]
        assert officer.get(back).status_code == 200
