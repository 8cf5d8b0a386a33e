"""Forms: small ones of ours are read, and no other body gets far."""

import asyncio
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from cnddigest.web import forms

KIND = forms.FORM


def read(pieces: Iterable[bytes], *, kind: str = KIND, length: str | None = None) -> tuple[Mapping[str, str], int]:
    """Return what a body says, and how many octets of it were taken."""
    left = list(pieces)
    headers = [(b"content-type", kind.encode())] if kind else []
    headers += [(b"content-length", length.encode("latin-1"))] if length is not None else []
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        if not left:
            return {"type": "http.disconnect"}
        piece = left.pop(0)
        taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def reading() -> Mapping[str, str]:
        return await forms.read(Request({"type": "http", "method": "POST", "headers": headers}, receive))

    return asyncio.run(reading()), taken


def refused(*pieces: bytes, **how: str) -> int:
    with pytest.raises(forms.Refused) as caught:
        read(pieces, **how)
    return caught.value.status


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=60), min_size=1, max_size=20), st.integers(1, 50))
def test_whatever_a_browser_sends_is_read_in_pieces_of_any_size(fields: dict[str, str], size: int) -> None:
    body = urlencode(fields).encode()

    found, _ = read([body[at : at + size] for at in range(0, len(body), size)])

    assert found == fields


def test_the_last_of_a_name_counts() -> None:
    assert read([b"a=1&b=2&a=3"])[0] == {"a": "3", "b": "2"}


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_another_kind_of_body_has_no_fields(kind: str) -> None:
    assert read([b'{"do": "erase"}'], kind=kind)[0] == {}


@pytest.mark.parametrize("kind", ["", KIND.upper(), f"{KIND}; charset=utf-8", f"{KIND};charset=Shift_JIS"])
def test_a_form_is_one_however_its_kind_is_written(kind: str) -> None:
    assert read([b"do=pause"], kind=kind)[0] == {"do": "pause"}


@pytest.mark.parametrize("body", [b"\xff=1", b"a=%ff", b"a=%e3%81", b"&".join([b"a=1"] * 41)])
def test_what_is_no_text_or_has_too_many_fields_is_refused(body: bytes) -> None:
    assert refused(body) == 400


@pytest.mark.parametrize("length", ["10000000", "9" * 400, "-1", "1e3", "²", "", " "])
def test_a_body_that_says_it_is_long_is_not_read(length: str) -> None:
    assert refused(b"x", length=length) in (400, 413)


def test_a_body_that_turns_out_long_is_read_no_further() -> None:
    def endless() -> Iterable[bytes]:
        return [b"x" * 4096] * 1000

    assert refused(*endless()) == 413


def test_whoever_hangs_up_is_no_fault() -> None:
    assert refused() == 400
