"""Hospital files as a stream of HOSO: GIAMDINHHS of QĐ 4210, 130, 4750, 3176, and HSCHUNGTU of TT 56/2017.

Which parts are read is said by a `Shape`. Everything else is passed over without being decoded: of XML5 (notes on the
course of an illness) and XML6 (HIV) nothing may get into this house.
"""

import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from vssid.kernel.labels import N_, Label
from vssid.kernel.xml import Broken, Reader, Unwanted
from vssid.records.hospital.shapes import Hoso, Record, Shape

MOST_RECORDS = 5_000  # of one kind in one HOSO; a year in hospital has some thousands
MOST_PAPERS = 20  # in one part
LONGEST_PART = 16 * 1024**2  # signs of one NOIDUNGFILE
LONGEST_HOSO = 2 * LONGEST_PART  # signs of all parts of one HOSO that are read, however they stand in it
LONGEST_FIELD = 20_000
_LONGEST_NAME = 200
_PIECE = 64 * 1024


class _Records:
    """Listens to the document of a part and gathers its records: by element name, in any order, unknown ones passed over."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._records, self._fields, self._whole_fields = shape.named, shape.fields, shape.whole_fields
        self._named: dict[str, list[Record]] = {}
        self._whole: list[Record] = []
        # Of the last whole record: its fields with the number of their parent, and all elements around them.
        self._said: dict[str, int] = {}
        self._around: dict[tuple[int, str], int] = {}
        self._open: list[tuple[str, int]] = []
        self._record: Record | None = None
        self._element = self._field = ""
        self._text: list[str] = []
        self._size = self._count = self._starts = 0

    def found(self, kind: str) -> list[Record]:
        """The records of the part if it is of this kind."""
        return [one for one in self._whole if one] if kind in self._shape.whole else self._named.get(kind, [])

    def start(self, name: str, _depth: int) -> None:
        self._starts += 1
        self._open.append((name, self._starts))
        if self._field:
            return
        if self._record is not None:
            if name in self._fields:
                self._begin(name)
        elif name in self._records:
            self._record, self._element = {}, name
            self._count += 1
            if self._count > MOST_RECORDS:
                raise Unwanted(_too_many())
        elif name in self._whole_fields:
            self._place(name)
            self._begin(name)

    def _begin(self, name: str) -> None:
        self._field, self._text, self._size = name, [], 0

    def _place(self, name: str) -> None:
        """Begin another whole record where a field comes again under another parent, or an element around fields does."""
        parent = self._open[-2][1] if len(self._open) > 1 else 0
        around = {(depth, outer): number for depth, (outer, number) in enumerate(self._open[:-1])}
        again = any(self._around.get(place, number) != number for place, number in around.items())
        if not self._whole or again or self._said.get(name, parent) != parent:
            self._whole.append({})
            self._said, self._around = {}, {}
            if len(self._whole) > MOST_PAPERS:
                raise Unwanted(N_("Phần này có quá %(max)d giấy.", max=MOST_PAPERS))
        self._said[name] = parent
        self._around |= around

    def text(self, data: str) -> None:
        if self._field:
            self._size += len(data)
            if self._size > LONGEST_FIELD:
                raise Unwanted(N_("Mục %(name)s dài quá %(max)d ký tự.", name=self._field, max=LONGEST_FIELD))
            self._text.append(data)

    def end(self, name: str, _depth: int) -> None:
        self._open.pop()
        if name == self._field:
            if value := "".join(self._text).strip():
                record = self._whole[-1] if self._record is None else self._record
                record[name] = value
            self._field = ""
        elif self._record is not None and name == self._element:
            self._named.setdefault(self._records[name], []).append(self._record)
            self._record = None


def _too_many() -> Label:
    return N_("Hồ sơ có quá %(max)d dòng chi phí.", max=MOST_RECORDS)


def _within_itself(name: str) -> Label:
    return N_("Trong thẻ %(name)s này lại có một thẻ %(name)s khác: có thể thiếu thẻ đóng.", name=name)


@dataclass
class _Part:
    """One FILEHOSO while it is read. `nested` listens when the part's document stands in it as plain XML; `size` in signs."""

    kind: str = ""
    text: list[str] = field(default_factory=list)
    size: int = 0
    nested: _Records | None = None
    given_up: bool = False

    def wanted(self, shape: Shape) -> bool:
        """The kind may stand behind the content: then all is kept as it came, and nothing decoded yet."""
        return not self.given_up and (not self.kind or self.kind in shape.kinds)


class _Envelope:
    """Listens to a file and puts each finished HOSO into `ready`."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.ready: list[Hoso] = []
        self.line: Callable[[], int] = lambda: 1
        self._facility, self._number = "", 0
        self._hoso: Hoso | None = None
        self._part: _Part | None = None
        self._content_depth = 0  # of the NOIDUNGFILE that is open; 0 outside
        self._caught: list[str] | None = None

    def start(self, name: str, depth: int) -> None:
        if self._content_depth:
            self._start_within(name, depth)
        elif depth == 1 and name != self._shape.root:
            words = N_("Không phải tệp %(root)s: thẻ ngoài cùng là %(name)s.", root=self._shape.root, name=name[:40])
            raise Unwanted(words)
        elif name == "HOSO":
            self._start_hoso()
        elif name == "FILEHOSO":
            if self._part is not None and self._hoso is not None:
                self._hoso.wrong(name, _within_itself(name))
            self._part = _Part()
        elif name == "NOIDUNGFILE" and self._part is not None:
            self._content_depth = depth
        elif name in ("LOAIHOSO", "MACSKCB"):
            self._caught = []

    def _start_hoso(self) -> None:
        if self._hoso is not None:
            self._hoso.wrong("HOSO", _within_itself("HOSO"))
            self.ready.append(self._hoso)
        self._number += 1
        self._hoso, self._part = Hoso(self._number, self.line(), self._facility), None

    def _start_within(self, name: str, depth: int) -> None:
        part = self._part
        if part is None or not part.wanted(self._shape):
            return
        part.nested = part.nested or _Records(self._shape)
        try:
            part.nested.start(name, depth)
        except Unwanted as wrong:
            self._give_up(part, wrong.reason)

    def text(self, data: str) -> None:
        if self._content_depth:
            if self._part is not None and self._part.wanted(self._shape):
                self._text_within(self._part, data)
        elif self._caught is not None and len(self._caught) < _LONGEST_NAME:
            self._caught.append(data[:_LONGEST_NAME])

    def _text_within(self, part: _Part, data: str) -> None:
        part.size += len(data)
        try:
            if part.size + (self._hoso.size if self._hoso else 0) > LONGEST_HOSO:
                raise Unwanted(N_("Hồ sơ này dài quá %(max)s MB.", max=LONGEST_HOSO // 1024**2))
            if part.nested is not None:
                part.nested.text(data)
                return
            if part.size > LONGEST_PART:
                raise Unwanted(N_("Phần này dài quá %(max)s MB.", max=LONGEST_PART // 1024**2))
            part.text.append(data)
        except Unwanted as wrong:
            self._give_up(part, wrong.reason)

    def _give_up(self, part: _Part, reason: Label) -> None:
        """The part is a problem of its HOSO; the file is read on."""
        part.given_up, part.text, part.nested = True, [], None
        if self._hoso is not None:
            self._hoso.wrong(part.kind, reason)

    def end(self, name: str, depth: int) -> None:
        if self._content_depth:
            if depth == self._content_depth:
                self._content_depth = 0
            elif self._part is not None and self._part.nested is not None:
                self._part.nested.end(name, depth)
        elif name in ("LOAIHOSO", "MACSKCB") and self._caught is not None:
            self._keep(name, "".join(self._caught).strip())
            self._caught = None
        elif name == "FILEHOSO" and self._part is not None:
            if self._hoso is not None:
                _take_part(self._hoso, self._part, self._shape)
            self._part = None
        elif name == "HOSO" and self._hoso is not None:
            self.ready.append(self._hoso)
            self._hoso = None

    def _keep(self, name: str, value: str) -> None:
        if name == "MACSKCB":
            self._facility = value
        elif self._part is not None:
            self._part.kind = self._shape.kind(value)
            if not self._part.wanted(self._shape):
                self._part.text, self._part.nested = [], None


def _take_part(hoso: Hoso, part: _Part, shape: Shape) -> None:
    """Add the records of a finished part to its HOSO; a part that cannot be read is a problem of this HOSO alone."""
    if part.kind not in shape.kinds or part.given_up:
        return
    hoso.size += part.size
    records = part.nested
    if records is None:
        try:
            records = _decoded("".join(part.text), shape)
        except Broken as wrong:
            hoso.wrong(part.kind, wrong.label)
            return
    kept, found = hoso.records.setdefault(part.kind, []), records.found(part.kind)
    if len(kept) + len(found) > MOST_RECORDS:
        hoso.wrong(part.kind, _too_many())
        return
    kept += found


def _decoded(text: str, shape: Shape) -> _Records:
    """The records of a document that stands in the file as Base64 or as text. Raises Broken."""
    records, text = _Records(shape), text.strip().lstrip("\ufeff")
    if not text:
        return records
    if text.startswith("<"):
        body = text.encode()
    else:
        try:
            body = binascii.a2b_base64("".join(text.split()), strict_mode=True)
        except ValueError as wrong:
            raise Broken(N_("Nội dung không phải Base64 đúng quy cách."), 1, 1) from wrong
    Reader(records).read(body[at : at + _PIECE] for at in range(0, len(body), _PIECE))
    return records


def read(pieces: Iterable[bytes], shape: Shape) -> Iterator[Hoso]:
    """Each HOSO of a file as soon as it is complete. Raises Broken where the file cannot be read on; what came before holds."""
    envelope = _Envelope(shape)
    reader = Reader(envelope)
    envelope.line = lambda: reader.line
    for piece in pieces:
        try:
            reader.feed(piece)
        except Broken:
            yield from envelope.ready
            raise
        yield from envelope.ready
        envelope.ready.clear()
    reader.close()
