"""Cards on paper and as a picture: read back from what was printed."""

import io
import subprocess
from datetime import date
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import delete, func, select

from tests import pages, people
from tests.card.conftest import id_of
from vssid.accounts.models import Consent
from vssid.attesting import keys
from vssid.card.models import Card
from vssid.card.rules import Tag
from vssid.card.strips import rules
from vssid.card.strips.models import KeptCard
from vssid.card.strips.rules import Strip
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit

OWN, FAMILY = "/ca-nhan/the-bhyt", "/ca-nhan/gia-dinh"
SHEET = FAMILY + "/the-bhyt.pdf"


@pytest.fixture
def family(engine, mother):
    """The mother has a card herself."""
    with unit(engine) as db:
        people.add_card(db, id_of(engine, people.GUARDIAN), people.GUARDIAN)
    return mother


def words(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).split())


def printed(body: bytes, folder: Path) -> list[Image.Image]:
    """The pages as a printer puts them on paper, 200 dots an inch."""
    (folder / "card.pdf").write_bytes(body)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "card.pdf", "card"], cwd=folder, check=True)
    return [Image.open(path) for path in sorted(folder.glob("card*.png"))]


def codes(picture: Image.Image) -> tuple[list[list[str]], list[str]]:
    """Fields of the codes of the card's form, and the texts of strips."""
    found = [code.text for code in zxingcpp.read_barcodes(picture)]
    return [text.split("|") for text in found if "|" in text], [text for text in found if "|" not in text]


def believed(engine, text: str) -> Strip:
    body, signature = rules.taken_apart(text)
    strip = rules.read(body)
    with reading(engine) as db:
        assert keys.right(db, strip.key, signature, rules.DOMAIN + body)
    return strip


def papers(engine) -> list[KeptCard]:
    with reading(engine) as db:
        return list(db.scalars(select(KeptCard).where(KeptCard.kind == "paper").order_by(KeptCard.created_at)))


def times_printed(engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.tag == Tag.PRINTED))


def test_the_pdf_holds_the_record_and_its_codes_decode_to_it(engine, holder, tmp_path):
    answer = holder.get(OWN + ".pdf")
    assert answer.mimetype == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    text = words(answer.data)
    for expected in (
        people.CITIZEN.name.upper(), "89 0000 0101", "04/09/1985", "Nữ", "89 - 012", "01/01/2026", "31/12/2026", "01/02/2025",
        "Tỉnh An Giang", "Nguyễn Văn Mẫu Ký", "20/12/2025", "80% chi phí KCB", "TRƯỞNG BAN QUẢN LÝ", "Cần chú ý",
        "Mã theo mẫu thẻ", "đến hết ngày 31/12/2026", "/xac-minh",
    ):  # fmt: skip
        assert expected in text, (expected, text)
    [page] = printed(answer.data, tmp_path)
    [fields], [strip_text] = codes(page)
    assert len(fields) == 17
    assert fields[0] == people.CITIZEN.ma_so
    assert bytes.fromhex(fields[1]).decode() == people.CITIZEN.name
    assert fields[5] == "89 - 012"
    assert fields[6:8] == ["01/01/2026", "31/12/2026"]
    assert fields[14] == "4"
    strip = believed(engine, strip_text)
    assert (strip.paper, strip.day, strip.last_day) == (True, today(), date(2026, 12, 31))
    assert strip.ma_so == people.CITIZEN.ma_so
    assert [row.handle for row in papers(engine)] == [strip.handle]


def test_a_withdrawn_card_is_printed_without_a_strip(engine, holder):
    with unit(engine) as db:
        people.add_card(db, db.query(Card).one().person_id, people.CITIZEN, version=2, status="thu_hoi")
    text = words(holder.get(OWN + ".pdf").data)
    assert people.CITIZEN.name.upper() in text
    assert "Mã kiểm tra" not in text
    assert papers(engine) == []


def test_the_print_is_card_sized_on_a4_with_vietnamese_fonts_embedded(holder, tmp_path):
    (tmp_path / "card.pdf").write_bytes(holder.get(OWN + ".pdf").data)
    box = pypdf.PdfReader(tmp_path / "card.pdf").pages[0].mediabox
    assert (round(box.width * 25.4 / 72), round(box.height * 25.4 / 72)) == (210, 297)
    fonts = subprocess.run(["pdffonts", "card.pdf"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert "Noto" in fonts or "DejaVu" in fonts
    assert " no  " not in fonts.split("\n", 2)[2][60:90]


def test_the_family_stands_on_one_sheet_each_with_codes_that_hold(engine, family, tmp_path):
    assert f'href="{SHEET}"' in pages.get(family, FAMILY)
    answer = family.get(SHEET)
    assert answer.mimetype == "application/pdf"
    [page] = printed(answer.data, tmp_path)
    forms, strips = codes(page)
    both = {people.GUARDIAN.ma_so, people.CHILD.ma_so}
    assert {fields[0] for fields in forms} == both
    assert {believed(engine, text).ma_so for text in strips} == both
    text = words(answer.data)
    assert people.GUARDIAN.name.upper() in text
    assert people.CHILD.name.upper() in text
    assert len(papers(engine)) == times_printed(engine) == 2


def test_the_same_sheet_again_on_the_same_day_makes_no_further_strip(engine, family):
    family.get(SHEET)
    family.get(SHEET)
    assert len(papers(engine)) == 2
    assert times_printed(engine) == 4


def test_a_child_for_whom_one_must_agree_anew_is_not_on_it(engine, family):
    with unit(engine) as db:
        db.execute(delete(Consent).where(Consent.subject_kind == "person"))
    text = words(family.get(SHEET).data)
    assert people.GUARDIAN.name.upper() in text
    assert people.CHILD.name.upper() not in text


def test_where_nobody_of_the_family_has_a_card_there_is_no_sheet(engine, signed_in):
    assert signed_in(people.STRANGER).get(SHEET).status_code == 404


def test_the_picture_can_be_read_by_both_readers(engine, holder):
    assert f'href="{OWN}.png"' in pages.get(holder, OWN)
    answer = holder.get(OWN + ".png")
    assert answer.mimetype == "image/png"
    assert "no-store" in answer.headers["Cache-Control"]
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.width > 1000
    assert len(answer.data) < 200_000
    [fields], [strip] = codes(picture)
    assert fields[0] == believed(engine, strip).ma_so == people.CITIZEN.ma_so
    assert times_printed(engine) == 1


def test_a_guardian_has_the_picture_of_a_childs_card_and_a_stranger_has_not(engine, mother, signed_in):
    path = f"{FAMILY}/{id_of(engine, people.CHILD)}/the-bhyt.png"
    assert mother.get(path).data.startswith(b"\x89PNG")
    assert signed_in(people.STRANGER).get(path).status_code == 404


@pytest.mark.parametrize("path", [OWN + ".pdf", OWN + ".png", SHEET])
def test_nobody_has_it_who_is_not_signed_in(client, holder, path):
    assert client.get(path).status_code == 303
