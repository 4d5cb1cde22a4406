"""A page inspector: what every page of ours must be, whatever it says."""

from collections import Counter
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "path",
    "use",
}


# Their views trust no cookie: the page is the same for everybody, and a phone may keep it.
WITHOUT_TOKEN = {"/xac-minh"}


class Page(HTMLParser):
    """The few facts about a page that the house's laws are about."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: Counter[str] = Counter()
        self.title, self.headings = "", []
        self.controls: list[dict[str, str | None]] = []
        self.labels: set[str] = set()
        self.forms: list[dict[str, object]] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.lang: str | None = None
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if values.get("id"):
            self.ids[values["id"] or ""] += 1
        if tag == "html":
            self.lang = values.get("lang")
        if tag == "h1":
            self.headings.append("")
        if tag == "label" and values.get("for"):
            self.labels.add(values["for"] or "")
        if tag == "form":
            self.forms.append({**values, "fields": set()})
        if tag in ("input", "select", "textarea", "button") and self.forms:
            fields = self.forms[-1]["fields"]
            assert isinstance(fields, set)
            fields.add(values.get("name"))
        if tag in ("select", "textarea") or (tag == "input" and values.get("type") not in ("hidden", "submit")):
            self.controls.append(values)
        if tag not in VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._inside and "svg" not in self._inside:
            self.title += data
        elif "h1" in self._inside and self.headings:
            self.headings[-1] += data


def inspected(answer: TestResponse) -> str:
    """The text of a whole page, after every law has been checked on it."""
    html = answer.get_data(as_text=True)
    page = Page(html)
    where = answer.request.path
    assert answer.content_type == "text/html; charset=utf-8", where
    assert page.lang, where
    assert len(page.headings) == 1, (where, page.headings)
    assert page.title.split(" · ")[0].strip() == page.headings[0].strip(), (where, page.title, page.headings)
    assert [id for id, count in page.ids.items() if count > 1] == [], where
    unlabelled = [c for c in page.controls if c.get("id") not in page.labels and not c.get("aria-label")]
    assert unlabelled == [], (where, unlabelled)
    for form in page.forms:
        assert form.get("action"), (where, form)
        if form.get("method") == "post" and form["action"] not in WITHOUT_TOKEN:
            assert "csrf_token" in form["fields"], (where, form)
    for tag, name, value in page.attributes:
        assert name != "style", (where, tag, value)
        assert not name.startswith("on"), (where, tag, name)
        assert not (value or "").startswith(("javascript:", "data:")), (where, tag, value)
    return html


def get(client: FlaskClient, path: str, status: int = 200, **options) -> str:
    """GET a whole page and inspect it."""
    answer = client.get(path, **options)
    assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True)[-400:])
    return inspected(answer)


def part(client: FlaskClient, path: str, status: int = 200) -> str:
    """GET what htmx gets: a part without the document around it."""
    answer = client.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == status, (path, answer.status_code)
    html = answer.get_data(as_text=True)
    assert "<html" not in html, path
    assert "HX-Request" in answer.headers["Vary"], path
    return html
