"""What codes of cards say, as real ones are written and as scanners mangle them. All persons are invented."""

import random
import time
import unicodedata
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from vssid import card
from vssid.scans import rules
from vssid.scans.rules import Scan, ScanKind, Trouble, read


def spelt(text: str) -> str:
    return text.encode().hex()


NAME, EMPLOYER, ISSUER = "Nguyễn Thị Mẫu", "Công ty TNHH Ví Dụ", "Tỉnh An Giang"
OLD_FIELDS = [
    "DN4890000000001", spelt(NAME), "04/09/1985", "2", spelt(EMPLOYER), "89 - 001", "01/01/2019", "31/12/2019",
    "21/12/2018", "89020000000001", "-", "4", "01/01/2023", "0123456789abcdef-7102", "$",
]  # fmt: skip
NEW_FIELDS = [
    "8900000001", spelt(NAME), "04/09/1985", "2", "-", "89 - 012", "01/12/2021", "-", "07/01/2022", "89000000000001", "-",
    "4", "20/09/2021", "0123456789abcdef-1202", "4", spelt(ISSUER), "$",
]  # fmt: skip
CCCD_FIELDS = [
    "089185000001", "012345678", NAME, "04091985", "Nữ", "Tổ 1, Phường Mỹ Bình, Long Xuyên, An Giang", "01052021",
]  # fmt: skip
OLD, NEW, CCCD = ("|".join(fields) for fields in (OLD_FIELDS, NEW_FIELDS, CCCD_FIELDS))

OLD_SCAN = Scan(
    ScanKind.BHYT, ma_so_bhxh="0000000001", card_number="DN4890000000001", full_name=NAME, birth_date="1985-09-04", sex="F",
    address=EMPLOYER, facility_code="89001", valid_from="2019-01-01", valid_to="2019-12-31", level="4",
    issued_on="2018-12-21", five_years_from="2023-01-01",
)  # fmt: skip
NEW_SCAN = Scan(
    ScanKind.BHYT, ma_so_bhxh="8900000001", card_number="8900000001", full_name=NAME, birth_date="1985-09-04", sex="F",
    facility_code="89012", valid_from="2021-12-01", level="4", issued_on="2022-01-07", five_years_from="2021-09-20",
)  # fmt: skip
CCCD_SCAN = Scan(
    ScanKind.CCCD, id_number="089185000001", old_id_number="012345678", full_name=NAME, birth_date="1985-09-04", sex="F",
    address="Tổ 1, Phường Mỹ Bình, Long Xuyên, An Giang", issued_on="2021-05-01",
)  # fmt: skip


def put(fields: list[str], **changes: str) -> str:
    """The text with some fields replaced: put(NEW_FIELDS, f2="1985")."""
    at = {int(name[1:]): value for name, value in changes.items()}
    return "|".join(at.get(number, field) for number, field in enumerate(fields))


AS_WRITTEN = {
    "fifteen fields": (OLD, OLD_SCAN),
    "seventeen fields": (NEW, NEW_SCAN),
    "an identity card": (CCCD, CCCD_SCAN),
    "ended by #": (put(NEW_FIELDS, f16="#"), NEW_SCAN),
    "ended by **##, as a kiosk writes it": (put(NEW_FIELDS, f16="**##"), NEW_SCAN),
    "ended by nothing": (NEW[:-2], NEW_SCAN),
    "ended by an empty field": (NEW[:-1], NEW_SCAN),
    "old, ended by nothing": (OLD[:-2], OLD_SCAN),
    "blanks around every field": (NEW.replace("|", " | "), NEW_SCAN),
    "a blank before the day of five years": (put(NEW_FIELDS, f12=" 20/09/2021"), NEW_SCAN),
    "upper-case hex": (put(NEW_FIELDS, f1=spelt(NAME).upper()), NEW_SCAN),
    "upper-case hex, old": (put(OLD_FIELDS, f1=spelt(NAME).upper(), f4=spelt(EMPLOYER).upper()), OLD_SCAN),
    "a name that is no hex": (put(NEW_FIELDS, f1=NAME), NEW_SCAN),
    "hex of half a sign": (put(NEW_FIELDS, f1="4e6"), replace(NEW_SCAN, full_name="4e6")),
    "hex that is not UTF-8": (put(NEW_FIELDS, f1="4ee1"), replace(NEW_SCAN, full_name="4ee1")),
    "a name in NFD": (put(NEW_FIELDS, f1=spelt(unicodedata.normalize("NFD", NAME))), NEW_SCAN),
    "a bare name in NFD": (put(NEW_FIELDS, f1=unicodedata.normalize("NFD", NAME)), NEW_SCAN),
    "a name with blanks": (put(NEW_FIELDS, f1=spelt("  Nguyễn  Thị Mẫu ")), NEW_SCAN),
    "only the year of birth": (put(NEW_FIELDS, f2="1985"), replace(NEW_SCAN, birth_date="1985")),
    "month and year of birth": (put(NEW_FIELDS, f2="09/1985"), replace(NEW_SCAN, birth_date="1985-09")),
    "day and month of birth as 00": (put(NEW_FIELDS, f2="00/00/1985"), replace(NEW_SCAN, birth_date="1985")),
    "the day of birth as 00": (put(NEW_FIELDS, f2="00/09/1985"), replace(NEW_SCAN, birth_date="1985-09")),
    "one-digit day and month": (put(NEW_FIELDS, f2="4/9/1985"), NEW_SCAN),
    "dots in a date": (put(NEW_FIELDS, f2="04.09.1985"), NEW_SCAN),
    "a day that never was": (put(NEW_FIELDS, f2="31/02/1985"), replace(NEW_SCAN, birth_date="")),
    "a day of validity without day": (put(NEW_FIELDS, f6="12/2021"), replace(NEW_SCAN, valid_from="")),
    "no birth date": (put(NEW_FIELDS, f2="-"), replace(NEW_SCAN, birth_date="")),
    "a man": (put(NEW_FIELDS, f3="1"), replace(NEW_SCAN, sex="M")),
    "sex in words": (put(NEW_FIELDS, f3="Nữ"), NEW_SCAN),
    "an unknown sex": (put(NEW_FIELDS, f3="3"), replace(NEW_SCAN, sex="")),
    "an en dash in the facility": (put(NEW_FIELDS, f5="89 – 012"), NEW_SCAN),
    "the facility without a dash": (put(NEW_FIELDS, f5="89012"), NEW_SCAN),
    "the facility without blanks": (put(NEW_FIELDS, f5="89-012"), NEW_SCAN),
    "a letter in the facility": (put(NEW_FIELDS, f5="01 - C54"), replace(NEW_SCAN, facility_code="01C54")),
    "no facility": (put(NEW_FIELDS, f5="-"), replace(NEW_SCAN, facility_code="")),
    "2013: a managing code of 12 digits, area 1": (put(OLD_FIELDS, f9="890200000001", f11="1", f13="0123456789abcde-0101"), OLD_SCAN),
    "short, as a field 8 that is empty ends it": ("|".join([*OLD_FIELDS[:8], "-", "$"]), replace(OLD_SCAN, issued_on="", five_years_from="")),
    "nine fields": ("|".join([*OLD_FIELDS[:8], "-"]), replace(OLD_SCAN, issued_on="", five_years_from="")),
    "more fields than any card has": (NEW[:-1] + "x|y|z|$", NEW_SCAN),
    "a temporary number with letters": (put(OLD_FIELDS, f0="TE189000000000A"), replace(OLD_SCAN, ma_so_bhxh="", card_number="TE189000000000A", level="1")),
    "a level that is none": (put(NEW_FIELDS, f14="9"), replace(NEW_SCAN, level="")),
    "a level of before 2015": (put(OLD_FIELDS, f0="DN7890000000001"), replace(OLD_SCAN, card_number="DN7890000000001", level="")),
    "a lower-case card number": (OLD.replace("DN4", "dn4", 1), OLD_SCAN),
    "blanks in the number": (put(NEW_FIELDS, f0="89 0000 0001"), NEW_SCAN),
    "CR LF behind it": (NEW + "\r\n", NEW_SCAN),
    "a tab behind it": (CCCD + "\t", CCCD_SCAN),
    "a BOM before it": ("\ufeff" + CCCD, CCCD_SCAN),
    "what scanners call a QR code": ("]Q1" + CCCD, CCCD_SCAN),
    "STX and ETX around it": ("\x02" + NEW + "\x03", NEW_SCAN),
    "full-width signs of an input method": (NEW.translate({at: at + 0xFEE0 for at in range(0x21, 0x7F)}), NEW_SCAN),
    "a scanner without Shift": (NEW.replace("|", "\\"), NEW_SCAN),
    "an identity card from a scanner without Shift": (CCCD.replace("|", "\\"), CCCD_SCAN),
    "an identity card typed byte by byte": (CCCD.encode().decode("latin-1"), CCCD_SCAN),
    "no old number": (put(CCCD_FIELDS, f1=""), replace(CCCD_SCAN, old_id_number="")),
    "an old number that is none": (put(CCCD_FIELDS, f1="12"), replace(CCCD_SCAN, old_id_number="")),
    "identity card, only the year": (put(CCCD_FIELDS, f3="1985"), replace(CCCD_SCAN, birth_date="1985")),
    "identity card, month and year": (put(CCCD_FIELDS, f3="091985"), replace(CCCD_SCAN, birth_date="1985-09")),
    "identity card, slashes": (put(CCCD_FIELDS, f3="04/09/1985"), CCCD_SCAN),
    "identity card, no day of issue": (put(CCCD_FIELDS, f6=""), replace(CCCD_SCAN, issued_on="")),
    "identity card with the day it ends": (CCCD + "|04092045", CCCD_SCAN),
    "identity card of 2024 with parents": (CCCD + "|Nguyễn Văn Mẫu|Trần Thị Thử|", CCCD_SCAN),
    "identity card in NFD": (unicodedata.normalize("NFD", CCCD), CCCD_SCAN),
    "a man's identity card": (put(CCCD_FIELDS, f4="Nam"), replace(CCCD_SCAN, sex="M")),
    "ten digits": ("8900000001", Scan(ScanKind.BHYT, ma_so_bhxh="8900000001", card_number="8900000001")),
    "ten digits with a terminator": ("8900000001$\r", Scan(ScanKind.BHYT, ma_so_bhxh="8900000001", card_number="8900000001")),
    "twelve digits": ("089185000001\n", Scan(ScanKind.CCCD, id_number="089185000001")),
    "fifteen signs": ("DN4 89 8900000001", Scan(ScanKind.BHYT, ma_so_bhxh="8900000001", card_number="DN4898900000001", level="4")),
}  # fmt: skip


@pytest.mark.parametrize(("text", "scan"), AS_WRITTEN.values(), ids=AS_WRITTEN)
def test_a_card_is_read(text, scan):
    assert read(text) == scan


NOT_READ = {
    "": Trouble.EMPTY,
    " \r\n\t": Trouble.EMPTY,
    "\ufeff": Trouble.EMPTY,
    "$": Trouble.EMPTY,
    "|||||||||||": Trouble.EMPTY,
    "x" * 4001: Trouble.TOO_LONG,
    NEW + "|" * 4000: Trouble.TOO_LONG,
    "https://example.org/a?b=8900000001": Trouble.NOT_A_CARD,
    "00020101021238570010A000000727012700069704220113000000000000052045303704540410005802VN6304ABCD": Trouble.NOT_A_CARD,
    "0891850001": Scan(ScanKind.BHYT, ma_so_bhxh="0891850001", card_number="0891850001"),
    "12345678901": Trouble.NOT_A_CARD,
    "1234567890123": Trouble.NOT_A_CARD,
    "WIFI:T:WPA;S:mau;P:mau;;": Trouble.NOT_A_CARD,
    '{"id": "089185000001"}': Trouble.NOT_A_CARD,
    "٨٩٠٠٠٠٠٠٠١": Trouble.NOT_A_CARD,
    "8900000001|": Trouble.DAMAGED,
    "|".join(NEW_FIELDS[:8]): Trouble.DAMAGED,
    put(NEW_FIELDS, f1="-"): Trouble.DAMAGED,
    put(NEW_FIELDS, f1=""): Trouble.DAMAGED,
    put(NEW_FIELDS, f1=spelt("\u202e\u0000")): Trouble.DAMAGED,
    "|".join(CCCD_FIELDS[:6]): Trouble.DAMAGED,
    put(CCCD_FIELDS, f2=""): Trouble.DAMAGED,
    "|" + NEW: Trouble.NOT_A_CARD,
}


@pytest.mark.parametrize(("text", "answer"), NOT_READ.items(), ids=[f"{at}" for at in range(len(NOT_READ))])
def test_what_is_no_card_is_told_apart_from_what_is_damaged(text, answer):
    assert read(text) == answer


def test_every_trouble_says_what_to_do():
    for trouble in Trouble:
        assert "Hãy" in trouble.label or "hãy" in trouble.label


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn \u202eThị\u202c Mẫu",
        "Nguyễn\u200b Thị Mẫu\x00",
        "\ufeffNguyễn\r\nThị\tMẫu",
        "Nguyễn Thị Mẫ\u00adu\ue000\ud800",
    ],
)
def test_what_cannot_be_seen_is_taken_out_of_names_and_addresses(name):
    read_ = read(put(CCCD_FIELDS, f2=name, f5=name))
    assert (read_.full_name, read_.address) == (NAME, NAME)


@pytest.mark.parametrize("fields", [NEW_FIELDS, OLD_FIELDS])
def test_hex_hides_nothing_from_that(fields):
    assert read(put(fields, f1=spelt("Nguyễn \u202eThị\x00 \nMẫu"))).full_name == NAME


def test_names_and_addresses_are_cut_to_their_limits():
    read_ = read(put(CCCD_FIELDS, f2="Mẫu " * 200, f5="Ấp Mẫu, " * 200))
    assert len(read_.full_name) <= 100
    assert len(read_.address) <= 300


def test_a_vietnamese_name_of_latin_1_letters_alone_is_not_taken_for_misread_bytes():
    assert read(put(CCCD_FIELDS, f2="Lê Hà Mâu", f4="Nam", f5="Xã Mâu")).full_name == "Lê Hà Mâu"


HOSTILE = [
    "A" * 50_000, "\x00" * 4000, "|" * 100_000, "|" * 4000, "8900000001" + "|" * 3000, "089185000001" + "|" * 3000,
    "8900000001|" + "a" * 3900, put(NEW_FIELDS, f5="89" + " " * 3800), put(NEW_FIELDS, f2="0" * 3800),
    put(NEW_FIELDS, f1="e1" * 1900), put(NEW_FIELDS, f1="f0909080" * 400), put(NEW_FIELDS, f2="1/1/1/" * 600),
    put(CCCD_FIELDS, f2="\u0301" * 3800), put(CCCD_FIELDS, f5="\u202e" * 3800), put(CCCD_FIELDS, f2="👩‍👩‍👧‍👦" * 500),
    put(CCCD_FIELDS, f2="\ud800" * 1000), put(CCCD_FIELDS, f2="﷽" * 3000), "]Q" * 2000, "]Q1" * 1300, "$" * 4000,
    "\\" * 4000, "\ufeff" * 4000, "<script>alert(1)</script>", "' OR 1=1 --", "%s%n{0}", put(CCCD_FIELDS, f3="99999999"),
    put(CCCD_FIELDS, f3="00000000"), put(NEW_FIELDS, f2="01/01/0000"),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{at}" for at in range(len(HOSTILE))])
def test_no_text_raises_or_takes_long(text):
    started = time.perf_counter()
    answer = read(text)
    assert time.perf_counter() - started < 0.5
    assert isinstance(answer, Scan | Trouble)


def test_random_damage_never_raises():
    chance = random.Random(4)
    signs = "|$#-0123456789abcdefABCDEF \t\r\n\x00\u202e\ufeff\ud800ễ👩\\/."
    for _turn in range(3000):
        text = list(chance.choice((OLD, NEW, CCCD)))
        for _hit in range(chance.randrange(1, 12)):
            at = chance.randrange(len(text))
            text[at : at + chance.randrange(3)] = chance.choices(signs, k=chance.randrange(3))
        answer = read("".join(text))
        assert isinstance(answer, Scan | Trouble)
        if isinstance(answer, Scan):
            assert answer.full_name
            assert len(answer.birth_date) in (0, 4, 7, 10)
            "".join(answer.as_dict().values()).encode()


def test_what_our_own_card_shows_is_read_back():
    chance = random.Random(11)
    for _turn in range(500):
        face = some_face(chance)
        read_ = read(card.qr_payload(face))
        assert read_ == Scan(
            ScanKind.BHYT,
            ma_so_bhxh=face.ma_so,
            card_number=face.ma_so,
            full_name=face.holder,
            birth_date="-".join(reversed(face.birth.split("/"))),
            sex=face.sex,
            facility_code=face.facility_code,
            valid_from=face.valid_from.isoformat(),
            valid_to=face.valid_to.isoformat() if face.valid_to else "",
            level=str(face.level),
            issued_on=face.issued_on.isoformat() if face.issued_on else "",
            five_years_from=face.five_years_from.isoformat() if face.five_years_from else "",
        )


def some_face(chance: random.Random) -> card.Face:
    words = ["Nguyễn", "Thị", "Đặng", "Ưng", "Ỷ", "Lê", "Quỳnh", "Hoàng", "Ðức", "H'Mẫu"]
    days = [date(2000, 2, 29), date(2021, 12, 1), date(2026, 1, 31), None]
    return card.Face(
        version_id=UUID(int=1), ma_so=f"{chance.randrange(10**10):010}", number="", holder=" ".join(chance.choices(words, k=chance.randrange(1, 7))),
        birth=chance.choice(["04/09/1985", "09/1985", "1985", "29/02/2000"]), sex=chance.choice("MF"), address="Tổ 1",
        facility_code=chance.choice(["89012", "01C54"]), facility_name="", valid_from=chance.choice(days[:3]),
        valid_to=chance.choice(days), five_years_from=chance.choice(days), level=chance.randrange(1, 6),
        area_code=chance.choice(["", "K1", "K3"]), object_code="DN", issued_on=chance.choice(days),
        issued_by=chance.choice(["", ISSUER]), signatory="", withdrawn=False,
    )  # fmt: skip


@pytest.mark.parametrize("scan", [OLD_SCAN, NEW_SCAN, CCCD_SCAN, Scan(ScanKind.CCCD)])
def test_a_scan_goes_through_json_unchanged(scan):
    assert Scan.from_dict(scan.as_dict()) == scan


def test_what_another_version_has_stored_is_still_taken():
    stored = {"kind": "cccd", "id_number": "089185000001", "eyes": "brown"}
    assert Scan.from_dict(stored) == Scan(ScanKind.CCCD, id_number="089185000001")


def test_the_longest_text_is_still_taken():
    text = put(CCCD_FIELDS, f5="x" * (rules.LONGEST_TEXT - len(CCCD) + len(CCCD_FIELDS[5])))
    assert len(text) == 4000
    assert isinstance(read(text), Scan)
