"""The database cannot be asked: people get words, also those whose sign-in cannot be looked up for the page's frame."""

from pathlib import Path

import pytest

from tests.faults.province import found
from vssid.kernel.db import unit


@pytest.mark.parametrize(("token", "path"), [("c", "/ca-nhan"), ("c", "/"), ("o", "/can-bo")])
def test_who_is_signed_in_reads_words_when_nobody_can_be_looked_up(tmp_path: Path, token: str, path: str) -> None:
    province = found(tmp_path)
    with unit(province.engine) as db:
        db.connection().exec_driver_sql("ALTER TABLE sessions RENAME TO away")
    browser = province.app.test_client()
    with browser.session_transaction() as session:
        session[token] = "somebody"
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "Hệ thống đang bận" in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"]
    province.let_go()
