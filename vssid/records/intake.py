"""Taking `participants` into the register: comparisons and set-based statements over the staged rows.

A row speaks for the person whom its mã số names. With `gop_vao` it only says that its mã số is a second one of somebody
else: that person keeps their data and answers to both. A merged mã số bears the day of the merger as `valid_to`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, cast, exists, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from vssid.kernel.db import UtcDateTime
from vssid.kernel.labels import N_
from vssid.kernel.rows import (
    Changed,
    Counts,
    Found,
    RandomUuid,
    Staged,
    count_again,
    first_changes,
    how_many,
    table_of,
)
from vssid.records.importer import PERSON_NAMES
from vssid.records.models import Guardianship, Person, PersonIdentifier
from vssid.records.rules import IdKind

SOURCE = "import"
_PERSONS, _NUMBERS, _GUARDIANS = table_of(Person), table_of(PersonIdentifier), table_of(Guardianship)
_LONGEST_CHAIN = 10


def _number() -> Any:
    return aliased(PersonIdentifier)


def _names(identifier: Any, code: Any) -> Any:
    """That `identifier` is the mã số `code`."""
    return and_(identifier.kind == IdKind.MA_SO_BHXH, identifier.value == code)


def _text(staged: Staged, name: str) -> Any:
    return staged.text(name) if name in staged.names else literal("")


def _is_second(identifier: Any) -> Any:
    """That a mã số was merged: it ended that day, and goes on answering for the person who remains."""
    return identifier.valid_to.is_not(None)


def _differs(staged: Staged) -> Any:
    values = staged.values(Person, PERSON_NAMES)
    return or_(*(getattr(Person, name).is_distinct_from(value) for name, value in values.items()))


def _paper_is_current(staged: Staged, person_id: Any) -> Any:
    paper = _number()
    return exists().where(
        paper.person_id == person_id,
        paper.kind == _text(staged, "paper_kind"),
        paper.value == _text(staged, "paper"),
        paper.valid_to.is_(None),
    )


def _is_guarded(staged: Staged, own: Any) -> Any:
    """That the guardian in the row may act for the person of the row."""
    guardian = _number()
    return exists().where(
        _names(guardian, _text(staged, "guardian")),
        Guardianship.guardian_id == guardian.person_id,
        Guardianship.child_id == own.person_id,
        or_(Guardianship.valid_to.is_(None), Guardianship.valid_to >= staged.as_of),
    )


def clashes(db: Session, staged: Staged) -> Iterator[Found]:
    """What only shows when rows are compared with the register."""
    if "guardian" in staged.names:
        yield from _unknown(db, staged, "guardian", "ma_so_bhxh_giam_ho")
    if "merged_into" in staged.names:
        yield from _unknown(db, staged, "merged_into", "gop_vao")
        yield from _chained(db, staged)
    if "paper" in staged.names:
        yield from _shared_with_register(db, staged)


def _unknown(db: Session, staged: Staged, name: str, column: str) -> Iterator[Found]:
    number, other, code = _number(), staged.again(), staged.text(name)
    unregistered = ~exists().where(_names(number, code))
    lines = select(staged.line).where(code != "", unregistered, code.not_in(select(other.key))).order_by(staged.line)
    words = N_("Không thấy mã số này trong sổ bộ, và trong tệp không có dòng hợp lệ nào của mã số này.")
    yield from (Found(line, column, words) for line in db.scalars(lines))


def _chained(db: Session, staged: Staged) -> Iterator[Found]:
    """A mã số may not be merged into one that is itself merged within the same file: the order would decide."""
    own, target, into = _number(), _number(), staged.text("merged_into")
    joined = staged.source.outerjoin(own, _names(own, staged.key)).outerjoin(target, _names(target, into))
    query = select(staged.line, staged.key, own.person_id, into, target.person_id).select_from(joined)
    mergers = db.execute(query.where(into != "").order_by(staged.line)).all()
    merged = {name: line for line, code, person, _into, _target in mergers for name in (code, person) if name}
    for line, _code, _person, code, person in mergers:
        other = merged.get(code) or merged.get(person)
        if other not in (None, line):
            label = N_("Mã số được gộp vào lại được gộp vào mã số khác ở dòng %(line)s.", line=other)
            yield Found(line, "gop_vao", label)


def clashes_within(db: Session, staged: Staged) -> Iterator[Found]:
    """One paper in rows of two persons."""
    if "paper" not in staged.names:
        return
    own = _number()
    owner_code = func.coalesce(func.nullif(_text(staged, "merged_into"), ""), staged.key)
    owner = func.coalesce(cast(own.person_id, String), owner_code)
    paper = staged.text("paper")
    joined = staged.source.outerjoin(own, _names(own, owner_code))
    owned = select(paper.label("paper"), staged.line.label("line"), owner.label("owner")).select_from(joined)
    # OFFSET 0 keeps SQLite from carrying the whole rows through its sorter.
    papers = owned.where(paper != "").offset(0).subquery()
    shared = (
        select(papers.c.paper, func.min(papers.c.line).label("first"), func.max(papers.c.line).label("last"))
        .group_by(papers.c.paper)
        .having(func.count(papers.c.owner.distinct()) > 1)
    ).subquery()
    row = staged.again()
    other = case((row.line == shared.c.first, shared.c.last), else_=shared.c.first)
    query = select(row.line, other).join_from(row.source, shared, row.text("paper") == shared.c.paper)
    for line, other_line in db.execute(query.order_by(row.line)):
        yield Found(line, "so_giay_to", N_("Số giấy tờ này cũng là của người khác ở dòng %(line)s.", line=other_line))


def _shared_with_register(db: Session, staged: Staged) -> Iterator[Found]:
    """A paper that the register knows as somebody else's."""
    own, paper, theirs = _number(), _number(), _number()
    owner_code = func.coalesce(func.nullif(_text(staged, "merged_into"), ""), staged.key)
    joined = staged.source.join(
        paper, and_(paper.kind == staged.text("paper_kind"), paper.value == staged.text("paper"))
    ).outerjoin(own, _names(own, owner_code))
    code = select(func.min(theirs.value)).where(theirs.person_id == paper.person_id, theirs.kind == IdKind.MA_SO_BHXH)
    query = select(staged.line, code.scalar_subquery()).select_from(joined)
    for line, other in db.execute(query.where(own.person_id.is_distinct_from(paper.person_id)).order_by(staged.line)):
        label = N_("Số giấy tờ này trong sổ bộ là của người có mã số %(code)s.", code=other or "?")
        yield Found(line, "so_giay_to", label)


def difference(db: Session, staged: Staged) -> Counts:
    """What taking the rows over would do."""
    own, target = _number(), _number()
    merges = _text(staged, "merged_into") != ""
    behind = [_differs(staged)]
    if "paper" in staged.names:
        behind.append(and_(_text(staged, "paper") != "", ~_paper_is_current(staged, own.person_id)))
    if "guardian" in staged.names:
        behind.append(and_(_text(staged, "guardian") != "", ~_is_guarded(staged, own)))
    moved = and_(merges, or_(target.id.is_(None), target.person_id != own.person_id))
    known = own.id.is_not(None)
    changed = and_(known, or_(moved, and_(~merges, ~_is_second(own), or_(*behind))))
    joined = (
        staged.source.outerjoin(own, _names(own, staged.key))
        .outerjoin(Person, Person.id == own.person_id)
        .outerjoin(target, _names(target, _text(staged, "merged_into")))
    )
    query = select(how_many(~known), how_many(changed), func.count()).select_from(joined)
    new, altered, total = db.execute(query).one()
    return Counts(new, altered, total - new - altered)


def changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first persons whose data would change."""
    own, values = _number(), staged.values(Person, PERSON_NAMES)
    joined = staged.source.join(own, _names(own, staged.key)).join(Person, Person.id == own.person_id)
    speaks = and_(_text(staged, "merged_into") == "", ~_is_second(own))
    return first_changes(db, staged, Person, values, joined, and_(speaks, _differs(staged)), most)


def take(db: Session, staged: Staged) -> None:
    """What changes of known persons first, then new ones, then what binds persons to each other."""
    _update_persons(db, staged)
    if "paper" in staged.names:
        _end_papers(db, staged)
    _insert_persons(db, staged)
    count_again(db, Person, PersonIdentifier)
    if "paper" in staged.names:
        _insert_papers(db, staged)
    if "merged_into" in staged.names:
        _merge(db, staged)
    if "guardian" in staged.names:
        _link_guardians(db, staged)


def _insert_persons(db: Session, staged: Staged) -> None:
    own = _number()
    missing = and_(_text(staged, "merged_into") == "", ~exists().where(_names(own, staged.key)))
    at = literal(staged.at, UtcDateTime())
    row = {
        "id": staged.value("id", Person.id),
        **staged.values(Person, PERSON_NAMES),
        "created_at": at,
        "updated_at": at,
    }
    db.execute(insert(_PERSONS).from_select(list(row), select(*row.values()).where(missing)))
    names = ["id", "person_id", "kind", "value"]
    kind = literal(str(IdKind.MA_SO_BHXH))
    numbers = select(RandomUuid(), staged.value("id", Person.id), kind, staged.key).where(missing)
    db.execute(insert(_NUMBERS).from_select(names, numbers))


def _update_persons(db: Session, staged: Staged) -> None:
    own = _number()
    speaks = and_(_names(own, staged.key), _text(staged, "merged_into") == "", ~_is_second(own))
    db.execute(
        update(_PERSONS)
        .where(Person.id == own.person_id, speaks, _differs(staged))
        .values(**staged.values(Person, PERSON_NAMES), updated_at=staged.at)
    )


def _has_paper(staged: Staged, own: Any) -> Any:
    speaks = and_(_text(staged, "merged_into") == "", ~_is_second(own))
    return and_(_names(own, staged.key), _text(staged, "paper") != "", speaks)


def _end_papers(db: Session, staged: Staged) -> None:
    """The paper in the row becomes the person's current one of its kind; the one before ends that day."""
    own = _number()
    paper, kind = _text(staged, "paper"), _text(staged, "paper_kind")
    theirs = and_(_has_paper(staged, own), PersonIdentifier.person_id == own.person_id, PersonIdentifier.kind == kind)
    outdated = and_(theirs, PersonIdentifier.value != paper, PersonIdentifier.valid_to.is_(None))
    db.execute(update(_NUMBERS).where(outdated).values(valid_to=staged.as_of))
    again = and_(theirs, PersonIdentifier.value == paper, PersonIdentifier.valid_to.is_not(None))
    db.execute(update(_NUMBERS).where(again).values(valid_to=null()))


def _insert_papers(db: Session, staged: Staged) -> None:
    own, known = _number(), _number()
    paper, kind = _text(staged, "paper"), _text(staged, "paper_kind")
    missing = ~exists().where(known.kind == kind, known.value == paper)
    row = select(RandomUuid(), own.person_id, kind, paper, literal(staged.as_of))
    query = row.where(_has_paper(staged, own), missing)
    db.execute(insert(_NUMBERS).from_select(["id", "person_id", "kind", "value", "valid_from"], query))


def _merge(db: Session, staged: Staged) -> None:
    own, target = _number(), _number()
    into = _text(staged, "merged_into")
    unknown = ~exists().where(_names(own, staged.key))
    row = select(
        RandomUuid(), target.person_id, literal(str(IdKind.MA_SO_BHXH)), staged.key, literal(staged.as_of)
    ).where(_names(target, into), into != "", unknown)
    db.execute(insert(_NUMBERS).from_select(["id", "person_id", "kind", "value", "valid_to"], row))
    db.execute(
        update(_PERSONS)
        .where(Person.id == own.person_id, _names(own, staged.key), into != "")
        .where(_names(target, into), target.person_id != own.person_id)
        .values(merged_into_id=target.person_id, updated_at=staged.at)
    )
    _follow_mergers(db, staged)


def _follow_mergers(db: Session, staged: Staged) -> None:
    """What named or bound a merged person names or binds the one who answers for them."""
    survivor = aliased(Person)
    for _step in range(_LONGEST_CHAIN):
        further = and_(Person.merged_into_id == survivor.id, survivor.merged_into_id.is_not(None))
        if not db.execute(update(_PERSONS).where(further).values(merged_into_id=survivor.merged_into_id)).rowcount:  # type: ignore[attr-defined]
            break
    merged = select(survivor.id).where(survivor.merged_into_id.is_not(None))
    ended = case((PersonIdentifier.kind == IdKind.MA_SO_BHXH, literal(staged.as_of)), else_=PersonIdentifier.valid_to)
    db.execute(
        update(_NUMBERS)
        .where(PersonIdentifier.person_id.in_(merged))
        .values(person_id=_survivor_of(PersonIdentifier.person_id), valid_to=ended)
    )
    other = aliased(Guardianship)
    for column, fixed in ((Guardianship.child_id, "guardian_id"), (Guardianship.guardian_id, "child_id")):
        twin = exists().where(
            getattr(other, column.key) == _survivor_of(column),
            getattr(other, fixed) == getattr(Guardianship, fixed),
            other.valid_from == Guardianship.valid_from,
        )
        moved = update(_GUARDIANS).where(column.in_(merged), ~twin)
        db.execute(moved.values({column.key: _survivor_of(column)}))


def _survivor_of(person_id: Any) -> Any:
    person = aliased(Person)
    # Said outright, because within a second subquery SQLAlchemy would not look that far out.
    return select(person.merged_into_id).where(person.id == person_id).correlate(person_id.class_).scalar_subquery()


def _link_guardians(db: Session, staged: Staged) -> None:
    """Link the guardian from `as_of` on; another guardian whom an import had named before ends the day before."""
    own, guardian = _number(), _number()
    pair = and_(_names(own, staged.key), _names(guardian, staged.text("guardian")), _text(staged, "merged_into") == "")
    pair = and_(pair, ~_is_second(own))
    replaced = and_(
        pair,
        Guardianship.child_id == own.person_id,
        Guardianship.guardian_id != guardian.person_id,
        Guardianship.source == SOURCE,
        Guardianship.valid_to.is_(None),
        Guardianship.valid_from < staged.as_of,
    )
    db.execute(update(_GUARDIANS).where(replaced).values(valid_to=date.fromordinal(staged.as_of.toordinal() - 1)))
    same_day = and_(
        pair,
        Guardianship.child_id == own.person_id,
        Guardianship.guardian_id == guardian.person_id,
        Guardianship.valid_from == staged.as_of,
    )
    db.execute(update(_GUARDIANS).where(same_day, Guardianship.valid_to.is_not(None)).values(valid_to=null()))
    missing = ~_is_guarded(staged, own)
    names = ["id", "child_id", "guardian_id", "valid_from", "source"]
    row = select(RandomUuid(), own.person_id, guardian.person_id, literal(staged.as_of), literal(SOURCE))
    db.execute(insert(_GUARDIANS).from_select(names, row.where(pair, missing)))
