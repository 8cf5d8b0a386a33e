"""Seals that another implementation believes, and that no change to a message survives."""

import base64
import dataclasses
import datetime as dt
import functools
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import dkim  # type: ignore[import-untyped]  # it has no types
import pytest
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, x25519
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builders import NOON, a_masthead, a_part, a_release, some_templates
from cnddigest.delivery.dkim import (
    LARGEST_FILE,
    LARGEST_PEM,
    OVERSIGNED,
    Algorithm,
    Sealer,
    Signer,
    generate,
    load_key,
)
from cnddigest.delivery.dns import records
from cnddigest.delivery.headers import fold
from cnddigest.delivery.letter import prepare
from cnddigest.delivery.message import Message, Person, message
from cnddigest.errors import BadConfiguration
from cnddigest.rendering.confirmation import confirmation
from cnddigest.rendering.issue import mailed
from hostile import hostile

BASE = "https://recaps.example.org"
SENDER = "港の会議 <recaps@example.org>"
TOKEN = "Abc-" * 8
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # nobody believes a seal of the future
BEGIN = b"-----BEGIN PRIVATE KEY-----\n"
PLAIN = (b"From: recaps@example.org\r\n",)


@functools.cache
def a_key(algorithm=Algorithm.ED25519):
    return load_key(generate(algorithm), "dkim.pem")


def a_sealer(*algorithms):
    return Sealer(
        signers=tuple(
            Signer(domain="example.org", selector=f"{algorithm}-2026", key=a_key(algorithm))
            for algorithm in algorithms or Algorithm
        )
    )


@functools.cache
def a_letter(sessions=3):
    issue = mailed(some_templates(), a_masthead(), a_release(part=a_part(sessions=sessions)))
    return prepare(issue, a_masthead(), sender=SENDER, part=1)


def a_message(letter=None, **fields):
    known: dict[str, object] = {
        "address": "reader@example.net",
        "name": "佐藤 太郎",
        "message_id": f"<{'0f' * 16}@recaps.example.org>",
        "sent_at": NOON,
        "unsubscribe_url": f"{BASE}/unsubscribe/{TOKEN}",
        "preferences_url": f"{BASE}/preferences/{TOKEN}",
        "confirm_url": f"{BASE}/confirm/{TOKEN}",
        "unsubscribe_address": f"unsub+{TOKEN}@example.org",
    }
    return message(letter or a_letter(), Person(**known | fields))  # type: ignore[arg-type]  # a builder has a keyword per fact


def sealed(made=None, sealer=None, *, at=LONG_AGO):
    made = made or a_message()
    return b"".join(made.segments(*(sealer or a_sealer()).seals(made, at=at)))


@functools.cache
def zone(sealer) -> Mapping[str, bytes]:
    found = records(sender="example.org", bounces="example.org", relay="127.0.0.1", signers=sealer.signers)
    return {f"{record.name}.": record.value.encode() for record in found}


def believed(octets, sealer=None):
    """Return what dkimpy says of each seal, our own records being its DNS."""
    names = zone(sealer or a_sealer())
    return [_believed(octets, index, names) for index in range(octets.count(b"DKIM-Signature:"))]


def _believed(octets, index, names):
    try:
        return dkim.DKIM(octets).verify(idx=index, dnsfunc=lambda name, timeout: names.get(name.decode()))  # noqa: ARG005  # dkimpy's own name
    except dkim.DKIMException:
        return False


# What others believe


def test_both_seals_of_an_issue_are_believed():
    octets = sealed()

    assert believed(octets) == [True, True]
    assert re.findall(rb"a=([\w-]+);", octets) == [b"rsa-sha256", b"ed25519-sha256"]


@pytest.mark.parametrize("algorithm", Algorithm)
def test_one_key_makes_one_seal(algorithm):
    sealer = a_sealer(algorithm)

    octets = sealed(sealer=sealer)

    assert believed(octets, sealer) == [True]


def test_without_keys_there_is_no_seal():
    assert Sealer(signers=()).seals(a_message(), at=LONG_AGO) == ()


def test_a_message_that_asks_to_confirm_is_sealed_like_any_other():
    letter = prepare(confirmation(some_templates(), a_masthead(), days=30), a_masthead(), sender=SENDER, part=None)

    octets = sealed(a_message(letter))

    assert believed(octets) == [True, True]


def test_a_message_without_a_body_is_sealed():
    octets = sealed(Message(fields=PLAIN, body=()))

    assert believed(octets) == [True, True]


@pytest.mark.parametrize("body", [("", "a\r\n"), ("a\r\n", "", "b c\r\n"), ("a\r\n", "")])
def test_a_body_with_an_empty_piece_is_sealed(body):
    octets = sealed(a_raw_message((), body))

    assert believed(octets) == [True, True]


@given(title=hostile.filter(str.strip), name=st.text(st.characters(codec="utf-8"), max_size=60))
@example(title="1日目 – 港の会議 2026 まとめ" * 9, name="港" * 60)
@example(title="a" * 75 + " b", name="=?utf-8?q?x?=")
@settings(max_examples=25)
def test_whatever_a_subject_and_a_name_hold_both_seals_are_believed(title, name):
    made = a_message()
    fields = (fold("To", f"{_quoted(name)} <reader@example.net>"), fold("Subject", title), *PLAIN)

    octets = sealed(dataclasses.replace(made, fields=fields))

    assert believed(octets) == [True, True]


def _quoted(name):
    return '"' + re.sub(r'[\x00-\x1f\x7f-\x9f\u2028\u2029"\\]', "", name) + '"'


# As a header may be written: repeated names, any case, blanks and folds anywhere.
VALUES = st.lists(
    st.sampled_from(["a", "b=", " ", "\t", "\r\n ", "\r\n\t", ";", "é".encode().decode("latin-1")]), max_size=9
)
FIELDS = st.lists(
    st.tuples(st.sampled_from(["To", "to", "X-A", "x-a", "SUBJECT", "List-Unsubscribe", "Cc"]), VALUES.map("".join)),
    max_size=8,
)
BODIES = st.lists(st.lists(st.sampled_from(["a", "b", " ", "\t", "\r\n", "\r\n"]), max_size=6).map("".join), max_size=5)


def a_raw_message(fields, body=("x\r\n",)):
    written = tuple(f"{name}:{_unfolded(value)}\r\n".encode("latin-1") for name, value in fields)
    return Message(fields=(*PLAIN, *written), body=tuple(piece.encode() for piece in body))


def _unfolded(value):
    """Leave no line of blanks only: RFC 5322 section 3.2.2 forbids to make one."""
    return "" if not value.strip() else re.sub(r"\r\n[ \t]+(?=\r\n|$)", "", f" {value.strip()}")


@given(fields=FIELDS)
@settings(max_examples=50)
def test_any_writing_of_the_fields_is_sealed_as_others_read_it(fields):
    octets = sealed(a_raw_message(fields))

    assert believed(octets) == [True, True]


@given(body=BODIES)
@settings(max_examples=100)
def test_a_body_is_refused_or_sealed_as_others_read_it(body):
    sealer = a_sealer(Algorithm.ED25519)
    try:
        octets = sealed(a_raw_message((), body), sealer)
    except ValueError:
        return

    assert believed(octets, sealer) == [True]


@pytest.mark.parametrize(
    "body",
    [
        ("a",),
        ("a\r\n", "b"),
        ("a  b\r\n",),
        ("a\tb\r\n",),
        ("a \r\n",),
        ("a\r\n\r\n",),
        ("a\r\n", "\r\n", ""),
        (" \r\n",),
    ],
)
def test_a_body_that_is_not_its_own_relaxed_form_is_refused(body):
    made = a_raw_message((), body)

    with pytest.raises(ValueError, match="whole lines"):
        a_sealer().seals(made, at=LONG_AGO)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from(["Subject", "X-Text", "To"]), hostile), max_size=6),
    st.integers(1, 2**48 - 1),
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2026, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001  # the strategy adds it
)
@settings(max_examples=1000)
def test_a_thousand_random_messages_are_believed(texts, number, at):
    url = f"{BASE}/unsubscribe/{number:032}"
    own = a_message(unsubscribe_url=url, sent_at=at, address=f"reader{number}@example.net")
    made = dataclasses.replace(own, fields=(*own.fields, *(fold(f"X-{name}", text) for name, text in texts)))

    octets = sealed(made, at=at)

    assert believed(octets) == [True, True]


# What breaks them


def _changed(octets, old, new):
    assert octets.count(old) >= 1
    return octets.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"To: ", b"To: x"),
        (b"<reader@example.net>", b"<another@example.net>"),
        (b"From: ", b"From: x"),
        (b"Subject: ", b"Subject: x"),
        (b"Date: ", b"Date: x"),
        (b"Message-ID: <0f", b"Message-ID: <0e"),
        (f"<{BASE}/unsubscribe/Abc".encode(), f"<{BASE}/unsubscribe/abc".encode()),
        (b"<mailto:unsub+Abc", b"<mailto:unsub+abc"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: list"),
        (b"Content-Language: ja\r\n\r\n", b"Content-Language: en\r\n\r\n"),
        (b"charset=utf-8\r\n", b"charset=utf-7\r\n"),
        (b"base64\r\n\r\n", b"base64\r\n\r\nA"),
        (b"--\r\n", b"--\r\nmore\r\n"),
    ],
)
def test_a_changed_message_is_believed_by_nobody(old, new):
    octets = _changed(sealed(), old, new)

    assert believed(octets) == [False, False]


@pytest.mark.parametrize("name", OVERSIGNED)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_field_added_beside_ours_breaks_both_seals(name, place):
    octets = sealed()
    added = f"{name}: <https://evil.example/>\r\n".encode()

    octets = added + octets if place == "first" else octets.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1)

    assert believed(octets) == [False, False]


def test_a_seal_is_not_believed_with_another_key():
    other = load_key(generate(Algorithm.ED25519), "other.pem")
    stranger = Sealer(signers=tuple(dataclasses.replace(each, key=other) for each in a_sealer("ed25519").signers))

    octets = sealed(sealer=stranger)

    assert believed(octets, a_sealer(Algorithm.ED25519)) == [False]


def test_what_relays_do_to_a_message_breaks_nothing():
    octets = sealed()

    octets = b"Received: from a by b;\r\n Thu, 26 Nov 2026 12:00:00 +0900\r\n" + octets
    octets = octets.replace(b"Subject: ", b"SUBJECT:\r\n\t ", 1)
    octets = octets.replace(b"; charset=utf-8\r\n", b";\t  charset=utf-8  \r\n") + b"\r\n\r\n"

    assert believed(octets) == [True, True]


# How they are written


def test_no_line_of_a_seal_is_longer_than_76_octets():
    lines = b"".join(a_sealer().seals(a_message(), at=LONG_AGO)).split(b"\r\n")

    assert max(map(len, lines)) <= 76
    assert all(line.strip() for line in lines[:-1])
    assert lines[-1] == b""


def test_the_same_message_gets_the_same_seals():
    first, second = (a_sealer().seals(a_message(), at=LONG_AGO) for _ in range(2))

    assert first == second


def test_a_seal_names_the_second_of_sending():
    seals = a_sealer().seals(a_message(), at=LONG_AGO)

    assert all(b" t=%d;" % LONG_AGO.timestamp() in seal for seal in seals)


def test_a_seal_lists_every_field_of_the_message():
    made = a_message()

    [seal] = a_sealer(Algorithm.RSA).seals(made, at=LONG_AGO)

    [listed] = re.findall(rb" h=([^;]+);", seal)
    names = re.sub(rb"\s", b"", listed).decode().split(":")
    own = [field.partition(b":")[0].decode().lower() for field in made.fields]
    assert sorted(names) == sorted((*own, *OVERSIGNED))
    assert b" l=" not in seal


def test_threads_make_the_seals_that_one_alone_makes():
    made = [a_message(address=f"reader{number}@example.net") for number in range(64)]
    sealer = a_sealer()

    with ThreadPoolExecutor(8) as crew:
        together = list(crew.map(functools.partial(sealer.seals, at=LONG_AGO), made))

    assert together == [sealer.seals(each, at=LONG_AGO) for each in made]


@pytest.mark.slow
def test_sealing_costs_at_most_twice_the_bare_signature():
    letter, [signer] = a_letter(15), a_sealer(Algorithm.RSA).signers
    made = [a_message(letter, address=f"reader{number}@example.net") for number in range(400)]

    bare = min(_seconds(lambda _: signer.key.sign(bytes(32)), made) for _ in range(5))
    whole = min(_seconds(lambda each: Sealer(signers=(signer,)).seals(each, at=LONG_AGO), made) for _ in range(5))

    assert whole <= 2 * bare


def _seconds(work, made):
    begin = time.thread_time()
    for each in made:
        work(each)
    return time.thread_time() - begin


# Keys


def pem(private, *, form=forms.PrivateFormat.PKCS8, password=None):
    lock = forms.BestAvailableEncryption(password) if password else forms.NoEncryption()
    return private.private_bytes(forms.Encoding.PEM, form, lock)


@functools.cache
def an_rsa():
    return forms.load_pem_private_key(generate(Algorithm.RSA), None)


def public_pem(private):
    return private.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(("algorithm", "bits", "octets"), [(Algorithm.RSA, 2048, 294), (Algorithm.ED25519, 256, 32)])
def test_a_generated_key_can_be_read(algorithm, bits, octets):
    key = load_key(generate(algorithm), "dkim.pem")

    assert (key.algorithm, key.bits, len(key.public)) == (algorithm, bits, octets)


DRESSES = {
    "bare": lambda octets: octets,
    "windows": lambda octets: octets.replace(b"\n", b"\r\n"),
    "byte order mark": lambda octets: b"\xef\xbb\xbf" + octets,
    "remarks": lambda octets: b"made in November\n\n" + octets + b"\n",
    "no line end": lambda octets: octets.strip(),
    "behind its public half": lambda octets: public_pem(an_rsa()) + octets,
    "before its public half": lambda octets: octets + public_pem(an_rsa()),
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("form", [forms.PrivateFormat.PKCS8, forms.PrivateFormat.TraditionalOpenSSL])
def test_a_key_is_read_however_its_file_is_dressed(form, dress):
    octets = DRESSES[dress](pem(an_rsa(), form=form))

    key = load_key(octets, "dkim.pem")

    assert key == load_key(pem(an_rsa()), "again.pem")


def test_two_keys_differ_and_a_key_never_shows_itself():
    first, second = (load_key(generate(Algorithm.ED25519), "dkim.pem") for _ in range(2))

    assert first != second
    assert "sign" not in repr(first)


OLD = forms.PrivateFormat.TraditionalOpenSSL
UNFIT = {
    "public": (lambda: public_pem(an_rsa()), "is a public one"),
    "certificate": (lambda: b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "is a public one"),
    "encrypted": (lambda: pem(ed25519.Ed25519PrivateKey.generate(), password=b"x"), "is encrypted"),
    "encrypted, old form": (lambda: pem(an_rsa(), form=OLD, password=b"secret"), "is encrypted"),
    "ec": (lambda: pem(ec.generate_private_key(ec.SECP256R1())), "neither RSA nor Ed25519"),
    "ed448": (lambda: pem(ed448.Ed448PrivateKey.generate()), "neither RSA nor Ed25519"),
    "x25519": (lambda: pem(x25519.X25519PrivateKey.generate()), "neither RSA nor Ed25519"),
    "ssh": (lambda: pem(ed25519.Ed25519PrivateKey.generate(), form=forms.PrivateFormat.OpenSSH), "neither RSA"),
    "nothing": (lambda: b"", "no private key in PEM form"),
    "octets": (lambda: b"\x00\xff" * 99, "no private key in PEM form"),
    "der": (lambda: base64.b64decode(b"".join(pem(an_rsa()).split(b"\n")[1:-2])), "no private key in PEM form"),
    "a label": (lambda: b"PRIVATE KEY-----", "no private key in PEM form"),
    "no end": (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA", "no private key in PEM form"),
    "many beginnings": (lambda: BEGIN * (LARGEST_FILE // len(BEGIN)), "no private key in PEM form"),
    "no key inside": (lambda: BEGIN + b"AAAA\n-----END PRIVATE KEY-----", "is damaged"),
    "no base64": (lambda: BEGIN + b"!\n-----END RSA PRIVATE KEY-----", "is damaged"),
    "a long key": (lambda: BEGIN + b"A" * LARGEST_PEM + b"-----END PRIVATE KEY-----", "is too long"),
    "a large file": (lambda: BEGIN * LARGEST_FILE, "too large"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_no_key_to_sign_with_is_refused_in_a_sentence(name):
    make, says = UNFIT[name]

    with pytest.raises(BadConfiguration, match=says) as caught:
        load_key(make(), "dkim.pem")

    said = caught.value.message
    assert said.endswith(": dkim.pem")
    assert "\n" not in said
    assert caught.value.hint


@pytest.mark.parametrize(("bits", "says"), [("512", "too short to be believed, RSA of 512 bits"), ("768", "too short")])
def test_a_short_rsa_key_is_refused(program, bits, says):
    made = subprocess.run([program("openssl"), "genrsa", bits], check=True, capture_output=True)

    with pytest.raises(BadConfiguration, match=says):
        load_key(made.stdout, "dkim.pem")


def test_an_rsa_key_of_1024_bits_still_signs(program):
    made = subprocess.run([program("openssl"), "genrsa", "1024"], check=True, capture_output=True)
    sealer = Sealer(signers=(Signer(domain="example.org", selector="s1", key=load_key(made.stdout, "dkim.pem")),))

    octets = sealed(sealer=sealer)

    assert believed(octets, sealer) == [True]


@given(st.lists(st.tuples(st.integers(0, 1700), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_key_is_refused_or_still_a_key(changes):
    octets = bytearray(pem(an_rsa()))
    for place, octet in changes:
        octets[place % len(octets)] = octet

    said = _said(bytes(octets))

    assert said is None or said.endswith(": dkim.pem")


def _said(octets):
    try:
        load_key(octets, "dkim.pem")
    except BadConfiguration as error:
        return error.message
    return None


# Names


@pytest.mark.parametrize(
    "domain", ["", "example", "例え.jp", "example.org\r\nBcc: x", "a..b", "-a.b", "example.org;", ".org"]
)
def test_a_domain_that_can_not_stand_in_dns_is_refused(domain):
    with pytest.raises(BadConfiguration, match="not a domain that can sign"):
        Signer(domain=domain, selector="s1", key=a_key())


@pytest.mark.parametrize("selector", ["", "s 1", "s1;", "s1\r\n", "まえ", "s" * 64, ".".join(["s" * 63] * 4)])
def test_a_selector_that_can_not_stand_in_dns_is_refused(selector):
    with pytest.raises(BadConfiguration, match="not a DKIM selector"):
        Signer(domain="example.org", selector=selector, key=a_key())


def test_two_keys_under_one_name_are_refused():
    signer = Signer(domain="example.org", selector="s1", key=a_key())

    with pytest.raises(BadConfiguration, match=re.escape("under one name: s1._domainkey.example.org")):
        Sealer(signers=(signer, dataclasses.replace(signer, domain="Example.ORG")))


def test_the_library_is_loaded_only_for_a_key():
    code = "import cnddigest.delivery.dkim, cnddigest.delivery.dns, sys; print('cryptography' in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert found.stdout == "False\n"


def test_a_key_stands_in_dns_as_its_standard_says():
    rsa, short = a_key(Algorithm.RSA).public, a_key(Algorithm.ED25519).public

    assert base64.b64encode(rsa).startswith(b"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A")  # SubjectPublicKeyInfo of RSA-2048
    assert len(short) == 32
