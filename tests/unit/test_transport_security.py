"""A relay is believed only with its certificate, and learns a password only behind it."""

import base64
import datetime as dt
import hmac
import ipaddress
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cnddigest.errors import TransportRefused
from cnddigest.transport.opening import Relay, open_session
from cnddigest.transport.session import Session
from cnddigest.transport.smtp import SmtpTransport
from cnddigest.transport.wire import Limits
from far import Desk, Far, a_letter, no_account

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FAR_OFF = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
PASSWORD = "correct horse"  # noqa: S105 - of a test
LIMITS = Limits(command=20, dot=20, farewell=0.5, tick=0.05)


@dataclass(frozen=True)
class Identity:
    """A server's certificate, and a context that trusts it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext
    file: Path


def an_identity(folder: Path, *, host: str = "127.0.0.1", until: dt.datetime = FAR_OFF) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "far")])
    names: list[x509.GeneralName] = (
        [x509.IPAddress(ipaddress.ip_address(host))] if host[0].isdigit() else [x509.DNSName(host)]
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, LONG_AGO, until)
    certificate = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    file = folder / "far.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return Identity(server=server, trusting=ssl.create_default_context(cafile=file), file=file)


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    return an_identity(tmp_path)


def a_session(far: Far, trust: ssl.SSLContext | None, **fields: object) -> Session:
    known: dict[str, object] = {"host": "127.0.0.1", "port": far.port, "limits": LIMITS}
    return open_session(Relay(**known | fields), trust, threading.Event())  # type: ignore[arg-type]


# Encryption


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_messages_arrive_over_tls(identity: Identity, security: str) -> None:
    letters = [a_letter(n, segments=(b"x" * 76 + b"\r\n",) * 3_000) for n in range(5)]
    at_once = security == "tls"

    with (
        Far(offers=("PIPELINING", "STARTTLS"), context=identity.server, at_once=at_once) as far,
        a_session(far, identity.trusting, security=security) as session,
    ):
        attempts = list(session.deliver(letters, no_account))

    assert len(attempts) == 5
    assert far.taken == [(letter.recipient, b"".join(letter.segments)) for letter in letters]


def test_the_hello_is_said_again_once_it_is_encrypted(identity: Identity) -> None:
    with Far(offers=("STARTTLS",), context=identity.server) as far:
        a_session(far, identity.trusting, security="starttls").close()

    assert far.heard == ["EHLO [127.0.0.1]", "STARTTLS", "EHLO [127.0.0.1]", "QUIT"]


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until": LONG_AGO + dt.timedelta(days=1)}, "^relay's certificate has expired: "),
        ({"host": "mail.example.org"}, "^relay's certificate is for another host: "),
        ({"host": "127.0.0.2"}, "^relay's certificate is for another host: "),
    ],
)
def test_a_certificate_that_proves_nothing_is_told_in_a_sentence(
    tmp_path: Path, security: str, fields: dict[str, str], words: str
) -> None:
    identity = an_identity(tmp_path, **fields)  # type: ignore[arg-type]

    with (
        Far(offers=("STARTTLS",), context=identity.server, at_once=security == "tls") as far,
        pytest.raises(TransportRefused, match=words),
    ):
        a_session(far, identity.trusting, security=security)

    assert not [line for line in far.heard if line.startswith(("AUTH", "MAIL"))]


def test_a_certificate_of_nobody_we_know_is_not_believed(identity: Identity) -> None:
    with (
        Far(offers=("STARTTLS",), context=identity.server) as far,
        pytest.raises(TransportRefused, match="not trusted, self-signed certificate") as refused,
    ):
        a_session(far, ssl.create_default_context(), security="starttls")

    assert "SSL_CERT_FILE" in (refused.value.hint or "")


def test_an_authority_of_the_environment_is_believed(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(identity.file))
    desk = Desk([a_letter(1)])

    with Far(offers=("STARTTLS",), context=identity.server) as far:
        relay = Relay(host="127.0.0.1", port=far.port, security="starttls", limits=LIMITS)
        SmtpTransport(relay, connections=2).run(desk.feed, desk.commit)

    assert len(far.taken) == 1


def test_a_relay_without_starttls_gets_nothing(identity: Identity) -> None:
    with Far() as far, pytest.raises(TransportRefused, match=r"^relay offers no STARTTLS: "):
        a_session(far, identity.trusting, security="starttls", username="taro", password=PASSWORD)

    assert not [line for line in far.heard if line.startswith(("AUTH", "MAIL"))]


def test_a_relay_that_does_not_speak_tls_is_told_in_a_sentence(identity: Identity) -> None:
    with Far() as far, pytest.raises(TransportRefused, match=r"^relay does not speak TLS here: ") as refused:
        a_session(far, identity.trusting, security="tls")

    assert refused.value.hint == 'choose security = "starttls"'


def test_what_was_said_before_the_encryption_is_not_believed_after_it(identity: Identity) -> None:
    says = {"STARTTLS": "220 go ahead\r\n250-injected\r\n250 PIPELINING"}

    with (
        Far(offers=("STARTTLS",), context=identity.server, says=says) as far,
        pytest.raises(TransportRefused, match="talked on before the encryption"),
    ):
        a_session(far, identity.trusting, security="starttls")


# Logging in


def said_to(far: Far) -> list[str]:
    return far.heard[far.heard.index("EHLO [127.0.0.1]") + 1 :]


def words(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_the_password_does_not_travel_where_that_can_be_avoided() -> None:
    says = {"AUTH": f"334 {words('<1.2@far>')}"}
    proof = hmac.new(PASSWORD.encode(), b"<1.2@far>", "md5").hexdigest()

    with Far(offers=("AUTH LOGIN PLAIN CRAM-MD5",), says=says) as far:
        a_session(far, None, security="none", username="taro", password=PASSWORD).close()

    assert said_to(far) == ["AUTH CRAM-MD5", words(f"taro {proof}"), "QUIT"]


def test_plain_comes_before_login() -> None:
    with Far(offers=("AUTH LOGIN PLAIN",)) as far:
        a_session(far, None, security="none", username="太郎", password=PASSWORD).close()

    assert said_to(far) == [f"AUTH PLAIN {words(chr(0) + '太郎' + chr(0) + PASSWORD)}", "QUIT"]


def test_login_answers_two_questions() -> None:
    with Far(
        offers=("AUTH LOGIN",), says={"AUTH": "334 VXNlcm5hbWU6", words("taro")[:4].upper(): "334 UGFzc3dvcmQ6"}
    ) as far:
        a_session(far, None, security="none", username="taro", password=PASSWORD).close()

    assert said_to(far) == ["AUTH LOGIN", words("taro"), words(PASSWORD), "QUIT"]


def test_a_wrong_password_is_tried_once_and_told_once() -> None:
    desk = Desk(map(a_letter, range(9)))

    with Far(offers=("AUTH PLAIN",), says={"AUTH": "535 5.7.8 bad credentials"}) as far:
        relay = Relay(
            host="127.0.0.1", port=far.port, security="none", username="taro", password=PASSWORD, limits=LIMITS
        )
        with pytest.raises(TransportRefused, match=r"refuses our name and password, .*: 535 5.7.8 bad credentials"):
            SmtpTransport(relay, connections=5).run(desk.feed, desk.commit)

    assert sum(line.startswith("AUTH") for line in far.heard) == 1
    assert (desk.begun, desk.attempts, len(desk.letters)) == ([], [], 9)


@pytest.mark.parametrize("secret", [PASSWORD, words(PASSWORD), words(f"\0taro\0{PASSWORD}")])
def test_a_relay_that_repeats_the_password_does_not_make_us_tell_it(secret: str) -> None:
    says = {"AUTH": f"500 unknown command {secret}"}

    with Far(offers=("AUTH PLAIN",), says=says) as far, pytest.raises(TransportRefused) as refused:
        a_session(far, None, security="none", username="taro", password=PASSWORD)

    assert secret not in refused.value.message
    assert "unknown command ..." in refused.value.message


def test_the_password_is_not_shown_with_the_relay() -> None:
    relay = Relay(host="h", port=25, security="tls", username="taro", password=PASSWORD)

    assert PASSWORD not in repr(relay)


@pytest.mark.parametrize(
    ("offers", "password", "words"),
    [
        ((), PASSWORD, "no way to log in that we know, .*: none"),
        (("AUTH GSSAPI NTLM",), PASSWORD, "no way to log in that we know, .*: GSSAPI, NTLM"),
        (("AUTH PLAIN",), None, "password is missing: taro"),
    ],
)
def test_logging_in_that_can_not_work_is_told(offers: tuple[str, ...], password: str | None, words: str) -> None:
    with Far(offers=offers) as far, pytest.raises(TransportRefused, match=words):
        a_session(far, None, security="none", username="taro", password=password)


@pytest.mark.parametrize("challenge", ["334 ~~~", "334 a", "504 what", "454 4.7.0 later", "nonsense"])
def test_a_challenge_without_sense_ends_the_conversation(challenge: str) -> None:
    says = {"AUTH": challenge}

    with Far(offers=("AUTH CRAM-MD5",), says=says) as far, pytest.raises(TransportRefused, match=r"^relay "):
        a_session(far, None, security="none", username="taro", password=PASSWORD)
