"""The records to set in DNS, so that receivers believe a message is ours and a returned one comes back."""

import base64
import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cnddigest.delivery.dkim import Algorithm, Signer

LONGEST_STRING = 255  # octets of one string in a TXT record (RFC 1035 section 3.3): a longer value is several
LOOPBACK = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """One record, and why.

    `name` has no dot at its end; `value` is whole and without quotes, as the forms of most DNS hosts take it.
    """

    name: str
    type: str  # "TXT" | "MX"
    value: str
    reason: str  # a sentence: what it does, and when to write something else

    def zone_line(self) -> str:
        """Return it as a line of a zone file, a long text in several strings."""
        value = f"{self.value}." if self.type == "MX" else " ".join(_strings(self.value))
        return f"{self.name}. IN {self.type} {value}"


def records(*, sender: str, bounces: str, relay: str, signers: Iterable[Signer] = ()) -> tuple[DnsRecord, ...]:
    """Return what to set: SPF and MX of both domains, a key for each Signer, DMARC.

    `sender` is the domain of From and `bounces` that of the envelope, both as in DNS (`xn--…`). `relay` is the host
    or IP address that takes our mail; a loopback one means that this machine delivers by itself. Nothing is asked of
    DNS: what is there already may be better.
    """
    domains = dict.fromkeys((bounces.lower(), sender.lower()))
    return (
        *(_spf(domain, relay) for domain in domains),
        *map(_key, signers),
        _dmarc(sender.lower()),
        *(_mx(domain, takes_bounces=domain == bounces.lower()) for domain in domains),
    )


def advice(*, sender: str, bounces: str, signers: Sequence[Signer]) -> tuple[str, ...]:
    """Return in sentences why mail may not be believed although every record is set; nothing when it will be."""
    found = []
    if signers and all(signer.key.algorithm is Algorithm.ED25519 for signer in signers):
        found.append("some receivers can't read Ed25519, and no RSA key signs beside it")
    if signers and not any(is_aligned(sender, signer.domain) for signer in signers):
        found.append(f"no key signs for the domain of `from`, so DMARC counts none: {sender}")
    if not is_aligned(sender, bounces):
        found.append(f"the domain of `bounces` is not that of `from`, so DMARC does not count SPF: {bounces}")
    return tuple(found)


def is_aligned(sender: str, other: str) -> bool:
    """Say whether DMARC takes two domains for one house: the same, or one below the other (RFC 9989, relaxed).

    Two domains side by side may be one house too; only a list of all registries could tell, so the answer is no.
    """
    longer, shorter = sorted((sender.lower(), other.lower()), key=len, reverse=True)
    return longer == shorter or ("." in shorter and longer.endswith(f".{shorter}"))


def _spf(domain: str, relay: str) -> DnsRecord:
    return DnsRecord(
        name=domain,
        type="TXT",
        value=f"v=spf1 {_mechanism(relay)} ~all",
        reason="SPF: names who may send for this domain; if your relay tells you an `include:…`, write that instead,"
        " and put it into the record that is there already, for there must be one only",
    )


def _mechanism(relay: str) -> str:
    """Return what of SPF names a host (RFC 7208 section 5)."""
    with suppress(ValueError):
        address = ipaddress.ip_address(relay.strip("[]"))
        return "mx" if address.is_loopback else f"ip{address.version}:{address}"
    return "mx" if relay.lower() == LOOPBACK else f"a:{relay.lower()}"


def _key(signer: Signer) -> DnsRecord:
    key = signer.key
    return DnsRecord(
        name=signer.name,
        type="TXT",
        value=f"v=DKIM1; k={key.algorithm}; p={base64.b64encode(key.public).decode()}",
        reason="DKIM: the public half of the key that signs; when the key changes, leave this for a week, since mail"
        " that waits somewhere was signed with it",
    )


def _dmarc(domain: str) -> DnsRecord:
    return DnsRecord(
        name=f"_dmarc.{domain}",
        type="TXT",
        value=f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
        reason="DMARC: what receivers do with mail that only says it is yours; read the reports for some weeks, then"
        " write p=quarantine",
    )


def _mx(domain: str, *, takes_bounces: bool) -> DnsRecord:
    if takes_bounces:
        reason = "MX: where returned mail arrives; that host must take every address that begins with `bounces+`"
    else:
        reason = "MX: some receivers, docomo among them, refuse a sender whose domain takes no mail"
    return DnsRecord(
        name=domain, type="MX", value=f"10 mail.{domain}", reason=f"{reason}; if there is one already, leave it"
    )


def _strings(value: str) -> Iterator[str]:
    for begin in range(0, len(value), LONGEST_STRING):
        yield f'"{value[begin : begin + LONGEST_STRING]}"'
