"""Forms that were changed before or after signing, wrapped, shadowed, rewritten; signatures that cover too little."""

import io
import re
import zlib

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper

from tests.signing import tampering
from tests.signing.authority import AT, authority_for_times, sign, signer_of
from vssid.signing.rules import Problem

# What may be added.


def test_a_second_signature_of_somebody_else_is_fine(judged, signed, stranger, province):
    second = sign(signed, stranger, province.middle, field_name="ChuKy2", box=(20, 20, 200, 80))
    verdict = judged(second)
    assert verdict.problem is None
    assert verdict.signer.name != "Trần Văn Khác"


def test_the_declared_person_may_sign_second(judged, issued, person, stranger, province):
    first = sign(issued, stranger, province.middle, field_name="ChuKy2")
    assert judged(sign(first, person, province.middle)).problem is None


def test_a_second_signature_of_an_unknown_hand_does_not_harm(judged, signed, person):
    assert judged(sign(signed, person, field_name="ChuKy2")).problem is None


def test_of_two_strangers_nobody_is_the_declared_person(judged, issued, stranger, province):
    both = sign(sign(issued, stranger, province.middle), stranger, province.middle, field_name="ChuKy2")
    assert judged(both).problem is Problem.WRONG_NAME


def test_the_declared_persons_problem_is_told_before_a_strangers(judged, issued, stranger, province):
    expired = province.person(until=AT.replace(day=1))
    pdf = sign(sign(issued, expired, province.middle), stranger, province.middle, field_name="ChuKy2")
    assert judged(pdf).problem is Problem.EXPIRED


def test_timestamps_and_proofs_for_the_archive_are_fine(judged, signed, province):
    proven = tampering.with_proofs(signed, crls=[province.list_of_revoked()])
    clock = authority_for_times(province)
    stamper = DummyTimeStamper(clock.asn1, signer_of(clock).signing_key)
    stamped = io.BytesIO(proven)
    signers.PdfTimeStamper(stamper).timestamp_pdf(IncrementalPdfFileWriter(stamped), "sha256", in_place=True)
    verdict = judged(stamped.getvalue())
    assert (verdict.problem, str(verdict.revocation)) == (None, "good")


def test_a_timestamp_alone_is_no_signature(judged, issued, province):
    clock = authority_for_times(province)
    stamped = io.BytesIO(issued)
    stamper = DummyTimeStamper(clock.asn1, signer_of(clock).signing_key)
    signers.PdfTimeStamper(stamper).timestamp_pdf(IncrementalPdfFileWriter(stamped), "sha256", in_place=True)
    assert judged(stamped.getvalue()).problem is Problem.UNSIGNED


def test_metadata_of_the_signing_program_are_fine(judged, issued, signed, person, province):
    rdf = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    xmp = zlib.compress(b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + rdf + b"</x:xmpmeta>")
    assert judged(sign(tampering.with_metadata(issued, xmp), person, province.middle)).problem is None
    assert judged(tampering.with_metadata(signed, xmp)).problem is None


# What may not.


@pytest.mark.parametrize("kind", tampering.CHANGES)
def test_changes_after_signing_are_seen(judged, signed, kind):
    assert judged(tampering.updated(signed, tampering.CHANGES[kind])).problem is Problem.ALTERED


@pytest.mark.parametrize("kind", tampering.CHANGES)
def test_changes_before_signing_are_seen(judged, issued, person, province, kind):
    """The person signed them, but they are not the form that was issued."""
    pdf = sign(tampering.updated(issued, tampering.CHANGES[kind]), person, province.middle)
    assert judged(pdf).problem is Problem.ALTERED


@pytest.mark.parametrize("kind", tampering.CHANGES)
def test_changes_under_a_second_signature_are_seen(judged, signed, stranger, province, kind):
    changed = tampering.updated(signed, tampering.CHANGES[kind])
    assert judged(sign(changed, stranger, province.middle, field_name="ChuKy2")).problem is Problem.ALTERED


def test_a_signature_box_over_the_whole_form_is_a_change(judged, issued, signed, person, stranger, province):
    everything = (0, 0, 595, 842)
    assert judged(sign(issued, person, province.middle, box=everything)).problem is Problem.ALTERED
    covered = sign(signed, stranger, province.middle, field_name="ChuKy2", box=everything)
    assert judged(covered).problem is Problem.ALTERED


def test_many_small_boxes_may_not_cover_the_form_either(judged, signed, stranger, province):
    pdf = signed
    for number in range(4):
        box = (20, 200 * number, 575, 200 * number + 80)
        pdf = sign(pdf, stranger, province.middle, field_name=f"Khac{number}", box=box)
    assert judged(pdf).problem is Problem.ALTERED


def test_another_declarations_form(judged, other_form, person, province):
    assert judged(sign(other_form, person, province.middle)).problem is Problem.NOT_OUR_FORM


def test_a_form_that_was_saved_anew_before_signing(judged, issued, person, province):
    out = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(issued))).write(out)
    assert judged(sign(out.getvalue(), person, province.middle)).problem is Problem.NOT_OUR_FORM


def test_a_form_that_was_encrypted(judged, issued):
    out = io.BytesIO()
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(issued)))
    writer.encrypt(owner_pass="x", user_pass="x")
    writer.write(out)
    assert judged(out.getvalue()).problem is Problem.ENCRYPTED
    assert judged(out.getvalue(), issued=None).problem is Problem.ENCRYPTED


def test_the_form_itself_is_unsigned(judged, issued):
    assert judged(issued).problem is Problem.UNSIGNED
    assert judged(tampering.updated(issued, tampering.add_page)).problem is not None


def test_a_new_document_behind_the_same_first_bytes(judged, issued, person, province):
    """A revision that keeps quiet about the one before: readers see only the new pages."""

    def replace_all(writer):
        for kind in ("other text", "page"):
            tampering.CHANGES[kind](writer)

    shadow = tampering.updated(issued, replace_all)
    shadow = shadow[: len(issued)] + shadow[len(issued) :].replace(b"/Prev ", b"/Pre_ ")
    assert shadow.startswith(issued)
    assert judged(shadow).problem is not None
    other = issued + b"%PDF-1.7\n" + tampering.standalone(len(issued) + 9)
    assert judged(other).problem is Problem.ALTERED
    assert judged(sign(other, person, province.middle)).problem is Problem.ALTERED
    assert judged(sign(other, person, province.middle), issued=None).problem is None


def test_the_new_document_may_not_say_that_it_continues_ours(judged, issued, person, province):
    """/Prev leads to our table, but a middle revision was left out of the file's own account."""
    first = tampering.updated(issued, tampering.replace_text)
    again = tampering.updated(first, tampering.add_page)
    table = int(re.findall(rb"startxref\s+(\d+)", issued)[-1])
    middle = int(re.findall(rb"startxref\s+(\d+)", first)[-1])
    jumped = again.replace(b"/Prev %d" % middle, b"/Prev %d" % table + b" " * (len(str(middle)) - len(str(table))))
    assert judged(sign(jumped, person, province.middle)).problem in (Problem.ALTERED, Problem.DAMAGED)


# Signatures that are true of what they cover, but cover too little.


def ranges(pdf: bytes) -> dict[str, tuple[int, ...]]:
    first, last = tampering.signature_place(pdf)
    size = len(pdf)
    return {
        "not from the first byte": (9, first - 9, last, size - last),
        "a gap before the signature": (0, first - 40, last, size - last),
        "a gap behind the signature": (0, first, last + 30, size - last - 30),
        "not to the end of the revision": (0, first, last, size - last - 60),
        "only the beginning": (0, first, last, 0),
        "beyond the end": (0, first, last, size - last + 1),
        "overlapping": (0, first, last - 20, size - last),
        "two numbers": (0, first),
        "backwards": (last, size - last, 0, first),
    }


@pytest.mark.parametrize("kind", ranges(b"/Contents <" + b"0" * 300 + b">" + b" " * 100))
def test_a_true_signature_that_covers_too_little(judged, signed, person, province, kind):
    forged = tampering.resigned(signed, person, province.middle, byte_range=ranges(signed)[kind])
    assert judged(forged).problem is Problem.ALTERED


def test_signing_anew_over_everything_is_valid(judged, signed, person, province):
    """The tool of these tests makes valid signatures when it is not told to cheat."""
    assert judged(tampering.resigned(signed, person, province.middle)).problem is None


@pytest.mark.parametrize("more", [b"% more\n", b"more", b"%PDF-1.7\n%%EOF\n", b"\0" * 20])
def test_bytes_behind_the_last_revision_are_seen(judged, signed, more):
    assert judged(signed + more).problem in (Problem.ALTERED, Problem.DAMAGED)
    assert judged(signed + b"\r\n").problem is None


def test_an_empty_signature_is_none(judged, signed):
    assert judged(tampering.with_contents(signed, b"")).problem is Problem.UNSIGNED


@pytest.mark.parametrize("content", [b"00ff00ff", b"3080", b"30820100", b"deadbeef" * 40])
def test_rubbish_is_no_signature(judged, signed, content):
    assert judged(tampering.with_contents(signed, content)).problem is Problem.ALTERED


def test_something_hidden_behind_the_signature_is_seen(judged, signed):
    _first, last = tampering.signature_place(signed)
    assert signed[last - 11 : last - 1] == b"0" * 10
    assert judged(signed[: last - 11] + b"cafebabe00" + signed[last - 1 :]).problem is Problem.ALTERED


def test_a_signature_of_another_form_does_not_move(judged, signed, other_form, person, province):
    theirs = sign(other_form, person, province.middle)
    start, end = tampering.signature_place(theirs)
    moved = tampering.with_contents(signed, theirs[start + 1 : end - 1])
    assert judged(moved).problem is Problem.ALTERED


@pytest.mark.parametrize("name", [b"/adbe.x509.rsa_sha1", b"/adbe.pkcs7.sha1"])
def test_the_old_kinds_of_signature_are_weak(judged, issued, person, province, name):
    plain = sign(issued, person, province.middle, subfilter=tampering.DETACHED)
    assert judged(plain.replace(b"/adbe.pkcs7.detached", name.ljust(20))).problem is Problem.WEAK


def essence(pdf: bytes) -> tuple[bytes, ...]:
    """What a CMS signature consists of: who, which attributes, which signature."""
    [embedded] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    signer = embedded.signer_info
    return embedded.signer_cert.dump(), signer["signed_attrs"].dump(), signer["signature"].native


def test_no_flipped_bit_of_what_was_added_goes_unseen(judged, issued, signed):
    """Every 19th byte. A CMS has a few bytes that nobody signs (version, list of digests): they change nothing."""
    first, last = tampering.signature_place(signed)
    for at in range(len(issued), len(signed), 19):
        changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        if judged(changed).problem is None:
            assert first < at < last
            assert essence(changed) == essence(signed)


def test_a_flipped_bit_of_the_form_is_another_form(judged, issued, signed):
    for at in range(20, len(issued), 97):
        changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert judged(changed).problem is Problem.NOT_OUR_FORM


def test_a_file_that_was_cut_short(judged, issued, signed):
    for size in range(len(issued) // 2, len(signed), 149):
        assert judged(signed[:size]).problem in (Problem.DAMAGED, Problem.ALTERED, Problem.UNSIGNED)
    assert judged(signed[: len(issued) // 2]).problem is Problem.DAMAGED
