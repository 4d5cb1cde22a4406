import stat
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from vssid import directory, records
from vssid import settings as environment
from vssid.accounts.models import Account
from vssid.card import holder, validity
from vssid.card.models import Card
from vssid.card.rules import Validity
from vssid.demo import is_specimen, mark
from vssid.demo.load import House, Loader, NotEmpty, NotReady, check_empty
from vssid.demo.people import MAIN_MA_SO, MAIN_NAME
from vssid.directory import listings
from vssid.directory.listings import Asked, Kind
from vssid.directory.listings.models import Listing
from vssid.directory.models import Agency, Facility, Parameter
from vssid.directory.places import locate_agencies
from vssid.factory import create_app
from vssid.kernel.clock import VIETNAM, now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.kernel.text import fold, mobile_number
from vssid.officers.models import Officer
from vssid.records import IdKind, PartialDate, Sex, contributions
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.rules import BenefitKind
from vssid.records.models import Guardianship, Person, PersonIdentifier
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import SHOWN, PaperKind
from vssid.records.visits.models import Visit
from vssid.registration import Declaration
from vssid.web.db import db as request_db


def _count(session, model, *where):
    return session.scalar(select(func.count()).select_from(model).where(*where))


def _people(app):
    with app.app_context(), reading(request_db.engine) as session:
        people = [
            (one.id, one.full_name, one.birth_date, one.sex, one.phone, one.address, one.ward_code, one.household_code)
            for one in session.scalars(select(Person).order_by(Person.id))
        ]
        numbers = session.execute(
            select(PersonIdentifier.person_id, PersonIdentifier.kind, PersonIdentifier.value).order_by(
                PersonIdentifier.kind, PersonIdentifier.value
            )
        ).all()
        cards = session.execute(select(Card.person_id, Card.number, Card.valid_from).order_by(Card.id)).all()
        sent = session.execute(select(Declaration.code, Declaration.id_number).order_by(Declaration.id)).all()
        paid = session.execute(select(Benefit.person_id, Benefit.kind, Benefit.amount).order_by(Benefit.id)).all()
    return people, numbers, cards, sent, paid


def test_the_same_seed_makes_the_same_people_in_two_databases_and_another_seed_others(new_app, load):
    first, second, other = new_app(), new_app(), new_app()
    keys = [load(first), load(second), load(other, seed=8)]
    assert _people(first) == _people(second)
    assert keys[0] == keys[1] != keys[2]
    assert _people(first)[0] != _people(other)[0]


def test_exactly_as_many_people_as_were_asked_for(province, new_app, load):
    assert _count(province, Person, Person.merged_into_id.is_(None)) == 500
    assert _count(province, Agency) == 11
    assert _count(province, Facility) >= 12
    assert _count(province, Officer, Officer.status == "active") == 4
    app = new_app()
    load(app, people=203)
    with app.app_context(), reading(request_db.engine) as session:
        assert _count(session, Person, Person.merged_into_id.is_(None)) == 203


def test_people_who_do_not_fit_one_chunk_are_all_written(new_app, load, monkeypatch):
    monkeypatch.setattr("vssid.demo.load.CHUNK", 50)
    app, told = new_app(), []
    with app.app_context():
        house = House(request_db.engine, app.extensions["keyring"], app.extensions["files"])
        Loader(house, 7, now()).run(400, told.append)
        with reading(request_db.engine) as session:
            assert _count(session, Person) == sum(told)
    assert len(told) > 4


def test_every_name_carries_mau(province):
    names = [*province.scalars(select(Person.full_name)), *province.scalars(select(Officer.name))]
    names += [*province.scalars(select(Declaration.full_name)), *province.scalars(select(Facility.name))]
    names += [*province.scalars(select(Card.signatory)), *province.scalars(select(Agency.name))]
    assert [name for name in names if "mẫu" not in name.lower()] == []
    assert all(records.check_name(name) == name for name in province.scalars(select(Person.full_name)))
    assert all(one.name_folded == fold(one.full_name) for one in province.scalars(select(Person)))


def test_every_cccd_agrees_with_birth_and_sex_and_begins_with_an_giang(province):
    rows = province.execute(
        select(PersonIdentifier.value, Person.birth_date, Person.sex)
        .join(Person, Person.id == PersonIdentifier.person_id)
        .where(PersonIdentifier.kind == IdKind.CCCD)
    ).all()
    assert len(rows) > 300
    for number, birth, sex in rows:
        assert records.id_kind_of(number) is IdKind.CCCD
        assert number.startswith("089")
        assert records.check_cccd(number, PartialDate.parse(birth), Sex(sex)) == []


def test_numbers_phones_and_mails_are_of_ranges_that_nobody_has(province):
    for value in province.scalars(select(PersonIdentifier.value).where(PersonIdentifier.kind == "ma_so_bhxh")):
        assert value.startswith("89000")
        assert records.ma_so_bhxh_ok(value)
    phones = [one for one in province.scalars(select(Person.phone)) if one]
    assert len(set(phones)) == len(phones) > 200
    assert all(one.startswith("+84900") and mobile_number(one) == one for one in phones)
    mails = [one for one in province.scalars(select(Person.email)) if one]
    assert mails
    assert all(one.endswith("@vidu.vn") and one.isascii() for one in mails)


def test_ages_families_and_the_rare_cases_are_there(province):
    people = list(province.scalars(select(Person)))
    assert all(not PartialDate.parse(one.birth_date).in_future(today()) for one in people)
    years = {today().year - int(one.birth_date[:4]) for one in people}
    assert min(years) <= 2
    assert max(years) >= 85
    assert {len(one.birth_date) for one in people} >= {4, 10}
    assert any(one.died_on for one in people)
    assert any(one.merged_into_id for one in people)
    assert _count(
        province, PersonIdentifier, PersonIdentifier.kind == "ma_so_bhxh", PersonIdentifier.valid_to.isnot(None)
    )
    guarded = set(province.scalars(select(Guardianship.child_id)))
    children = {one.id for one in people if today().year - int(one.birth_date[:4]) < 18}
    assert guarded == children


def test_most_cards_hold_today_and_every_other_state_occurs(province):
    states, soon, levels = [], 0, set()
    for person in province.scalars(select(Person).where(Person.merged_into_id.is_(None), Person.died_on.is_(None))):
        face = holder(province, person.id, today()).face
        if face is None:
            continue
        states.append(validity(face, today()))
        soon += face.valid_to is not None and today() <= face.valid_to <= today() + timedelta(days=14)
        levels.add(face.level)
    assert states.count(Validity.VALID) > 0.8 * len(states)
    assert {Validity.VALID, Validity.EXPIRED, Validity.WITHDRAWN} <= set(states)
    assert soon > 5
    assert levels == {1, 2, 3, 4}
    cards = list(province.scalars(select(Card)))
    assert {len(card.number) for card in cards} == {10, 15}
    assert any(card.valid_to is None for card in cards)
    assert any(card.valid_from > today() for card in cards)
    assert all(card.issued_on <= today() for card in cards)
    assert all(card.valid_to is None or card.valid_from <= card.valid_to for card in cards)
    for card in cards:
        if len(card.number) == 15:
            assert card.number == f"{card.object_code}{card.level}89{card.ma_so_bhxh}"
    codes = set(province.scalars(select(Facility.code).where(Facility.bhyt_contract)))
    assert {card.facility_code for card in cards} <= codes


def test_benefits_of_every_part_but_one_are_there_and_pensions_went_up(province):
    kinds = set(province.scalars(select(Benefit.kind).distinct()))
    assert {BenefitKind.SICKNESS, BenefitKind.MATERNITY, BenefitKind.UNEMPLOYMENT, BenefitKind.PENSION} == kinds
    main = records.person_by(province, IdKind.MA_SO_BHXH, MAIN_MA_SO)
    assert _count(province, Benefit, Benefit.person_id == main.id) >= 3
    unemployed = (Benefit.person_id == main.id, Benefit.kind == BenefitKind.UNEMPLOYMENT)
    assert _count(province, Benefit, *unemployed) == 0
    assert all(one.new_amount > one.old_amount for one in province.scalars(select(PensionAdjustment)))
    assert _count(province, PensionAdjustment) > 3


def test_there_are_papers_of_every_kind_and_the_main_citizen_has_one_of_each(province):
    assert set(province.scalars(select(Paper.kind).distinct())) == set(PaperKind)
    main = records.person_by(province, IdKind.MA_SO_BHXH, MAIN_MA_SO)
    mine = list(province.scalars(select(Paper).where(Paper.person_id == main.id)))
    assert {one.kind for one in mine} == set(PaperKind)
    [stay] = {one.visit_id for one in mine if one.visit_id}
    assert province.get(Visit, stay).visit_kind == "03"
    shown = {(PaperKind(kind), field.name) for kind, fields in SHOWN.items() for field in fields}
    papers = list(province.scalars(select(Paper)))
    assert {(PaperKind(one.kind), name) for one in papers for name in one.details} <= shown
    assert all(one.dated_on <= today() for one in papers)


def test_the_main_citizen_is_as_promised(province):
    person = records.person_by(province, IdKind.MA_SO_BHXH, MAIN_MA_SO)
    assert (person.full_name, person.birth_date, person.sex) == (MAIN_NAME, "1985-09-04", "F")
    assert records.identifiers(province, person.id)[IdKind.CCCD] == "089185000101"
    face = holder(province, person.id, today()).face
    assert validity(face, today()) is Validity.VALID
    assert province.scalars(select(Account.language).where(Account.person_id == person.id)).one() == "vi"
    assert (face.facility_code, face.facility_name) == ("89012", "Bệnh viện Đa khoa Khu vực Mẫu")
    assert (face.five_years_from, face.number) == (date(2020, 2, 1), MAIN_MA_SO)
    assert province.get(StoredFile, person.portrait_file_id) is not None
    assert _count(province, Guardianship, Guardianship.guardian_id == person.id) == 2


def test_agencies_stand_where_their_addresses_say(province, loaded):
    wards = {agency.code: agency.ward_code for agency in province.scalars(select(Agency))}
    assert all(wards.values())
    assert directory.nearest_agencies(province, "30316", 1)[0].agency.code == "08902"
    assert [child.code for child in directory.agency_children(province, "089")] == [f"089{n:02}" for n in range(1, 11)]
    province.remove()
    with reading(request_db.engine) as session:
        locate_agencies(session)
        assert not session.dirty
        assert wards == {agency.code: agency.ward_code for agency in session.scalars(select(Agency))}


def test_all_five_look_ups_have_something_to_show(loaded, province):
    province.remove()
    listings.bring_up_all(request_db.engine)
    with reading(request_db.engine) as session:
        found = {kind: listings.find(session, Asked(kind, "mau"), today()).codes for kind in Kind}
        assert {kind for kind, codes in found.items() if not codes} == set()
        wards = session.scalars(select(Listing.ward_code)).all()
        assert all(wards)


def test_a_second_load_is_refused_and_changes_nothing(loaded, province):
    before = _count(province, Person)
    province.remove()
    runner = loaded.test_cli_runner()
    answer = runner.invoke(args=["demo", "load"])
    assert answer.exit_code == 1
    assert "already" in answer.output
    quiet = runner.invoke(args=["demo", "load", "--if-empty"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert _count(province, Person) == before


def test_a_database_that_holds_one_person_is_never_filled(new_app):
    app, at = new_app(), now()
    with app.app_context(), unit(request_db.engine) as session:
        session.add(
            Person(
                id=uuid4(), full_name="Lê Thị Mẫu Thật", name_folded="le thi mau that",
                birth_date="1990", sex="F", created_at=at, updated_at=at,
            )
        )  # fmt: skip
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["demo", "load"])
    assert answer.exit_code == 1
    assert "already holds people" in answer.output
    quiet = runner.invoke(args=["demo", "load", "--if-empty"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    with app.app_context(), reading(request_db.engine) as session:
        assert not is_specimen(session)
        assert _count(session, Person) == 1
        assert _count(session, Agency) == 0


def test_an_interrupted_load_is_marked_and_said_also_with_if_empty(new_app, load, monkeypatch):
    app = new_app()
    monkeypatch.setattr("vssid.demo.load.Loader._declare", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(app)
    with app.app_context(), reading(request_db.engine) as session:
        assert is_specimen(session)
        with pytest.raises(NotReady):
            check_empty(session)
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])
    assert answer.exit_code == 1
    assert "did not finish" in answer.output


def test_two_loads_at_once_cannot_both_fill(new_app, load):
    app = new_app()
    load(app)
    with pytest.raises(NotEmpty):
        load(app)


def test_production_is_refused(new_app, monkeypatch):
    app = new_app()
    with app.app_context():
        production = app.config["SETTINGS"].__class__(**{**vars(app.config["SETTINGS"]), "env": "production"})
    monkeypatch.setitem(app.config, "SETTINGS", production)
    runner = app.test_cli_runner()
    for args in (["demo", "load"], ["demo", "load", "--if-empty"], ["demo", "code", "CB01"]):
        answer = runner.invoke(args=args)
        assert answer.exit_code == 1
        assert "production" in answer.output


def test_too_few_people_is_bad_usage(new_app):
    assert new_app().test_cli_runner().invoke(args=["demo", "load", "--people", "10"]).exit_code == 2


def test_without_tables_the_words_say_what_to_do(tmp_path):
    app = create_app(environment.load({"DATA_DIR": str(tmp_path), "LOG_LEVEL": "error"}))
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])
    assert answer.exit_code == 1
    assert "flask db upgrade" in answer.output


def test_the_words_are_kept_for_the_owner_alone(loaded):
    path = loaded.config["DATA_DIR"] / "specimen.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    words = path.read_text()
    for needed in (MAIN_MA_SO, "mau-an-giang-2026", "mau-can-bo-2026-ag", "CB01", "GS01", "flask demo code CB01"):
        assert needed in words


def test_the_mark_is_one_parameter_with_its_source(province):
    row = province.scalars(select(Parameter).where(Parameter.code == mark.CODE)).one()
    assert (row.value, row.source) == ("1", "flask demo load")


@pytest.mark.parametrize("day", ["2027-01-01", "2028-02-29", "2026-12-31"])
def test_awkward_days_load_too(new_app, load, day):
    at = datetime.fromisoformat(f"{day}T00:05:00").replace(tzinfo=VIETNAM)
    app = new_app()
    load(app, at=at)
    with app.app_context(), reading(request_db.engine) as session:
        assert all(sent <= at for sent in session.scalars(select(Declaration.sent_at)))
        assert all(not PartialDate.parse(b).in_future(at.date()) for b in session.scalars(select(Person.birth_date)))


def test_the_main_citizen_has_years_in_all_funds_a_gap_and_a_late_employer(province):
    me = records.person_by(province, IdKind.MA_SO_BHXH, MAIN_MA_SO).id
    now = contributions.month_of(today())
    found = {fund: contributions.tally(contributions.periods(province, me, fund), now) for fund in contributions.Fund}
    assert all(len(one.paid) > 100 for one in found.values())
    assert [gap.size for gap in found[contributions.Fund.BHXH].gaps] == [2]
    assert len(found[contributions.Fund.BHXH].late) == 3
    assert found[contributions.Fund.BHYT].late == frozenset()
