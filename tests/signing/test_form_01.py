"""The real form 01, from the declaration to the verdict."""

from tests import people
from tests.signing.authority import DAY, Province, authority, sign
from vssid import signing
from vssid.kernel import clock
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration
from vssid.registration.papers import form_01_attachment
from vssid.signing import store


def test_a_signed_form_01_is_valid_for_its_own_declaration_only(app, engine, client, new_client):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_person(db, people.CITIZEN)
    for browser in (client, new_client()):
        people.send_declaration(browser, people.CITIZEN)
    with reading(engine) as db:
        one, other = db.query(Declaration).all()
    dates = {"since": clock.now() - DAY, "until": clock.now() + DAY}
    province = Province(authority("CA gốc (mẫu)", **dates))
    province.middle = authority("CA công cộng (mẫu)", province.root, **dates)
    person = province.person(one.full_name.upper(), f"CCCD:{one.id_number}", **dates)
    declared = signing.Declared(one.full_name, frozenset({one.id_number}))
    with app.app_context():
        issued, others = (form_01_attachment(row.id)[2] for row in (one, other))
        assert form_01_attachment(one.id)[2] == issued
        data_dir, workshop = app.config["SETTINGS"].data_dir, app.extensions["workshop"]
        path = data_dir / "ca.pem"
        path.write_bytes(province.root.pem)
        kept = store.keep(data_dir, store.read_file(path))
        signed = sign(issued, person, province.middle, box=(330, 90, 560, 170))
        verdict = signing.judge(workshop, data_dir, signed, issued, declared, clock.now())
        assert verdict.problem is None
        wrong = signing.judge(workshop, data_dir, signed, others, declared, clock.now())
        assert wrong.problem is signing.Problem.NOT_OUR_FORM
        store.drop(kept)
