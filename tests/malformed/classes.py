"""The classes of malformed requests (SECURITY 7.1 and beyond): what is sent, and what must be refused."""

import gzip
import json
from dataclasses import dataclass
from typing import Final

CANARY: Final = "kanarie9137"
DIGITS: Final = "91379137913791379137"


@dataclass(frozen=True)
class Malformed:
    """A piece of a request, raw; `refused` where no operation may take it."""

    raw: str
    refused: bool = True


def text(value: str, *, refused: bool = True) -> Malformed:
    return Malformed(json.dumps(value), refused)


def _inside(opening: str, closing: str, times: int) -> str:
    return opening * times + f'"{CANARY}"' + closing * times


# At every place of every body, over the value that belongs there.
VALUES: Final[dict[str, Malformed]] = {
    **{
        f"character {ord(c):04x}": text(f"{CANARY}{c}")
        for c in "\x00\x08\x1b\x7f\x85\u061c\u200b\u200e\u2028\u202e\u2060\u2066\u206f\ufeff"
    },
    "half a surrogate": Malformed(f'"{CANARY}\\ud83d"'),
    "two second halves": Malformed(f'"\\udc00\\udc00{CANARY}"'),
    "blank": text(" \t "),
    "empty text": text(""),
    "a very long text": text(CANARY * 20_000),
    "marks in a row": Malformed(f'"{CANARY}' + "\u0315\u0300" * 20_000 + '"'),
    "a bad escape": Malformed(f'"{CANARY}\\x41"'),
    "a raw line end": Malformed(f'"{CANARY}\n"'),
    "an open text": Malformed(f'"{CANARY}'),
    "NaN": Malformed("NaN"),
    "Infinity": Malformed("-Infinity"),
    "1e400": Malformed("1e400"),
    "a number over int8": Malformed(DIGITS),
    "five thousand digits": Malformed("9" * 5000),
    "a number with a leading zero": Malformed("0913791379"),
    "a hexadecimal number": Malformed("0x9137"),
    "half a year": Malformed("17.5"),
    "minus a lot": Malformed(f"-{DIGITS}"),
    "an unknown word": Malformed("undefined"),
    "Python's None": Malformed("None"),
    "an unknown code": text(f"{CANARY}\u0000code"),
    "a list of odd things": Malformed(f'[[], {{}}, 17.5, "{CANARY}\\u0000"]'),
    "a hundred thousand items": Malformed("[" + ",".join([f'"{CANARY}"'] * 50_000) + "]"),
    "an object with an odd name": Malformed(f'{{"{CANARY} {CANARY}": 1}}'),
    "an object with a citizen number": Malformed(f'{{"bsn": "{CANARY}"}}'),
    "an object with a doubled name": Malformed(f'{{"kind": "{CANARY}", "kind": "{CANARY}"}}'),
    "lists in lists": Malformed(_inside("[", "]", 40)),
    "objects in objects": Malformed(_inside('{"a":', "}", 900)),
    "a thousand names": Malformed("{" + ",".join(f'"{CANARY} {n}":1' for n in range(1000)) + "}"),
    # What may be right somewhere: it is told apart, never a 5xx, never repeated in a refusal.
    "null": Malformed("null", refused=False),
    "true": Malformed("true", refused=False),
    "zero": Malformed("0", refused=False),
    "minus one": Malformed("-1", refused=False),
    "an empty list": Malformed("[]", refused=False),
    "an empty object": Malformed("{}", refused=False),
    "a day that is none": text("2026-02-30", refused=False),
    "the first day": text("0001-01-01", refused=False),
    "the last day": text("9999-12-31", refused=False),
    "a moment with an offset": text("2026-05-14T00:00:00+14:00", refused=False),
    "Arabic digits": text("\u0662\u0660\u0660\u0668-05-15", refused=False),
    "a formula": text(f"=cmd|'{CANARY}'!A1", refused=False),
    "SQL": text(f"'; DROP TABLE referral; -- {CANARY}", refused=False),
    "a page": text(f"<script>{CANARY}</script>", refused=False),
    "a template": text("{{7*7}}${7*7}%s%n" + CANARY, refused=False),
    "letters with marks": text(f"Zoe\u0308 {CANARY}", refused=False),
    "outside of the first plane": text(f"\U0001f426 \U0010ffff {CANARY}", refused=False),
    "a non-character": text(f"\ufffe\uffff {CANARY}", refused=False),
    "letters that look alike": text(f"\u0430\u0435\u043e {CANARY}", refused=False),
    "a name that becomes longer": text("\u0958" * 60, refused=False),
}

# In every object of every body, beside what belongs there.
PAIRS: Final[dict[str, str]] = {
    "an unknown name": f'"{CANARY} x": 1',
    "a name with somebody's number": f'"{CANARY}": 1',
    "an empty name": f'"": "{CANARY}"',
    "a name with a NUL": f'"{CANARY}\\u0000": 1',
    "a name with half a surrogate": f'"{CANARY}\\ud800": 1',
    "a name turned around": f'"{CANARY}\\u202e": 1',
    "a very long name": f'"{CANARY * 20_000}": 1',
    "a name of JavaScript": f'"__proto__": {{"{CANARY} x": 1}}',
    "a name of Python": f'"__class__": "{CANARY}"',
    "a name with a slash": f'"{CANARY}/~0~1": 1',
    "a number as name": f'{DIGITS}: "{CANARY}"',
    "bsn": f'"bsn": "{CANARY}"',
    "BSN in capitals": f'"BSN": {DIGITS}',
    "bsn in parts": f'"student_b-s-n": "{CANARY}"',
    "bsn deeper": f'"x": [{{"y": {{"burgerServiceNummer": "{CANARY}"}}}}]',
    "pgn": f'"pgn": "{CANARY}"',
    "onderwijsnummer": f'"onderwijsNr": 1, "onderwijsnummer": "{CANARY}"',
    "a doubled name": f'"{CANARY} x": 1, "{CANARY} x": 1',
    "a name and no value": f'"{CANARY} x"',
    "a comma too many": f'"{CANARY} x": 1,',
}

# Whole bodies, of every operation that takes one.
DOCUMENTS: Final[dict[str, bytes]] = {
    "nothing": b"",
    "half an object": f'{{"reason": "{CANARY}"'.encode(),
    "half an object after a doubled name": b'{"x": {"a": 1, "a": 1}, "y": ',
    "half an object after a citizen number": b'[{"bsn": 1}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": f'{{"reason": "{CANARY}"}}'.encode("utf-16"),
    "UTF-32": f'{{"reason": "{CANARY}"}}'.encode("utf-32-be"),
    "Latin-1": '{"reason": "kanari\u00eb 9137"}'.encode("latin-1"),
    "a surrogate in bytes": b'{"reason": "\xed\xa0\x80"}',
    "an overlong slash": b'{"reason": "\xc0\xaf"}',
    "bytes of nothing": bytes(range(256)),
    "a NUL before": b"\x00{}",
    "two documents": b"{}{}",
    "a line for each": b"{}\n{}",
    "a comment": f"{{/* {CANARY} */}}".encode(),
    "single quotes": f"{{'reason': '{CANARY}'}}".encode(),
    "a comma at the end": b'{"problemDomains": ["debts",],}',
    "a list": f'["{CANARY}"]'.encode(),
    "a text": f'"{CANARY}"'.encode(),
    "a number": DIGITS.encode(),
    "null alone": b"null",
    "true alone": b"true",
    "NaN alone": b"NaN",
    "a hundred thousand openings": b"[" * 100_000,
    "depth 33": b'{"a":' * 33 + b"1" + b"}" * 33,
    "depth 5,000": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "sixty thousand names": b"{" + b",".join(b'"k %d":1' % n for n in range(60_000)) + b"}",
    "a hundred thousand bad items": b'{"consents": [' + b",".join([b"{}"] * 100_000) + b"]}",
    "a megabyte of space": b" " * 1_000_000,
    "packed, and not said so": gzip.compress(f'{{"reason": "{CANARY}"}}'.encode()),
    "a form": f"reason={CANARY}".encode(),
    "XML": f"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;{CANARY}</a>".encode(),
}

JSON: Final = (b"content-type", b"application/json")
# Headers of every operation, with whether the request must be refused for them.
HEADERS: Final[dict[str, tuple[list[tuple[bytes, bytes]], bool]]] = {
    "a large header": ([(b"x-large", CANARY.encode() * 20_000)], True),
    "a large name": ([(CANARY.encode() * 20_000, b"1")], True),
    "ten thousand headers": ([(b"x-%d" % n, b"1") for n in range(10_000)], True),
    "no key": ([(b"authorization", b"")], False),
    "a key of another kind": ([(b"authorization", f"Basic {CANARY}".encode())], False),
    "half a key": ([(b"authorization", f"Bearer vr_{CANARY}".encode())], False),
    "a key that nobody has": ([(b"authorization", b"Bearer vr_9137913791379137_" + b"A" * 43)], False),
    "a key with a NUL": ([(b"authorization", f"Bearer vr_\x00{CANARY}".encode())], False),
    "a key in Latin-1": ([(b"authorization", b"Bearer \xff\xfe" + CANARY.encode())], False),
    "two keys": ([(b"authorization", b"Bearer a"), (b"authorization", CANARY.encode())], False),
    "an unknown format asked": ([(b"accept", f"text/{CANARY}".encode())], True),
    "JSON refused": ([(b"accept", b"application/json;q=0, application/*;q=0, */*;q=0")], True),
    "Accept of nonsense": ([(b"accept", f";;q=,{CANARY}/;/*,\x00".encode())], True),
    "a request id of words": ([(b"x-request-id", CANARY.encode())], False),
    "a trace id of words": ([(b"traceparent", f"00-{CANARY}-{CANARY}-00".encode())], False),
    "a trace id of zeros": ([(b"traceparent", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-00")], False),
    "If-None-Match of nonsense": ([(b"if-none-match", f'W/"{CANARY}, *,,"'.encode())], False),
    "If-Match of nonsense": ([(b"if-match", f'"{DIGITS}", {CANARY}'.encode())], False),
    "an empty If-Match": ([(b"if-match", b"")], False),
    "another host": ([(b"host", f"{CANARY}.example:99999".encode())], False),
    "a host with a path": ([(b"host", f"{CANARY}/a?b#c".encode())], False),
    "a host forwarded": (
        [(b"x-forwarded-host", CANARY.encode()), (b"forwarded", b"host=" + CANARY.encode())],
        False,
    ),
    "another method": ([(b"x-http-method-override", b"DELETE")], False),
    "a part": ([(b"range", b"bytes=0-1,5-,-" + DIGITS.encode())], False),
    "a cookie": ([(b"cookie", f"session={CANARY}".encode())], False),
    "an origin": ([(b"origin", f"https://{CANARY}.example".encode())], False),
    "a language": ([(b"accept-language", f"{CANARY};q=9".encode())], False),
    "an encoding": ([(b"accept-encoding", f"{CANARY}, identity;q=0".encode())], False),
    "an acting user": ([(b"acting-user", f"{CANARY}\x00".encode() * 20)], False),
    "bytes over 127": ([(b"x-bytes", bytes(range(128, 256)))], False),
    "a length that is none": ([(b"content-length", CANARY.encode())], False),
}
# Headers of a body, of every operation that takes one.
BODY_HEADERS: Final[dict[str, list[tuple[bytes, bytes]]]] = {
    "no media type": [],
    "plain text": [(b"content-type", b"text/plain")],
    "a form's media type": [(b"content-type", b"application/x-www-form-urlencoded")],
    "parts": [(b"content-type", f"multipart/form-data; boundary={CANARY}".encode())],
    "an unknown charset": [(b"content-type", f"application/json; charset={CANARY}".encode())],
    "UTF-16's charset": [(b"content-type", b"application/json; charset=utf-16")],
    "a charset of RFC 2231": [(b"content-type", f"application/json; charset*=utf-8''{CANARY}".encode())],
    "a media type of nonsense": [(b"content-type", f";;;{CANARY}\x00/=".encode())],
    "gzip": [JSON, (b"content-encoding", b"gzip")],
    "an unknown packing": [JSON, (b"content-encoding", CANARY.encode())],
}
# Values of the headers that an operation declares.
DECLARED: Final[dict[str, bytes]] = {
    "empty": b"",
    "spaces": f"{CANARY} {CANARY}".encode(),
    "long": CANARY.encode() * 1000,
    "over 127": b"\xe9\xff" + CANARY.encode(),
    "a NUL inside": f"{CANARY}\x00".encode(),
}

# In place of each parameter of a path.
STEPS: Final[dict[str, bytes]] = {
    "words": CANARY.encode(),
    "%00": b"%00" + CANARY.encode(),
    "a place in the feed that is none": b"f" + b"_" * 31,
    "a line end": b"%0d%0aX-Injected:%20" + CANARY.encode(),
    "up": b"..%2f..%2f" + CANARY.encode(),
    "up, twice packed": b"%252e%252e%252f" + CANARY.encode(),
    "bytes that are no text": b"%ff%fe" + CANARY.encode(),
    "a surrogate": b"%ed%a0%80" + CANARY.encode(),
    "a percent sign": b"%" + CANARY.encode(),
    "half a percent code": b"%zz" + CANARY.encode(),
    "thirty digits": b"9137" * 8,
    "less than nothing": b"-1",
    "a UUID too long": b"01a1fdfa-4600-7966-82a4-f3301f248691-" + CANARY.encode(),
    "a UUID in braces": b"%7B01a1fdfa-4600-7966-82a4-f3301f248691%7D",
    "a UUID of nothing": b"00000000-0000-0000-0000-000000000000",
    "SQL": b"'%20OR%20'1'='1" + CANARY.encode(),
    "dots": b"...",
    "a parameter of old": b"x;a=" + CANARY.encode(),
    "emoji": b"%F0%9F%90%A6" + CANARY.encode(),
    "Arabic digits": b"%D9%A2%D9%A0%D9%A2%D9%A6",
    "three thousand letters": CANARY.encode() * 300,
    "nine thousand letters": CANARY.encode() * 900,
}

# Those that may be an id somewhere.
POSSIBLE_STEPS: Final = {"words", "thirty digits", "less than nothing", "a UUID of nothing"}

# The whole query of every operation.
QUERIES: Final[dict[str, bytes]] = {
    "an unknown parameter": f"{CANARY}%20x={CANARY}".encode(),
    "a key": f"access_token={CANARY}&api_key={CANARY}".encode(),
    "only signs": b"&&==&;;&=?",
    "half a code": b"%=%z&%" + CANARY.encode(),
    "no text": b"%ff%fe=%ed%a0%80",
    "a thousand parameters": b"&".join(b"p%d=1" % n for n in range(1000)),
    "too long": b"x=" + CANARY.encode() * 900,
    "bytes over 127": b"x=\xff\xfe",
}
# Values of each parameter of a query that an operation declares.
ARGUMENTS: Final[dict[str, bytes]] = {
    "nothing": b"",
    "words": CANARY.encode(),
    "%00": b"%00" + CANARY.encode(),
    "no text": b"%ff" + CANARY.encode(),
    "a number over int8": DIGITS.encode(),
    "minus one": b"-1",
    "a fraction": b"1.5",
    "an exponent": b"1e400",
    "a day that is none": b"2026-02-30",
    "the first day": b"0001-01-01",
    "the last day": b"9999-12-31",
    "a moment": b"2026-05-14T00:00:00%2B14:00",
    "a cursor of another": b"AAAAAAAAAAAAAAAAAAAAAA",
    "a cursor cut off": b"AAAAAAAAAAAAAAAAAAAAA",
    "a cursor that is none": b"________________-----_",
    "a line end": b"%0d%0a" + CANARY.encode(),
    "three thousand letters": CANARY.encode() * 300,
    "marks in a row": b"a" + b"%CC%95%CC%80" * 600,
    "a list": b"1&NAME=2",
    "another list": b"1&NAME[]=" + CANARY.encode(),
}

METHODS: Final = ("TRACE", "PATCH", "PROPFIND", "BREW", "get", CANARY.upper(), "X" * 5000)
