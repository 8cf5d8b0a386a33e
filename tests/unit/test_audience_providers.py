"""What Providers post: read as they mean it, believed only with their signature, and no harm in anything else."""

import base64
import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hooks
from builders import NOON
from cnddigest.audience.bounces.model import Kind, Name
from cnddigest.audience.bounces.providers.catalogue import PROVIDERS
from cnddigest.audience.bounces.providers.fields import Table
from cnddigest.audience.bounces.providers.model import Posted
from cnddigest.audience.bounces.providers.names import PROVIDERS as NAMES
from cnddigest.audience.tokens import Tokens
from hooks import BASIC, REQUESTS, SECRET, SIGNED, Told

TOKENS = Tokens([b"a secret of 32 octets, or of more"])
VERP = f"bounces+{TOKENS.make_verp(7, 42)}@example.org"
LINK = f"<https://recaps.example.org/unsubscribe/{TOKENS.make('unsubscribe', 42)}>"
MINUTES = dt.timedelta(minutes=1)
every = pytest.mark.parametrize("name", REQUESTS)


def read(name, request):
    return PROVIDERS[name].read(request, TOKENS)


def the_one(name, **told):
    (bounce,) = read(name, REQUESTS[name](Told(**told)))
    return bounce


def proves(name, request, now=NOON, key=None):
    return PROVIDERS[name].proves(request, key or hooks.key(name), now)


def test_every_name_has_its_provider():
    assert set(PROVIDERS) == set(NAMES) == {*REQUESTS, "rfc822"}


@every
@pytest.mark.parametrize(
    ("kind", "meant"), [("hard", Kind.HARD), ("complaint", Kind.COMPLAINT), ("delivered", Kind.IGNORED)]
)
def test_an_event_is_read_as_it_is_meant(name, kind, meant):
    bounces = read(name, REQUESTS[name](Told(kind=kind)))

    assert {bounce.verdict.kind for bounce in bounces} <= {meant}
    assert [bounce.recipient for bounce in bounces] == ["haru@example.net"] or kind == "delivered"


@every
def test_a_full_mailbox_is_soft_whatever_the_provider_calls_it(name):
    words = "552 5.2.2 mailbox is full"

    kinds = {the_one(name, kind=kind, code="5.2.2", words=words).verdict.kind for kind in ("hard", "soft")}

    assert kinds == {Kind.SOFT}


@every
def test_what_is_about_us_says_nothing_against_the_person(name):
    bounce = the_one(name, code="5.7.1", words="550 5.7.1 listed at our blocklist")

    assert (bounce.verdict.kind, bounce.verdict.ours) == (Kind.IGNORED, True)


@every
def test_without_any_code_a_providers_own_judgement_counts(name):
    bounce = the_one(name, code="", words="")

    assert bounce.verdict.kind is Kind.HARD


@every
def test_the_moment_is_told(name):
    assert the_one(name).returned_at == NOON


@every
def test_told_twice_is_one_fact_and_told_of_another_message_is_two(name):
    first, again, other = the_one(name), the_one(name), the_one(name, event="e-2")

    assert first.digest == again.digest != other.digest


@pytest.mark.parametrize("name", ["mailgun", "postmark", "brevo", "mailjet", "sparkpost"])
def test_a_token_in_what_they_tell_names_the_delivery(name):
    assert the_one(name, trace=VERP).name == Name(issue=7, subscription=42)


@pytest.mark.parametrize("name", ["ses", "resend", "postmark"])
def test_the_link_of_our_message_names_the_subscription(name):
    assert the_one(name, trace=LINK).name == Name(subscription=42)


@every
def test_a_token_of_somebody_else_names_nobody_and_the_address_is_vouched_for(name):
    theirs = Tokens([b"another secret of 32 octets or so"]).make_verp(7, 42)

    bounce = the_one(name, trace=f"bounces+{theirs}@example.org")

    assert (bounce.name, bounce.vouched) == (None, True)


@pytest.mark.parametrize("name", ["mailgun", "sendgrid", "ses", "brevo", "resend"])
def test_the_message_id_keeps_its_brackets(name):
    assert the_one(name, message_id="<abc@example.org>").message_id == "<abc@example.org>"


# Proofs


@every
def test_a_provider_is_believed(name):
    assert proves(name, REQUESTS[name](Told()))


@every
def test_nobody_is_believed_with_another_secret(name):
    others = {
        "sendgrid": base64.b64encode(b"no key at all"),
        "ses": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    }
    key = replace(hooks.key(name), secrets=(others.get(name, b"bm90IHRoZSBzZWNyZXQgb2YgdGhlbQ=="),))

    assert not proves(name, REQUESTS[name](Told()), key=key)


@every
def test_one_of_several_secrets_is_enough(name):
    key = hooks.key(name)

    assert proves(name, REQUESTS[name](Told()), key=replace(key, secrets=(b"b2xk", *key.secrets)))


@pytest.mark.parametrize("name", SIGNED)
def test_an_altered_body_is_not_believed(name):
    assert not proves(name, hooks.altered(REQUESTS[name](Told())))


@pytest.mark.parametrize(("name", "minutes"), [("mailgun", 5), ("resend", 5), ("sendgrid", 24 * 60), ("ses", 24 * 60)])
def test_an_old_signature_is_not_believed(name, minutes):
    request = REQUESTS[name](Told())

    assert proves(name, request, NOON + minutes * MINUTES)
    assert not proves(name, request, NOON + (minutes + 1) * MINUTES)
    assert not proves(name, request, NOON - (minutes + 1) * MINUTES)


@every
def test_nothing_is_believed_without_what_proves_it(name):
    request = REQUESTS[name](Told())

    assert not proves(name, Posted(body=request.body if name not in {"mailgun", "ses"} else b"{}"))


@pytest.mark.parametrize("version", ["1", "2"])
def test_amazon_signs_in_two_ways(version):
    assert proves("ses", hooks.ses(Told(), version=version))
    assert not proves("ses", replace_version(hooks.ses(Told(), version=version), "3"))


def replace_version(request, version):
    data = json.loads(request.body) | {"SignatureVersion": version}
    return replace(request, body=json.dumps(data).encode())


def test_somebody_elses_topic_is_not_believed_though_amazon_signed_it():
    assert not proves("ses", hooks.ses(Told(), topic="arn:aws:sns:eu-north-1:1:theirs"))


def test_an_old_certificate_proves_nothing():
    late = NOON + dt.timedelta(days=401)

    assert not proves("ses", hooks.ses(Told(at=late)), late)


def asking(url: str) -> Posted:
    return hooks.envelope(
        Message="you have chosen",
        MessageId="m",
        SubscribeURL=url,
        Timestamp="2026-11-25T03:00:00Z",
        Token="t",  # noqa: S106  nobody's
        TopicArn=hooks.TOPIC,
        Type="SubscriptionConfirmation",
    )


def test_amazon_shows_where_the_subscription_is_confirmed():
    url = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    request = asking(url)

    assert PROVIDERS["ses"].confirms(request) == url
    assert proves("ses", request, dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.eu-north-1.amazonaws.com.evil.example/?a",
        "https://evil.example/sns.eu-north-1.amazonaws.com/",
        "http://sns.eu-north-1.amazonaws.com/",
        "https://sns.eu-north-1.amazonaws.com/\nforged line",
        "https://user@sns.eu-north-1.amazonaws.com/",
    ],
)
def test_no_other_address_is_shown(url):
    assert PROVIDERS["ses"].confirms(asking(url)) == ""


@pytest.mark.parametrize(
    ("authorization", "believed"),
    [
        (BASIC["authorization"], True),
        (f"bearer {SECRET.decode()}", True),
        (f"Bearer  {SECRET.decode()} ", True),
        ("Basic " + base64.b64encode(SECRET).decode(), False),
        ("Basic " + base64.b64encode(b"harbour:wrong").decode(), False),
        ("Basic not base64!", False),
        ("Bearer", False),
        ("", False),
        (SECRET.decode(), False),
    ],
)
def test_a_password_stands_in_authorization(authorization, believed):
    assert proves("postmark", hooks.posted({}, authorization=authorization)) is believed


# The pipe


RETURNED = """\
From: MAILER-DAEMON@relay.example.org
To: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; haru@example.net
Action: failed
Status: 5.1.1

--b--
"""


def test_a_piped_message_is_read_as_returned_mail_is():
    request = hooks.posted(RETURNED.format(to=VERP), content_type="message/rfc822", **BASIC)

    (bounce,) = read("rfc822", request)

    assert proves("rfc822", request)
    assert (bounce.name, bounce.verdict.kind) == (Name(issue=7, subscription=42), Kind.HARD)


def test_a_piped_report_has_its_boundary_in_the_request():
    body = RETURNED.format(to="nobody@example.org").partition("\n\n")[2]
    kind = "multipart/report; report-type=delivery-status; boundary=b"

    (bounce,) = read("rfc822", hooks.posted(body, content_type=kind, **BASIC))

    assert (bounce.verdict.kind, bounce.recipient) == (Kind.HARD, "haru@example.net")


def test_a_pipe_vouches_for_no_address():
    request = hooks.posted(RETURNED.format(to="bounces@example.org"), content_type="message/rfc822", **BASIC)

    (bounce,) = read("rfc822", request)

    assert (bounce.name, bounce.vouched) == (None, False)


def test_a_pipe_takes_nothing_but_messages():
    assert not proves("rfc822", hooks.posted({}, **BASIC, **hooks.JSON))


# Anything at all


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["Bounce", "Permanent", "failed", "bounce", "\ud800", "haru@example.net", "1" * 400, "é" * 9]),
)
NAMES_OF_FIELDS = [
    "signature",
    "timestamp",
    "token",
    "event-data",
    "event",
    "severity",
    "recipient",
    "delivery-status",
    "code",
    "message",
    "headers",
    "user-variables",
    "type",
    "email",
    "status",
    "reason",
    "smtp-id",
    "Type",
    "Message",
    "TopicArn",
    "Timestamp",
    "SignatureVersion",
    "notificationType",
    "bounce",
    "bouncedRecipients",
    "bounceType",
    "mail",
    "complaint",
    "RecordType",
    "ID",
    "Email",
    "Details",
    "Metadata",
    "Content",
    "data",
    "to",
    "msys",
    "message_event",
    "bounce_class",
    "rcpt_meta",
    "time",
    "hard_bounce",
    "MessageID",
    "created_at",
    "ts_epoch",
    "name",
    "value",
]
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES_OF_FIELDS), inner, max_size=6)
    ),
    max_leaves=25,
)
bodies = st.one_of(st.binary(max_size=300), values.map(lambda value: json.dumps(value).encode()))
headers = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "authorization",
                "content-type",
                "svix-id",
                "svix-timestamp",
                "svix-signature",
                "x-twilio-email-event-webhook-signature",
                "x-twilio-email-event-webhook-timestamp",
            ]
        ),
        st.one_of(
            st.text(st.characters(max_codepoint=255), max_size=40),
            st.sampled_from(["Basic éé", "Bearer é", "message/rfc822", "v1,é v1,", "²³", "9" * 30]),
        ),
    ),
    max_size=5,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=bodies, fields=headers)
def test_nothing_that_is_posted_breaks_a_reader_and_nothing_proves_itself(body, fields):
    request = Posted(body=body, fields=tuple(fields))

    for name, provider in PROVIDERS.items():
        assert not provider.proves(request, hooks.key(name), NOON)
        assert not provider.confirms(request)
        for bounce in provider.read(request, TOKENS):
            assert bounce.name is None
            assert f"{bounce.recipient}{bounce.diagnostic}".isprintable()


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"1" * 100_000, b"\xff\xfe", b"", b"null"])
def test_json_that_is_a_trap_is_nothing(body):
    for name in REQUESTS:
        assert not any(bounce.recipient for bounce in read(name, Posted(body=body)))


@given(value=values)
def test_a_table_gives_what_is_there_in_the_kind_that_is_wanted(value):
    table = Table(data={"a": value})

    assert isinstance(table.text("a"), str)
    assert (moment := table.moment("a")) is None or moment.tzinfo
    assert all(isinstance(text, str) for text in table.texts("a"))
    assert all(isinstance(each, Table) for each in table.tables("a"))
