"""A digitally signed form 01 in place of the paper: issued, signed with one's own software, sent back, judged, seen."""

import io
import re
import shutil
import threading
import time
from datetime import timedelta
from functools import partial

import pypdf
import pytest
from sqlalchemy import select

from tests import pages, people
from tests.registration.test_follow import run
from tests.signing import tampering
from tests.signing.authority import DAY, YEAR, Holder, Province, authority, sign
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.registration import deadlines
from vssid.registration.models import Declaration, SignedForm
from vssid.registration.signed.rules import SIGN_LIMIT, believable, printable
from vssid.registration.surroundings import house
from vssid.signing import LARGEST_BYTES, store
from vssid.signing.rules import Problem

PAGE, ISSUE, FORM = "/to-khai/ky-so", "/to-khai/ky-so/ban-ky", "/to-khai/ky-so/mau-01.pdf"
CCCD = f"CCCD:{people.CITIZEN.cccd}"
DATES = {"since": now() - DAY, "until": now() + YEAR}


@pytest.fixture(scope="module")
def province() -> Province:
    """An authority of today's, with one below it."""
    made = Province(authority("CA gốc (mẫu)", **DATES))
    made.middle = authority("CA công cộng (mẫu)", made.root, **DATES)
    return made


@pytest.fixture(scope="module")
def person(province: Province) -> Holder:
    return province.person(people.CITIZEN.name, CCCD, **DATES)


@pytest.fixture
def trusting(app, province, tmp_path):
    """The operator trusts the authority."""
    data_dir = app.config["SETTINGS"].data_dir
    file = tmp_path / "ca.pem"
    file.write_bytes(province.root.pem)
    store.keep(data_dir, store.read_file(file))
    yield
    shutil.rmtree(data_dir / "trust")


@pytest.fixture
def waiting(trusting, counter):
    """A declaration that waits for its paper, where signing is offered."""
    return counter


@pytest.fixture
def issued(waiting) -> bytes:
    """The form that was issued for signing, as its browser gets it."""
    return issue(waiting.citizen)


def issue(citizen) -> bytes:
    answer = people.post(citizen, ISSUE, {}, PAGE)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]
    return citizen.get(FORM).data


def send(client, pdf: bytes, **options):
    data = {"signed": (io.BytesIO(pdf), "to-khai.pdf")}
    return people.post(client, PAGE, data, content_type="multipart/form-data", **options)


def refused(answer, problem: Problem) -> None:
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert "form-errors" in html
    assert str(problem.label).split("%(")[0] in html


def entries(engine, tag: str) -> list[AuditEntry]:
    with reading(engine) as db:
        return list(db.scalars(select(AuditEntry).where(AuditEntry.tag == tag)))


def kept(engine) -> SignedForm | None:
    with reading(engine) as db:
        return db.scalars(select(SignedForm)).one_or_none()


# --- offered or not ---------------------------------------------------------------------------------------------------


def test_without_a_trusted_authority_nothing_is_offered(counter):
    for page in ("/to-khai/xem", "/dang-ky/ca-nhan/hoan-tat"):
        assert PAGE not in pages.get(counter.citizen, page)
    assert counter.citizen.get(PAGE).location == "/to-khai/xem"
    assert people.post(counter.citizen, ISSUE, {}, "/to-khai/xem").status_code == 404
    data = {"signed": (io.BytesIO(b"%PDF-"), "a.pdf")}
    answer = people.post(counter.citizen, PAGE, data, "/to-khai/xem", content_type="multipart/form-data")
    assert answer.status_code == 404


def test_it_is_offered_after_sending_and_while_following(waiting):
    for page in ("/to-khai/xem", "/dang-ky/ca-nhan/hoan-tat"):
        assert f'href="{PAGE}"' in pages.get(waiting.citizen, page)
    html = pages.get(waiting.citizen, PAGE)
    assert people.CITIZEN.name in html
    assert 'type="file"' not in html
    assert 'type="file"' not in pages.part(waiting.citizen, PAGE)
    assert waiting.citizen.get(FORM).status_code == 404


def test_who_has_not_opened_the_declaration_reaches_nothing(waiting, issued, new_client):
    stranger = new_client()
    assert stranger.get(PAGE).location == "/to-khai"
    assert stranger.get(FORM).status_code == 404
    for path in (PAGE, ISSUE):
        assert people.post(stranger, path, {}, "/to-khai").status_code == 404


# --- issued -----------------------------------------------------------------------------------------------------------


def test_the_issued_form_is_kept_and_says_that_it_is_to_be_signed(waiting, issued, engine):
    again = waiting.citizen.get(FORM)
    assert again.data == issued
    assert again.headers["Cache-Control"] == "private, no-store"
    assert again.headers["Content-Disposition"].startswith("attachment")
    text = re.sub(r"\s+", " ", pypdf.PdfReader(io.BytesIO(issued)).pages[0].extract_text())
    assert people.CITIZEN.name in text
    assert "Bản để ký số" in text
    assert "không có chứng thư số" not in text
    assert 'type="file"' in pages.get(waiting.citizen, PAGE)
    assert len(entries(engine, "declaration.form_issued")) == 1


def test_looking_issues_nothing(waiting, engine):
    for path in (PAGE, "/to-khai/xem"):
        pages.get(waiting.citizen, path)
    assert kept(engine) is None


def test_issuing_anew_replaces_the_form_and_destroys_the_one_before(waiting, issued, person, province, engine):
    with reading(engine) as db:
        before = db.query(StoredFile).count()
    old = sign(issued, person, province.middle)
    with unit(engine) as db:
        db.query(Declaration).one().lapses_on = today() + timedelta(days=9)
    assert issue(waiting.citizen) != issued
    with reading(engine) as db:
        assert db.query(StoredFile).count() == before
    refused(send(waiting.citizen, old), Problem.NOT_OUR_FORM)


def test_a_form_from_before_a_correction_is_not_taken(waiting, issued, person, province):
    answer = people.post(waiting.citizen, "/to-khai/sua-so", {"phone": "0900000555"}, "/to-khai/xem")
    assert answer.status_code == 303
    html = pages.get(waiting.citizen, PAGE)
    assert "Hãy tạo lại" in html
    assert FORM not in html
    data = {"signed": (io.BytesIO(sign(issued, person, province.middle)), "a.pdf")}
    answer = people.post(waiting.citizen, PAGE, data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "đã được sửa sau khi tạo" in pages.inspected(answer)
    assert send(waiting.citizen, sign(issue(waiting.citizen), person, province.middle)).status_code == 303


# --- valid ------------------------------------------------------------------------------------------------------------


def test_a_valid_signature_counts_as_the_paper(app, waiting, issued, person, province, engine):
    answer = send(waiting.citizen, sign(issued, person, province.middle))
    assert (answer.status_code, answer.location) == (303, "/to-khai/xem")
    row = waiting.row
    assert (row.status, row.paper_channel, row.paper_by) == ("received", "ky_so", None)
    html = pages.get(waiting.citizen, "/to-khai/xem")
    assert "Nhận bản ký số" in html
    assert "Bản ký số đã được nhận" in html
    assert PAGE not in html
    assert waiting.citizen.get(PAGE).location == "/to-khai/xem"
    form = kept(engine)
    assert (form.signer_name, form.issuer_name) == (people.CITIZEN.name, "CA công cộng (mẫu)")
    assert form.serial == f"{person.certificate.serial_number:x}"
    [entry] = entries(engine, "declaration.signed_form_received")
    assert entry.detail == {"revocation": "unknown"}
    run(app, engine, "declarations.lapse", now() + timedelta(days=400))
    assert waiting.row.status == "received"
    assert waiting.act("duyet").status_code == 303


def test_htmx_gets_the_visit_and_the_refusal_as_a_part(waiting, issued, person, province):
    hx = {"headers": {"HX-Request": "true"}}
    answer = send(waiting.citizen, issued, **hx)
    assert answer.status_code == 422
    assert "<html" not in answer.get_data(as_text=True)
    answer = send(waiting.citizen, sign(issued, person, province.middle), **hx)
    assert answer.status_code == 204
    assert "/to-khai/xem" in answer.headers["HX-Location"]


def test_while_items_are_returned_it_counts_and_they_still_wait(waiting, person, province):
    assert waiting.act("tra-lai", {"reason-front": "mo"}).status_code == 303
    assert "Hãy sửa xong" in pages.get(waiting.citizen, PAGE)
    assert send(waiting.citizen, sign(issue(waiting.citizen), person, province.middle)).status_code == 303
    assert (waiting.row.status, waiting.row.paper_channel) == ("returned", "ky_so")


def test_a_second_one_is_refused_and_says_why(waiting, issued, person, province, engine):
    signed = sign(issued, person, province.middle)
    assert send(waiting.citizen, signed).status_code == 303
    before = kept(engine).signed_file_id
    data = {"signed": (io.BytesIO(signed), "a.pdf")}
    answer = people.post(waiting.citizen, PAGE, data, "/to-khai", content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "không còn chờ bản giấy" in pages.inspected(answer)
    assert people.post(waiting.citizen, ISSUE, {}, "/to-khai").status_code == 422
    assert kept(engine).signed_file_id == before


@pytest.fixture
def of_child(trusting, desk, engine, new_client):
    """A child's declaration on the public path; the register knows the guardian."""
    with unit(engine) as db:
        for who in (people.CHILD, people.GUARDIAN):
            people.add_person(db, who)
    client = new_client()
    people.accept_terms(client)
    form = people.child_form(people.CHILD, people.GUARDIAN, phone=people.GUARDIAN.phone)
    assert people.post(client, "/dang-ky/tre-em/thong-tin", form).status_code == 303
    assert people.finish_child(client).status_code == 303
    return client


def test_for_a_child_the_guardian_signs(of_child, province, person, engine):
    assert "người giám hộ" in pages.get(of_child, PAGE)
    form = issue(of_child)
    refused(send(of_child, sign(form, person, province.middle)), Problem.WRONG_NAME)
    child = province.person(people.CHILD.name, f"CCCD:{people.GUARDIAN.cccd}", **DATES)
    refused(send(of_child, sign(form, child, province.middle)), Problem.WRONG_NAME)
    guardian = province.person(people.GUARDIAN.name, f"CCCD:{people.GUARDIAN.cccd}", **DATES)
    assert send(of_child, sign(form, guardian, province.middle)).status_code == 303
    with reading(engine) as db:
        assert db.query(Declaration).one().paper_channel == "ky_so"


def test_a_guardian_whom_the_register_does_not_know_hands_in_paper(trusting, desk, province, new_client):
    client = new_client()
    people.accept_terms(client)
    form = people.child_form(people.CHILD, people.GUARDIAN, phone=people.GUARDIAN.phone)
    assert people.post(client, "/dang-ky/tre-em/thong-tin", form).status_code == 303
    assert people.finish_child(client).status_code == 303
    guardian = province.person(people.GUARDIAN.name, f"CCCD:{people.GUARDIAN.cccd}", **DATES)
    refused(send(client, sign(issue(client), guardian, province.middle)), Problem.WRONG_NAME)


# --- not valid --------------------------------------------------------------------------------------------------------


def _signed_by(name: str, number: str, **dates):
    return lambda issued, province, person: sign(
        issued, province.person(name, number, **(DATES | dates)), province.middle
    )


def _by_unknown_authority(issued, _province, _person):
    other = Province(authority("CA khác (mẫu)", **DATES))
    return sign(issued, other.person(people.CITIZEN.name, CCCD, **DATES), other.middle)


def _revoked(issued, province, person):
    proof = province.list_of_revoked(person, made=now() - DAY, until=now() + DAY)
    return tampering.with_proofs(sign(issued, person, province.middle), crls=[proof])


WRONG = {
    "unsigned": (lambda issued, _province, _person: issued, Problem.UNSIGNED),
    "another person": (_signed_by("Trần Văn Mẫu Lạ", "CCCD:089080000102"), Problem.WRONG_NAME),
    "a namesake": (_signed_by(people.CITIZEN.name, "CCCD:001190000999"), Problem.WRONG_NUMBER),
    "no number": (_signed_by(people.CITIZEN.name, ""), Problem.NO_NUMBER),
    "expired": (
        _signed_by(people.CITIZEN.name, CCCD, since=now() - YEAR, until=now() - DAY), Problem.EXPIRED
    ),
    "of tomorrow": (_signed_by(people.CITIZEN.name, CCCD, since=now() + DAY), Problem.NOT_YET_VALID),
    "unknown authority": (_by_unknown_authority, Problem.UNKNOWN_AUTHORITY),
    "revoked, as the file itself proves": (_revoked, Problem.REVOKED),
    "weak": (
        lambda issued, province, person: sign(issued, person, province.middle, md_algorithm="sha1"), Problem.WEAK
    ),
    "text changed, then signed": (
        lambda issued, province, person: sign(
            tampering.updated(issued, tampering.replace_text), person, province.middle
        ),
        Problem.ALTERED,
    ),
    "signed, then painted over": (
        lambda issued, province, person: tampering.updated(
            sign(issued, person, province.middle), tampering.paint_over
        ),
        Problem.ALTERED,
    ),
    "cut short": (lambda issued, _province, _person: issued[:-100], Problem.DAMAGED),
    "no PDF": (lambda *_given: b"\x89PNG\r\n\x1a\n" + bytes(2000), Problem.NOT_A_PDF),
    "encrypted": (lambda *_given: b"%PDF-1.7\n1 0 obj<</Encrypt 2 0 R>>", Problem.ENCRYPTED),
    "scanned": (lambda *_given: b"%PDF-1.7\nsomething else", Problem.NOT_OUR_FORM),
    "too large": (lambda issued, _province, _person: issued + bytes(LARGEST_BYTES), Problem.TOO_LARGE),
    "a bomb": (
        lambda issued, province, person: tampering.with_metadata(
            sign(issued, person, province.middle), tampering.bomb(2 * 1024**3)
        ),
        None,
    ),
    "noise behind the form": (lambda issued, _province, _person: issued + bytes(range(256)) * 40, None),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_not_valid_is_refused_in_words_and_changes_nothing(waiting, issued, person, province, engine, kind):
    make, problem = WRONG[kind]
    answer = send(waiting.citizen, make(issued, province, person))
    found = [entry.detail["problem"] for entry in entries(engine, "declaration.signed_form_refused")]
    assert len(found) == 1
    assert problem in (None, found[0])
    refused(answer, Problem(found[0]))
    row = waiting.row
    assert (row.status, row.paper_at, kept(engine).signed_file_id) == ("waiting", None, None)
    assert "nộp bản giấy như thường" in pages.inspected(answer)


def test_a_form_of_another_declaration_is_refused(waiting, issued, person, province, new_client):
    other = new_client()
    people.send_declaration(other, people.CITIZEN)
    refused(send(waiting.citizen, sign(issue(other), person, province.middle)), Problem.NOT_OUR_FORM)


def test_no_file_and_no_issued_form_say_what_to_do(waiting, engine):
    answer = people.post(waiting.citizen, PAGE, {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in pages.inspected(answer)
    answer = send(waiting.citizen, b"%PDF-1.7 something")
    assert answer.status_code == 422
    assert "Chưa có bản để ký" in pages.inspected(answer)


def test_more_than_a_request_may_hold_is_refused_in_words(waiting, issued):
    answer = send(waiting.citizen, bytes(9 * 1024**2 + 1))
    assert answer.status_code == 413
    assert "8 MB" in answer.get_data(as_text=True)


def test_too_late_is_refused_like_late_paper(app, waiting, issued, person, province, engine):
    with unit(engine) as db:
        db.query(Declaration).one().lapses_on = today() - timedelta(days=1)
    data = {"signed": (io.BytesIO(sign(issued, person, province.middle)), "a.pdf")}
    answer = people.post(waiting.citizen, PAGE, data, "/to-khai/xem", content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Đã quá hạn nộp bản giấy" in pages.inspected(answer)
    assert waiting.row.status == "waiting"
    assert PAGE not in pages.get(waiting.citizen, "/to-khai/xem")


def test_trying_ends_with_429(waiting, issued, person, province):
    for _attempt in range(SIGN_LIMIT[0]):
        assert send(waiting.citizen, b"no pdf").status_code == 422
    answer = send(waiting.citizen, sign(issued, person, province.middle))
    assert answer.status_code == 429
    assert "Gửi quá nhiều lần" in pages.inspected(answer)
    assert waiting.row.status == "waiting"


# --- the officer ------------------------------------------------------------------------------------------------------


def test_the_officer_sees_who_signed_and_how_it_was_checked(waiting, issued, province, engine):
    plain = province.person("DANG THI MAU UNG", CCCD, **DATES)
    proof = province.list_of_revoked(made=now() - DAY, until=now() + DAY)
    signed = tampering.with_proofs(sign(issued, plain, province.middle), crls=[proof])
    assert send(waiting.citizen, signed).status_code == 303
    html = pages.get(waiting.officer, waiting.path)
    for expected in (
        "Đã ký số", "DANG THI MAU UNG", "CA công cộng (mẫu)", f"{plain.certificate.serial_number:x}",
        "Tệp kèm bằng chứng chứng thư số chưa bị thu hồi", "không có dấu", "Ký số, không cần bản giấy",
    ):  # fmt: skip
        assert expected in html, expected
    assert "Khác tờ khai hiện nay" not in html
    assert "Đã nhận tờ khai giấy" not in html
    file = waiting.officer.get(waiting.path + "/ky-so.pdf")
    assert file.data == signed
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Cache-Control"] == "private, no-store"
    [entry] = entries(engine, "declaration.signed_form_viewed")
    assert (entry.actor_kind, entry.subject_id) == ("officer", waiting.row.id)


def test_what_was_mended_after_signing_is_pointed_out(waiting, issued, person, province):
    send(waiting.citizen, sign(issued, person, province.middle))
    waiting.act("tra-lai", {"reason-full_name": "khac_giay_to"})
    form = {"full_name": people.CITIZEN.name + " Ý"}
    assert people.post(waiting.citizen, "/to-khai/sua/full_name", form).status_code == 303
    assert "Khác tờ khai hiện nay" in pages.get(waiting.officer, waiting.path)


def test_the_signature_of_a_merged_declaration_is_seen_at_the_one_that_stays(
    waiting, issued, person, province, new_client, engine
):
    send(waiting.citizen, sign(issued, person, province.middle))
    people.send_declaration(new_client(), people.CITIZEN)
    with reading(engine) as db:
        stays = db.query(Declaration).where(Declaration.status == "waiting").one().id
    path = f"/can-bo/to-khai/{stays}"
    assert people.post(waiting.officer, path + "/gop", {"other": str(waiting.row.id)}, path).status_code == 303
    html = pages.get(waiting.officer, path)
    assert "CA công cộng (mẫu)" in html
    assert "gộp từ tờ khác" in html
    assert waiting.officer.get(path + "/ky-so.pdf").data.startswith(b"%PDF-")


def test_others_do_not_reach_the_signed_file(app, waiting, issued, person, province, engine, new_client):
    path = waiting.path + "/ky-so.pdf"
    assert waiting.officer.get(path).status_code == 404
    send(waiting.citizen, sign(issued, person, province.middle))
    with unit(engine) as db:
        code = people.add_officer(app, db, "CB02", "08903")
    other = new_client()
    people.officer_signs_in(app, other, "CB02", code)
    assert other.get(path).status_code == 404
    assert waiting.citizen.get(path).status_code in (303, 401)
    assert entries(engine, "declaration.signed_form_viewed") == []


# --- in the end -------------------------------------------------------------------------------------------------------


def test_the_files_are_destroyed_ninety_days_after_the_end(app, waiting, issued, person, province, engine):
    send(waiting.citizen, sign(issued, person, province.middle))
    people.post(waiting.citizen, "/to-khai/rut", {}, "/to-khai/xem")
    run(app, engine, "declarations.photos", now() + timedelta(days=89))
    assert waiting.officer.get(waiting.path + "/ky-so.pdf").status_code == 200
    run(app, engine, "declarations.photos", now() + timedelta(days=91))
    with reading(engine) as db:
        assert db.query(StoredFile).count() == 0
    assert waiting.citizen.get(FORM).status_code == 404
    html = pages.get(waiting.officer, waiting.path)
    assert "đã huỷ theo thời hạn lưu" in html
    assert "CA công cộng (mẫu)" in html


def test_the_sweep_of_files_without_a_row_leaves_signed_forms_alone(app, waiting, issued, person, province, engine):
    send(waiting.citizen, sign(issued, person, province.middle))
    with unit(engine) as db:
        assert app.extensions["files"].sweep(db, now() + timedelta(days=2)) == 0
    assert waiting.citizen.get(FORM).data == issued


@pytest.mark.parametrize(("year", "kept_"), [(1, False), (1999, False), (2026, True), (9999, False)])
def test_a_time_that_no_clock_shows_is_not_believed(year, kept_):
    moment = now().replace(year=year, month=1, day=1)
    assert (believable(moment) is not None) is kept_
    assert believable(None) is None


def test_a_certificates_text_is_kept_without_what_nobody_types():
    assert printable("CA\0 m\u202eẫu" + "x" * 300, 20) == "CA mẫu" + "x" * 14


# --- at once ----------------------------------------------------------------------------------------------------------


def at_once(app, client, pdf: bytes, times: int, *more) -> list[int]:
    """The same upload from `times` threads, beside `more` acts; the statuses of the answers."""
    token, cookie = people.csrf(client, PAGE), client.get_cookie("vssid").value
    found: list[int] = []

    def upload() -> None:
        with app.test_client() as one:
            one.set_cookie("vssid", cookie)
            data = {"csrf_token": token, "signed": (io.BytesIO(pdf), "a.pdf")}
            found.append(one.post(PAGE, data=data, content_type="multipart/form-data").status_code)

    threads = [threading.Thread(target=act) for act in [*[upload] * times, *more]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_twenty_parallel_uploads_one_is_received(app, waiting, issued, person, province, engine):
    found = at_once(app, waiting.citizen, sign(issued, person, province.middle), 20)
    assert found.count(303) == 1
    assert set(found) <= {303, 422, 429, 503}
    assert len(entries(engine, "declaration.signed_form_received")) == 1
    with unit(engine) as db:
        files = {id for row in db.query(SignedForm) for id in (row.issued_file_id, row.signed_file_id)}
        pdfs = {id for id, kind in db.execute(select(StoredFile.id, StoredFile.media_type)) if "pdf" in kind}
        assert pdfs == files
        assert app.extensions["files"].sweep(db, now() + timedelta(days=2)) == 0


def test_an_upload_and_the_lapse_have_one_winner(app, waiting, issued, person, province, engine):
    lapsed: list[int] = []

    def lapse(after: float) -> None:
        time.sleep(after)  # before, while and after the file is judged
        with app.app_context(), unit(engine) as db:
            lapsed.append(deadlines.lapse(db, house(), today() + timedelta(days=11), now()))

    found = at_once(
        app, waiting.citizen, sign(issued, person, province.middle), 5, *[partial(lapse, n / 20) for n in range(5)]
    )
    row = waiting.row
    assert (found.count(303), sum(lapsed)) in ((1, 0), (0, 1))
    assert row.status == ("received" if found.count(303) else "lapsed")
    assert (row.paper_at is not None) is bool(found.count(303))
