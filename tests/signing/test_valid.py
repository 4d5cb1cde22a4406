"""Forms that were signed properly, or by the wrong certificate: chain, dates, purposes, revocation, name and number."""

import shutil
import socket
import subprocess

import pytest
from asn1crypto import pdf as asn1_pdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign import fields
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from tests.signing import tampering
from tests.signing.authority import (
    AT,
    DAY,
    NAME,
    NOWHERE,
    NUMBER,
    Province,
    authority,
    certify,
    ec_key,
    named,
    rsa_key,
    sign,
    usage,
)
from vssid.signing.rules import Declared, Problem, Revocation


def test_a_properly_signed_form_is_valid(judged, signed):
    verdict = judged(signed)
    assert (verdict.problem, verdict.revocation, verdict.name_marks) == (None, Revocation.UNKNOWN, True)
    assert (verdict.signer.name, verdict.signer.number) == (NAME, NUMBER)
    assert verdict.signer.authority == "CA công cộng (mẫu)"
    assert verdict.signed_at is not None


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils")
def test_poppler_agrees_about_the_good_one(signed, tmp_path):
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed)
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert NAME in said


TOOLS = [shutil.which(tool) for tool in ("pdfsig", "certutil", "pk12util")]


@pytest.mark.skipif(not all(TOOLS), reason="poppler-utils and libnss3-tools")
def test_a_form_that_poppler_signed_is_valid(judged, issued, province, person, tmp_path):
    """Another program's hand: it numbers generations wrongly and writes BER of indefinite length."""
    bundle, store = tmp_path / "person.p12", f"sql:{tmp_path}"
    bundle.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"person", person.key, person.certificate, [province.middle.certificate], BestAvailableEncryption(b"x")
        )
    )
    (tmp_path / "issued.pdf").write_bytes(issued)
    for command in (
        ["certutil", "-N", "-d", store, "--empty-password"],
        ["pk12util", "-i", str(bundle), "-d", store, "-W", "x"],
        ["pdfsig", "-nssdir", store, "-nick", "person", "-add-signature", "issued.pdf", "signed.pdf"],
    ):
        subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    verdict = judged((tmp_path / "signed.pdf").read_bytes(), anchors=[province.root.der, province.middle.der])
    assert verdict.problem is None


KEYS = {"rsa-2048": lambda: rsa_key(2048), "rsa-3072": lambda: rsa_key(3072), "p-256": ec_key}


@pytest.mark.parametrize("kind", KEYS)
def test_usual_keys_are_accepted(judged, issued, province, kind):
    holder = province.person(key=KEYS[kind]())
    assert judged(sign(issued, holder, province.middle)).problem is None


@pytest.mark.parametrize(
    "style",
    [
        {"subfilter": fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
        {"md_algorithm": "sha512"},
        {"certify": True},
        {"box": (320, 60, 560, 140)},
        {"signer_options": {"prefer_pss": True}},
        {"reason": "Nộp tờ khai", "location": "An Giang"},
    ],
    ids=lambda style: next(iter(style)),
)
def test_usual_ways_of_signing_are_accepted(judged, issued, person, province, style):
    assert judged(sign(issued, person, province.middle, **style)).problem is None


def test_the_chain_may_come_from_the_file_or_from_the_store(judged, issued, person, province):
    alone = sign(issued, person)
    assert judged(alone).problem is Problem.UNKNOWN_AUTHORITY
    assert judged(alone, anchors=[province.root.der, province.middle.der]).problem is None
    assert judged(alone, anchors=[province.middle.der]).problem is None


def test_an_authority_that_nobody_trusts_is_unknown(judged, signed):
    assert judged(signed, anchors=[authority("CA khác (mẫu)").der]).problem is Problem.UNKNOWN_AUTHORITY
    assert judged(signed, anchors=[]).problem is Problem.UNKNOWN_AUTHORITY


def test_an_authority_of_the_same_name_with_another_key_is_unknown(judged, signed):
    assert judged(signed, anchors=[Province().root.der]).problem is Problem.UNKNOWN_AUTHORITY


def test_an_authority_past_its_end_does_not_count(judged, issued):
    old = Province(authority("CA gốc hết hạn (mẫu)", until=AT - DAY))
    pdf = sign(issued, old.person(), old.middle)
    assert judged(pdf, anchors=[old.root.der]).problem is Problem.UNKNOWN_AUTHORITY
    assert judged(pdf, anchors=[old.root.der], at=AT - 2 * DAY).problem is None


def test_a_certificate_made_for_oneself_is_unknown(judged, issued):
    uid = x509.NameAttribute(NameOID.USER_ID, NUMBER)
    own = certify(named(NAME, uid), rsa_key(), None, x509.BasicConstraints(False, None), usage("digital_signature"))
    assert judged(sign(issued, own)).problem is Problem.UNKNOWN_AUTHORITY


def test_a_person_is_no_authority(judged, issued, province, person):
    uid = x509.NameAttribute(NameOID.USER_ID, NUMBER)
    forged = certify(named(NAME, uid), rsa_key(), person, usage("digital_signature"))
    assert judged(sign(issued, forged, person, province.middle)).problem is Problem.UNKNOWN_AUTHORITY


def test_dates_are_judged_at_the_moment_of_the_upload(judged, signed):
    assert judged(signed, at=AT - 366 * DAY).problem is not None
    assert judged(signed, at=AT + 366 * DAY).problem is not None


def test_an_expired_certificate(judged, issued, province):
    assert judged(sign(issued, province.person(until=AT - DAY), province.middle)).problem is Problem.EXPIRED


def test_a_certificate_of_tomorrow(judged, issued, province):
    assert judged(sign(issued, province.person(since=AT + DAY), province.middle)).problem is Problem.NOT_YET_VALID


@pytest.mark.parametrize("digest", ["md5", "sha1"])
def test_weak_digests(judged, issued, person, province, digest):
    assert judged(sign(issued, person, province.middle, md_algorithm=digest)).problem is Problem.WEAK


def test_a_short_key_is_weak(judged, issued, province):
    assert judged(sign(issued, province.person(key=rsa_key(1024)), province.middle)).problem is Problem.WEAK


def test_a_short_key_in_the_chain_is_weak(judged, issued, province):
    weak = Province(province.root)
    weak.middle = authority("CA khoá ngắn (mẫu)", province.root, rsa_key(1024))
    assert judged(sign(issued, weak.person(), weak.middle)).problem is Problem.WEAK


@pytest.mark.parametrize(
    "rights",
    [
        {"uses": ("key_encipherment",)},
        {"purposes": (ExtendedKeyUsageOID.SERVER_AUTH,)},
        {"purposes": (ExtendedKeyUsageOID.CODE_SIGNING,)},
    ],
)
def test_certificates_that_are_for_something_else(judged, issued, province, rights):
    assert judged(sign(issued, province.person(**rights), province.middle)).problem is Problem.NOT_FOR_SIGNING


@pytest.mark.parametrize(
    "rights",
    [
        {"uses": ("content_commitment",)},
        {"uses": ("digital_signature",), "purposes": (ExtendedKeyUsageOID.CLIENT_AUTH,)},
        {"purposes": ()},
        {"purposes": (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),)},
        {"purposes": (x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),)},
    ],
)
def test_certificates_that_are_for_signing(judged, issued, province, rights):
    assert judged(sign(issued, province.person(**rights), province.middle)).problem is None


def test_an_authority_does_not_sign_forms(judged, issued, province):
    assert judged(sign(issued, province.middle), anchors=[province.middle.der]).problem is Problem.NOT_FOR_SIGNING


# Names and numbers: what they may look like is in test_rules; here that they are read from the certificate.


def test_a_markless_certificate_is_noted(judged, issued, province):
    verdict = judged(sign(issued, province.person("NGUYEN THI MAU HOA"), province.middle))
    assert (verdict.problem, verdict.name_marks) == (None, False)


def test_somebody_else_signed(judged, issued, stranger, province):
    verdict = judged(sign(issued, stranger, province.middle))
    assert verdict.problem is Problem.WRONG_NAME
    assert verdict.signer.name == "Trần Văn Khác"


def test_a_namesake_signed(judged, issued, province):
    pdf = sign(issued, province.person(number="CCCD:001190000999"), province.middle)
    assert judged(pdf).problem is Problem.WRONG_NUMBER


def test_a_certificate_without_a_number(judged, issued, province):
    assert judged(sign(issued, province.person(number=None), province.middle)).problem is Problem.NO_NUMBER


def test_the_number_may_stand_in_serial_number(judged, issued, province):
    serial = x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IDCVN-{NUMBER}")
    employer = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Công ty TNHH Mẫu")
    verdict = judged(sign(issued, province.person(number=None, more=(serial, employer)), province.middle))
    assert verdict.problem is None
    assert (verdict.signer.number, verdict.signer.organisation) == (NUMBER, "Công ty TNHH Mẫu")


def test_an_organisation_signs_its_form(judged, issued, province):
    pdf = sign(issued, province.person("CÔNG TY TNHH MẪU", "MST:1600000001"), province.middle)
    assert judged(pdf, declared=Declared("Công ty TNHH Mẫu", frozenset({"1600000001"}))).problem is None


# Revocation: only what the file brings.


def test_an_enclosed_list_proves_that_the_certificate_holds(judged, signed, province):
    verdict = judged(tampering.with_proofs(signed, crls=[province.list_of_revoked()]))
    assert (verdict.problem, verdict.revocation) == (None, Revocation.GOOD)


def test_an_enclosed_answer_proves_that_the_certificate_holds(judged, signed, person, province):
    answer = province.answer_about(person, revoked=False)
    verdict = judged(tampering.with_proofs(signed, ocsps=[answer]))
    assert (verdict.problem, verdict.revocation) == (None, Revocation.GOOD)


def test_an_enclosed_list_revokes(judged, signed, person, province):
    assert judged(tampering.with_proofs(signed, crls=[province.list_of_revoked(person)])).problem is Problem.REVOKED


def test_an_enclosed_answer_revokes(judged, signed, person, province):
    answer = province.answer_about(person, revoked=True)
    assert judged(tampering.with_proofs(signed, ocsps=[answer])).problem is Problem.REVOKED


def test_an_old_list_proves_nothing_good_but_still_revokes(judged, signed, person, province):
    dates = {"made": AT - 90 * DAY, "until": AT - 60 * DAY}
    clean, named_there = province.list_of_revoked(**dates), province.list_of_revoked(person, **dates)
    verdict = judged(tampering.with_proofs(signed, crls=[clean]))
    assert (verdict.problem, verdict.revocation) == (None, Revocation.UNKNOWN)
    assert judged(tampering.with_proofs(signed, crls=[named_there])).problem is Problem.REVOKED


def test_a_list_of_another_authority_says_nothing(judged, signed, person):
    verdict = judged(tampering.with_proofs(signed, crls=[Province().list_of_revoked(person)]))
    assert (verdict.problem, verdict.revocation) == (None, Revocation.UNKNOWN)


@pytest.mark.parametrize("revoked", [True, False])
def test_the_list_may_be_inside_the_signature(judged, issued, person, province, revoked):
    """In Adobe's attribute, where its programs put it."""
    found = asn1_pdf.RevocationInfoArchival({"crl": [province.list_of_revoked(*([person] if revoked else []))]})
    plain = sign(issued, person, province.middle, subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    pdf = tampering.resigned(plain, person, province.middle, settings=PdfCMSSignedAttributes(adobe_revinfo_attr=found))
    verdict = judged(pdf)
    expected = (Problem.REVOKED, Revocation.UNKNOWN) if revoked else (None, Revocation.GOOD)
    assert (verdict.problem, verdict.revocation) == expected


def test_nobody_is_asked_over_the_network(judged, issued, province, monkeypatch):
    asked = []

    def refuse(*where, **_options):
        asked.append(where)
        raise OSError("no network here")

    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    points = x509.CRLDistributionPoints([x509.DistributionPoint([NOWHERE], None, None, None)])
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, NOWHERE),
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, NOWHERE),
        ]
    )
    uid = x509.NameAttribute(NameOID.USER_ID, NUMBER)
    holder = certify(named(NAME, uid), rsa_key(), province.middle, usage("digital_signature"), points, access)
    assert judged(sign(issued, holder, province.middle)).problem is None
    assert judged(sign(issued, holder)).problem is Problem.UNKNOWN_AUTHORITY
    assert asked == []


def test_the_log_names_nobody(judged, issued, province, caplog):
    assert judged(sign(issued, province.person(until=AT - DAY), province.middle)).problem is Problem.EXPIRED
    assert NAME not in caplog.text
