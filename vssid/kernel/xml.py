"""XML from strangers, read as a stream in bounded memory: no document types, no entities, no depth without end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn, Protocol
from xml.parsers import expat

from vssid.kernel.labels import N_, Label

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLAIN = ("utf-8", "utf8", "us-ascii", "ascii", "utf-16")
_TEXT_BUFFER = 64 * 1024
_WORDS = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: N_("Không có nội dung XML."),
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: N_("Tệp bị cắt giữa chừng."),
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION]: N_("Tệp bị cắt giữa chừng."),
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR]: N_("Tệp bị cắt giữa chừng."),
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]: N_("Thẻ đóng không khớp thẻ mở."),
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]: N_("Có ký tự không dùng được hoặc không phải chữ UTF-8."),
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: N_("Có thực thể (entity) không được phép."),
}
_MALFORMED = N_("Không phải XML đúng quy cách.")


@dataclass(frozen=True)
class Limits:
    """How deep elements may lie within each other, and how many bytes one mark-up (a tag with its attributes) may have."""

    depth: int = 24
    mark_up: int = 256 * 1024


class Broken(Exception):
    """A document that cannot be read on: why, and where (line from 1, column from 1)."""

    def __init__(self, reason: Label, line: int, column: int) -> None:
        """Keep the reason for people."""
        super().__init__(str(reason))
        self.reason, self.line, self.column = reason, line, column

    @property
    def label(self) -> Label:
        """Reason and place in one sentence."""
        return N_("Dòng %(line)s, cột %(column)s: %(reason)s", line=self.line, column=self.column, reason=self.reason)


class Listener(Protocol):
    """Who is told of elements and text; `depth` of the root is 1. Raising `Unwanted` ends the reading with words."""

    def start(self, name: str, depth: int) -> None:
        """An element begins."""

    def end(self, name: str, depth: int) -> None:
        """It ends."""

    def text(self, data: str) -> None:
        """A piece of text, never the whole of a long one."""


class Unwanted(Exception):
    """A listener will not go on: the words say why."""

    def __init__(self, reason: Label) -> None:
        """Keep the words."""
        super().__init__(str(reason))
        self.reason = reason


class Reader:
    """One document, fed piece by piece. Every method raises Broken; nothing of a document type is ever expanded."""

    def __init__(self, listener: Listener, limits: Limits = Limits()) -> None:
        """Tell `listener` what comes."""
        self._listener, self._limits = listener, limits
        self._depth, self._fed = 0, 0
        self._parser: expat.XMLParserType | None = None

    @property
    def line(self) -> int:
        """Where the reading stands."""
        return self._parser.CurrentLineNumber if self._parser else 1

    def feed(self, data: bytes) -> None:
        """The next bytes of the document."""
        parser = self._parser or self._begin(data)
        self._fed += len(data)
        self._guarded(lambda: parser.Parse(data, False))
        if self._fed - parser.CurrentByteIndex > self._limits.mark_up + len(data):
            self._fail(N_("Thẻ XML dài quá mức cho phép."))

    def close(self) -> None:
        """There is no more: raises Broken when something is missing."""
        parser = self._parser or self._begin(b"")
        self._guarded(lambda: parser.Parse(b"", True))

    def read(self, pieces: Iterable[bytes]) -> None:
        """All of a document."""
        for piece in pieces:
            self.feed(piece)
        self.close()

    def _begin(self, first: bytes) -> "expat.XMLParserType":
        # Many exports are UTF-8 and say utf-16, a habit of the tools that made them: the bytes tell, not the heading.
        parser = self._parser = expat.ParserCreate("utf-16" if first.startswith(_UTF16) else "utf-8")
        parser.buffer_text, parser.buffer_size = True, _TEXT_BUFFER
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._heading
        parser.StartDoctypeDeclHandler = self._document_type
        parser.EntityDeclHandler = self._document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._listener.text
        return parser

    def _heading(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _PLAIN:
            raise Unwanted(N_("Bảng mã %(name)s không dùng được. Hãy xuất tệp bằng UTF-8.", name=encoding[:40]))

    def _document_type(self, *_about: object) -> None:
        raise Unwanted(N_("Tệp có khai báo DOCTYPE hoặc thực thể (entity), không được phép."))

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise Unwanted(N_("Các thẻ lồng nhau quá %(max)s tầng.", max=self._limits.depth))
        self._listener.start(name, self._depth)

    def _end(self, name: str) -> None:
        self._listener.end(name, self._depth)
        self._depth -= 1

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Unwanted as wrong:
            self._fail(wrong.reason, wrong)
        except expat.ExpatError as wrong:
            # Elements that are still open when the bytes end: the file was cut.
            cut = wrong.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS] and self._fed > 0
            reason = N_("Tệp bị cắt giữa chừng.") if cut else _WORDS.get(wrong.code, _MALFORMED)
            self._fail(reason, wrong)

    def _fail(self, reason: Label, cause: Exception | None = None) -> NoReturn:
        parser = self._parser
        line, column = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1) if parser else (1, 1)
        if isinstance(cause, expat.ExpatError):
            line, column = cause.lineno, cause.offset + 1
        raise Broken(reason, line, column) from cause
