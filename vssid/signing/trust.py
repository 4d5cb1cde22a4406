"""Whether a signature is sound and its certificate leads to an authority that the operator trusts. No network."""

from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    async_validate_cms_signature,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from vssid.signing.rules import MOST_CERTIFICATES, Problem, Revocation

_ANY_USAGE = KeyUsageConstraints(key_usage=set())  # judged here: pyHanko has one answer for usage and broken chains
_USAGES = frozenset({"digital_signature", "non_repudiation"})
# Vietnamese personal certificates carry e-mail or client purposes; one for a server or for code only is another thing.
_PURPOSES = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "client_auth",
        "microsoft_document_signing",
        "adobe_authentic_documents_trust",
        "1.3.6.1.5.5.7.3.36",  # document signing, RFC 9336
    }
)

_PROOF_NEEDED = RevocationCheckingPolicy(
    RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
)
_FRESH = CertRevTrustPolicy(_PROOF_NEEDED)
# An old list still tells the truth about a certificate that it names as revoked.
_OF_ANY_AGE = CertRevTrustPolicy(_PROOF_NEEDED, timedelta(days=36_500), FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION)
_NO_PROOF = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail"))

_REVOKED = (AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE)
_PROBLEMS: dict[AdESSubIndic, Problem] = {
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Problem.EXPIRED,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: Problem.WEAK,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: Problem.WEAK,
    AdESIndeterminate.REVOKED_NO_POE: Problem.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Problem.REVOKED,
}


async def judge(
    embedded: EmbeddedPdfSignature, anchors: list[x509.Certificate], at: datetime
) -> tuple[Problem | None, Revocation]:
    """What is wrong with the signature and its chain as of `at`, and what the file proves about revocation."""
    enclosed = _enclosed(embedded)
    if len(enclosed["other_certs"]) + len(embedded.signed_data["certificates"]) > MOST_CERTIFICATES:
        return Problem.TOO_COMPLEX, Revocation.UNKNOWN
    given = {"trust_roots": anchors, "moment": at, "allow_fetching": False, **enclosed}
    status = await _status(embedded, given, _NO_PROOF)
    if not (status.intact and status.valid):
        return Problem.ALTERED, Revocation.UNKNOWN
    if problem := _chain_problem(status, at):
        return problem, Revocation.UNKNOWN
    fresh = await _status(embedded, given, _FRESH)
    if fresh.trusted:
        return None, Revocation.GOOD
    old = await _status(embedded, given, _OF_ANY_AGE)
    revoked = any(found.trust_problem_indic in _REVOKED for found in (fresh, old))
    return (Problem.REVOKED if revoked else None), Revocation.UNKNOWN


def _chain_problem(status: SignatureStatus, at: datetime) -> Problem | None:
    indication = status.trust_problem_indic
    if indication is None:
        return None if _is_for_signing(status.signing_cert) else Problem.NOT_FOR_SIGNING
    if indication in _PROBLEMS:
        return _PROBLEMS[indication]
    if status.validation_path is not None and status.signing_cert.not_valid_before > at:
        return Problem.NOT_YET_VALID
    return Problem.UNKNOWN_AUTHORITY


def _is_for_signing(certificate: x509.Certificate) -> bool:
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    return (
        not certificate.ca
        and usage is not None
        and bool(_USAGES & set(usage.native))
        and (purposes is None or bool(_PURPOSES & set(purposes.native)))
    )


async def _status(embedded: EmbeddedPdfSignature, given: dict[str, Any], policy: CertRevTrustPolicy) -> SignatureStatus:
    return await async_validate_cms_signature(
        embedded.signed_data,
        raw_digest=embedded.compute_digest(),
        validation_context=ValidationContext(**given, revinfo_policy=policy),
        key_usage_settings=_ANY_USAGE,
    )


def _enclosed(embedded: EmbeddedPdfSignature) -> dict[str, list[Any]]:
    """Certificates, CRLs and OCSP responses of the document's store and of Adobe's attribute in the signature."""
    crls: list[Any] = []
    ocsps: list[Any] = []
    for value in find_cms_attribute_iter(embedded.signer_info["signed_attrs"], "adobe_revocation_info_archival"):
        crls += list(value["crl"] or ())
        ocsps += list(value["ocsp"] or ())
    try:
        store = DocumentSecurityStore.read_dss(embedded.reader)
    except NoDSSFoundError:
        return {"other_certs": [], "crls": crls, "ocsps": ocsps}
    return {
        "other_certs": list(store.load_certs()),
        "crls": crls + [_content(one, DecodePurpose.CRL) for one in store.crls],
        "ocsps": ocsps + [_content(one, DecodePurpose.OCSP_RESPONSE) for one in store.ocsps],
    }


def _content(reference: Any, purpose: DecodePurpose) -> bytes:
    content: bytes = reference.get_object().read_data(purpose)
    return content
