"""The form of an upload (multipart/form-data, RFC 7578), parsed while it arrives; never whole in memory."""

from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.errors import InvalidInput
from app.schemas.faults import fault
from app.schemas.json_body import shown

MEDIA_TYPE: Final = "multipart/form-data"
FILE: Final = "file"


class FormData:
    """Gives on the bytes of `file`, and keeps the small fields before it: each once, and none unknown."""

    def __init__(self, content_type: str, *names: str, most: int) -> None:
        """`names` are the fields there may be besides the file, of so many bytes at most.

        Raises InvalidInput without a boundary.
        """
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise _malformed()
        self.fields: dict[str, bytes] = {}
        self._most = most
        self._names = frozenset({FILE, *names})
        self._seen: set[str] = set()
        self._part = ""
        self._header = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._file: list[bytes] = []
        self._is_whole = False
        self._parser = self._parser_of(boundary)

    @property
    def has_file(self) -> bool:
        """Whether the file has begun: all fields are there then."""
        return FILE in self._seen

    def feed(self, piece: bytes) -> bytes:
        """What of a piece of the body belongs to the file. Raises InvalidInput."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise _malformed() from None
        found = b"".join(self._file)
        self._file.clear()
        return found

    def end(self) -> None:
        """The body has ended. Raises InvalidInput where the form has not, or where there was no file."""
        if not self._is_whole:
            raise _malformed()
        if not self.has_file:
            raise InvalidInput(fault(f"/{FILE}", "required"))

    def _parser_of(self, boundary: bytes) -> MultipartParser:
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._name_header,
                    "on_header_value": self._tell_header,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._name_part,
                    "on_part_data": self._take,
                    "on_end": self._finish,
                },
            )
        except FormParserError:
            raise _malformed() from None

    def _begin(self) -> None:
        self._headers.clear()

    def _name_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _tell_header(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() in self._headers:
            raise _malformed()
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _name_part(self) -> None:
        """The headers of a part are there: it is one that is known and new, and not wrapped up otherwise."""
        value = self._headers.get(b"content-disposition", b"").decode("latin-1")
        kind, options = parse_options_header(value)
        self._part = options.get(b"name", b"").decode("latin-1")
        if kind != b"form-data" or b"content-transfer-encoding" in self._headers:
            raise _malformed()
        if self._part not in self._names:
            raise InvalidInput(fault(f"/{shown(self._part)}", "unknown_field"))
        if self._part in self._seen:
            raise InvalidInput(fault(f"/{self._part}", "duplicate"))
        if self.has_file:
            raise InvalidInput(fault(f"/{self._part}", "form.file_last"))
        self._seen.add(self._part)
        if self._part != FILE:
            self.fields[self._part] = b""

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._part == FILE:
            self._file.append(data[start:end])
            return
        self.fields[self._part] += data[start:end]
        if len(self.fields[self._part]) > self._most:
            raise InvalidInput(fault(f"/{self._part}", "too_long"))

    def _finish(self) -> None:
        self._is_whole = True


def _malformed() -> InvalidInput:
    return InvalidInput(fault("", "form.invalid"))
