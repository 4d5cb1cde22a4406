"""What was appended to the issued form: revisions that build on it and add nothing but signatures."""

import re
from io import BytesIO

from pyhanko.pdf_utils.decode_limits import DecodeLimits, StreamDecodeLimits
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, pdf_name
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON, ROOT_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.fields import enumerate_sig_fields

# A quarter of an A4 page in square points: room for the usual signature boxes, too little to paint the form over.
LARGEST_AREA = 595 * 842 / 4

# pyHanko's other limits stay; its 256 MB for one list of revoked certificates would cost the child 600 MB.
_LIMITS = DecodeLimits(per_stream=StreamDecodeLimits(max_output_size=32 * 1024**2))
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*")

# A certifying signature names itself in /Perms. Fields other than signatures have no rule here: the form has none.
_POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys=ROOT_EXEMPT_STRICT_COMPARISON | {"/Perms"}),
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule()],
        ignored_acroform_keys=ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)


def opened(pdf: bytes) -> PdfFileReader:
    """Read `pdf`. Raises what pyHanko raises; a wrong number of generation is forgiven, because Poppler writes it."""
    try:
        return PdfFileReader(BytesIO(pdf), decode_limits=_LIMITS)
    except PdfStrictReadError:
        reader = PdfFileReader(BytesIO(pdf), strict=False, decode_limits=_LIMITS)
        sections = [reader.xrefs.get_xref_container_info(number) for number in range(reader.total_revisions)]
        if reader.xrefs.hybrid_xrefs_present or any(one.start_location != one.declared_startxref for one in sections):
            raise
        reader.strict = True
        return reader


def ends_with_a_revision(pdf: bytes) -> bool:
    """Whether nothing but white space follows the last revision: such bytes belong to no signature and no comparison."""
    return _END.fullmatch(pdf, max(pdf.rfind(b"startxref"), 0)) is not None


def builds_on(reader: PdfFileReader, issued: bytes) -> bool:
    """Whether the oldest revisions are those of `issued`: a whole new document may hide behind the same first bytes."""
    ours = PdfFileReader(BytesIO(issued))
    return reader.total_revisions >= ours.total_revisions and all(
        (theirs.start_location, theirs.end_location) == (own.start_location, own.end_location)
        for theirs, own in (
            (reader.xrefs.get_xref_container_info(number), ours.xrefs.get_xref_container_info(number))
            for number in range(ours.total_revisions)
        )
    )


def only_signatures_added(reader: PdfFileReader, issued: bytes) -> bool:
    """Whether each revision after those of `issued` adds only signatures (with boxes, without actions) and their data."""
    base = PdfFileReader(BytesIO(issued)).total_revisions - 1
    for number in range(base, reader.total_revisions):
        root = reader.get_historical_resolver(number).root
        if "/AcroForm" not in root:
            # pyHanko compares with the form before, and ours has none: an empty one stands in.
            root[pdf_name("/AcroForm")] = DictionaryObject({pdf_name("/Fields"): ArrayObject()})
    found = _POLICY.review_file(reader, base)
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        return False
    fields = [field.get_object() for _name, _value, field in enumerate_sig_fields(reader)]
    boxes = [*fields, *(kid.get_object() for field in fields for kid in field.get("/Kids", ()))]
    return sum(map(_area, boxes)) <= LARGEST_AREA and not any({"/A", "/AA"} & box.keys() for box in boxes)


def _area(box: DictionaryObject) -> float:
    if "/Rect" not in box:
        return 0.0
    left, bottom, right, top = (float(side.get_object()) for side in box["/Rect"])
    return abs((right - left) * (top - bottom))
