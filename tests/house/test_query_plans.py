"""Every filter has its index: the plans of all statements that the application sent while the suite ran.

Runs last, so that it has heard the whole suite; alone it judges what it can hear. SQLite is asked as it is. PostgreSQL,
whose tables are all but empty here, is told to avoid sequential reading: what it still reads whole has no index.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, UniqueConstraint

from tests.statements import Seen, Statements
from vssid.kernel.db import Base

pytestmark = pytest.mark.last

# Lists that are as long as the country has places and the offices have staff, whoever is registered: words are searched
# within names, and what waits for a second administrator is read through its partial index from one end to the other; feeds
# are forty at most.
BOUNDED = {
    "admin_units", "unit_successions", "agencies", "facilities", "collection_points", "icd10_codes", "parameters", "reference_loads", "officers",
    "officer_grants", "issuer_keys", "undo_changes", "listing_states", "feeds", "chat_desks",
}  # fmt: skip
# Set-based by nature: rows of a file against rows of the register, all of them at once.
SET_BASED = (
    "vssid/imports/",
    "vssid/records/intake.py",
    "vssid/records/contributions/importer.py",
    "vssid/records/visits/intake.py",
    "vssid/records/papers/intake.py",
    "vssid/records/hospital/matching.py",
    "vssid/records/benefits/importer.py",
    "vssid/card/importer.py",
    "vssid/kernel/undo.py",
    "vssid/kernel/noting.py",
    "vssid/demo/",
)
# Reads a table from one end to the other because that is its task; `seal` reads one row from the end.
WHOLE = {
    ("vssid/kernel/audit.py:seal", "audit_seals"),
    ("vssid/kernel/audit.py:broken_link", "audit_seals"),
    ("vssid/kernel/audit.py:broken_link", "audit_entries"),
    ("vssid/kernel/audit.py:length", "audit_entries"),
    ("vssid/kernel/files.py:missing", "stored_files"),
    # The editors' list of all articles, fifty at a time in the order of an index.
    ("vssid/newsroom/desk/queries.py:listing", "articles"),
    # The texts that have no words yet, once at each start.
    ("vssid/newsroom/searching/indexing.py:bring_up", "article_texts"),
    ("vssid/newsroom/searching/indexing.py:bring_up", "articles"),
    ("vssid/newsroom/searching/indexing.py:bring_up", "article_words"),
    # At most 10,000 questions, counted by an index when a new one is noted; the least asked is the index's first.
    ("vssid/support/assistant/actions.py:_make_room", "assistant_questions"),
    # Whoever keeps a card is looked at, beside any transaction; what was ended long ago is forgotten.
    ("vssid/card/strips/queries.py:to_end", "kept_cards"),
    # A piece of a batch asks for 48 at once, which PostgreSQL takes for most of a table that it has no statistics of; with
    # 100,000 rows and statistics it goes by the indexes.
    ("vssid/card/queries.py:holders", "persons"),
    ("vssid/card/queries.py:holders", "cards"),
    ("vssid/card/strips/actions.py:agency_papers", "kept_cards"),
}
# Sorts what an index has narrowed to a handful.
SORTS_A_HANDFUL = {
    "vssid/accounts/codes.py:compare": "codes of one subject",
    "vssid/accounts/history.py:_devices": "devices of one account",
    "vssid/accounts/history.py:last_session": "sessions of one device, three months long",
    "vssid/accounts/queries.py:devices": "devices of one account",
    "vssid/accounts/relatives/queries.py:named_by": "at most three a citizen",
    "vssid/accounts/relatives/queries.py:naming": "those who named one citizen, at most twenty shown",
    "vssid/accounts/recovery/queries.py:pending": "what waits in one officer's agencies, at most a hundred",
    "vssid/attesting/queries.py:page": "what was printed of one person and their children",
    "vssid/card/queries.py:holder": "versions of one person's cards",
    "vssid/card/queries.py:holders": "versions of the cards of one guardian's children",
    "vssid/card/strips/queries.py:phones_of": "phones that keep one person's card",
    "vssid/card/refusals/queries.py:queue": "the first page of each agency",
    "vssid/support/feedback/queries.py:queue": "the first page of each agency and state",
    "vssid/newsroom/feeds/actions.py:lease": "forty feeds at most",
    "vssid/newsroom/feeds/desk.py:_list": "forty feeds at most",
    "vssid/newsroom/searching/finding.py:_vocabulary": "titles of articles, where nothing was found",
    "vssid/newsroom/searching/indexing.py:bring_up": "texts that have no words yet, once at each start",
    "vssid/verifying/facility/queries.py:of_person": "checks of one person's card and of numbers merged into theirs",
    "vssid/records/benefits/queries.py:page": "benefits of one person",
    "vssid/records/benefits/queries.py:every": "benefits of one person",
    "vssid/kernel/leases.py:claim": "files that wait to be read or taken over",
    "vssid/organisations/queries.py:listing": "the first page of each agency",
    "vssid/printing/queries.py:standing": "batches of one list that are under way",
    "vssid/printing/queries.py:listing": "batches of one officer's agencies, a year long",
    "vssid/privacy/about.py:known": "declarations of one person",
    "vssid/privacy/looks/queries.py:page": "the first page of each of one person's subjects",
    "vssid/privacy/requests/queries.py:queue": "what waits in one officer's agencies, at most two hundred",
    "vssid/registration/duplicates.py:candidates": "declarations with one number, name or portrait",
    "vssid/registration/queries.py:of_guardian": "what one guardian declared",
    "vssid/registration/queries.py:approved_of": "declarations of one person",
    "vssid/registration/changes/queries.py:newest_address": "changes of one person's address",
    "vssid/registration/exports/queries.py:for_second": "what waits in one officer's agencies, at most two hundred",
    "vssid/printing/queries.py:for_second": "what waits in one officer's agencies, at most two hundred",
    "vssid/registration/changes/queries.py:pending": "what waits in one officer's agencies, at most a hundred",
    "vssid/registration/queries.py:find": "declarations with one number",
    "vssid/registration/queries.py:queue": "the first page of each agency and status",
    "vssid/registration/queries.py:next_open": "the first of each agency and status",
}
SCAN = re.compile(r"SCAN (\w+?)(?:_\d+)?\b")


@pytest.fixture
def judged(statements: Statements) -> list[Seen]:
    """The statements that look for rows."""
    found = [seen for seen in statements if re.match("SELECT|UPDATE|DELETE|WITH", seen.sql)]
    assert found
    return [seen for seen in found if not seen.place.startswith(SET_BASED)]


def test_every_statement_finds_its_rows_by_an_index(engine: Engine, judged: list[Seen]) -> None:
    with engine.connect() as connection:
        wrong = [
            f"{seen.place} reads all of {table}: {seen.sql}"
            for seen in judged
            for table in _read_whole(connection, seen)
            if table not in BOUNDED and (seen.place, table) not in WHOLE
        ]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.only_on("sqlite")
def test_no_statement_sorts_what_it_could_read_in_order(engine: Engine, judged: list[Seen]) -> None:
    with engine.connect() as connection:
        wrong = [
            f"{seen.place} sorts: {seen.sql}"
            for seen in judged
            if any("TEMP B-TREE FOR ORDER BY" in line for line in _plan(connection, seen))
            # Taking an import back sorts its notes once, whatever their number.
            and not seen.place.startswith(("vssid/directory/", "vssid/kernel/undo.py"))
            and seen.place not in SORTS_A_HANDFUL
        ]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize(
    ("sql", "whole"),
    [
        ("SELECT id FROM persons WHERE email = 'an@example.org'", ["persons"]),
        ("UPDATE drafts SET sealed = sealed WHERE saved_at IS NULL", ["drafts"]),
        ("SELECT id FROM persons WHERE phone = '+84900100001'", []),
        ("SELECT p.id FROM persons p JOIN cards ON cards.person_id = p.id WHERE p.id = cards.id", ["cards"]),
    ],
)
def test_a_missing_index_would_be_seen(engine: Engine, sql: str, whole: list[str]) -> None:
    with engine.connect() as connection:
        assert list(_read_whole(connection, Seen(sql, (), "here"))) == whole


def _read_whole(connection: Connection, seen: Seen) -> Iterator[str]:
    on_sqlite = connection.dialect.name == "sqlite"
    return (_reads_whole_on_sqlite if on_sqlite else _reads_whole_on_postgresql)(connection, seen)


def _plan(connection: Connection, seen: Seen) -> list[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {seen.sql}", (None,) * seen.sql.count("?"))
    return [row.detail for row in plan]


def _reads_whole_on_sqlite(connection: Connection, seen: Seen) -> Iterator[str]:
    for line in _plan(connection, seen):
        found = SCAN.match(line)
        if found and found[1] in Base.metadata.tables:
            yield found[1]


def _reads_whole_on_postgresql(connection: Connection, seen: Seen) -> Iterator[str]:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan: Any = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {seen.sql}", seen.values).scalar_one()
    waiting = [(plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        by_index = node["Node Type"] in ("Index Scan", "Index Only Scan")
        if node["Node Type"] == "Seq Scan" or (by_index and "Index Cond" not in node):
            yield node["Relation Name"]


def test_every_reference_to_rows_that_can_go_has_an_index() -> None:
    """Deleting a row asks every table that may point to it: no plan shows that question."""
    stay = {"agencies", "officers", "persons", "accounts"}
    bare = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name not in stay and column not in _leading(table)
    ]
    assert bare == []


def _leading(table: Any) -> set[Any]:
    """The columns that an index or a key of `table` begins with."""
    unique = [item for item in table.constraints if isinstance(item, UniqueConstraint)]
    found = [next(iter(item.columns)) for item in (*table.indexes, *unique, table.primary_key)]
    return set(found)
