"""An invented authority and an issued form, made once: keys take time."""

import pytest

from tests.signing.authority import AT, NAME, NUMBER, Holder, Province, sign
from vssid.kernel.pdf import render
from vssid.signing.check import check as check_file
from vssid.signing.rules import Declared, Verdict

FORM = """<html lang="vi"><head><title>Tờ khai mẫu 01</title></head><body><h1>Tờ khai mẫu 01 (mẫu thử)</h1>
<p>Nguyễn Thị Mẫu Hòa, CCCD 089190000123</p><p>{code}</p></body></html>"""


@pytest.fixture(scope="session")
def province() -> Province:
    return Province()


@pytest.fixture(scope="session")
def issued() -> bytes:
    return render(FORM.format(code="TK-0001"))


@pytest.fixture(scope="session")
def other_form() -> bytes:
    return render(FORM.format(code="TK-0002"))


@pytest.fixture(scope="session")
def person(province: Province) -> Holder:
    return province.person()


@pytest.fixture(scope="session")
def stranger(province: Province) -> Holder:
    return province.person("Trần Văn Khác", "CCCD:001090000001")


@pytest.fixture(scope="session")
def signed(issued: bytes, person: Holder, province: Province) -> bytes:
    return sign(issued, person, province.middle)


@pytest.fixture(scope="session")
def judged(issued: bytes, province: Province):
    """Checks a file as the form of the declared person, against the province's root."""

    def judge(pdf: bytes, **differing) -> Verdict:
        given = {
            "issued": issued,
            "anchors": [province.root.der],
            "declared": Declared(NAME, frozenset({NUMBER})),
            "at": AT,
        } | differing
        return check_file(pdf, **given)

    return judge
