"""An invented authority with its certificates, lists and answers; invented persons who sign with it."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

AT = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
NAME = "Nguyễn Thị Mẫu Hòa"
NUMBER = "089190000123"
NOWHERE = x509.UniformResourceIdentifier("http://127.0.0.1:9/x")
# An OCSP answer counts only for a certificate that says where to ask.
ASKED_AT = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, NOWHERE)])
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.der)


def named(common_name: str, *more: x509.NameAttribute) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), *more, x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def usage(*allowed: str) -> x509.KeyUsage:
    kinds = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{kind: kind in allowed for kind in kinds})


def certify(
    subject: x509.Name,
    key: Key,
    issuer: Holder | None,
    *extensions: x509.ExtensionType,
    since: datetime = AT - YEAR,
    until: datetime = AT + YEAR,
) -> Holder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
    for extension in extensions:
        builder = builder.add_extension(
            extension, critical=isinstance(extension, x509.BasicConstraints | x509.KeyUsage)
        )
    return Holder(key, builder.sign(issuer.key if issuer else key, SHA256()))


def authority(name: str, issuer: Holder | None = None, key: Key | None = None, **dates: datetime) -> Holder:
    rights = (x509.BasicConstraints(ca=True, path_length=None), usage("key_cert_sign", "crl_sign"))
    return certify(named(name), key or rsa_key(), issuer, *rights, **dates)


@dataclass
class Province:
    """Root → intermediate → persons."""

    root: Holder = field(default_factory=lambda: authority("CA gốc (mẫu)"))
    middle: Holder = field(init=False)

    def __post_init__(self) -> None:
        self.middle = authority("CA công cộng (mẫu)", self.root)

    def person(
        self,
        name: str = NAME,
        number: str | None = f"CCCD:{NUMBER}",
        *,
        key: Key | None = None,
        uses: tuple[str, ...] = ("digital_signature", "content_commitment"),
        purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
        more: tuple[x509.NameAttribute, ...] = (),
        **dates: datetime,
    ) -> Holder:
        ids = (x509.NameAttribute(NameOID.USER_ID, number),) if number else ()
        rights: list[x509.ExtensionType] = [x509.BasicConstraints(ca=False, path_length=None), usage(*uses), ASKED_AT]
        if purposes:
            rights.append(x509.ExtendedKeyUsage(purposes))
        return certify(named(name, *ids, *more), key or rsa_key(), self.middle, *rights, **dates)

    def list_of_revoked(
        self, *revoked: Holder, made: datetime = AT - DAY, until: datetime = AT + DAY
    ) -> asn1_crl.CertificateList:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.middle.certificate.subject)
            .last_update(made)
            .next_update(until)
        )
        for holder in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(made - DAY).build())
        return asn1_crl.CertificateList.load(builder.sign(self.middle.key, SHA256()).public_bytes(Encoding.DER))

    def answer_about(self, holder: Holder, *, revoked: bool, until: datetime = AT + DAY) -> asn1_ocsp.OCSPResponse:
        response = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                holder.certificate,
                self.middle.certificate,
                SHA256(),
                ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
                AT - DAY,
                until,
                AT - 2 * DAY if revoked else None,
                x509.ReasonFlags.key_compromise if revoked else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.middle.certificate)
            .sign(self.middle.key, SHA256())
        )
        return asn1_ocsp.OCSPResponse.load(response.public_bytes(Encoding.DER))


def authority_for_times(province: Province) -> Holder:
    """Who makes timestamps."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return certify(named("TSA (mẫu)"), rsa_key(), province.middle, usage("digital_signature"), purpose)


def signer_of(holder: Holder, *chain: Holder, **options: Any) -> signers.SimpleSigner:
    raw = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple([link.asn1 for link in chain])
    return signers.SimpleSigner(
        signing_cert=holder.asn1, signing_key=asn1_keys.PrivateKeyInfo.load(raw), cert_registry=store, **options
    )


def sign(
    pdf: bytes,
    holder: Holder,
    *chain: Holder,
    field_name: str = "ChuKy1",
    box: tuple[int, int, int, int] | None = None,
    signer_options: dict[str, Any] | None = None,
    **metadata: Any,
) -> bytes:
    """`pdf` signed the way a signing program does it: one incremental update."""
    spec = fields.SigFieldSpec(field_name, box=box)
    settings = {"md_algorithm": "sha256", "subfilter": fields.SigSeedSubFilter.PADES} | metadata
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    meta = signers.PdfSignatureMetadata(field_name=field_name, **settings)
    signer = signer_of(holder, *chain, **(signer_options or {}))
    return signers.sign_pdf(writer, meta, signer=signer, new_field_spec=spec).getvalue()
