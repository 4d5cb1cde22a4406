"""Hospital files (GIAMDINHHS of QĐ 4210, 130, 4750, 3176) as a stream of HOSO; what a field means: see `fields`.

Only XML1 (the visit), XML2 (drugs) and XML3 (services, materials) are read. Everything else is passed over without being
decoded: of XML5 (notes on the course of an illness) and XML6 (HIV) nothing may get into this house.
"""

import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from vssid.kernel.labels import N_, Label
from vssid.kernel.xml import Broken, Reader, Unwanted
from vssid.records.visits.fields import FIELDS

ROOT = "GIAMDINHHS"
# The element of one record by the kind of part that it belongs to.
RECORDS = {"XML1": "TONG_HOP", "XML2": "CHI_TIET_THUOC", "XML3": "CHI_TIET_DVKT"}
_KINDS = {record: kind for kind, record in RECORDS.items()}
MOST_RECORDS = 5_000  # of one kind in one HOSO; a year in hospital has some thousands
LONGEST_PART = 16 * 1024**2  # signs of one NOIDUNGFILE
LONGEST_HOSO = 2 * LONGEST_PART  # signs of all parts of one HOSO that are read, however they stand in it
LONGEST_FIELD = 20_000
MOST_PROBLEMS = 20  # that are named of one HOSO: it is refused by the first
_LONGEST_NAME = 200
_PIECE = 64 * 1024

Record = dict[str, str]  # what elements say; those that say nothing are left out


@dataclass
class Hoso:
    """One HOSO of a file: its number in the file from 1, the line on which it begins, its records by kind of part.

    `problems` are (element, words) of what could not be read; then the records are incomplete. `size` is in signs.
    """

    number: int
    line: int
    facility: str
    records: dict[str, list[Record]] = field(default_factory=lambda: {kind: [] for kind in RECORDS})
    problems: list[tuple[str, Label]] = field(default_factory=list)
    size: int = 0

    def wrong(self, element: str, words: Label) -> None:
        """Note what could not be read."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((element, words))


class _Records:
    """Listens to the document of a part and gathers its records: by element name, in any order, unknown ones passed over."""

    def __init__(self) -> None:
        self.found: dict[str, list[Record]] = {kind: [] for kind in RECORDS}
        self._record: Record | None = None
        self._kind = self._field = ""
        self._text: list[str] = []
        self._size = self._count = 0

    def start(self, name: str, _depth: int) -> None:
        if self._record is None:
            if name in _KINDS:
                self._record, self._kind = {}, _KINDS[name]
                self._count += 1
                if self._count > MOST_RECORDS:
                    raise Unwanted(_too_many())
        elif name in FIELDS and not self._field:
            self._field, self._text, self._size = name, [], 0

    def text(self, data: str) -> None:
        if self._field:
            self._size += len(data)
            if self._size > LONGEST_FIELD:
                raise Unwanted(N_("Mục %(name)s dài quá %(max)d ký tự.", name=self._field, max=LONGEST_FIELD))
            self._text.append(data)

    def end(self, name: str, _depth: int) -> None:
        if self._record is None:
            return
        if name == self._field:
            if value := "".join(self._text).strip():
                self._record[name] = value
            self._field = ""
        elif name == RECORDS[self._kind]:
            self.found[self._kind].append(self._record)
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

    @property
    def wanted(self) -> bool:
        """The kind may stand behind the content: then all is kept as it came, and nothing decoded yet."""
        return not self.given_up and (not self.kind or self.kind in RECORDS)


class _Envelope:
    """Listens to a file and puts each finished HOSO into `ready`."""

    def __init__(self) -> None:
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
        elif depth == 1 and name != ROOT:
            raise Unwanted(N_("Không phải tệp GIAMDINHHS: thẻ ngoài cùng là %(name)s.", name=name[:40]))
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
        if part is None or not part.wanted:
            return
        part.nested = part.nested or _Records()
        try:
            part.nested.start(name, depth)
        except Unwanted as wrong:
            self._give_up(part, wrong.reason)

    def text(self, data: str) -> None:
        if self._content_depth:
            if self._part is not None and self._part.wanted:
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
                _take_part(self._hoso, self._part)
            self._part = None
        elif name == "HOSO" and self._hoso is not None:
            self.ready.append(self._hoso)
            self._hoso = None

    def _keep(self, name: str, value: str) -> None:
        if name == "MACSKCB":
            self._facility = value
        elif self._part is not None:
            self._part.kind = value.upper().replace(" ", "")
            if not self._part.wanted:
                self._part.text, self._part.nested = [], None


def _take_part(hoso: Hoso, part: _Part) -> None:
    """Add the records of a finished part to its HOSO; a part that cannot be read is a problem of this HOSO alone."""
    if part.kind not in RECORDS or part.given_up:
        return
    hoso.size += part.size
    records = part.nested
    if records is None:
        try:
            records = _decoded("".join(part.text))
        except Broken as wrong:
            hoso.wrong(part.kind, wrong.label)
            return
    kept = hoso.records[part.kind]
    if len(kept) + len(records.found[part.kind]) > MOST_RECORDS:
        hoso.wrong(part.kind, _too_many())
        return
    kept += records.found[part.kind]


def _decoded(text: str) -> _Records:
    """The records of a document that stands in the file as Base64 or as text. Raises Broken."""
    records, text = _Records(), text.strip().lstrip("\ufeff")
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


def read(pieces: Iterable[bytes]) -> Iterator[Hoso]:
    """Each HOSO of a file as soon as it is complete. Raises Broken where the file cannot be read on; what came before holds."""
    envelope = _Envelope()
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
