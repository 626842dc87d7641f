"""The form of an upload comes in pieces of any size, gives on the file alone, and says what is wrong."""

import pytest
from hypothesis import given, strategies as st

from app.api.form_data import FormData
from app.errors import InvalidInput

CONTENT_TYPE = "multipart/form-data; boundary=edge"
MOST = 1000
FILE = 'form-data; name="file"; filename="cohort.csv"'


def form(*parts: tuple[str, bytes], end: bytes = b"--edge--\r\n") -> bytes:
    """A form of these parts, each by its Content-Disposition."""
    told = (f"--edge\r\nContent-Disposition: {name}\r\n\r\n".encode() + body for name, body in parts)
    return b"".join(part + b"\r\n" for part in told) + end


def parsed(
    body: bytes, step: int = 1 << 20, content_type: str = CONTENT_TYPE
) -> tuple[bytes, dict[str, bytes]]:
    """The file and the fields of a form that comes in pieces of so many bytes."""
    data = FormData(content_type, "mapping", "dryRun", most=MOST)
    file = b"".join(data.feed(body[place : place + step]) for place in range(0, len(body), step))
    data.end()
    return file, data.fields


def refused(body: bytes, content_type: str = CONTENT_TYPE) -> list[tuple[str, str]]:
    """Place and code of what is wrong with a form."""
    with pytest.raises(InvalidInput) as raised:
        parsed(body, content_type=content_type)
    return [(one.location, one.code) for one in raised.value.faults]


@given(
    content=st.lists(st.sampled_from([b"\r\n", b"--edge", b"--", b"edge", b"-", b"\r", b"\n", b"a;b"])).map(
        b"".join
    ),
    step=st.integers(1, 50),
)
def test_the_file_is_what_was_sent_whatever_the_pieces(content: bytes, step: int) -> None:
    if b"\r\n--edge" in b"\r\n" + content:
        return  # RFC 2046 has the sender choose another boundary
    body = form(("form-data; name=dryRun", b"true"), ("form-data; name=mapping", b"[a]"), (FILE, content))
    assert parsed(body, step) == (content, {"dryRun": b"true", "mapping": b"[a]"})


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (form((FILE, b"a"), ("form-data; name=other", b"b")), ("/other", "unknown_field")),
        (form((FILE, b"a"), ('form-data; name="900000012 x"', b"b")), ("/?", "unknown_field")),
        (form((FILE, b"a"), (FILE, b"b")), ("/file", "duplicate")),
        (form(*(("form-data; name=dryRun", b"true"),) * 2, (FILE, b"a")), ("/dryRun", "duplicate")),
        (form((FILE, b"a"), ("form-data; name=dryRun", b"true")), ("/dryRun", "form.file_last")),
        (form(("form-data; name=dryRun", b"true")), ("/file", "required")),
        (form(("form-data; name=mapping", b"a" * (MOST + 1))), ("/mapping", "too_long")),
        (form((FILE, b"a"), end=b""), ("", "form.invalid")),
        (form((FILE, b"a"), end=b"--edge"), ("", "form.invalid")),
        (form((f"{FILE}\r\nContent-Transfer-Encoding: base64", b"YQ==")), ("", "form.invalid")),
        (form((f"{FILE}\r\nContent-Disposition: form-data; name=mapping", b"a")), ("", "form.invalid")),
        (form(("attachment; name=file", b"a")), ("", "form.invalid")),
        (b'{"file": "a"}', ("", "form.invalid")),
        (b"", ("", "form.invalid")),
        (b"--edge--\r\n", ("/file", "required")),
        (b"--edge\r\n" + b"X: y\r\n" * 1000, ("", "form.invalid")),
        (b"--edge\r\nContent-Disposition: " + b"x" * 1_000_000, ("", "form.invalid")),
    ],
)  # fmt: skip
def test_what_is_no_such_form_is_refused_by_its_place(body: bytes, fault: tuple[str, str]) -> None:
    assert refused(body) == [fault]


@pytest.mark.parametrize("told", ["", "; boundary=", f"; boundary={'x' * 1000}"])
def test_a_form_without_a_usable_boundary_is_refused(told: str) -> None:
    assert refused(form((FILE, b"a")), f"multipart/form-data{told}") == [("", "form.invalid")]
