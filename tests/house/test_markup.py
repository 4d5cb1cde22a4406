"""Markdown of editors and HTML of feeds: what people may read, and nothing that runs, calls out or swaps."""

import re

import pytest

from vssid.kernel import markup

PICTURE = "/tin-tuc/anh/123e4567-e89b-12d3-a456-426614174000"
HOSTILE = [
    "<script>alert('CANARY')</script>",
    "<img src=x onerror=alert('CANARY')>",
    "<svg onload=alert('CANARY')><animate onbegin=alert(1)></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<div hx-get='/dang-xuat' hx-trigger='load' data-hx-post='/x'>x</div>",
    "<form action='https://evil.example'><input name=p><button>x</button></form>",
    "<iframe src='https://evil.example'></iframe><object data=x></object><embed src=x>",
    "<style>body{display:none}</style><link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example>",
    "<p style='background:url(//evil.example)' class='panel' id='main'>x</p>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,AAAA)",
    "![x](https://evil.example/pixel.png)",
    "![x](/tin-tuc/anh/../../dang-xuat)",
    "![x](data:image/svg+xml;base64,AAAA)",
    "<!-- --!><img src=x onerror=alert(1)> -->",
]
FORBIDDEN = re.compile(
    r"<(script|svg|iframe|object|embed|style|link|meta|base|form|input|button|math|noscript)|\son\w+=|hx-|javascript:|vbscript:|"
    r'(src|href)="(data:|//)|src="(?!/tin-tuc/anh/[0-9a-f-]{36}")|\sstyle=|\sid=',
    re.IGNORECASE,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_or_calls_out_is_left(text):
    for cleaned in (markup.from_markdown(f"Trước\n\n{text}\n\nSau"), markup.from_html(f"<p>Trước</p>{text}<p>Sau</p>")):
        # What stands there as text is harmless: only tags and their attributes count.
        tags = " ".join(re.findall(r"<[^>]*>", cleaned))
        assert not FORBIDDEN.search(tags), cleaned
        assert "Trước" in cleaned


def test_markdown_reads_as_its_editor_meant_it():
    html = markup.from_markdown(
        f"# Mục\n\n## Con\n\nChữ **đậm**, [trang](/tra-cuu), [gọi](tel:19000000)\n\n![Ảnh]({PICTURE})\n\n|A|B|\n|-|-:|\n|1|2|\n"
    )
    assert "<h2>Mục</h2>\n<h3>Con</h3>" in html  # the page has the h1
    for link in ("/tra-cuu", "tel:19000000"):
        assert f'<a href="{link}"' in html
    assert f'<img src="{PICTURE}" alt="Ảnh">' in html
    assert html.index('<div class="scroll" tabindex="0"><table>') < html.index('<td class="right">2</td>')


def test_links_give_away_no_reader():
    assert 'rel="noopener nofollow"' in markup.from_markdown("[x](https://example.vn)")
    assert 'href="//evil.example"' not in markup.from_markdown("[x](//evil.example)")


def test_a_feeds_pictures_stay_outside():
    assert markup.from_html('<p>Chữ<img src="https://example.vn/a.jpg"></p>') == "<p>Chữ</p>"


def test_plain_words_keep_apart_what_stood_apart():
    assert markup.plain(markup.from_markdown("# Một\n\nHai &amp; **ba**\n\n- bốn\n- năm")) == "Một Hai & ba bốn năm"


@pytest.mark.parametrize(
    ("text", "tags"),
    [("# A\n\n## B\n\n### C\n\n#### D", "2344"), ("## A\n\n### B", "23"), ("### A", "2"), ("# A\n\n### B", "23")],
)
def test_the_highest_heading_is_always_an_h2_and_no_level_is_left_out(text, tags):
    assert re.findall(r"<h(\d)>", markup.from_markdown(text)) == list(tags)


def test_a_picture_whose_size_is_known_does_not_move_the_page():
    known = {"width": "720", "height": "540", "loading": "lazy", "srcset": f"{PICTURE}?rong=360 360w, {PICTURE} 720w"}
    html = markup.from_markdown(f"![Ảnh]({PICTURE})\n\n![Khác]({PICTURE}?rong=360)", {PICTURE: known})
    first, second = re.findall(r"<img[^>]+>", html)
    assert all(f'{name}="{value}"' in first for name, value in known.items())
    assert "width" not in second


@pytest.mark.parametrize("sources", ["https://evil.example/a 1w", f"{PICTURE} 1w, //evil.example/a 2w", "x"])
def test_a_picture_has_no_sources_elsewhere(sources):
    assert "srcset" not in markup.from_markdown(f"![x]({PICTURE})", {PICTURE: {"srcset": sources}})
