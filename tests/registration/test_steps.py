"""The four steps over HTTP, without script and with htmx; what is wrong is said and nothing typed is lost."""

import io
import re

import pytest

from tests import pages, people
from vssid.kernel.db import reading, unit
from vssid.registration.models import Declaration, DeclarationPhoto, Draft

INFO = "/dang-ky/ca-nhan/thong-tin"


@pytest.fixture
def office(engine):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_person(db, people.CITIZEN)


def count(engine, model) -> int:
    with reading(engine) as db:
        return db.query(model).count()


def start(client, **changes):
    people.accept_terms(client)
    return people.post(client, INFO, {**people.info_form(people.CITIZEN), **changes})


def upload(client, side, data, name="a.jpg", **options):
    form = {"csrf_token": people.csrf(client, "/dang-ky/ca-nhan/anh"), "photo": (io.BytesIO(data), name)}
    return client.post(f"/dang-ky/ca-nhan/anh/{side}", data=form, content_type="multipart/form-data", **options)


def test_nobody_is_asked_before_the_terms_are_accepted(client):
    answer = client.get(INFO)
    assert answer.status_code == 303
    assert answer.location.startswith("/bat-dau")


def test_nothing_is_ticked_beforehand_and_the_needed_purposes_are_needed(client):
    page = pages.get(client, "/dieu-khoan")
    assert "checked" not in page
    answer = people.post(client, "/dieu-khoan", {"purpose": ["dich_vu"]})
    assert answer.status_code == 422
    assert "đăng ký tại quầy" in pages.inspected(answer)


def test_refusing_reminders_keeps_the_service(client):
    assert people.post(client, "/dieu-khoan", {"purpose": ["dich_vu", "giay_to"]}).status_code == 303
    pages.get(client, INFO)


WRONG = [
    ("ma_so_bhxh", "123", "10 chữ số"),
    ("ma_so_bhxh", "", "mã số BHXH"),
    ("ma_so_bhxh", "89000001O1", "10 chữ số"),
    ("full_name", "A1", "chữ cái"),
    ("full_name", "x", "2 đến"),
    ("full_name", "Нгуен Ван", "chữ cái"),
    ("id_number", "12345", "giấy tờ"),
    ("id_number", "000000000000", "giấy tờ"),
    ("phone", "0212345678", "di động"),
    ("phone", "+1 202 555 0100", "di động"),
    ("phone", "", "số điện thoại"),
    ("ward_code", "99999", "danh sách"),
    ("ward_code", "", "phường/xã"),
    ("address_line", "", "số nhà"),
    ("address_line", "x" * 201, "ngắn lại"),
    ("email", "khong-phai-email", "Email"),
    ("email", "a@b.vn\nBcc: c@d.vn", "Email"),
    ("portal", "khac", "hợp lệ"),
]


@pytest.mark.parametrize(("field", "value", "words"), WRONG)
def test_a_wrong_field_is_named_and_the_rest_is_kept(client, engine, office, field, value, words):
    answer = start(client, **{field: value})
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert re.search(r'class="error"[^>]*>(?:(?!</p>).)*' + re.escape(words.split()[0]), html, re.S), html
    if field != "full_name":
        assert people.CITIZEN.name in html
    assert count(engine, Draft) == 0


@pytest.mark.parametrize(
    "value",
    ["\x00", "a\x1b[31m", "\u202eexe", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "x" * 100_000],
)
@pytest.mark.parametrize(
    "field", ["full_name", "address_line", "contact_name", "email", "ma_so_bhxh", "id_number", "phone", "ward_code"]
)
def test_hostile_text_answers_with_words_and_changes_nothing(client, engine, office, field, value):
    answer = start(client, **{field: value})
    assert answer.status_code in (413, 422)
    pages.inspected(answer)
    assert count(engine, Draft) == 0


def test_markup_comes_back_as_text(client, office):
    evil = '"><script>alert(1)</script>{{7*7}}'
    answer = start(client, address_line=evil, phone="1")
    html = pages.inspected(answer)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{7*7}}" in html


def test_step_one_keeps_a_draft_and_offers_it_again(client, engine, office):
    assert start(client).status_code == 303
    assert count(engine, Draft) == 1
    assert people.CITIZEN.name in pages.get(client, INFO)
    assert "Bạn có tờ khai đang làm dở" in pages.get(client, "/dang-ky")


def test_a_draft_is_sealed(client, engine, office):
    start(client)
    with reading(engine) as db:
        assert people.CITIZEN.name.encode() not in db.query(Draft).one().sealed


def test_after_the_browser_was_closed_the_phone_opens_the_draft(client, office):
    start(client)
    client.delete_cookie("vssid")
    assert client.get("/dang-ky/ca-nhan/anh").status_code == 303
    assert people.CITIZEN.name not in pages.get(client, INFO)
    page = "/dang-ky"
    wrong = people.post(client, "/dang-ky/lam-tiep", {"phone": "0900000999"}, page)
    assert wrong.status_code == 422
    assert "Không đúng số điện thoại" in pages.inspected(wrong)
    assert people.post(client, "/dang-ky/lam-tiep", {"phone": people.CITIZEN.phone}, page).status_code == 303
    assert people.CITIZEN.name in pages.get(client, INFO)


def test_guessing_the_phone_of_a_draft_ends_after_five_tries(client, office):
    start(client)
    client.delete_cookie("vssid")
    for n in range(5):
        people.post(client, "/dang-ky/lam-tiep", {"phone": f"090000080{n}"}, "/dang-ky")
    assert people.post(client, "/dang-ky/lam-tiep", {"phone": people.CITIZEN.phone}, "/dang-ky").status_code == 422


def test_what_is_typed_is_kept_before_it_is_right(client, engine, office):
    people.accept_terms(client)
    answer = people.post(client, "/dang-ky/ca-nhan/luu", {"full_name": "Đặng Thị Mẫu", "phone": "09"}, INFO)
    assert answer.status_code == 204
    assert "Đặng Thị Mẫu" in pages.get(client, INFO)


def test_without_script_a_ward_is_found_by_name(client, office):
    people.accept_terms(client)
    answer = people.post(client, INFO, {"ward_query": "my thoi", "find_ward": "1", "full_name": "Còn đây"})
    html = pages.inspected(answer)
    assert answer.status_code == 200
    assert "Phường Mỹ Thới, Tỉnh An Giang" in html
    assert "Còn đây" in html


def test_without_script_another_province_shows_its_wards(client, office):
    people.accept_terms(client)
    answer = people.post(client, INFO, {"province_code": "79", "choose_province": "1"})
    assert "Phường Sài Gòn" in pages.inspected(answer)


def test_htmx_gets_the_picker_alone(client, office):
    people.accept_terms(client)
    html = pages.part(client, "/dia-ban/chon?ward_query=sai+gon")
    assert "Phường Sài Gòn" in html
    assert "<h1" not in html


def test_steps_cannot_be_skipped(client, office):
    people.accept_terms(client)
    for path in ("anh", "co-quan", "xem-lai"):
        assert client.get(f"/dang-ky/ca-nhan/{path}").location == INFO
    start(client)
    for path in ("co-quan", "xem-lai"):
        assert client.get(f"/dang-ky/ca-nhan/{path}").location == "/dang-ky/ca-nhan/anh"
    assert (
        people.post(client, "/dang-ky/ca-nhan/xem-lai", {}, "/dang-ky/ca-nhan/anh").location == "/dang-ky/ca-nhan/anh"
    )


NOT_PHOTOS = [
    (b"", "a.jpg", "Chưa có ảnh"),
    (b"GIF89a" + b"x" * 500, "a.jpg", "không phải ảnh"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "không phải ảnh"),
    (b"%PDF-1.4 not a photo", "a.jpg", "không phải ảnh"),
    (b"\xff\xd8\xff\xe0 truncated", "a.jpg", "bị hỏng"),
    (people.photo_bytes(size=(120, 90)), "a.jpg", "quá nhỏ"),
]


@pytest.mark.parametrize(("data", "name", "words"), NOT_PHOTOS)
def test_what_is_no_photo_is_refused_with_words(client, engine, office, data, name, words):
    start(client)
    answer = upload(client, "front", data, name)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)
    assert count(engine, DeclarationPhoto) == 0


def test_a_photo_over_eight_megabytes_is_refused(client, app, engine, office):
    start(client)
    answer = upload(client, "front", b"\xff\xd8\xff" + b"x" * (8 * 1024**2))
    assert answer.status_code == 413
    assert "8 MB" in answer.get_data(as_text=True)
    much = upload(client, "front", b"\xff\xd8\xff" + b"x" * (12 * 1024**2))
    assert much.status_code == 413
    assert not (app.config["DATA_DIR"] / "files").exists()


def test_a_picture_bomb_is_refused_before_it_is_unpacked(client, office):
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    start(client)
    answer = upload(client, "front", out.getvalue(), "a.png")
    assert answer.status_code == 422
    assert "25 triệu" in pages.inspected(answer)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photos_of_three_kinds_are_kept_encrypted_and_without_metadata(client, app, engine, office, form):
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = "GPS SECRET PLACE"
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "white").save(out, form, exif=exif)
    start(client)
    assert upload(client, "front", out.getvalue(), f"a.{form.lower()}").status_code == 303
    files = list((app.config["DATA_DIR"] / "files").rglob("*.bin"))
    assert len(files) == 2
    assert all(b"\xff\xd8\xff" not in path.read_bytes()[:64] for path in files)
    with reading(engine) as db:
        photo = db.query(DeclarationPhoto).one()
        from vssid.kernel.files import StoredFile

        body = app.extensions["files"].read(db.get(StoredFile, photo.file_id))
    kept = Image.open(io.BytesIO(body))
    assert kept.format == "JPEG"
    assert max(kept.size) == 1600
    assert not kept.getexif()
    assert b"SECRET" not in body


def test_a_phone_held_sideways_gives_an_upright_photo(client, app, engine, office):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "JPEG", exif=exif)
    start(client)
    upload(client, "front", out.getvalue())
    with reading(engine) as db:
        from vssid.kernel.files import StoredFile

        body = app.extensions["files"].read(db.get(StoredFile, db.query(DeclarationPhoto).one().file_id))
    assert Image.open(io.BytesIO(body)).size == (600, 800)


def test_a_photo_taken_again_replaces_the_first(client, engine, office):
    start(client)
    upload(client, "front", people.photo_bytes())
    upload(client, "front", people.photo_bytes())
    assert count(engine, DeclarationPhoto) == 1


def test_htmx_gets_the_photo_list_after_an_upload(client, office):
    start(client)
    answer = upload(client, "front", people.photo_bytes(), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Đã nhận" in answer.get_data(as_text=True)
    assert "<html" not in answer.get_data(as_text=True)


def test_previews_are_for_the_browser_that_holds_the_draft(client, new_client, office):
    start(client)
    upload(client, "front", people.photo_bytes())
    path = re.search(r'src="(/dang-ky/ca-nhan/anh/front/[^"]+)"', pages.get(client, "/dang-ky/ca-nhan/anh"))[1]
    assert client.get(path).mimetype == "image/jpeg"
    stranger = new_client()
    people.accept_terms(stranger)
    assert stranger.get(path).status_code == 404


def with_photos(client):
    start(client)
    for side in ("portrait", "front", "back"):
        upload(client, side, people.photo_bytes())


def test_going_on_without_all_photos_names_the_missing_one(client, office):
    start(client)
    answer = people.post(client, "/dang-ky/ca-nhan/anh")
    assert answer.status_code == 422
    assert "Còn thiếu ảnh này" in pages.inspected(answer)


def test_the_agency_tree_opens_without_script(client, office):
    with_photos(client)
    html = pages.get(client, "/dang-ky/ca-nhan/co-quan")
    assert "[089] BHXH Tỉnh An Giang" in html
    assert "[08902] BHXH cơ sở Mẫu Một" in pages.get(client, "/dang-ky/ca-nhan/co-quan?cha=089")
    assert "[08902]" in pages.get(client, "/dang-ky/ca-nhan/co-quan?q=mau+mot")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"hand_in": "tai_noi"}, "cơ quan BHXH tiếp nhận"),
        ({"agency_code": "99999", "hand_in": "tai_noi"}, "trong danh sách"),
        ({"agency_code": "08902", "hand_in": "khac"}, "hợp lệ"),
        ({"agency_code": "08902", "hand_in": "tai_noi", "wants_form_by_email": "y", "email": ""}, "nhập email"),
        ({"agency_code": "08902", "hand_in": "tai_noi", "email": "x" * 250 + "@vidu.vn"}, "chưa đúng dạng"),
    ],
)
def test_a_wrong_agency_step_is_named(client, office, data, words):
    with_photos(client)
    answer = people.post(client, "/dang-ky/ca-nhan/co-quan", data)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)


def test_the_whole_declaration_is_sent_once(client, engine, office):
    answer = people.send_declaration(client, people.CITIZEN)
    assert answer.status_code == 303
    assert count(engine, Declaration) == 1
    assert count(engine, Draft) == 0
    assert count(engine, DeclarationPhoto) == 3
    again = people.post(client, "/dang-ky/ca-nhan/xem-lai", {}, "/dang-nhap")
    assert again.location == "/dang-ky/ca-nhan/hoan-tat"
    assert count(engine, Declaration) == 1
    done = pages.get(client, "/dang-ky/ca-nhan/hoan-tat")
    assert "giấy tờ tùy thân" in done


def test_the_captcha_is_needed_and_works_once(client, engine, office):
    with_photos(client)
    people.post(client, "/dang-ky/ca-nhan/co-quan", {"agency_code": "08902", "hand_in": "tai_noi"})
    page = client.get("/dang-ky/ca-nhan/xem-lai").get_data(as_text=True)
    solved = people.captcha_answer(page)
    assert solved, "the captcha must be on the page"
    wrong = people.post(client, "/dang-ky/ca-nhan/xem-lai", {**solved, "captcha_solution": "1"})
    assert wrong.status_code == 422
    assert count(engine, Declaration) == 0
    again = people.post(client, "/dang-ky/ca-nhan/xem-lai", solved)
    assert again.status_code == 303


def test_without_script_the_question_is_answered_in_figures(client, engine, office):
    with_photos(client)
    people.post(client, "/dang-ky/ca-nhan/co-quan", {"agency_code": "08902", "hand_in": "tai_noi"})
    page = client.get("/dang-ky/ca-nhan/xem-lai").get_data(as_text=True)
    numbers = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    left, right = re.search(r"chữ số: (\w+) cộng (\w+) bằng", page).groups()
    token = re.search(r'name="captcha_token" value="([^"]+)"', page)[1]
    answer = {"captcha_token": token, "captcha_answer": str(numbers.index(left) + numbers.index(right))}
    assert people.post(client, "/dang-ky/ca-nhan/xem-lai", answer).status_code == 303
    assert count(engine, Declaration) == 1


def test_a_draft_can_be_thrown_away(client, app, engine, office):
    with_photos(client)
    assert people.post(client, "/dang-ky/bo-nhap", {}, "/dang-ky").status_code == 303
    assert count(engine, Draft) == 0
    assert count(engine, DeclarationPhoto) == 0


def test_looking_up_the_number_loses_nothing_that_was_typed(client, office):
    answer = start(client, find_ma_so="1", ma_so_bhxh="", phone="")
    assert (answer.status_code, answer.location) == (303, "/tra-cuu/ma-so")
    assert people.CITIZEN.name in pages.get(client, INFO)
