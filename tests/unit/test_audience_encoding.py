"""Encodings of lists: names come in as they were written, or not at all."""

import gzip

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnddigest.audience.encoding import codec, decoded
from cnddigest.errors import WrongUse

DAILY = [bytes([first, second]).decode("euc_jp") for first in range(0xB0, 0xCF) for second in range(0xA1, 0xFF)]
KANA = [chr(code) for code in (*range(0x3042, 0x3094), *range(0x30A2, 0x30F5))]
NAMES = st.lists(st.text(st.sampled_from(DAILY + KANA), min_size=1, max_size=8), min_size=1, max_size=20)


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def reading(data, **said):
    """Return the text, and what was guessed."""
    guesses: list[str] = []
    return "".join(decoded([data], guessed=guesses.append, **said)), guesses


@given(NAMES, st.sampled_from([("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")]))
def test_japanese_names_are_read_as_written_and_the_guess_is_told(names, encoding):
    text = "".join(f"taro@example.org,{name}\n" for name in names)
    data = text.encode(encoding[0])
    assume(encoding[1] == "ISO-2022-JP" or not is_utf8(data))  # 任 in EUC-JP is Ǥ in UTF-8: of one name nobody can tell

    read = reading(data)

    assert read == (text, [encoding[1]])


def test_names_in_half_width_katakana_are_no_kanji():
    text = "taro@example.org,ﾔﾏﾀﾞ ﾀﾛｳ\nharu@example.org,ｶﾄｳ ﾊﾙ\n"

    assert reading(text.encode("cp932")) == (text, ["Shift_JIS"])


@pytest.mark.parametrize("name", ["José Müller", "Hélène", "GÜNTHER", "D’Été"])
def test_names_of_western_europe_are_no_kanji_either(name):
    text = f"taro@example.org,{name}\n"

    assert reading(text.encode("cp1252")) == (text, ["Windows-1252"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_proves_itself_is_no_guess(encoding):
    assert reading("taro@example.org,佐藤\n".encode(encoding)) == ("taro@example.org,佐藤\n", [])


def test_letters_far_behind_are_read_too():
    text = "taro@example.org\n" * 10_000 + "haru@example.org,港 春\n"
    data = text.encode("euc_jp")

    read = "".join(decoded(data[at : at + 999] for at in range(0, len(data), 999)))

    assert read == text


@pytest.mark.parametrize(
    ("data", "problem", "hint"),
    [
        (gzip.compress(b"email\n"), "list is a gzip archive", "gunzip -c"),
        (b"PK\x03\x04\x14\0\x06\0xl/", "Excel workbook", "CSV in UTF-8"),
        (b"%PDF-1.7\n", "list is a PDF", "CSV in UTF-8"),
        ("email,名前\n".encode("utf-16-le"), "list is UTF-16 without", "--encoding utf-16-le"),
        ("email,名前\n".encode("utf-16-be"), "list is UTF-16 without", "--encoding utf-16-be"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "list is no text", "CSV in UTF-8"),
        (b"email\n" + bytes(range(0x80, 0x100)), "encoding of the list can't be told", "--encoding shift_jis"),
    ],
    ids=["gzip", "xlsx", "pdf", "utf-16-le", "utf-16-be", "png", "no encoding"],
)
def test_what_is_no_list_says_what_it_is_and_what_to_do(data, problem, hint):
    with pytest.raises(WrongUse, match=problem) as caught:
        reading(data)

    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("label", ["EUC-JP", "Shift_JIS", "ISO-2022-JP", "utf-8", "UTF-16-LE", "windows-31j"])
def test_an_encoding_said_outright_is_believed(label):
    text = "taro@example.org,佐藤\n"

    assert reading(text.encode(codec(label)), encoding=codec(label)) == (text, [])


def test_an_encoding_nobody_writes_lists_in_is_refused():
    with pytest.raises(WrongUse, match="unknown encoding: rot13"):
        codec("rot13")
