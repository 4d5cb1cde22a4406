"""Taking papers over from hospital files, with their visits (claims-xml) and by themselves (papers-xml)."""

import io
import zipfile
from datetime import date

import pytest
from sqlalchemy import select

from tests import people
from tests.papers.build import FILLED, attached, document, documents, named, treated
from tests.visits.build import HEADING, Visit, file_of, part, tag
from tests.visits.test_claims import BOMB
from vssid.imports.models import StagedRow
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.records.papers.models import Paper

ONE = {"read": 1, "new": 1, "changed": 0, "same": 0, "refused": 0}
SAME = {"read": 1, "new": 0, "changed": 0, "same": 1, "refused": 0}
KINDS = ("CT03", "CT04", "CT05", "CT06", "CT07")
PARTS = ("XML7", "XML8", "XML9", "XML10", "XML11")
NUMBERS = {"ct03": "LT-0001", "ct04": "MAU0001", "ct05": "12/01/2026", "ct06": "DT-0001", "ct07": "NV-0001"}


@pytest.mark.parametrize("how", ["base64", "nested", "text"])
@pytest.mark.parametrize("style", [{}, {"cdata": True}])
def test_the_five_parts_of_a_hoso_are_taken_with_its_visit(folder, register, how, style):
    if how == "text" and style:
        pytest.skip("CDATA does not nest")
    done = folder.take(treated(*(attached(kind, how=how, **style) for kind in PARTS), how=how))
    assert (done.code, done.counts) == (0, ONE), folder.words()
    [visit] = folder.visits()
    papers = folder.papers()
    assert {one.kind: one.number for one in papers} == NUMBERS
    assert {one.visit_id for one in papers} == {visit.id}
    assert {one.person_id for one in papers} == {register[people.CITIZEN.ma_so]}
    assert {(one.facility_code, one.link_code, one.year, one.sensitive) for one in papers} == {
        ("89012", "MAU0001", 2026, False)
    }
    assert [one.issued_on for one in papers] == [date(2026, 1, day) for day in (18, 18, 17, 15, 15)]
    discharge, summary, birth, pregnancy, leave = papers
    assert (discharge.from_date, discharge.to_date, discharge.days) == (date(2026, 1, 19), date(2026, 1, 21), 3)
    assert (discharge.diagnosis, discharge.details["note"]) == ("Viêm phổi; Tăng huyết áp", "Tái khám sau 7 ngày")
    assert discharge.details["admitted"] == "2026-01-15T08:05:00"
    assert summary.details["course"] == "Ho ba ngày.\nSốt 38,5 độ.\nĐã dùng thuốc hạ sốt."
    assert (summary.details["result"], summary.details["care"]) == ("2", "03")
    assert (birth.details["child"], birth.details["child_at"]) == ("Đặng Mẫu Bi", "2026-01-16T04:12:00")
    assert (birth.details["caesarean"], birth.details["early"], birth.details["child_weight"]) == ("1", "0", 3200)
    assert (pregnancy.days, pregnancy.details["doctor"]) == (30, "Bác sĩ Mẫu Ba")
    assert (leave.days, leave.details["employer"], leave.number_kind) == (3, "Công ty Mẫu", "so_seri")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["base64", "nested", "text"])
@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("root", ["", "GRV", "CTGiayTo"])
def test_documents_say_the_same_in_every_envelope(folder, register, kind, how, flipped, root):
    done = folder.take_papers(documents(document(kind, how=how, flipped=flipped, root=root)))
    assert (done.code, done.counts) == (0, ONE), folder.words("giay.xml")
    [paper] = folder.papers()
    number = {**NUMBERS, "ct04": "TT-0001"}[kind.lower()]
    assert (paper.kind, paper.number, paper.facility_code) == (kind.lower(), number, "89012")
    assert (paper.person_id, paper.visit_id, paper.link_code) == (register[people.CITIZEN.ma_so], None, "")
    again = folder.take_papers(documents(document(kind, how=how, flipped=flipped, root=root)))
    assert (again.code, again.counts) == (0, SAME)
    [after] = folder.papers()
    assert (after.id, after.updated_at, after.content_digest) == (paper.id, paper.updated_at, paper.content_digest)


def test_everything_that_a_document_says_and_a_page_shows_is_kept_and_nothing_else(folder):
    folder.take_papers(documents(*(document(kind) for kind in KINDS)))
    discharge, summary, birth, pregnancy, leave = folder.papers()
    assert discharge.details == {
        "name": people.CITIZEN.name, "health_code": "89012.26.000001", "department": "K03", "admitted": "2026-01-15T08:05:00",
        "discharged": "2026-01-18T10:30:00", "icd_code": "J18.9", "icd_name": "Viêm phổi", "treatment": "Nội khoa", "ended": "0",
        "doctor": "Bác sĩ Mẫu Hai", "head": "Nguyễn Văn Mẫu Trưởng",
    }  # fmt: skip
    assert set(summary.details) == {
        "name", "admitted", "discharged", "reason", "history", "signs", "diagnosis_in", "course", "findings", "treatment",
        "medical", "state", "plan", "icd_code", "icd_name", "head",
    }  # fmt: skip
    assert birth.details["bearer"] == people.CITIZEN.name
    assert pregnancy.details["weeks"] == 12
    assert leave.details["examined"] == "2026-01-15"
    assert people.CITIZEN.cccd not in str([one.details for one in folder.papers()])


def test_the_same_paper_with_a_visit_and_by_itself_is_one_whatever_came_first(folder):
    visits, alone = treated(*(attached(kind) for kind in PARTS)), documents(*(document(kind) for kind in KINDS))
    assert folder.take(visits).code == 0
    done = folder.take_papers(alone)
    # The summary of XML8 has no number of its own, so the one with a serial is another paper.
    assert done.counts == {"read": 5, "new": 1, "changed": 4, "same": 0, "refused": 0}
    first = {one.number: (one.diagnosis, one.details, one.visit_id is None) for one in folder.papers()}
    leave = next(one for one in folder.papers() if one.kind == "ct07")
    assert (leave.diagnosis, leave.details["treatment"]) == ("Viêm phổi", "Nghỉ ngơi, kháng sinh"), "both have spoken"
    assert (leave.details["doctor"], leave.link_code, leave.visit_id is None) == ("Bác sĩ Mẫu Hai", "MAU0001", False)
    for again in (folder.take(visits), folder.take_papers(alone)):
        assert (again.counts["new"], again.counts["changed"]) == (0, 0), again.out
    assert {one.number: (one.diagnosis, one.details, one.visit_id is None) for one in folder.papers()} == first


def test_by_itself_first_and_with_the_visit_later_comes_to_the_same(folder):
    folder.take_papers(documents(document("CT07")))
    done = folder.take(treated(attached("XML11")))
    assert done.counts == ONE
    [leave] = folder.papers()
    assert (leave.diagnosis, leave.details["treatment"]) == ("Viêm phổi", "Nghỉ ngơi, kháng sinh")
    assert (leave.link_code, leave.visit_id) == ("MAU0001", folder.visits()[0].id)


def test_a_second_run_changes_nothing_and_a_changed_paper_keeps_its_id(folder, engine):
    content = treated(*(attached(kind) for kind in PARTS))
    folder.take(content)
    before = [(one.id, one.updated_at) for one in folder.papers()]
    assert folder.take(content).counts == SAME
    assert [(one.id, one.updated_at) for one in folder.papers()] == before
    done = folder.take(treated(*(attached(kind) for kind in PARTS[:-1]), attached("XML11", {"DEN_NGAY": "20260118"})))
    assert done.counts == {"read": 1, "new": 0, "changed": 1, "same": 0, "refused": 0}
    assert [one.id for one in folder.papers()] == [id for id, _at in before]
    assert folder.papers()[-1].to_date == date(2026, 1, 18)
    with reading(engine) as db:
        assert list(db.scalars(select(StagedRow))) == []
        assert "import.batch" in set(db.scalars(select(AuditEntry.tag)))


def test_a_visit_that_was_there_before_gets_its_papers(folder):
    folder.take(file_of(Visit()))
    done = folder.take(treated(attached("XML7")))
    assert done.counts == {"read": 1, "new": 0, "changed": 1, "same": 0, "refused": 0}
    assert [one.visit_id for one in folder.papers()] == [one.id for one in folder.visits()]


@pytest.mark.parametrize("root", ["CHI_TIEU_DU_LIEU_GIAY_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI", "GCNNV"])
def test_the_root_of_a_part_may_have_another_name(folder, root):
    assert folder.take(treated(attached("XML11", root=root))).code == 0
    assert [one.number for one in folder.papers()] == ["NV-0001"]


def test_twins_have_a_certificate_each(folder):
    second = {"HO_TEN_CON": "Đặng Mẫu Bo", "GIOI_TINH_CON": "2", "SO": "13", "NGAY_SINH_CON": "202601160420"}
    for how in ("base64", "nested"):
        done = folder.take(treated(attached("XML9", {}, second, how=how), how=how))
        assert done.code == 0, folder.words()
        assert [(one.number, one.details["child"]) for one in folder.papers()] == [
            ("12/01/2026", "Đặng Mẫu Bi"),
            ("13/01/2026", "Đặng Mẫu Bo"),
        ]


def test_twins_without_numbers_are_told_apart_by_their_order(folder):
    bare = {"SO": "", "QUYEN_SO": ""}
    content = treated(attached("XML9", bare, {**bare, "HO_TEN_CON": "Đặng Mẫu Bo"}))
    assert folder.take(content).code == 0
    assert [(one.number, one.number_kind) for one in folder.papers()] == [
        ("MAU0001", "ma_lk"),
        ("MAU0001 (2)", "ma_lk"),
    ]
    assert folder.take(content).counts == SAME


def test_the_certificate_of_tt_25_goes_by_its_own_name(folder):
    assert folder.take_papers(documents(document("CT05", called="GIAYCHUNGSINH"))).code == 0
    assert [one.kind for one in folder.papers()] == ["ct05"]


def test_templates_that_were_never_filled_in_are_no_papers(folder):
    empty = dict.fromkeys(FILLED["XML10"], "")
    assert folder.take(treated(attached("XML10", empty), attached("XML7"))).code == 0
    assert [one.kind for one in folder.papers()] == ["ct03"]


def test_a_paper_without_a_day_of_issue_is_filed_under_what_it_tells_of(folder):
    assert folder.take(treated(attached("XML7", {"NGAY_CT": ""}))).code == 0
    [paper] = folder.papers()
    assert (paper.issued_on, paper.dated_on) == (None, date(2026, 1, 18))


WRONG_PARTS = {
    "of another treatment": ("XML7", {"MA_LK": "MAU0009"}, "MA_LK"),
    "with another mã số": ("XML11", {"MA_BHXH": people.STRANGER.ma_so}, "MA_BHXH"),
    "with a mã số of nobody": ("XML11", {"MA_BHXH": "8900000999"}, "MA_BHXH"),
    "with another card": ("XML11", {"MA_THE_BHYT": f"DN489{people.STRANGER.ma_so}"}, "MA_BHXH"),
    "of another mother": ("XML9", {"SO_CCCD_NND": people.STRANGER.cccd}, "SO_CCCD_NND"),
    "issued in the future": ("XML10", {"NGAY_CT": "20990101"}, "NGAY_CT"),
    "no such day": ("XML10", {"TU_NGAY": "20260230"}, "TU_NGAY"),
    "ends before it begins": ("XML11", {"DEN_NGAY": "20260114"}, "DEN_NGAY"),
    "leaves before it comes": ("XML7", {"NGAY_RA": "202601140805"}, "NGAY_RA"),
    "days that are none": ("XML11", {"SO_NGAY_NGHI": "ba"}, "SO_NGAY_NGHI"),
    "without any day": ("XML10", {"NGAY_CT": "", "TU_NGAY": "", "DEN_NGAY": ""}, "NGAY_CT"),
    "too long": ("XML11", {"DON_VI": "a" * 2_000}, "DON_VI"),
}


@pytest.mark.parametrize("name", WRONG_PARTS)
def test_a_wrong_part_refuses_its_whole_hoso_with_the_element_named(folder, name):
    kind, values, column = WRONG_PARTS[name]
    done = folder.take(treated(attached(kind, values)))
    assert (done.code, done.counts["refused"], done.counts["new"]) == (1, 1, 0)
    assert [found for found, _words in folder.words()] == [column]
    assert (folder.visits(), folder.papers()) == ([], [])


def test_a_refused_hoso_does_not_sink_the_others(folder):
    bad = treated(attached("XML11", {"DEN_NGAY": "20260114"}))
    good = treated(attached("XML11", link="MAU0002"), visit=Visit("MAU0002"))
    body = bad[bad.index("<HOSO>") : bad.index("</DANHSACHHOSO>")]
    done = folder.take(good.replace("<HOSO>", body + "<HOSO>", 1))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert [one.link_code for one in folder.papers()] == ["MAU0002"]


def test_numbers_of_the_same_person_do_not_contradict_the_summary(folder, register):
    values = {"MA_BHXH": people.CITIZEN.ma_so, "MA_THE_BHYT": f"GD489{people.CITIZEN.ma_so}"}
    visit = Visit(values={"MA_THE_BHYT": "", "SO_CCCD": people.CITIZEN.cccd})
    assert folder.take(treated(attached("XML11", values), visit=visit)).code == 0
    assert folder.papers()[0].person_id == register[people.CITIZEN.ma_so]


def test_a_number_that_the_register_does_not_know_is_fine_where_the_summary_has_none_of_its_kind(folder):
    by_card, by_paper = {"SO_CCCD": ""}, {"MA_THE_BHYT": ""}
    unknown = attached("XML9", {"MA_BHXH_NND": people.CITIZEN.ma_so, "SO_CCCD_NND": "089185000777"})
    assert folder.take(treated(unknown, visit=Visit(values=by_card))).code == 0
    assert folder.take(treated(attached("XML11", {"MA_BHXH": "8900000777"}), visit=Visit(values=by_paper))).code == 0
    assert folder.take(treated(unknown)).counts["refused"] == 1


def test_two_papers_with_one_number_in_a_hoso_are_refused(folder):
    done = folder.take(treated(attached("XML11"), attached("XML11", {"DEN_NGAY": "20260118"})))
    assert done.counts["refused"] == 1
    assert folder.words() == [("CT07", "Trong hồ sơ có hai giấy cùng loại mang số NV-0001.")]


def test_two_hoso_of_one_run_cannot_bring_two_papers_of_one_number(folder):
    both = treated(attached("XML11"))
    other = treated(attached("XML11", link="MAU0002"), visit=Visit("MAU0002"))
    body = other[other.index("<HOSO>") : other.index("</DANHSACHHOSO>")]
    done = folder.take(both.replace("</DANHSACHHOSO>", body + "</DANHSACHHOSO>"))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert folder.words()[0][0] == "CT07"
    done = folder.take_papers(documents(document("CT07"), document("CT07"), document("CT07", {"DEN_NGAY": "20260118"})))
    assert done.counts == {"read": 3, "new": 0, "changed": 1, "same": 1, "refused": 1}


def test_a_number_on_somebody_elses_paper_is_refused(folder):
    folder.take_papers(documents(document("CT07")))
    done = folder.take_papers(documents(document("CT07", who=people.STRANGER)))
    assert done.counts["refused"] == 1
    assert folder.words("giay.xml") == [("CT07", "Số NV-0001 đã có trên giấy cùng loại của người khác.")]


def test_the_same_treatment_may_turn_out_to_be_somebody_elses(folder, register):
    folder.take(treated(attached("XML7")))
    done = folder.take(treated(attached("XML7"), visit=Visit(who=people.STRANGER)))
    assert done.counts["changed"] == 1
    assert {one.person_id for one in folder.papers()} == {register[people.STRANGER.ma_so]}


def test_what_a_document_says_does_not_pass_to_another_person(folder, register):
    folder.take(treated(attached("XML11")))
    folder.take_papers(documents(document("CT07")))
    before = [(one.person_id, one.sources) for one in folder.papers()]
    done = folder.take(treated(attached("XML11"), visit=Visit(who=people.STRANGER)))
    assert done.counts["refused"] == 1
    assert folder.words() == [("CT07", "Số NV-0001 đã có trên giấy cùng loại của người khác.")]
    assert [(one.person_id, one.sources) for one in folder.papers()] == before
    assert [one.person_id for one in folder.visits()] == [register[people.CITIZEN.ma_so]]


def test_a_paper_that_moves_takes_nothing_along_that_was_said_of_the_first_person(folder, register, engine):
    folder.take(treated(attached("XML7")))
    with unit(engine) as db:
        [paper] = db.scalars(select(Paper))
        paper.sources = {**paper.sources, "khac": {"sensitive": True, "note": "của người trước"}}
    folder.take(treated(attached("XML7"), visit=Visit(who=people.STRANGER)))
    [paper] = folder.papers()
    assert (paper.person_id, list(paper.sources)) == (register[people.STRANGER.ma_so], ["phan"])
    assert not paper.sensitive


@pytest.mark.parametrize("lacking", ["CHANDOAN_DIEUTRI", "SO_CCCD", "SO_SERI"])
@pytest.mark.parametrize("how", ["base64", "nested", "text"])
def test_two_papers_in_one_part_do_not_run_into_each_other(folder, register, how, lacking):
    def one(number, who, left_out=""):
        filled = {
            **FILLED["CT07"],
            **named("CT07", who),
            "SO_SERI": number,
            "MA_CT": number,
            "CHANDOAN_DIEUTRI": number,
        }
        return tag("CT07", "".join(tag(name, value) for name, value in filled.items() if name != left_out))

    rows = one("NV-0001", people.CITIZEN, lacking) + one("NV-0002", people.STRANGER)
    done = folder.take_papers(documents(part("CT07", tag("DSACH", rows), how)))
    assert done.code == 0, folder.words("giay.xml")
    first, second = folder.papers()
    assert (first.number, first.person_id) == ("NV-0001", register[people.CITIZEN.ma_so])
    assert (second.number, second.person_id) == ("NV-0002", register[people.STRANGER.ma_so])
    assert first.diagnosis == ("" if lacking == "CHANDOAN_DIEUTRI" else "NV-0001")
    assert second.diagnosis == "NV-0002"


def test_papers_follow_a_merger(folder, register):
    folder.take_papers(documents(document("CT07", who=people.STRANGER)))
    table = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,gop_vao\n"
    row = f"{people.STRANGER.ma_so},{people.STRANGER.name},1980,Nam,{people.CITIZEN.ma_so}\n"
    assert folder.run("participants", folder.write("gop.csv", table + row)).code == 0
    assert folder.papers()[0].person_id == register[people.CITIZEN.ma_so]


WRONG_DOCUMENTS = {
    "of nobody": (document("CT07", {"MA_BHXH": "8900000999", "MA_THE": "", "SO_CCCD": ""}), "MA_THE_BHYT"),
    "of two": (document("CT07", {"SO_CCCD": people.STRANGER.cccd}), "SO_CCCD"),
    "of no person at all": (document("CT07", {"MA_BHXH": "", "MA_THE": "", "SO_CCCD": ""}), "SO_CCCD"),
    "without a number": (document("CT03", {"SO_LUU_TRU": ""}), "SO_SERI"),
    "without any day": (document("CT04", {"NGAY_CT": "", "NGAY_RA": "", "NGAY_VAO": ""}), "NGAY_CT"),
    "empty": (part("CT07", "", "empty"), "LOAIHOSO"),
    "of another kind": (document("CT07", called="GIAYBAOTU"), "LOAIHOSO"),
    "not base64": (tag("FILEHOSO", tag("LOAIHOSO", "CT07") + tag("NOIDUNGFILE", "@@@@")), "CT07"),
    "one good, one bad": (document("CT03") + document("CT07", {"DEN_NGAY": "20260114"}), "DEN_NGAY"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_DOCUMENTS)
def test_documents_are_refused_with_the_element_named_and_nothing_half_taken(folder, name):
    inner, column = WRONG_DOCUMENTS[name]
    done = folder.take_papers(documents(inner, document("CT06")))
    assert (done.code, done.counts) == (1, {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1})
    [error] = folder.errors("giay.xml")
    assert (error["tep"], error["ho_so"], error["cot"]) == ("giay.xml", "1", column)
    assert [one.kind for one in folder.papers()] == ["ct06"]


def test_one_hoso_may_hold_several_documents(folder):
    done = folder.take_papers(documents([document(kind) for kind in KINDS]))
    assert done.counts == ONE
    assert len(folder.papers()) == 5


def test_numbers_may_be_long(folder):
    values = {"SO": "s" * 200, "QUYEN_SO": "q" * 200}
    assert folder.take_papers(documents([document("CT05", values), document("CT07", {"SO_SERI": "n" * 200})])).code == 0
    assert folder.take_papers(documents(document("CT07", {"SO_SERI": "n" * 201}))).counts["refused"] == 1


def test_a_sender_without_a_code_is_refused(folder):
    assert folder.take_papers(documents(document("CT07"), facility="")).counts["refused"] == 1
    assert [column for column, _words in folder.words("giay.xml")] == ["MACSKCB"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADING + BOMB + "<HSCHUNGTU>&b;</HSCHUNGTU>", "DOCTYPE"),
        (HEADING + '<!DOCTYPE a SYSTEM "http://vidu.vn/a.dtd"><HSCHUNGTU/>', "DOCTYPE"),
        (HEADING + "<GIAMDINHHS/>", "HSCHUNGTU"),
        (documents(document("CT07"))[:-200], "bị cắt giữa chừng"),
        (HEADING + "<HSCHUNGTU>" + "<A>" * 100, "lồng nhau"),
        (b"", "Không có nội dung XML"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_refused_with_words_and_place(folder, content, words):
    done = folder.take_papers(content)
    assert (done.code, done.counts["refused"]) == (1, 1)
    assert words in folder.words("giay.xml")[0][1]


def test_a_document_type_within_a_part_refuses_its_hoso_alone(folder):
    bad = part("CT07", BOMB + "<CT07><SO_SERI>&b;</SO_SERI></CT07>", "text")
    done = folder.take_papers(documents(bad, document("CT07")))
    assert done.counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}


def test_more_papers_than_a_part_can_hold_are_refused(folder):
    many = [{"SO": str(n)} for n in range(21)]
    for how in ("base64", "nested"):
        assert folder.take(treated(attached("XML9", *many, how=how), how=how)).counts["refused"] == 1
        assert "quá 20 giấy" in folder.words()[0][1]


def test_a_zip_and_a_dry_run(folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.xml", documents(document("CT07")))
        out.writestr("b.xml", documents(document("CT03")))
    dry = folder.take_papers(packed.getvalue(), "--dry-run", name="giay.zip")
    assert (dry.code, dry.counts["new"], folder.papers()) == (0, 2, [])
    assert folder.take_papers(packed.getvalue(), name="giay.zip").counts["new"] == 2


@pytest.mark.parametrize("how", ["base64", "nested", "text"])
def test_notes_and_hiv_parts_are_not_read_for_papers_either(folder, engine, how):
    secret = "BIMATRIENGTU"
    smuggled = tag("CHI_TIEU_DU_LIEU_GIAY_RA_VIEN", tag("SO_LUU_TRU", secret) + tag("GHI_CHU", secret))
    extra = part("XML5", smuggled, how, flipped=True) + part("XML6", smuggled, how)
    assert folder.take(treated(extra, attached("XML7"))).code == 0
    [paper] = folder.papers()
    assert secret not in str(paper.details)


SENSITIVE = {
    "a word in the diagnosis": ("XML7", {"CHAN_DOAN_RV": "Theo dõi nhiễm HIV"}, True),
    "a code in the diagnosis": ("XML11", {"CHAN_DOAN_RV": "B20.1 - Bệnh mẫu"}, True),
    "a word in the course": ("XML8", {"QT_BENHLY": "Ho.\nXét nghiệm HIV dương tính"}, True),
    "a code in the findings": ("XML8", {"TOMTAT_KQ": "Kết luận Z21"}, True),
    "a word in the note": ("XML7", {"GHI_CHU": "Mẹ nhiễm HIV"}, True),
    "a blood group and an age": ("XML8", {"QT_BENHLY": "Nhóm máu B, 22 tuổi"}, False),
    "vitamin B 20 mg": ("XML8", {"QT_BENHLY": "Dùng vitamin B 20 mg"}, False),
}


@pytest.mark.parametrize("name", SENSITIVE)
def test_which_papers_are_sensitive(folder, name):
    kind, values, sensitive = SENSITIVE[name]
    assert folder.take(treated(attached(kind, values))).code == 0
    assert folder.papers()[0].sensitive is sensitive


def test_papers_of_a_sensitive_visit_are_sensitive_and_stay_so(folder):
    folder.take(treated(attached("XML7"), visit=Visit(values={"MA_BENH_CHINH": "B20.1"})))
    assert folder.papers()[0].sensitive
    folder.take_papers(documents(document("CT03")))
    assert folder.papers()[0].sensitive


def test_a_visit_that_turns_out_to_be_sensitive_takes_its_papers_along(folder):
    folder.take(treated(attached("XML7")))
    assert not folder.papers()[0].sensitive
    folder.take(file_of(Visit(values={"MA_BENH_CHINH": "B20.1"})))
    assert folder.papers()[0].sensitive


def test_a_sensitive_code_of_a_document_is_seen(folder):
    folder.take_papers(documents(document("CT07", {"BENH_ICD10_ID": "B24"})))
    assert folder.papers()[0].sensitive
