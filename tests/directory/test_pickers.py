"""The pickers: rows for htmx, a whole page for everybody else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from vssid.directory.models import Agency
from vssid.kernel.db import unit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def agencies(engine: Engine) -> None:
    with unit(engine) as db:
        db.add(
            Agency(
                code="089",
                name="BHXH Tỉnh <b>An Giang</b>",
                folded="bhxh tinh an giang",
                address="Phường Long Xuyên, tỉnh An Giang",
                phone="0296 000 0001; 0296.000.0002",
                hours="7:30–16:30",
                ward_code="30307",
            )
        )
        db.add(Agency(code="08902", name="BHXH TP Châu Đốc", folded="bhxh tp chau doc", parent_code="089"))


def test_htmx_gets_the_radio_rows_alone(client: FlaskClient) -> None:
    answer = client.get("/dia-ban/phuong-xa?tinh=91&q=my+thoi", headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'name="ward_code" id="ward-30301" value="30301"' in answer.text
    assert "Phường Mỹ Thới, Tỉnh An Giang</label>" in answer.text


def test_a_part_may_be_kept_but_not_across_languages(client: FlaskClient) -> None:
    answer = client.get("/dia-ban/phuong-xa?tinh=91&q=my+thoi", headers=HTMX)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert {"HX-Request", "Cookie", "Accept-Language"} <= set(answer.vary)
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


def test_without_script_the_address_is_a_whole_page(client: FlaskClient) -> None:
    answer = client.get("/dia-ban/phuong-xa?tinh=91&q=my+thoi")
    assert answer.status_code == 200
    assert "<html" in answer.text
    assert 'value="30301"' in answer.text
    assert 'value="91" selected' in answer.text


def test_a_province_alone_offers_all_its_wards(client: FlaskClient) -> None:
    answer = client.get("/dia-ban/phuong-xa?tinh=91", headers=HTMX)
    assert answer.text.count('name="ward_code"') == 102


def test_the_chosen_ward_stays_chosen(client: FlaskClient) -> None:
    answer = client.get("/dia-ban/phuong-xa?tinh=91&q=my+thoi&chon=30301", headers=HTMX)
    assert 'value="30301" checked' in answer.text


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "tinh=999999", "q=" + "a" * 5000, "q=%27%22%3Cscript%3E", ""])
def test_odd_questions_get_an_answer(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/dia-ban/phuong-xa?{query}", headers=HTMX)
    assert answer.status_code == 200
    assert "<script" not in answer.text


@pytest.mark.usefixtures("agencies")
def test_agencies_are_rows_with_address_phone_and_hours(client: FlaskClient) -> None:
    text = client.get("/dia-ban/co-quan?q=an+giang", headers=HTMX).text
    assert 'name="agency_code" id="agency-089" value="089"' in text
    assert "[089] BHXH Tỉnh &lt;b&gt;An Giang&lt;/b&gt;" in text
    assert 'href="tel:02960000001">0296 000 0001</a>' in text
    assert 'href="tel:02960000002"' in text
    assert "7:30–16:30" in text


@pytest.mark.usefixtures("agencies")
def test_below_a_parent_stand_the_parent_and_its_children(client: FlaskClient) -> None:
    text = client.get("/dia-ban/co-quan?cha=089").text
    assert "<html" in text
    assert 'value="089"' in text
    assert 'value="08902"' in text


@pytest.mark.usefixtures("agencies")
def test_the_agencies_nearest_to_a_ward_are_offered(client: FlaskClient) -> None:
    assert 'value="089"' in client.get("/dia-ban/co-quan?xa=30301", headers=HTMX).text
