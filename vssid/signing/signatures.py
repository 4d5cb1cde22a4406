"""One signature of a PDF: that it covers what it should, that it is sound, and whose it is. In the workshop's child."""

from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509
from asn1crypto.parser import peek
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel

from vssid.kernel.text import one_line
from vssid.signing.rules import Declared, Problem, Signer, Subject, Verdict, identify
from vssid.signing.trust import judge

_SUB_FILTERS = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached")
_SHA1_SUB_FILTERS = ("/adbe.pkcs7.sha1", "/adbe.x509.rsa_sha1")
_WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})
_LONGEST_TEXT = 200


def first_problem(value: DictionaryObject) -> Problem | None:
    """What is wrong with the signature dictionary before its content is read."""
    if value.get("/SubFilter") in _SHA1_SUB_FILTERS:
        return Problem.WEAK
    if not bytes(getattr(value.get("/Contents"), "original_bytes", b"")).strip(b"\0"):
        return Problem.UNSIGNED
    return None if value.get("/SubFilter") in _SUB_FILTERS else Problem.ALTERED


async def verdict(
    embedded: EmbeddedPdfSignature, pdf: bytes, anchors: list[x509.Certificate], declared: Declared | None, at: datetime
) -> Verdict:
    """Judge one signature as of `at`. Raises anything when its content is malformed."""
    if not (_range_is_sound(embedded, pdf) and _covers_its_revision(embedded)):
        return Verdict(Problem.ALTERED)
    certificate = embedded.signer_cert
    subject = _subject(certificate)
    identity, number, marks = identify(subject, declared)
    if embedded.md_algorithm in _WEAK_DIGESTS:
        return Verdict(Problem.WEAK)
    problem, revocation = await judge(embedded, [anchor for anchor in anchors if _holds(anchor, at)], at)
    if problem in (Problem.ALTERED, Problem.TOO_COMPLEX):
        return Verdict(problem)
    signer = _signer(certificate, subject, number)
    return Verdict(problem or identity, signer, _claimed_moment(embedded), revocation, marks)


def _range_is_sound(embedded: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Whether /ByteRange is all from the first byte on but exactly <Contents>, and Contents is one value and zeros."""
    if len(embedded.byte_range) != 4:
        return False
    start, length, rest, rest_length = (int(number) for number in embedded.byte_range)
    gap = pdf[length:rest]
    content = bytes(embedded.pkcs7_content)
    return (
        start == 0
        and 0 < length < rest < rest + rest_length <= len(pdf)
        and gap.startswith(b"<")
        and gap.endswith(b">")
        and bytes.fromhex(gap[1:-1].decode("ascii")) == content
        and not content[peek(content) :].strip(b"\0")
    )


def _covers_its_revision(embedded: EmbeddedPdfSignature) -> bool:
    """Whether nothing of the signed revision is outside, and what came later is allowed by the signature itself."""
    embedded.compute_integrity_info()
    found: dict[str, Any] = embedded.summarise_integrity_info()
    return (
        found["coverage"] >= SignatureCoverageLevel.ENTIRE_REVISION
        and isinstance(found["diff_result"], DiffResult)
        and bool(found["docmdp_ok"])
    )


def _holds(anchor: x509.Certificate, at: datetime) -> bool:
    return bool(anchor.not_valid_before <= at <= anchor.not_valid_after)


def _claimed_moment(embedded: EmbeddedPdfSignature) -> datetime | None:
    moment = embedded.self_reported_timestamp
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _subject(certificate: x509.Certificate) -> Subject:
    pairs = [(pair["type"].native, one_line(str(pair["value"].native))[:_LONGEST_TEXT])
             for names in certificate.subject.chosen for pair in names]  # fmt: skip

    def first(kind: str) -> str:
        return next((value for name, value in pairs if name == kind), "")

    numbers = tuple(value for kind in ("user_id", "serial_number") for name, value in pairs if name == kind)
    return Subject(first("common_name"), numbers, first("organization_name"))


def _signer(certificate: x509.Certificate, subject: Subject, number: str) -> Signer:
    issuer = certificate.issuer.native
    authority = issuer.get("common_name") or issuer.get("organization_name") or ""
    return Signer(
        name=subject.name,
        number=number,
        organisation=subject.organisation,
        serial=f"{certificate.serial_number:x}",
        authority=one_line(str(authority))[:_LONGEST_TEXT],
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
    )
