"""The classes of malformed uploads: forms that are none, or ask for something else."""

from typing import Final

from tests.malformed.classes import CANARY


def _part(name: str, content: bytes, more: str = "") -> bytes:
    """A part of a form, with its boundary before it."""
    head = f'--rand\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode("utf-8", "surrogateescape") + content + b"\r\n"


FILE: Final = _part("file", f"sourceReference\n{CANARY}\n".encode(), '; filename="a.csv"')
END: Final = b"--rand--\r\n"
_FORM: Final = b"multipart/form-data; boundary=rand"
# Whole uploads, of every operation that takes a file: the media type that is said, and the body.
UPLOADS: Final[dict[str, tuple[bytes, bytes]]] = {
    "no form at all": (_FORM, CANARY.encode()),
    "an empty form": (_FORM, b""),
    "a form without a part": (_FORM, END),
    "a form without an end": (_FORM, FILE),
    "half an end": (_FORM, FILE + b"--rand-"),
    "a form without a boundary": (b"multipart/form-data", FILE + END),
    "another boundary": (b"multipart/form-data; boundary=other", FILE + END),
    "an empty boundary": (b'multipart/form-data; boundary=""', FILE + END),
    "a very long boundary": (b"multipart/form-data; boundary=" + b"r" * 5000, FILE + END),
    "a boundary in bytes of nothing": (b"multipart/form-data; boundary=\xff\xfe", FILE + END),
    "a part that nobody knows": (_FORM, _part(f"{CANARY} x", b"1") + FILE + END),
    "a part without a name": (_FORM, _part("", b"1") + FILE + END),
    "a part named twice": (_FORM, _part("dryRun", b"true") * 2 + FILE + END),
    "two files": (_FORM, FILE + FILE + END),
    "a part behind the file": (_FORM, FILE + _part("dryRun", b"true") + END),
    "no file": (_FORM, _part("dryRun", b"true") + END),
    "a flag that is none": (_FORM, _part("dryRun", CANARY.encode()) + FILE + END),
    "a mapping that is no TOML": (_FORM, _part("mapping", f"{CANARY} =".encode()) + FILE + END),
    "a mapping of bytes": (_FORM, _part("mapping", bytes(range(256))) + FILE + END),
    "a mapping nested deep": (_FORM, _part("mapping", b"a = " + b"[" * 30_000) + FILE + END),
    "a mapping with ten thousand names": (
        _FORM, _part("mapping", b"[columns]\n" + b"".join(b'a%d="b"\n' % n for n in range(5000))) + FILE,
    ),
    "a mapping with a citizen number": (
        _FORM, _part("mapping", f'[columns]\n"reason" = "bsn {CANARY}"'.encode()) + FILE + END,
    ),
    "a mapping that is too large": (_FORM, _part("mapping", CANARY.encode() * 10_000) + FILE + END),
    "a header that never ends": (_FORM, b"--rand\r\nContent-Disposition: " + CANARY.encode() * 20_000),
    "a thousand headers": (_FORM, b"--rand\r\n" + b"X-Y: z\r\n" * 1000 + b"\r\n" + END),
    "a header named twice": (
        _FORM, FILE.replace(b"\r\n\r\n", b"\r\nContent-Disposition: form-data; name=x\r\n\r\n"),
    ),
    "a header that is none": (_FORM, b"--rand\r\n" + CANARY.encode() + b"\r\n\r\n" + END),
    "a part that is packed": (
        _FORM, FILE.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1) + END,
    ),
    "lines that end short": (_FORM, FILE.replace(b"\r\n", b"\n") + END),
    "another kind of form": (b"multipart/mixed; boundary=rand", FILE + END),
    "a form of the web": (b"application/x-www-form-urlencoded", f"file={CANARY}".encode()),
    "a text": (b"text/plain", CANARY.encode()),
    "bytes": (b"application/octet-stream", bytes(range(256))),
    "JSON": (b"application/json", f'{{"file": "{CANARY}"}}'.encode()),
    "no media type": (b"", CANARY.encode()),
}  # fmt: skip
