"""kill -9 of the whole server at any moment of the journey loses nothing acknowledged and leaves nothing half-done."""

import random
import threading
import time

import pytest

from tests import people, serving
from tests.serving import PlainBrowser
from vssid import settings
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.notifications.models import OutboxMessage
from vssid.registration.models import Declaration, DeclarationPhoto
from vssid.web.db import db as request_db

ROUNDS = 6
PHOTO = people.photo_bytes(size=(640, 480))


def register(url: str, acknowledged: list[str], steps: list[str], number: int) -> None:
    """One whole registration over the wire; notes each step that was acknowledged, at last the declaration's phone."""
    who = people.Specimen(
        "Nguyễn Văn Mẫu Số", f"89000{number:05}", f"089085{number:06}", "1985", "M", f"09001{number:05}"
    )
    browser = PlainBrowser(url)
    browser.post("/dieu-khoan", {"purpose": ["dich_vu", "giay_to"]})
    if browser.post("/dang-ky/ca-nhan/thong-tin", people.info_form(who)).status != 303:
        return
    steps.append("info")
    for side in ("portrait", "front", "back"):
        if browser.post(f"/dang-ky/ca-nhan/anh/{side}", {}, "/dang-ky/ca-nhan/anh", PHOTO).status != 303:
            return
        steps.append(side)
    browser.post("/dang-ky/ca-nhan/co-quan", {"agency_code": "08902", "hand_in": "tai_noi"})
    page = browser.get("/dang-ky/ca-nhan/xem-lai").text
    answer = browser.post("/dang-ky/ca-nhan/xem-lai", people.captcha_answer(page))
    if answer.status == 303 and answer.location.endswith("/hoan-tat"):
        acknowledged.append("+84" + who.phone[1:])


@pytest.fixture
def province(tmp_path):
    values = serving.environment(tmp_path, serving.free_port())
    app = create_app(settings.load(values))
    with app.app_context():
        engine = request_db.engine
        prepare_database(engine)
        with unit(engine) as db:
            people.add_agency(db)
    return values, app, engine


def test_nothing_acknowledged_is_lost(province):
    values, app, engine = province
    chance, acknowledged, steps = random.Random(11), [], []
    for round_ in range(ROUNDS):
        process = serving.start(values)
        stop = threading.Event()

        def people_come(base: int = round_ * 1000, stop: threading.Event = stop) -> None:
            number = base
            while not stop.is_set():
                number += 1
                try:
                    register(values["PUBLIC_URL"], acknowledged, steps, number)
                except (OSError, TypeError):
                    return

        visitors = threading.Thread(target=people_come)
        visitors.start()
        time.sleep(chance.uniform(2.0, 7.0))
        serving.kill(process)
        stop.set()
        visitors.join()
    check(app, engine, acknowledged)
    assert acknowledged, "no registration came through: the test proves nothing"
    assert len(steps) > len(acknowledged) * 4, "no round was cut in the middle"


def check(app, engine, acknowledged: list[str]) -> None:
    engine.dispose()
    with reading(engine) as db:
        assert db.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        declarations = db.query(Declaration).all()
        assert set(acknowledged) <= {row.phone for row in declarations}
        store = app.extensions["files"]
        for row in declarations:
            photos = db.query(DeclarationPhoto).filter_by(declaration_id=row.id).all()
            assert {photo.side for photo in photos} == {"portrait", "front", "back"}
            assert db.query(OutboxMessage).filter_by(about_id=row.id, kind="declaration.received").count() >= 1
        for photo in db.query(DeclarationPhoto).all():
            for id in (photo.file_id, photo.preview_id):
                assert store.read(db.get_one(StoredFile, id))[:3] == b"\xff\xd8\xff"
        assert store.missing(db) == []
