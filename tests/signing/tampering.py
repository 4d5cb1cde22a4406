"""What an attacker or a careless program does to a form: further revisions, other ranges, broken and hostile bytes."""

import asyncio
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation import DocumentSecurityStore

from tests.signing.authority import Holder, signer_of

DETACHED = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
Change = Callable[[IncrementalPdfFileWriter], None]


def updated(pdf: bytes, change: Change) -> bytes:
    """`pdf` with one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_proofs(
    pdf: bytes, crls: Iterable[asn1_crl.CertificateList] = (), ocsps: Iterable[asn1_ocsp.OCSPResponse] = ()
) -> bytes:
    """`pdf` with a document security store, as programs add it after signing."""
    out = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(out, None, crls=list(crls), ocsps=list(ocsps))
    return out.getvalue()


def _first_page(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def add_page(writer: IncrementalPdfFileWriter) -> None:
    content = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))


def replace_text(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"0 0 595 842 re f"))
    writer.update_container(page)


def overwrite_text(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    contents = page.raw_get("/Contents")
    writer.objects[(contents.generation, contents.idnum)] = StreamObject(stream_data=b"0 0 595 842 re f")


def paint_over(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    note = DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Rect"): ArrayObject(map(FloatObject, (50, 400, 500, 700))),
        pdf_name("/Contents"): pdf_string("other words"),
        pdf_name("/DA"): pdf_string("/Helv 12 Tf"),
    })  # fmt: skip
    page.setdefault(pdf_name("/Annots"), ArrayObject())
    annotations = page["/Annots"]
    annotations.append(writer.add_object(note))
    writer.update_container(page)
    writer.update_container(annotations)


def add_script(writer: IncrementalPdfFileWriter) -> None:
    action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    writer.root[pdf_name("/OpenAction")] = DictionaryObject(action)
    writer.update_root()


def _form(writer: IncrementalPdfFileWriter) -> Any:
    if "/AcroForm" not in writer.root:
        writer.root[pdf_name("/AcroForm")] = DictionaryObject({pdf_name("/Fields"): ArrayObject()})
    return writer.root["/AcroForm"]


def add_xfa(writer: IncrementalPdfFileWriter) -> None:
    form = _form(writer)
    form[pdf_name("/XFA")] = writer.add_object(StreamObject(stream_data=b"<xdp:xdp/>"))
    writer.update_root()
    writer.update_container(form)


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    form = _form(writer)
    made = {pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): pdf_string("So"), pdf_name("/V"): pdf_string("1")}
    form["/Fields"].append(writer.add_object(DictionaryObject(made)))
    writer.update_root()
    writer.update_container(form)


CHANGES: dict[str, Change] = {
    "page": add_page,
    "other text": replace_text,
    "text overwritten": overwrite_text,
    "note over the text": paint_over,
    "script": add_script,
    "xfa": add_xfa,
    "field": add_text_field,
}


def signature_place(pdf: bytes) -> tuple[int, int]:
    """First byte of the last <Contents> and the byte after it."""
    found = [*re.finditer(rb"/Contents ?(<[0-9a-fA-F]{200,}>)", pdf)][-1]
    return found.span(1)


def range_place(pdf: bytes) -> tuple[int, int]:
    """The last /ByteRange between its brackets, with the room that was left for it."""
    found = [*re.finditer(rb"/ByteRange ?\[([^\]]*)\] *", pdf)][-1]
    return found.start(1), found.end()


def resigned(
    pdf: bytes,
    holder: Holder,
    *chain: Holder,
    byte_range: Sequence[int] | None = None,
    settings: PdfCMSSignedAttributes | None = None,
) -> bytes:
    """The last signature of `pdf` made anew, truly, over the bytes that `byte_range` names."""
    first, last = signature_place(pdf)
    ranges = byte_range or (0, first, last, len(pdf) - last)
    start, end = range_place(pdf)
    text = " ".join(map(str, ranges)).encode() + b"]"
    assert len(text) <= end - start
    pdf = pdf[:start] + text.ljust(end - start) + pdf[end:]
    covered = b"".join(pdf[at : at + length] for at, length in zip(ranges[::2], ranges[1::2], strict=True))
    made = asyncio.run(
        signer_of(holder, *chain).async_sign(
            hashlib.sha256(covered).digest(), "sha256", use_pades=settings is None, signed_attr_settings=settings
        )
    )
    content = made.dump().hex().encode().ljust(last - first - 2, b"0")
    assert len(content) == last - first - 2
    return pdf[: first + 1] + content + pdf[last - 1 :]


def with_contents(pdf: bytes, content: bytes) -> bytes:
    """`pdf` with other hexadecimal digits in its last signature, padded with zeros."""
    first, last = signature_place(pdf)
    return pdf[: first + 1] + content.ljust(last - first - 2, b"0") + pdf[last - 1 :]


def stream(writer: IncrementalPdfFileWriter, packed: bytes, **entries: str) -> IndirectObject:
    """A new object whose content was packed by Flate already."""
    names = {pdf_name("/Filter"): pdf_name("/FlateDecode")}
    names |= {pdf_name(f"/{key}"): pdf_name(f"/{value}") for key, value in entries.items()}
    return writer.add_object(StreamObject(names, encoded_data=packed))


def bomb(unpacked: int) -> bytes:
    """Zeros packed about 1,000 to 1: one packed block over and over, so that making it costs nothing."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1024**2)) + packer.flush(zlib.Z_FULL_FLUSH)
    count = unpacked // 1024**2
    checksum = (count * 1024**2 % 65521) << 16 | 1
    return b"\x78\xda" + block * count + b"\x03\x00" + checksum.to_bytes(4, "big")


def standalone(offset: int) -> bytes:
    """The objects, table and trailer of a whole small document that stands at `offset` of a file."""
    return raw_revision(
        b"",
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        },
        b"<</Size 4/Root 1 0 R>>",
        offset,
    )


def with_metadata(pdf: bytes, packed: bytes) -> bytes:
    """`pdf` with a revision that adds metadata as they are: pyHanko's writer would write its own instead."""
    reader, out = PdfFileReader(io.BytesIO(pdf)), io.BytesIO()
    root = reader.root
    size, place = int(reader.trailer["/Size"]), reader.last_startxref
    root[pdf_name("/Metadata")] = IndirectObject(size, 0, reader)
    root.write_to_stream(out)
    body = b"<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    trailer = b"<</Size %d/Root %d 0 R/Prev %d>>" % (size + 1, reader.root_ref.idnum, place)
    return raw_revision(pdf, {reader.root_ref.idnum: out.getvalue(), size: body}, trailer)


def raw_revision(pdf: bytes, objects: dict[int, bytes], trailer: bytes, offset: int = 0) -> bytes:
    """`pdf` with a revision in the old way: objects as written, a table, a trailer that may say anything."""
    out, places = bytearray(pdf), {}
    for number, body in objects.items():
        places[number] = offset + len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = offset + len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n\r\n" % (number, place)
    return bytes(out) + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % table
