"""Files that were made to hurt: each is answered in time, in words, and the child lives on."""

import random
import time
import zlib

import pytest
from cryptography import x509
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing import tampering
from tests.signing.authority import certify, named, rsa_key, sign, usage
from vssid.signing import check as checking
from vssid.signing import rules
from vssid.signing.rules import Problem

PATIENCE = checking.SECONDS + 3


@pytest.fixture(scope="module")
def answered(judged):
    """The verdict, within the time that the child allows itself."""

    def judge(pdf, **differing):
        started = time.monotonic()
        verdict = judged(pdf, **differing)
        assert time.monotonic() - started < PATIENCE
        assert verdict.problem is not None
        return verdict.problem

    return judge


REFUSED = (Problem.ALTERED, Problem.DAMAGED, Problem.TOO_COMPLEX)


def test_random_bytes(answered, issued):
    for seed in range(40):
        noise = random.Random(seed).randbytes(4000)
        assert answered(noise) is Problem.NOT_A_PDF
        assert answered(b"%PDF-1.7\n" + noise, issued=None) is Problem.DAMAGED
        assert answered(issued + noise) in REFUSED


def test_random_damage(judged, issued, signed):
    """Whatever it does to the reader, it is a verdict and no exception."""
    for seed in range(150):
        chance = random.Random(seed)
        broken = bytearray(signed)
        for _ in range(chance.randint(1, 30)):
            at = chance.randrange(len(issued), len(signed))
            broken[at : at + chance.randint(1, 8)] = chance.randbytes(chance.randint(0, 8))
        assert judged(bytes(broken)).problem in Problem


def test_too_large_a_file_is_not_read(answered, issued):
    assert answered(issued + bytes(rules.LARGEST_BYTES)) is Problem.TOO_LARGE


@pytest.mark.parametrize("where", ["/Certs", "/CRLs", "/OCSPs"])
def test_a_bomb_among_the_proofs(answered, issued, signed, person, province, where):
    """7 MB that would become 7 GB, before and after signing."""
    packed = tampering.bomb(7 * 1024**3)

    def plant(writer):
        store = {pdf_name(where): ArrayObject([tampering.stream(writer, packed)])}
        writer.root[pdf_name("/DSS")] = DictionaryObject(store)
        writer.update_root()

    assert answered(sign(tampering.updated(issued, plant), person, province.middle)) in REFUSED
    assert answered(tampering.updated(signed, plant)) in REFUSED


@pytest.mark.parametrize("content", ["zeros", "entities", "nesting"])
def test_a_bomb_in_the_metadata(answered, signed, content):
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    xml = {
        "entities": f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a12;</x>'.encode(),
        "nesting": b"<x>" * 1_000_000,
    }
    packed = zlib.compress(xml[content]) if content in xml else tampering.bomb(7 * 1024**3)
    assert answered(tampering.with_metadata(signed, packed)) in REFUSED


def test_a_bomb_that_lists_objects(answered, issued):
    packed = tampering.bomb(1024**3)
    listing = b"<</Type/XRef/Size 90000000/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    place = len(issued)
    pdf = issued + b"99 0 obj\n" + listing + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % place
    assert answered(pdf) in REFUSED


def test_a_bomb_that_holds_objects(answered, issued):
    packed = tampering.bomb(1024**3)
    holder = b"<</Type/ObjStm/N 100000/First 1000000/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    rows = b"\0\0\0\0\0\0\0" + b"\2\0\0\0\x63\0\0"
    listing = b"<</Type/XRef/Size 101/Index[0 1 2 1]/W[1 4 2]/Root 2 0 R/Length %d>>stream\n" % len(rows)
    first = len(issued)
    body = issued + b"99 0 obj\n" + holder + packed + b"\nendstream\nendobj\n"
    rows += b"\1" + first.to_bytes(4, "big") + b"\0\0" + b"\1" + len(body).to_bytes(4, "big") + b"\0\0"
    listing = listing.replace(b"[0 1 2 1]", b"[0 1 2 1 99 2]").replace(b"/Length 14", b"/Length 28")
    pdf = body + b"100 0 obj\n" + listing + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    assert answered(pdf, issued=None) in REFUSED
    assert answered(pdf) in REFUSED


def test_bombs_in_one_another(answered, issued):
    twice = zlib.compress(tampering.bomb(2 * 1024**3), 9)
    body = b"<</Type/Metadata/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(twice), twice)
    pdf = tampering.raw_revision(
        issued, {2: b"<</Type/Catalog/Pages 1 0 R/Metadata 99 0 R>>", 99: body}, b"<</Size 100/Root 2 0 R>>"
    )
    assert answered(pdf) in REFUSED


@pytest.mark.parametrize("bracket", [b"[", b"<</A", b"("])
def test_deep_nesting(answered, issued, bracket):
    deep = b"<</Type/Catalog/Pages 1 0 R/AcroForm " + bracket * 200_000 + b">>"
    for form in (issued, None):
        pdf = tampering.raw_revision(issued, {2: deep}, b"<</Size 30/Root 2 0 R>>")
        assert answered(pdf, issued=form) in REFUSED


def test_a_table_that_leads_to_itself(answered, issued):
    trailer = b"<</Size 30/Root 2 0 R/Prev %d>>"
    place = len(tampering.raw_revision(issued, {40: b"null"}, b"").split(b"xref\n40")[0])
    assert answered(tampering.raw_revision(issued, {40: b"null"}, trailer % place)) in REFUSED
    assert answered(issued + b"startxref\n%d\n%%%%EOF\n" % len(issued)) in REFUSED


def test_fields_that_contain_themselves(answered, issued):
    form = b"<</Type/Catalog/Pages 1 0 R/AcroForm<</Fields[40 0 R]>>>>"
    field = b"<</T(a)/FT/Sig/Kids[40 0 R 40 0 R]/V 40 0 R>>"
    assert answered(tampering.raw_revision(issued, {2: form, 40: field}, b"<</Size 41/Root 2 0 R>>")) in REFUSED


def test_pages_that_contain_themselves(answered, issued, person, province):
    pdf = tampering.raw_revision(issued, {1: b"<</Type/Pages/Kids[1 0 R 1 0 R]/Count 9>>"}, b"<</Size 30/Root 2 0 R>>")
    assert answered(pdf) in (*REFUSED, Problem.UNSIGNED)


def test_a_thousand_revisions(answered, signed):
    place, size = len(signed), signed.rfind(b"startxref")
    last = signed[size:].split()[1]
    pdf, before = bytearray(signed), last
    for _ in range(1000):
        table = len(pdf)
        pdf += b"xref\n0 0\ntrailer\n<</Size 60/Root 2 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (before, table)
        before = b"%d" % table
    assert place < len(pdf)
    assert answered(bytes(pdf)) in REFUSED


def test_a_hundred_signatures(answered, signed):
    def multiply(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        [field] = form["/Fields"]
        for number in range(100):
            copy = DictionaryObject(field.get_object())
            copy[pdf_name("/T")] = tampering.pdf_string(f"ChuKy{number + 2}")
            form["/Fields"].append(writer.add_object(copy))
        writer.update_root()
        writer.update_container(form)

    assert answered(tampering.updated(signed, multiply)) in REFUSED


def test_a_crowd_of_certificates(answered, issued, province):
    """Authorities that certify one another in every order: the paths are more than can be tried."""
    keys = [rsa_key() for _ in range(8)]
    rights = (x509.BasicConstraints(True, None), usage("key_cert_sign"))
    names = [named(f"CA {number} (mẫu)") for number in range(8)]
    own = [certify(name, key, None, *rights) for name, key in zip(names, keys, strict=True)]
    crowd = [certify(names[i], keys[i], own[j], *rights) for i in range(8) for j in range(8) if i != j]
    person = certify(named("Người ký (mẫu)"), rsa_key(), own[0], usage("digital_signature"))
    assert answered(sign(issued, person, *crowd)) in (Problem.UNKNOWN_AUTHORITY, Problem.TOO_COMPLEX)
    more = [certify(named(f"Thừa {number}"), keys[0], own[0], *rights) for number in range(60)]
    assert answered(sign(issued, person, *more)) is Problem.TOO_COMPLEX


def test_time_runs_out_inside_a_parser_too(judged, signed, monkeypatch):
    """The limit is no Exception, so that nothing on the way takes it for damage."""
    monkeypatch.setattr(checking, "SECONDS", 0.001)
    assert judged(signed).problem is Problem.TOO_COMPLEX


def test_memory_that_is_not_there_is_a_verdict(judged, signed, monkeypatch):
    def none_left(_pdf):
        raise MemoryError

    monkeypatch.setattr(checking, "opened", none_left)
    assert judged(signed).problem is Problem.TOO_COMPLEX
