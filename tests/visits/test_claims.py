"""Reading and taking over hospital files, by the command."""

import io
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import people
from tests.reference import MISSING, REFERENCE
from tests.visits.build import (
    HEADING,
    Visit,
    drug,
    envelope,
    file_of,
    hoso,
    leaves,
    material,
    part,
    service,
    summary_part,
    tag,
)
from vssid.imports import ways
from vssid.imports.models import ImportRun, StagedRow
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.records.models import Person, PersonIdentifier

ONE = {"read": 1, "new": 1, "changed": 0, "same": 0, "refused": 0}
CLAIMS = REFERENCE / "claims_xml"


@pytest.mark.parametrize("how", ["base64", "nested", "text"])
@pytest.mark.parametrize("style", [{}, {"cdata": True}, {"flipped": True}, {"flipped": True, "cdata": True}])
def test_all_envelopes_say_the_same(book, how, style):
    if how == "text" and style.get("cdata"):
        pytest.skip("CDATA does not nest")
    done = book.take(file_of(Visit(), how=how, **style))
    assert (done.code, done.counts) == (0, ONE), done.err
    [visit] = book.visits()
    assert visit.link_code == "MAU0001"
    assert (visit.facility_code, visit.year, visit.sensitive) == ("89012", 2026, False)
    assert visit.admitted_at == datetime(2026, 1, 15, 1, 5, tzinfo=UTC)
    assert visit.discharged_at == datetime(2026, 1, 15, 3, 30, tzinfo=UTC)
    assert (visit.main_diagnosis_code, visit.other_codes) == ("I10", "E11.9;J00")
    assert visit.main_diagnosis == "Tăng huyết áp vô căn; Đái tháo đường típ 2"
    assert (visit.total_hospital, visit.total_insurance) == (Decimal("95000.00"), Decimal("95000.00"))
    assert (visit.paid_by_fund, visit.copay, visit.paid_by_patient) == (Decimal("76000"), Decimal("19000"), Decimal(0))
    lines = [(line.ordinal, line.part, line.name, line.quantity, line.price, line.amount) for line in book.lines()]
    assert lines == [
        (1, "thuoc", "Thuốc Mẫu A", Decimal("30.000"), Decimal("1500.000"), Decimal("45000.00")),
        (2, "dich_vu", "Khám Mẫu", Decimal("1.000"), Decimal("50000.000"), Decimal("50000.00")),
    ]


def test_the_names_of_qd_4210_are_understood(book):
    done = book.take(file_of(Visit(), how="nested", old=True))
    assert (done.code, done.counts) == (0, ONE), done.err + str(book.words())
    [visit] = book.visits()
    assert visit.main_diagnosis == "Tăng huyết áp vô căn; Đái tháo đường típ 2"
    assert (visit.main_diagnosis_code, visit.other_codes, visit.discharge_kind) == ("I10", "E11.9;J00", "1")
    assert (visit.patient_object, visit.total_hospital, visit.total_insurance) == (
        "1.1",
        Decimal(95000),
        Decimal(95000),
    )


def test_a_second_run_changes_nothing(book):
    content = file_of(Visit(), Visit("MAU0002", people.STRANGER))
    assert book.take(content).counts["new"] == 2
    before = [(one.id, one.content_digest, one.updated_at) for one in book.visits()], [one.id for one in book.lines()]
    again = book.take(content)
    assert (again.code, again.counts) == (0, {"read": 2, "new": 0, "changed": 0, "same": 2, "refused": 0})
    assert (
        [(one.id, one.content_digest, one.updated_at) for one in book.visits()],
        [one.id for one in book.lines()],
    ) == before


def test_a_changed_hoso_replaces_its_lines_and_keeps_its_id(book):
    book.take(file_of(Visit()))
    [before] = book.visits()
    done = book.take(file_of(Visit(drugs=[drug(), drug("Thuốc Mẫu B")])))
    assert done.counts == {"read": 1, "new": 0, "changed": 1, "same": 0, "refused": 0}
    [after] = book.visits()
    assert (after.id, after.recorded_at) == (before.id, before.recorded_at)
    assert after.total_hospital == Decimal(140000)
    assert [line.name for line in book.lines()] == ["Thuốc Mẫu A", "Thuốc Mẫu B", "Khám Mẫu"]


def test_a_dry_run_and_a_run_without_yes_take_nothing(book):
    assert book.take(file_of(Visit()), "--dry-run").code == 0
    assert book.take(file_of(Visit()), yes=False).code == 1
    assert book.visits() == []


def test_a_bad_hoso_does_not_sink_the_others(book, engine):
    bad = Visit("MAU0002", values={"T_TONGCHI_BV": "99999"})
    done = book.take(file_of(Visit("MAU0001"), bad, Visit("MAU0003")))
    assert (done.code, done.counts) == (1, {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": 1})
    assert [one.link_code for one in book.visits()] == ["MAU0001", "MAU0003"]
    [error] = book.errors("ho-so.xml")
    assert (error["tep"], error["ho_so"], error["ma_lk"], error["cot"]) == ("ho-so.xml", "2", "MAU0002", "T_TONGCHI_BV")
    assert error["loi"] == "Tổng ghi 99.999, cộng các dòng được 95.000."
    assert "hồ sơ 2, cột T_TONGCHI_BV: Tổng ghi" in done.err
    with reading(engine) as db:
        [run] = db.scalars(select(ImportRun))
        assert (run.kind, run.state, run.counts) == ("claims-xml", "done", done.counts)
        assert list(db.scalars(select(StagedRow))) == []
        assert set(db.scalars(select(AuditEntry.tag))) >= {"import.applied", "import.batch"}


REFUSED = {
    "no link": ({"MA_LK": ""}, "MA_LK"),
    "no diagnosis": ({"MA_BENH_CHINH": ""}, "MA_BENH_CHINH"),
    "no admission": ({"NGAY_VAO": ""}, "NGAY_VAO"),
    "no discharge": ({"NGAY_RA": ""}, "NGAY_RA"),
    "dates the wrong way round": ({"NGAY_RA": "202601140805"}, "NGAY_RA"),
    "not in the calendar": ({"NGAY_VAO": "202602300805"}, "NGAY_VAO"),
    "a day in other spelling": ({"NGAY_VAO": "15/01/2026"}, "NGAY_VAO"),
    "in the future": ({"NGAY_VAO": "209901150805", "NGAY_RA": "209901150805", "NGAY_TTOAN": ""}, "NGAY_VAO"),
    "before there was insurance": ({"NGAY_VAO": "00010101"}, "NGAY_VAO"),
    "discharged in the future": ({"NGAY_RA": "209901150805"}, "NGAY_RA"),
    "paid in the year 1": ({"NGAY_TTOAN": "000101010000"}, "NGAY_TTOAN"),
    "more than a column takes": ({"T_BNTT": "999999999999.996"}, "T_BNTT"),
    "money with a comma": ({"T_BNCCT": "19,000"}, "T_BNCCT"),
    "money below nothing": ({"T_BNTT": "-1"}, "T_BNTT"),
    "facility": ({"MA_CSKCB": "8901"}, "MA_CSKCB"),
    "nobody's card": ({"MA_THE_BHYT": "DN4898900000999", "SO_CCCD": ""}, "MA_THE_BHYT"),
    "neither card nor paper": ({"MA_THE_BHYT": "", "SO_CCCD": ""}, "MA_THE_BHYT"),
    "card and paper of two": ({"SO_CCCD": people.STRANGER.cccd}, "SO_CCCD"),
    "cards of two": ({"MA_THE_BHYT": f"DN489{people.CITIZEN.ma_so};{people.STRANGER.ma_so}", "SO_CCCD": ""}, "MA_THE_BHYT"),
    "fund": ({"T_BHTT": "76003"}, "T_BHTT"),
    "co-payment": ({"T_BNCCT": "18000"}, "T_BNCCT"),
    "within the insurance": ({"T_TONGCHI_BH": "1"}, "T_TONGCHI_BH"),
    "own share": ({"T_BNTT": "5000"}, "T_BNTT"),
    "paid before it came": ({"NGAY_TTOAN": "202601140805"}, "NGAY_TTOAN"),
    "drugs": ({"T_THUOC": "45003"}, "T_THUOC"),
    "materials": ({"T_VTYT": "10"}, "T_VTYT"),
    "other sources": ({"T_NGUONKHAC": "5000"}, "T_NGUONKHAC"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_element_named(book, name):
    values, column = REFUSED[name]
    done = book.take(file_of(Visit(values=values)))
    assert (done.code, done.counts["refused"], done.counts["new"]) == (1, 1, 0)
    assert [found for found, _words in book.words()] == [column]
    assert book.visits() == []


def test_lines_without_their_summary_and_two_summaries_are_refused(book):
    double = tag("HOSO", part("XML1", summary_part(Visit())) + part("XML1", summary_part(Visit())))
    none = tag("HOSO", part("XML2", "<A/>"))
    done = book.take(envelope(double, none))
    assert done.counts["refused"] == 2
    assert [words for _column, words in book.words()] == [
        "Có hơn một phần tổng hợp (XML1).",
        "Thiếu phần tổng hợp (XML1).",
    ]


def test_totals_without_any_line_are_refused_and_nothing_at_all_is_fine(book):
    empty = Visit(drugs=[], services=[])
    assert book.take(file_of(empty)).code == 0
    totals = {"T_TONGCHI_BV": "95000", "T_TONGCHI_BH": "95000", "T_BHTT": "95000"}
    assert book.take(file_of(Visit("MAU0002", drugs=[], services=[], values=totals))).counts["refused"] == 1


@pytest.mark.parametrize(("total", "code"), [("95002", 0), ("94998", 0), ("95002.01", 1), ("94997.99", 1)])
def test_a_dong_a_line_may_be_lost_in_rounding(book, total, code):
    assert book.take(file_of(Visit(values={"T_TONGCHI_BV": total}))).code == code


@pytest.mark.parametrize(
    "values",
    [
        {"NGAY_VAO": "20260115", "NGAY_RA": "20260115", "NGAY_TTOAN": "20260115"},
        {"NGAY_RA": "20260115", "NGAY_TTOAN": "20260115"},
        {"NGAY_VAO": "20260115080530", "NGAY_TTOAN": ""},
        {"T_THUOC": "", "T_VTYT": ""},
    ],
)
def test_days_without_a_time_and_totals_that_need_not_be_there_are_fine(book, values):
    done = book.take(file_of(Visit(values=values)))
    assert (done.code, done.counts) == (0, ONE), book.words()


def test_of_several_cards_each_is_looked_for_and_another_mans_line_is_refused(book):
    cards = {
        "MA_THE_BHYT": f"GD489{people.CITIZEN.ma_so};DN489{people.CITIZEN.ma_so}",
        "MA_DKBD": "89012;89013",
        "SO_CCCD": "",
    }
    dates = {"GT_THE_TU": "20250101;20260101", "GT_THE_DEN": "20251231;20261231"}
    assert book.take(file_of(Visit(values={**cards, **dates}))).code == 0
    strange = Visit("MAU0002", drugs=[drug(MA_LK="MAU0009")])
    assert book.take(file_of(strange)).counts["refused"] == 1
    assert book.words() == [("MA_LK", "Dòng chi phí mang MA_LK khác với hồ sơ.")]


@pytest.mark.parametrize(
    "values",
    [
        {"MA_THE_BHYT": people.CITIZEN.ma_so, "SO_CCCD": ""},
        {"MA_THE_BHYT": "", "SO_CCCD": people.CITIZEN.cccd},
        {"MA_THE_BHYT": people.CITIZEN.cccd, "SO_CCCD": ""},
        {"MA_THE_BHYT": "DN4898900000999", "SO_CCCD": people.CITIZEN.cccd},
        {"MA_THE_BHYT": f"DN489{people.CITIZEN.ma_so}", "SO_CCCD": "TAIKHOAN1"},
    ],
)
def test_a_person_is_found_by_card_or_paper(book, register, values):
    assert book.take(file_of(Visit(values=values))).code == 0
    assert book.visits()[0].person_id == register[people.CITIZEN.ma_so]


def test_a_merged_number_leads_to_the_person_who_remains_and_visits_follow_a_merger(book, register, engine):
    book.take(file_of(Visit(who=people.STRANGER)))
    table = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,gop_vao\n"
    row = f"{people.STRANGER.ma_so},{people.STRANGER.name},1980,Nam,{people.CITIZEN.ma_so}\n"
    done = book.run("participants", book.write("gop.csv", table + row))
    assert done.code == 0, done.err
    assert book.visits()[0].person_id == register[people.CITIZEN.ma_so]
    assert book.take(file_of(Visit("MAU0002", who=people.STRANGER, values={"SO_CCCD": ""}))).code == 0
    assert {one.person_id for one in book.visits()} == {register[people.CITIZEN.ma_so]}


def test_the_same_hoso_twice_in_one_run_is_the_same_and_another_contradicts_it(book):
    done = book.take(file_of(Visit(), Visit()))
    assert (done.code, done.counts) == (0, {"read": 2, "new": 1, "changed": 0, "same": 1, "refused": 0})
    done = book.take(file_of(Visit(drugs=[]), Visit(services=[])))
    assert done.counts == {"read": 2, "new": 0, "changed": 1, "same": 0, "refused": 1}


def test_unknown_elements_and_other_parts_are_passed_over(book):
    extra = (
        part("XML4", "<X><CHI_TIET_CLS/></X>", "nested")
        + part("XML12", "không phải base64", "nested")
        + part("XML13", "", "empty")
    )
    visit = Visit(values={"MOI_THEM": "giá trị lạ"}, drugs=[drug(MA_MOI="1")])
    done = book.take(envelope(hoso(visit, "nested", extra=extra + "<LA><GI/></LA>")))
    assert (done.code, done.counts) == (0, ONE), done.err


@pytest.mark.parametrize("how", ["base64", "nested", "text"])
@pytest.mark.parametrize("flipped", [False, True])
def test_nothing_of_notes_and_hiv_parts_reaches_the_database(book, engine, how, flipped, monkeypatch):
    secret = "BIMATRIENGTU"
    notes = tag("DIEN", leaves(["DIEN_BIEN_LS"], {"DIEN_BIEN_LS": secret}))
    smuggled = tag("TONG_HOP", leaves(["MA_LK"], {"MA_LK": secret, "CHAN_DOAN_RV": secret}))
    extra = part("XML5", notes + smuggled, how, flipped=flipped) + part(
        "XML6", tag("HIV", secret) + smuggled, how, flipped=flipped
    )
    staged: list[str] = []
    from vssid.imports import claims

    write = claims._write
    monkeypatch.setattr(claims, "_write", lambda to, batch: (staged.append(str(batch)), write(to, batch)))
    done = book.take(envelope(hoso(Visit(), "base64", extra=extra)))
    assert (done.code, done.counts) == (0, ONE), done.err
    assert staged
    assert secret not in "".join(staged)
    with engine.connect() as connection:
        from vssid.kernel.db import Base

        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert secret not in str(row), table.name


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADING + BOMB + "<GIAMDINHHS>&b;</GIAMDINHHS>", "DOCTYPE"),
        (HEADING + '<!DOCTYPE a SYSTEM "http://vidu.vn/a.dtd"><GIAMDINHHS/>', "DOCTYPE"),
        (HEADING + "<GIAMDINHHS>&la;</GIAMDINHHS>", "entity"),
        ('<?xml version="1.0" encoding="windows-1258"?><GIAMDINHHS/>', "windows-1258"),
        (HEADING.encode() + "<GIAMDINHHS><A>Nguyên</A></GIAMDINHHS>".encode("latin-1"), "UTF-8"),
        (HEADING + "<HSCHUNGTU/>", "GIAMDINHHS"),
        (HEADING + "<GIAMDINHHS><A></B></GIAMDINHHS>", "không khớp"),
        (HEADING + "<GIAMDINHHS>" + "<A>" * 100, "lồng nhau"),
        (HEADING + '<GIAMDINHHS a="' + "a" * 2_000_000 + '"/>', "dài quá"),
        ("không phải XML", "Dòng 1, cột 1"),
        (b"", "Không có nội dung XML"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_refused_with_words_and_place(book, content, words):
    done = book.take(content)
    assert (done.code, done.counts) == (1, {"read": 1, "new": 0, "changed": 0, "same": 0, "refused": 1})
    [(_column, said)] = book.words()
    assert words in said
    assert said.startswith("Dòng ")


def test_a_cut_file_says_where_and_what_came_before_holds(book):
    content = file_of(Visit("MAU0001"), Visit("MAU0002"), how="nested").encode()
    done = book.take(content[: content.rindex(b"MAU0002") + 20])
    assert (done.code, done.counts) == (1, {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1})
    [(_column, said)] = book.words()
    assert "bị cắt giữa chừng" in said


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("@@@@", "Base64"),
        ("PFRPTkdfSE9QPg==", "bị cắt giữa chừng"),
        ("PCFET0NUWVBFIGEgWzwhRU5USVRZIGEgImIiPl0+PFRPTkdfSE9QPiZhOzwvVE9OR19IT1A+", "DOCTYPE"),
    ],
)
def test_a_part_that_cannot_be_read_refuses_its_hoso_alone(book, inner, words):
    bad = tag("HOSO", tag("FILEHOSO", tag("LOAIHOSO", "XML1") + tag("NOIDUNGFILE", inner)))
    done = book.take(envelope(bad, hoso(Visit())))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    [(column, said)] = book.words()
    assert column == "XML1"
    assert words in said


def test_utf_16_with_its_mark_and_the_habit_of_saying_so_without_it(book):
    said = HEADING.replace("utf-8", "utf-16")
    assert book.take(envelope(hoso(Visit(), "nested"), heading=said).encode("utf-16")).code == 0
    assert book.take(envelope(hoso(Visit("MAU0002"), "nested"), heading=said).encode()).code == 0
    assert book.take("\ufeff" + file_of(Visit("MAU0003"))).code == 0
    assert book.take(envelope(hoso(Visit("MAU0004"), "nested"), heading=said).encode("utf-16-le")).code == 0


def test_a_field_or_a_hoso_without_end_is_refused_alone(book, monkeypatch):
    from vssid.records.hospital import reading

    monkeypatch.setattr(reading, "MOST_RECORDS", 3)
    monkeypatch.setattr(reading, "LONGEST_PART", 50_000)
    long = Visit("MAU0002", values={"CHAN_DOAN_RV": "a" * 30_000})
    many = Visit("MAU0003", drugs=[drug()] * 4)
    wide = Visit("MAU0004", drugs=[drug(GHI_CHU="a" * 60_000)])
    for how in ("nested", "base64"):
        hosos = [hoso(one, how) for one in (Visit(), long, many, wide)]
        done = book.take(envelope(*hosos))
        assert done.counts["refused"] == (2 if how == "nested" else 3), book.words()
        assert done.counts["read"] == 4


def test_an_amount_that_only_rounding_makes_too_large_refuses_its_hoso_alone(book):
    most = {"THANH_TIEN_BV": "999999999999.99", "THANH_TIEN_BH": "999999999999.99", "T_BHTT": "999999999999.99"}
    fits = service(**most, T_BNCCT="0")
    swells = service(**most | {"THANH_TIEN_BV": "9999999999999.996"}, T_BNCCT="0")
    totals = {"T_TONGCHI_BV": "999999999999.99"}
    visits = [Visit(f"MAU000{n}", drugs=[], services=[one], values=totals) for n, one in enumerate((fits, swells))]
    done = book.take(file_of(*visits))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}, book.words()
    assert book.words() == [("THANH_TIEN_BV", "Số phải nhỏ hơn 1.000.000.000.000.")]
    assert book.visits()[0].total_hospital == Decimal("999999999999.99")


@pytest.mark.parametrize("how", ["nested", "base64", "text"])
@pytest.mark.parametrize("flipped", [False, True])
def test_all_parts_of_a_hoso_share_one_bound(book, monkeypatch, how, flipped):
    from vssid.records.hospital import reading

    monkeypatch.setattr(reading, "LONGEST_HOSO", 60_000)
    lines = [drug(TEN_THUOC="a" * 10_000) for _ in range(3)]
    large = Visit("MAU0002", drugs=lines, services=[service(TEN_DICH_VU="a" * 10_000) for _ in range(4)])
    notes = part("XML5", tag("A", "a" * 40_000), how, flipped=flipped)
    hosos = [hoso(Visit("MAU0001"), how, extra=notes * 2, flipped=flipped), hoso(large, how, flipped=flipped)]
    done = book.take(envelope(*hosos))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}, book.words()
    assert book.visits()[0].link_code == "MAU0001"
    assert all("Hồ sơ này dài quá" in words for _column, words in book.words())


def test_of_many_parts_that_cannot_be_read_the_first_twenty_are_named(book):
    bad = tag("FILEHOSO", tag("LOAIHOSO", "XML1") + tag("NOIDUNGFILE", "@@@@")) * 50
    assert book.take(envelope(tag("HOSO", bad))).counts["refused"] == 1
    assert len(book.words()) == 20


def test_a_hoso_within_another_refuses_the_outer_one(book):
    outer = hoso(Visit("MAU0001")).removesuffix("</HOSO>")
    done = book.take(envelope(outer + hoso(Visit("MAU0002")) + "</HOSO>", hoso(Visit("MAU0003"))))
    assert done.counts == {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": 1}
    [error] = book.errors("ho-so.xml")
    assert (error["ho_so"], error["ma_lk"], error["cot"]) == ("1", "MAU0001", "HOSO")
    assert error["loi"] == "Trong thẻ HOSO này lại có một thẻ HOSO khác: có thể thiếu thẻ đóng."


def test_a_part_within_another_refuses_its_hoso(book):
    one = (
        hoso(Visit("MAU0001"))
        .replace("</FILEHOSO><FILEHOSO>", "<FILEHOSO>", 1)
        .replace("</HOSO>", "</FILEHOSO></HOSO>")
    )
    done = book.take(envelope(one, hoso(Visit("MAU0002"))))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert book.words()[0][0] == "FILEHOSO"


def test_a_folder_and_a_zip_are_read_file_by_file(book):
    folder = book.folder / "thang-1"
    (folder / "sau").mkdir(parents=True)
    (folder / "a.xml").write_text(file_of(Visit("MAU0001")))
    (folder / "b.XML").write_text("hỏng")
    (folder / "sau" / "c.xml").write_text(file_of(Visit("MAU0002")))
    (folder / "d.txt").write_text("không đọc")
    os.symlink("/etc/passwd", folder / "e.xml")
    done = book.run("claims-xml", folder)
    assert (done.code, done.counts) == (1, {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": 1})
    assert [row["tep"] for row in book.errors("thang-1")] == ["b.XML"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*.xml")):
            if not path.is_symlink():
                out.write(path, path.relative_to(folder))
    done = book.take(packed.getvalue(), name="thang-1.zip")
    assert (done.code, done.counts) == (0, {"read": 2, "new": 0, "changed": 0, "same": 2, "refused": 0})


def test_a_zip_bomb_is_given_up_while_it_is_read(book):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.xml", file_of(Visit()))
        out.writestr("b.xml", HEADING + "<GIAMDINHHS>" + " " * 60_000_000)
    done = book.take(packed.getvalue(), name="bom.zip")
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert "bất thường" in book.words("bom.zip")[0][1]


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, None])
def test_what_is_packed_in_other_ways_or_encrypted_is_refused_unread(book, monkeypatch, how):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.xml", file_of(Visit()))
        out.writestr("b.xml", file_of(Visit("MAU0002")), how or zipfile.ZIP_STORED)
    content = bytearray(packed.getvalue())
    if how is None:
        content[content.rindex(b"PK\x01\x02") + 8] |= 1
    done = book.take(bytes(content), name="la.zip")
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert book.words("la.zip") == [("", "Tệp này trong zip có mật khẩu hoặc nén theo cách không dùng được.")]


@pytest.mark.parametrize(("offset", "value"), [(6, 99), (46, 0xFF)])
def test_a_zip_of_an_unknown_version_or_with_names_that_are_no_text_is_refused_in_words(book, offset, value):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("ạ.xml", file_of(Visit()))
    content = bytearray(packed.getvalue())
    content[content.rindex(b"PK\x01\x02") + offset] = value
    done = book.take(bytes(content), name="la.zip")
    assert done.code == 1
    assert "Tệp zip hỏng." in done.err


def test_a_broken_zip_and_an_empty_folder_are_refused(book):
    assert book.take(b"PK\x03\x04 nothing", name="hong.zip").code == 1
    (book.folder / "trong").mkdir()
    done = book.run("claims-xml", book.folder / "trong")
    assert done.code == 1
    assert "Không có hồ sơ nào" in done.err
    assert book.run("participants", book.folder / "trong").code == 2


def test_a_person_who_vanishes_between_looking_and_taking_is_refused(book, engine, monkeypatch):
    way = ways.way_of("claims-xml")

    def then_forget(to, run, errors):
        way.examine(to, run, errors)
        with unit(engine) as db:
            db.query(PersonIdentifier).delete()

    monkeypatch.setitem(ways._BY_HOSO, "claims-xml", replace(way, examine=then_forget))
    done = book.take(file_of(Visit()))
    assert (done.code, done.counts) == (1, {"read": 1, "new": 0, "changed": 0, "same": 0, "refused": 1})


def test_a_batch_asks_for_all_its_persons_at_once(book, engine):
    from sqlalchemy import event

    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        if statement.split()[0] in ("SELECT", "UPDATE", "DELETE") and (
            "person_identifiers" in statement or "FROM visits" in statement
        ):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        done = book.take(file_of(*(Visit(f"MAU{n:04}") for n in range(60)), how="nested"))
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert done.counts["new"] == 60
    assert len(seen) == 4, "two when it is examined, two when it is taken over"


@pytest.mark.skipif(not CLAIMS.is_dir(), reason=MISSING)
@pytest.mark.parametrize("name", ["synthetic_qd4750_plain.xml", "synthetic_qd4750_base64.xml"])
def test_the_shared_claims_are_read(book, engine, name):
    with unit(engine) as db:
        person = db.query(Person).first()
        db.query(PersonIdentifier).delete()
        db.add(PersonIdentifier(id=person.id, person_id=person.id, kind="ma_so_bhxh", value="0100000001"))
    done = book.take((CLAIMS / name).read_bytes())
    assert (done.code, done.counts) == (0, ONE), done.err
    [visit] = book.visits()
    assert (visit.total_hospital, visit.copay, visit.paid_by_fund) == (
        Decimal("1389600"),
        Decimal("277920"),
        Decimal("1111680"),
    )
    assert len(book.lines()) == 5


TABLES = [
    # drugs, services, then by hand: hospital, insurance, fund, copay, own, other
    ([drug()], [], (45000, 45000, 36000, 9000, 0, 0)),
    ([], [service()], (50000, 50000, 40000, 10000, 0, 0)),
    ([drug(), drug()], [service()], (140000, 140000, 112000, 28000, 0, 0)),
    ([], [material()], (10000, 0, 0, 0, 10000, 0)),
    ([drug()], [service(), material()], (105000, 95000, 76000, 19000, 10000, 0)),
    ([drug(MUC_HUONG="100", T_BHTT="45000", T_BNCCT="0")], [], (45000, 45000, 45000, 0, 0, 0)),
    ([drug(MUC_HUONG="95", T_BHTT="42750", T_BNCCT="2250")], [], (45000, 45000, 42750, 2250, 0, 0)),
    # half of the price is within the insurance: 45,000 − 22,500 = 22,500 own; 80 % of 22,500 = 18,000
    ([drug(TYLE_TT_BH="50", THANH_TIEN_BH="22500", T_BHTT="18000", T_BNCCT="4500", T_BNTT="22500")], [], (45000, 22500, 18000, 4500, 22500, 0)),
    # three lines of 333.33: 999.99; 80 % is 266.66 and 66.67 each
    ([drug(SO_LUONG="1", DON_GIA="333.33", THANH_TIEN_BV="333.33", THANH_TIEN_BH="333.33", T_BHTT="266.66", T_BNCCT="66.67")] * 3, [], ("999.99", "999.99", "799.98", "200.01", 0, 0)),
    # somebody else pays 5,000 of the patient's 9,000
    ([drug(T_BNCCT="4000", T_NGUONKHAC="5000")], [], (45000, 45000, 36000, 4000, 0, 5000)),
    ([drug(T_BHTT="0", T_BNCCT="0", T_NGUONKHAC="45000")], [], (45000, 45000, 0, 0, 0, 45000)),
    ([], [service("Giường mẫu", "15", SO_LUONG="0.5", DON_GIA_BV="200000", DON_GIA_BH="200000", THANH_TIEN_BV="100000", THANH_TIEN_BH="100000", T_BHTT="80000", T_BNCCT="20000")], (100000, 100000, 80000, 20000, 0, 0)),
    ([], [service("Siêu âm mẫu", "2")] * 4, (200000, 200000, 160000, 40000, 0, 0)),
    ([drug("Máu mẫu", MA_NHOM="7")], [service("Phẫu thuật mẫu", "8", DON_GIA_BV="3000000", DON_GIA_BH="3000000", THANH_TIEN_BV="3000000", THANH_TIEN_BH="3000000", T_BHTT="2400000", T_BNCCT="600000")], (3045000, 3045000, 2436000, 609000, 0, 0)),
    # the hospital's price is above the insurance's: 80,000 − 50,000 = 30,000 own
    ([], [service(DON_GIA_BV="80000", THANH_TIEN_BV="80000", T_BNTT="30000")], (80000, 50000, 40000, 10000, 30000, 0)),
    ([], [service("Vận chuyển mẫu", "12", THANH_TIEN_BV="1234567.89", THANH_TIEN_BH="1234567.89", T_BHTT="1234567.89", T_BNCCT="0")], ("1234567.89", "1234567.89", "1234567.89", 0, 0, 0)),
    ([], [], (0, 0, 0, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("drugs", "services", "sums"), TABLES)
def test_totals_by_hand(book, drugs, services, sums):
    names = ("T_TONGCHI_BV", "T_TONGCHI_BH", "T_BHTT", "T_BNCCT", "T_BNTT", "T_NGUONKHAC")
    values = {name: str(value) for name, value in zip(names, sums, strict=True)}
    done = book.take(file_of(Visit(drugs=drugs, services=services, values=values)))
    assert (done.code, done.counts) == (0, ONE), book.words()
    [visit] = book.visits()
    kept = (
        visit.total_hospital,
        visit.total_insurance,
        visit.paid_by_fund,
        visit.copay,
        visit.paid_by_patient,
        visit.other_sources,
    )
    assert kept == tuple(Decimal(value) for value in sums)
    lines = book.lines()
    assert sum((line.amount for line in lines), Decimal(0)) == visit.total_hospital
    assert sum((line.copay for line in lines), Decimal(0)) == visit.copay


def test_where_others_pay_the_funds_total_may_be_what_the_patient_leaves(book):
    """QĐ 130, XML1: T_BHTT = T_TONGCHI_BH − T_BNCCT; of the line 36,000, of the visit 41,000."""
    line = drug(T_BNCCT="4000", T_NGUONKHAC="5000")
    assert book.take(file_of(Visit(drugs=[line], services=[], values={"T_BHTT": "41000"}))).code == 0
    assert book.take(file_of(Visit("MAU0002", drugs=[line], services=[], values={"T_BHTT": "41002"}))).code == 1


def test_a_run_that_dies_leaves_whole_hoso_and_the_next_goes_on(book, engine, monkeypatch):
    from vssid.imports import claims, hosos

    monkeypatch.setattr(claims, "BATCH", 2)
    take, times = hosos.intake.take, []

    def dies(db, judged, at):
        take(db, judged, at)
        times.append(1)
        if len(times) == 2:
            raise RuntimeError("killed")

    content = file_of(*(Visit(f"MAU{n}") for n in range(5)))
    monkeypatch.setattr(hosos.intake, "take", dies)
    with pytest.raises(RuntimeError, match="killed"):
        book.take(content)
    assert len(book.visits()) == 2
    assert len(book.lines()) == 4
    with reading(engine) as db:
        assert list(db.scalars(select(ImportRun.state))) == ["abandoned"]
        assert list(db.scalars(select(StagedRow))) == []
        assert "import.batch" in set(db.scalars(select(AuditEntry.tag)))
    monkeypatch.setattr(hosos.intake, "take", take)
    done = book.take(content)
    assert (done.code, done.counts) == (0, {"read": 5, "new": 3, "changed": 0, "same": 2, "refused": 0})
