"""Search through what is written for everybody: by words, with slips, in the reader's language, alike on both databases."""

import random
import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select

from tests import pages
from tests.newsroom.conftest import publish
from vssid import newsroom
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.newsroom import Kind, actions
from vssid.newsroom.actions import set_texts
from vssid.newsroom.models import Article, ArticleText, ArticleWords
from vssid.newsroom.rules import LISTED, Written
from vssid.newsroom.searching import bring_up
from vssid.newsroom.searching.finding import MOST_CANDIDATES, PAGE
from vssid.newsroom.searching.rules import Candidate, heads_of, mended, order, question_of
from vssid.web.flood import Flood

SIGNS = "abcdeghiklmnopqrstuvxy  0123456789đăâêôơưáàảãạ%_'\"*()-+^:{}[]\\/|<>&;\0\n\u202e\N{ROCKET}中文한국"


@pytest.fixture
def search(engine):
    """What is found, as (titles, found)."""

    def ask(text, language="vi", **more):
        with reading(engine) as db:
            found = newsroom.find(db, text, language, now(), **more)
        return [hit.title for hit in found.hits], found

    return ask


# The shipped texts: what people type, the address whose article stands first.
FIRST = [
    ("thai san", "vi", "/chinh-sach/thai-san"),
    ("thai sản", "vi", "/chinh-sach/thai-san"),
    ("doi so dien thoai", "vi", "/ho-tro/hoi-dap/mat-sim-doi-so"),
    ("doi sdt", "vi", "/ho-tro/hoi-dap/mat-sim-doi-so"),
    ("quen mk", "vi", "/huong-dan/quen-mat-khau-mat-sim"),
    ("bảo hiểm y tế 5 năm liên tục", "vi", "/chinh-sach/nam-nam-lien-tuc"),
    ("bhyt 5 nam lien tuc", "vi", "/chinh-sach/nam-nam-lien-tuc"),
    ("tôi quên mật khẩu, lấy lại thế nào?", "vi", "/ho-tro/hoi-dap/quen-mat-khau-thi-sao"),
    ("vì sao bệnh viện không nhận thẻ", "vi", "/ho-tro/hoi-dap/benh-vien-khong-nhan-the"),
    ("thai sann", "vi", "/chinh-sach/thai-san"),
    ("nghỉ đẻ", "vi", "/chinh-sach/thai-san"),
    ("cài app", "vi", "/ho-tro/hoi-dap/cai-vao-dien-thoai"),
    ("gỡ app", "vi", "/huong-dan/go-ung-dung"),
    ("xóa ứng dụng", "vi", "/huong-dan/go-ung-dung"),
    ("mai táng", "vi", "/chinh-sach/tu-tuat"),
    ("tai nạn lao động", "vi", "/chinh-sach/tai-nan-lao-dong"),
    ("ốm đau", "vi", "/chinh-sach/om-dau"),
    ("thất nghiệp", "vi", "/chinh-sach/that-nghiep"),
    ("doisim", "vi", "/ho-tro/hoi-dap/mat-sim-doi-so"),
    ("MATERNITY", "en", "/chinh-sach/thai-san"),
    ("matern benefits", "en", "/chinh-sach/thai-san"),
    ("forgot my pasword", "en", "/ho-tro/hoi-dap/quen-mat-khau-thi-sao"),
    ("유심", "ko", "/ho-tro/hoi-dap/mat-sim-doi-so"),
    ("thai san", "ja", "/chinh-sach/thai-san"),
]


@pytest.mark.parametrize(("text", "language", "address"), FIRST)
def test_what_people_type_finds_what_they_mean(search, text, language, address):
    _titles, found = search(text, language)
    assert found.hits, text
    assert found.hits[0].address == address, [hit.address for hit in found.hits]


def test_what_was_taken_for_another_word_is_said(search):
    _titles, found = search("thai sann")
    assert found.instead == (("sann", "san"),)
    assert not search("thai san")[1].instead


def test_nothing_is_found_without_words(search):
    for text in ("", "   ", "?!…", "“”"):
        assert search(text)[1] == newsroom.Found()
    assert search("xyzzyx qwertyq")[0] == []


@pytest.fixture
def write(engine, author):
    """Publish an article as an editor does: translations of the title alone; returns its id."""

    def put(title, at=None, **more):
        tongues = {code: Written(more.pop(code), "", "x") for code in ("en", "ko") if code in more}
        with unit(engine) as db:
            return publish(db, author, title, at=at, **{"publish_at": at, **more, **tongues})

    return put


def test_only_what_readers_may_see_now(search, write):
    write("Lịch zyxa hôm nay")
    write("Lịch zyxa đã hết", at=now() - timedelta(days=3), expires_at=now() - timedelta(days=1))
    write("Lịch zyxa ngày mai", publish_at=now() + timedelta(days=1))
    assert search("zyxa")[0] == ["Lịch zyxa hôm nay"]


def test_title_before_lead_before_body_then_what_answers_then_the_newest(search, write):
    write("Có zyxa trong thân", body="Ở đây có zyxb zyxa nữa")
    write("Tin cũ zyxa zyxb", at=now() - timedelta(days=9))
    write("Tin mới zyxa zyxb", at=now() - timedelta(days=1))
    write("Hỏi về zyxa zyxb", kind=Kind.FAQ, at=now() - timedelta(days=20))
    write("Chỉ có zyxa", lead="và zyxb ở dòng dẫn")
    assert search("zyxa zyxb")[0] == [
        "Hỏi về zyxa zyxb", "Tin mới zyxa zyxb", "Tin cũ zyxa zyxb", "Chỉ có zyxa", "Có zyxa trong thân",
    ]  # fmt: skip


def test_marks_decide_between_words_alike_without_them(search, write):
    write("Mã zyxa", at=now() - timedelta(days=1))
    write("Má zyxa")
    assert search("mã zyxa")[0] == ["Mã zyxa", "Má zyxa"]
    assert search("ma zyxa")[0] == ["Má zyxa", "Mã zyxa"]


def test_the_reader_gets_their_language_also_when_the_vietnamese_words_were_typed(search, write):
    write("Lịch zyxa tháng mười", en="Schedule qwxz of October")
    titles, found = search("zyxa", "en")
    assert (titles, found.hits[0].language) == (["Schedule qwxz of October"], "en")
    titles, found = search("zyxa", "ko")
    assert (titles, found.hits[0].language) == (["Lịch zyxa tháng mười"], "vi")
    # Another reader's language is not searched.
    assert search("qwxz", "ko")[0] == []


def test_a_kind_alone(search, write):
    write("Tin zyxa")
    write("Hỏi zyxa", kind=Kind.FAQ)
    _titles, found = search("zyxa")
    assert found.kinds == {Kind.NEWS, Kind.FAQ}
    titles, found = search("zyxa", kind=Kind.NEWS)
    assert (titles, found.kinds) == (["Tin zyxa"], {Kind.NEWS})


def test_pages_follow_each_other_and_old_answers_are_not_crowded_out(search, write):
    write("Hỏi zyxa", kind=Kind.FAQ, at=now() - timedelta(days=400))
    for n in range(MOST_CANDIDATES // 4 + 10):
        write(f"Tin zyxa số {n}", at=now() - timedelta(days=1, minutes=n))
    titles, found = search("zyxa")
    assert (titles[0], len(titles), found.more) == ("Hỏi zyxa", PAGE, True)
    following, _found = search("zyxa", page=1)
    assert len(following) == PAGE
    assert not set(titles) & set(following)
    assert search("zyxa", page=9)[0] == []


def test_a_changed_text_is_found_by_its_new_words_alone(engine, search, write):
    id = write("Tin zyxa", en="News zyxb")
    with unit(engine) as db:
        texts = {text.language: text for text in db.scalars(select(ArticleText).where(ArticleText.article_id == id))}
        set_texts(db, id, {"vi": Written("Tin qwvv"), "en": Written()}, texts, now())
    assert search("zyxa")[0] == []
    assert search("zyxb", "en")[0] == []
    assert search("qwvv")[0] == ["Tin qwvv"]


def test_texts_without_words_get_them_once(engine, search):
    with unit(engine) as db:
        count = len(db.scalars(select(ArticleWords.id)).all())
        db.execute(delete(ArticleWords))
        assert bring_up(db) == count > 200
        assert bring_up(db) == 0
    assert search("thai san")[0]


@pytest.mark.parametrize(
    "text", ['"', "a OR b", "NEAR(a b)", "heads:the", "the*", "(", "-the", "% _", "\\", "the'; --", "zkfaq"]
)
def test_signs_of_query_languages_are_no_orders(search, text):
    search(text)


def test_slips_are_mended_by_words_that_stand_somewhere():
    known = [("thoai", 5), ("thai", 9), ("san", 4), ("dien", 7)]
    assert [word.choices for word in mended(question_of("dien thaoi"), known).words] == [("dien",), ("thai", "thoai")]
    assert [word.choices for word in mended(question_of("thaisan"), known).words] == [("thai",), ("san",)]
    assert [word.choices for word in mended(question_of("xyzzyx"), known).words] == [("xyzzyx",)]
    assert [word.begins for word in mended(question_of("die tha"), known).words] == [True, True]


def test_the_order_prefers_the_whole_phrase():
    question = question_of("mã số")
    phrase, apart = (Candidate(heads_of(title, ""), title, True, True) for title in ("Mã số ở đâu", "Số và mã"))
    assert order(question, phrase) < order(question, apart)


def test_a_withdrawn_or_destroyed_article_is_not_found(engine, author, search, write):
    gone, kept = write("Tin zyxa một"), write("Tin zyxa hai")
    with unit(engine) as db:
        actions.withdraw(db, gone, 2, "Nhầm", by=author, at=now())
        actions.destroy(db, [db.get(Article, kept)])
    assert search("zyxa")[0] == []


def test_the_page_works_without_script_and_its_part_is_the_same(client, write):
    write("Tin zyxa", lead="Dòng dẫn")
    whole = pages.get(client, "/tim-kiem?q=zyxa")
    assert "Tin zyxa" in whole
    assert "Dòng dẫn" in whole
    part = pages.part(client, "/tim-kiem?q=zyxa")
    assert part.lstrip().startswith('<section id="found"')
    assert part.strip() in whole
    assert 'href="/tra-cuu/co-quan?q=zyxa"' in part
    assert 'action="/tim-kiem"' in pages.get(client, "/tim-kiem")


def test_an_empty_result_teaches(client):
    html = pages.get(client, "/tim-kiem?q=xyzzyx+qwertyq")
    assert "Không thấy bài nào" in html
    assistant = re.search(r'href="(/ho-tro/tro-ly[^"]+)"', html)[1]
    assert re.search(r'name="question"[^>]*value="xyzzyx qwertyq"', pages.get(client, assistant))


def test_a_kind_is_kept_through_the_pages(client, write):
    for n in range(PAGE + 1):
        write(f"Tin zyxa {n}", at=now() - timedelta(minutes=n + 1))
    html = pages.get(client, "/tim-kiem?q=zyxa&loai=tin-tuc")
    assert 'name="loai" value="tin-tuc"' in html
    assert "/tim-kiem?q=zyxa&amp;loai=tin-tuc&amp;trang=1" in html
    assert f"Tin zyxa {PAGE}" in pages.get(client, "/tim-kiem?q=zyxa&loai=tin-tuc&trang=1")
    for strange in ("&loai=x", "&trang=x", "&trang=99", "&loai=%00"):
        assert client.get(f"/tim-kiem?q=zyxa{strange}").status_code == 200


def test_every_list_of_articles_has_the_field(client):
    for kind in LISTED:
        html = pages.get(client, f"/{kind.section}")
        assert 'action="/tim-kiem"' in html
        assert f'name="loai" value="{kind.section.split("/")[-1]}"' in html


def test_a_flood_is_asked_to_wait_and_says_how_long(app, client, monkeypatch):
    monkeypatch.setitem(app.extensions, "search.flood", Flood(1))
    assert client.get("/tim-kiem?q=mot").status_code == 200
    answer = client.get("/tim-kiem?q=hai")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert client.get("/tim-kiem").status_code == 200


def test_few_statements_whatever_is_found(engine, client, write):
    for n in range(30):
        write(f"Tin zyxa {n}", at=now() - timedelta(minutes=n + 1))
    client.get("/tim-kiem")
    heard = []
    event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    for text, most in (("zyxa", 1), ("zyxa tin khong co zzz", 4), ("qwertyq", 2)):
        heard.clear()
        client.get("/tim-kiem", query_string={"q": text})
        asked = [one for one in heard if one.startswith(("SELECT", "WITH"))]
        assert len(asked) <= most, asked


def test_3_000_questions_that_nobody_would_ask_have_an_answer(engine, client):
    chance = random.Random(11)
    words = (
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "zkfaq",
        "heads",
        "a" * 60,
        "<script>",
        "*",
        "",
        "thẻ",
        "bhyt",
        "유심",
        "医保卡",
    )
    with reading(engine) as db:
        for _nth in range(3_000):
            text = " ".join(
                chance.choice(words)
                if chance.random() < 0.5
                else "".join(chance.choices(SIGNS, k=chance.randrange(1, 12)))
                for _word in range(chance.randrange(1, 14))
            )
            found = newsroom.find(
                db, text, chance.choice(("vi", "en", "ko", "zh", "ja")), now(), page=chance.randrange(3)
            )
            assert len(found.hits) <= PAGE
    for _nth in range(30):
        text = "".join(chance.choices(SIGNS, k=30))
        assert client.get("/tim-kiem", query_string={"q": text, "loai": text, "trang": text}).status_code == 200
