"""XML as a stream that expands nothing and grows nothing; amounts that stay exact."""

import itertools
import resource
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from vssid.kernel.exact import Exact
from vssid.kernel.xml import Broken, Limits, Reader, Unwanted


class Names:
    """Notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []
        self.letters = 0

    def start(self, name: str, depth: int) -> None:
        self.heard.append((name, depth))

    def end(self, name: str, depth: int) -> None:
        self.heard.append(("/" + name, depth))

    def text(self, data: str) -> None:
        self.letters += len(data)
        if "STOP" in data:
            from vssid.kernel.labels import N_

            raise Unwanted(N_("Đủ rồi."))


def test_elements_are_told_with_their_depth_however_the_bytes_are_cut():
    document = "<a><b>Mẫu<![CDATA[<x>]]></b><c/></a>".encode()
    for size in (1, 2, 7, 1000):
        names = Names()
        Reader(names).read(document[at : at + size] for at in range(0, len(document), size))
        assert names.heard == [("a", 1), ("b", 2), ("/b", 2), ("c", 2), ("/c", 2), ("/a", 1)]
        assert names.letters == 6


@pytest.mark.parametrize(
    ("document", "line", "column"),
    [
        (b"<a>\n<b>\n", 3, 1),
        (b"<a>\n  </b>", 2, 5),
        (b"<a>\n\xff</a>", 2, 1),
        (b"<a>\nSTOP</a>", 2, 9),
        (b"<!DOCTYPE a><a/>", 1, 12),
        (b"", 1, 1),
    ],
)
def test_what_cannot_be_read_says_where(document, line, column):
    with pytest.raises(Broken) as wrong:
        Reader(Names()).read([document])
    assert (wrong.value.line, wrong.value.column) == (line, column), wrong.value.reason


def test_depth_and_mark_up_are_bounded():
    with pytest.raises(Broken, match="tầng"):
        Reader(Names(), Limits(depth=3)).read([b"<a><a><a><a>"])
    with pytest.raises(Broken, match="dài quá"):
        Reader(Names()).read(b"<a b='" if n == 0 else b"x" * 65_536 for n in range(100))


def test_long_text_does_not_stay_in_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    names = Names()
    Reader(names).read(itertools.chain([b"<a>"], itertools.repeat(b"x" * 65_536, 1_600), [b"</a>"]))
    assert names.letters == 1_600 * 65_536
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


def test_amounts_are_exact_and_so_are_their_sums(engine):
    table = Table("exact_amounts", MetaData(), Column("id", Integer, primary_key=True), Column("amount", Exact(15, 2)))
    with engine.begin() as connection:
        table.create(connection)
        amounts = [Decimal("0.10"), Decimal("9999999999999.99"), None, *[Decimal("0.1")] * 7]
        connection.execute(insert(table), [{"amount": amount} for amount in amounts])
        assert connection.scalars(select(table.c.amount).order_by(table.c.id)).all() == amounts
        whole = select(func.sum(table.c.amount), func.max(table.c.amount + table.c.amount)).where(table.c.id > 2)
        assert connection.execute(whole).one() == (Decimal("0.7"), Decimal("0.2"))
        assert connection.scalar(select(func.sum(table.c.amount))) == Decimal("10000000000000.79")
        table.drop(connection)


def test_more_places_than_the_column_has_are_an_error(engine):
    if engine.dialect.name == "sqlite":
        bind = Exact(15, 2).bind_processor(engine.dialect)
        with pytest.raises(ValueError, match="places"):
            bind(Decimal("0.001"))
