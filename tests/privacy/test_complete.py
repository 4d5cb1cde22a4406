"""A copy is complete: every table of the house is in the map, every value of one's own is in the copy, no other's is.

Whoever adds a table adds one entry to `HOLDINGS` in vssid/privacy/export/holdings.py: what links its rows to a person
and which columns are kept back, for which reason; or `Nothing` with a sentence.
"""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, select

from tests import people
from tests.privacy.filling import Filler, Owner
from vssid.kernel.clock import now
from vssid.kernel.db import Base, unit
from vssid.officers.models import Officer
from vssid.privacy.export import making
from vssid.privacy.export.holdings import HOLDINGS, NAMES, NUMBERS, PHONES, Held, Nothing, held


def entries() -> list[tuple[str, Held]]:
    return [(name, entry) for name in HOLDINGS for entry in held(name)]


def key_of(name: str, entry: Held) -> str:
    return f"{name}.{entry.part}" if entry.part else name


def test_every_table_is_exported_or_says_why_not():
    missing = set(Base.metadata.tables) - set(HOLDINGS)
    assert missing == set(), "add an entry to vssid/privacy/export/holdings.py"
    assert set(HOLDINGS) - set(Base.metadata.tables) == set()


def test_every_reason_is_a_sentence():
    assert all(entry.because.endswith(".") for entry in HOLDINGS.values() if isinstance(entry, Nothing))


@pytest.mark.parametrize(("name", "entry"), entries(), ids=[key_of(*one) for one in entries()])
def test_an_entry_names_columns_and_sources_that_exist(name, entry):
    columns = {column.name: column for column in Base.metadata.tables[name].columns}
    named = {*entry.links, *entry.fixed, *entry.withheld, *entry.only, *entry.officers}
    assert named <= set(columns)
    sources = {NUMBERS, PHONES, NAMES, *HOLDINGS, *(key_of(*one).replace(".", "/", 1) for one in entries())}
    assert set(entry.links.values()) <= sources
    shown = set(entry.only) or set(columns) - set(entry.withheld)
    assert {c for c in shown if isinstance(columns[c].type, LargeBinary)} == set(entry.sealed)


def test_nothing_that_sounds_secret_is_given_out():
    sounds = ("digest", "hash", "salt", "sealed", "secret", "totp", "token", "lease", "public_key", "challenge")
    harmless = {("consents", "text_digest")}
    given = [
        (name, column.name)
        for name, entry in entries()
        for column in Base.metadata.tables[name].columns
        if any(word in column.name for word in sounds)
        and column.name not in entry.withheld
        and (not entry.only or column.name in entry.only)
    ]
    assert set(given) - harmless == set()


@pytest.fixture
def filled(app, engine) -> tuple[Owner, Owner, Owner]:
    """Somebody, their relative and a stranger, each with a row for every entry."""
    with app.app_context(), unit(engine) as db:
        agency = people.add_agency(db)
        people.add_officer(app, db, "CB01", agency)
        officer = db.scalars(select(Officer.id)).one()
        filler = Filler(db, app.extensions["files"], officer, agency)
        relative = filler.fill("xqr", tables=["persons", "person_identifiers", "accounts", "declarations"])
        return filler.fill("xqo", relative), filler.fill("xqs", relative), relative


def copied(app, engine, owner: Owner) -> tuple[dict[str, Any], str, zipfile.ZipFile]:
    with app.app_context():
        zipped = zipfile.ZipFile(io.BytesIO(making.made(engine, owner.person, "vi", now())))
    text = zipped.read("du-lieu.json").decode()
    return json.loads(text), text, zipped


def said(value: Any) -> Any:
    """A value as JSON says it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def test_each_value_of_ones_own_is_there_and_nobody_elses(app, engine, filled):
    owner, stranger, relative = filled
    document, text, zipped = copied(app, engine, owner)
    for name, entry in entries():
        if name == "officers":
            continue
        key = key_of(name, entry)
        _check_section(document["muc"][key], Base.metadata.tables[name], entry, owner.marks[key])
    _check_none_of(text, stranger)
    assert "xqs" not in text
    numbers = [relative.ids[NUMBERS][0], relative.marks["persons"]["phone"], relative.marks["persons"]["email"]]
    assert [one for one in numbers if one in text] == []
    bodies = {zipped.read(item) for item in zipped.namelist() if item.startswith("tep/")}
    assert bodies
    assert bodies <= set(owner.files)
    assert "cb01@vidu.vn" not in text


def _check_section(section: dict[str, Any], table: Any, entry: Held, values: dict[str, Any]) -> None:
    shown = set(entry.only) or {column.name for column in table.columns} - set(entry.withheld)
    keys = [column.name for column in table.primary_key if column.name in shown and not column.foreign_keys]
    rows = [row for row in section["dong"] if all(row[key] == said(values[key]) for key in keys)]
    assert rows, (table.name, entry.part)
    assert set(rows[0]) == shown, table.name
    for name in shown:
        if not table.columns[name].foreign_keys and name not in entry.officers:
            assert rows[0][name] == said(values[name]), (table.name, name)
    assert set(section["khong_gui"]) == set(entry.withheld)


def _check_none_of(text: str, stranger: Owner) -> None:
    """No value of the stranger's that is long enough to be told from chance."""
    for key, values in stranger.marks.items():
        for column, value in values.items():
            spoken = str(said(value))
            if isinstance(value, (str, UUID, datetime)) and len(spoken) >= 8 and not _shared(value):
                assert spoken not in text, (key, column)


def _shared(value: Any) -> bool:
    """Values that stand for everybody: states, kinds, the officer."""
    return isinstance(value, str) and not value.startswith("xqs")


def test_what_is_withheld_is_nowhere(app, engine, filled):
    owner, _stranger, _relative = filled
    _document, text, zipped = copied(app, engine, owner)
    readable = text + zipped.read("README.txt").decode()
    for name, entry in entries():
        if name == "officers":
            continue
        for column in entry.withheld:
            value = owner.marks[key_of(name, entry)][column]
            if isinstance(value, bytes):
                value = value.decode().strip()
            # What another entry of the same person gives out (a name without marks) is no secret.
            if isinstance(value, str) and value.startswith("xqo") and column not in ("name_folded",):
                assert value not in readable, (name, column)


def test_an_officer_who_is_insured_gets_their_staff_row_without_secrets(app, engine, filled):
    owner, _stranger, _relative = filled
    with unit(engine) as db:
        people.add_officer(app, db, "CB07", "08902", ma_so_bhxh=owner.ids[NUMBERS][0])
    document, _text, _zipped = copied(app, engine, owner)
    assert [row["code"] for row in document["muc"]["officers"]["dong"]] == ["CB07"]


def test_what_a_child_has_of_its_guardian_is_kept_back(app, engine, filled):
    owner, _stranger, relative = filled
    document, _text, _zipped = copied(app, engine, owner)
    child = document["muc"]["declarations.tre_em"]
    assert child["khong_gui"]["guardian_number"] == "Dữ liệu của người khác."
    held_by_guardian = document["muc"]["accounts.do_giam_ho"]["dong"]
    assert held_by_guardian
    assert [row for row in held_by_guardian if {"phone", "email", "contact_phone"} & set(row)] == []
    assert document["muc"]["guardianships.nguoi_giam_ho"]["dong"][0]["guardian_id"] == {
        "ho_ten": relative.marks["persons"]["full_name"]
    }
