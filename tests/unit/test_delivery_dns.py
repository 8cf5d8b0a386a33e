"""The records a publisher is told to set."""

import functools
import re

import pytest

from cnddigest.delivery.dkim import Algorithm, Signer, generate, load_key
from cnddigest.delivery.dns import advice, is_aligned, records


@functools.cache
def a_signer(algorithm=Algorithm.RSA):
    return Signer(domain="example.org", selector=f"{algorithm}", key=load_key(generate(algorithm), "dkim.pem"))


def told(*, sender="example.org", bounces="example.org", relay="smtp.example.net", signers=()):
    return records(sender=sender, bounces=bounces, relay=relay, signers=signers)


def values(found):
    return {(record.name, record.type, record.value.partition(" ")[0]): record.value for record in found}


def test_one_domain_needs_spf_a_key_dmarc_and_mx():
    found = told(signers=[a_signer()])

    assert [(record.name, record.type, record.value.split(";")[0].split(" ")[0]) for record in found] == [
        ("example.org", "TXT", "v=spf1"),
        ("rsa._domainkey.example.org", "TXT", "v=DKIM1"),
        ("_dmarc.example.org", "TXT", "v=DMARC1"),
        ("example.org", "MX", "10"),
    ]


def test_a_bounce_domain_of_its_own_needs_spf_and_mx_too():
    found = told(bounces="Bounces.Example.org")

    names = {(record.name, record.type) for record in found}
    assert names == {
        *(("bounces.example.org", "TXT"), ("bounces.example.org", "MX")),
        *(("example.org", "TXT"), ("example.org", "MX"), ("_dmarc.example.org", "TXT")),
    }


@pytest.mark.parametrize(
    ("relay", "spf"),
    [
        ("smtp.Example.net", "v=spf1 a:smtp.example.net ~all"),
        ("203.0.113.25", "v=spf1 ip4:203.0.113.25 ~all"),
        ("2001:DB8::25", "v=spf1 ip6:2001:db8::25 ~all"),
        ("[2001:db8::25]", "v=spf1 ip6:2001:db8::25 ~all"),
        ("127.0.0.1", "v=spf1 mx ~all"),
        ("::1", "v=spf1 mx ~all"),
        ("localhost", "v=spf1 mx ~all"),
    ],
)
def test_spf_names_the_relay(relay, spf):
    first, *_ = told(relay=relay)

    assert first.value == spf


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_zone_line_holds_the_whole_value_in_strings_that_dns_takes(algorithm):
    [key] = [record for record in told(signers=[a_signer(algorithm)]) if "_domainkey" in record.name]

    line = key.zone_line()

    strings = re.findall('"([^"]*)"', line)
    assert "".join(strings) == key.value
    assert max(map(len, strings)) <= 255
    assert line.startswith(f'{algorithm}._domainkey.example.org. IN TXT "v=DKIM1; k={algorithm}; p=')


def test_a_zone_line_of_a_host_ends_with_a_dot():
    *_, mx = told()

    assert mx.zone_line() == "example.org. IN MX 10 mail.example.org."


def test_every_record_says_why_in_one_line():
    found = told(bounces="b.example.org", signers=[a_signer(), a_signer(Algorithm.ED25519)])

    assert all(record.reason and "\n" not in record.reason and not record.reason.endswith(".") for record in found)


def test_mx_of_the_bounce_domain_says_what_must_arrive_there():
    *_, bounces, sender = told(bounces="b.example.org")

    assert (bounces.name, sender.name) == ("b.example.org", "example.org")
    assert "bounces+" in bounces.reason
    assert "bounces+" not in sender.reason


# Advice


def advised(*signers, sender="example.org", bounces="example.org"):
    return advice(sender=sender, bounces=bounces, signers=signers)


def test_both_keys_of_good_length_for_one_domain_need_no_advice():
    assert advised(a_signer(), a_signer(Algorithm.ED25519)) == ()


def test_without_keys_the_relay_may_sign():
    assert advised() == ()


def test_ed25519_alone_is_not_read_by_everyone():
    [said] = advised(a_signer(Algorithm.ED25519))

    assert "no RSA key" in said


def test_a_key_of_another_house_does_not_count():
    [said] = advised(a_signer(), sender="example.net", bounces="example.net")

    assert said == "no key signs for the domain of `from`, so DMARC counts none: example.net"


def test_a_bounce_domain_of_another_house_does_not_count():
    [said] = advised(a_signer(), bounces="relay.example.net")

    assert said.endswith("so DMARC does not count SPF: relay.example.net")


@pytest.mark.parametrize(
    ("sender", "other", "aligned"),
    [
        ("example.org", "Example.ORG", True),
        ("example.org", "mail.example.org", True),
        ("news.example.org", "example.org", True),
        ("example.org", "badexample.org", False),
        ("example.org", "org", False),
        ("example.org", "example.net", False),
    ],
)
def test_domains_are_aligned_when_one_holds_the_other(sender, other, aligned):
    assert is_aligned(sender, other) is aligned
