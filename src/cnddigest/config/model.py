"""The Settings of a publication, as everything above the configuration sees them."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from cnddigest.serial.model import Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `count` messages within `seconds`."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The relay that takes the mail. `password` comes from the environment, else from `password_file`."""

    host: str
    port: int
    security: str  # "starttls" | "tls" | "none"
    connections: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    rate: Rate | None = None
    per_domain: tuple[tuple[str, Rate], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """A key that signs every message."""

    domain: str
    selector: str
    key_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """How Issues leave the house.

    `sender` is an address with a name before it: the key `from`, else the publisher. `outbox` is the folder
    of `transport = "folder"`. `bounces` is the address that VERP makes personal. `is_set` says that the file speaks of
    mail at all.
    """

    transport: str  # "folder" | "smtp"
    outbox: Path
    sender: str
    reply_to: str | None
    bounces: str
    in_doubt: str  # "resend" | "hold"
    lease: dt.timedelta
    retry_for: dt.timedelta
    is_set: bool = False
    smtp: Smtp | None = None
    dkim: tuple[Dkim, ...] = ()


WEBHOOK_VARIABLE = "CNDDIGEST_WEBHOOK_"  # before a Provider's name in capitals


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A Provider that may post what came back. `secret` comes from the environment, else from the file."""

    provider: str
    secret_file: Path | None = None
    secret: str | None = field(default=None, repr=False)
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where `serve` listens, and what its links are signed with: `secret` from the environment, else the file.

    At most `connections` are open at once, and `connections_of_one` of one address.
    `metrics_token` lets others than this machine read the metrics: from the
    environment, else the file; without both nobody else may.
    `hubs` are told when a feed changes; `is_hub` says that we tell readers ourselves, `hub_private` that those may be
    inside a network of our own.
    `admin_writes` says that the pages for the publisher may change things.
    """

    host: str
    port: int
    secret_file: Path
    secret: str | None = field(default=None, repr=False)
    connections: int = 2000
    connections_of_one: int = 200
    metrics_token: str | None = field(default=None, repr=False)
    metrics_token_file: Path | None = None
    webhooks: tuple[Webhook, ...] = ()
    hubs: tuple[str, ...] = ()
    is_hub: bool = False
    hub_private: bool = False
    admin_writes: bool = False
    admin_password_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration file, checked and complete.

    `path` is the file as it was named, `root` its folder. `output` and `font` are absolute, `record` an absolute
    path or a `postgresql://` address. The recaps and schedules of a Serial stay as written: relative to `root`.
    """

    path: Path
    root: Path
    publication: Publication
    output: Path
    record: str
    web: Web
    mail: Mail
    font: Path | None = None
