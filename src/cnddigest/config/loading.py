"""From the file and the environment to Settings."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cnddigest.audience.bounces.providers.names import SES
from cnddigest.config import addresses, document, schema
from cnddigest.config.kinds import Kind, Unfit, shown
from cnddigest.config.model import WEBHOOK_VARIABLE, Dkim, Mail, Settings, Smtp, Web, Webhook
from cnddigest.config.table import T, Table, refuse_unknown
from cnddigest.delivery.headers import mailbox
from cnddigest.errors import BadConfiguration
from cnddigest.serial.model import Attribution, Cadence, Publication, Serial
from cnddigest.site import paths

FILE_NAME = "cnddigest.toml"
OUTBOX = "outbox"
DIGEST = "digest"  # who sends where nobody is named
LOOPBACK = ("127.", "::1", "localhost")  # beginnings of hosts that are this machine


def load(path: str | None, environment: Mapping[str, str]) -> Settings:
    """Read a configuration file, `cnddigest.toml` in the current folder without one, and check all of it.

    The environment goes before the file: CNDDIGEST_BASE_URL, CNDDIGEST_METRICS_TOKEN, CNDDIGEST_RECORD,
    CNDDIGEST_SECRET, CNDDIGEST_SMTP_PASSWORD, CNDDIGEST_WEBHOOK_…; an empty variable counts as none. Raises
    BadConfiguration, which names file, line and key.
    """
    found = document.read(path or FILE_NAME)
    table = Table(document=found, section=schema.SCHEMA, key=(), data=found.data)
    refuse_unknown(table)
    root = Path(found.name).absolute().parent
    publication = table.inner(schema.PUBLICATION)
    output = _output(publication, root)
    _keep_apart(table, root, output)
    return Settings(
        path=Path(found.name),
        root=root,
        publication=_publication(table, environment),
        output=output,
        record=_record(publication, environment, root, output),
        web=_web(table.inner(schema.WEB), environment, root),
        mail=_mail(table, environment, root, output),
        font=_path(root, font) if (font := publication.get(schema.FONT)) else None,
    )


def _publication(table: Table, environment: Mapping[str, str]) -> Publication:
    publication = table.inner(schema.PUBLICATION)
    publisher = publication.inner(schema.PUBLISHER)
    title = publication.get(schema.TITLE)
    base_url = _override(environment, "CNDDIGEST_BASE_URL", addresses.BASE_URL) or publication.get(schema.BASE_URL)
    return Publication(
        title=title,
        base_url=base_url,
        language=publication.get(schema.LANGUAGE),
        timezone=publication.get(schema.TIMEZONE),
        publisher_name=publisher.get(schema.NAME),
        publisher_email=publisher.get(schema.EMAIL),
        publisher_address=publisher.get(schema.ADDRESS),
        posters=publication.get(schema.POSTERS),
        serials=_serials(table),
        hubs=_hubs(table.inner(schema.WEB), base_url),
    )


def _hubs(table: Table, base_url: str) -> tuple[str, ...]:
    """Return every hub that the feeds name, our own first: it is told nothing, and knows all the same."""
    own = (f"{base_url}{paths.HUB}",) if table.get(schema.HUB) else ()
    return tuple(dict.fromkeys((*own, *table.get(schema.HUBS))))


def _serials(table: Table) -> tuple[Serial, ...]:
    serials = tuple(_serial(table, name, found) for name, found in table.named(schema.SERIALS))
    if not serials:
        hint = 'add [serials.NAME] with recap = "recaps/NAME.md"'
        raise BadConfiguration(f"no serial in the configuration: {table.document.name}", hint=hint)
    return serials


def _serial(table: Table, name: str, found: Table) -> Serial:
    attribution = found.inner(schema.ATTRIBUTION)
    schedules = found.get(schema.SCHEDULE)
    try:
        slug = addresses.slug(name)
    except Unfit as unfit:
        raise table.inner(schema.SERIALS).refuse(name, unfit) from unfit
    return Serial(
        slug=slug,
        recaps=found.get(schema.RECAP),
        schedules=schedules or (),
        title=found.get(schema.SERIAL_TITLE),
        cadence=_cadence(found.inner(schema.CADENCE), table.inner(schema.PUBLICATION)),
        attribution=Attribution(
            author=attribution.get(schema.AUTHOR),
            url=attribution.get(schema.URL),
            licence=attribution.get(schema.LICENCE),
        ),
    )


def _cadence(table: Table, publication: Table) -> Cadence:
    return Cadence(
        timezone=publication.get(schema.TIMEZONE),
        parts=table.get(schema.PARTS),
        start=table.get(schema.START),
        at=table.get(schema.AT),
        every=table.get(schema.EVERY),
        skip=table.get(schema.SKIP),
        catch_up=table.get(schema.CATCH_UP),
    )


def _output(publication: Table, root: Path) -> Path:
    output = _path(root, publication.get(schema.OUTPUT))
    if root.is_relative_to(output):
        raise publication.refuse(
            "output", Unfit("the output holds the publication itself", output, hint="name a folder of its own")
        )
    return output


def _keep_apart(table: Table, root: Path, output: Path) -> None:
    """Refuse an output folder into which something of the author's would be mixed."""
    places = {"templates": root / "templates"}
    for _, serial in table.named(schema.SERIALS):
        places |= {f"the recap {path}": _path(root, path) for path in serial.get(schema.RECAP)}
        places |= {f"the schedule {path}": _path(root, path) for path in serial.get(schema.SCHEDULE) or ()}
    for what, place in places.items():
        if place.is_relative_to(output) or (what == "templates" and output.is_relative_to(place)):
            unfit = Unfit(f"the output holds {what}", output, hint="name a folder of its own")
            raise table.inner(schema.PUBLICATION).refuse("output", unfit)


def _record(publication: Table, environment: Mapping[str, str], root: Path, output: Path) -> str:
    record = _override(environment, "CNDDIGEST_RECORD", addresses.RECORD) or publication.get(schema.RECORD)
    if "://" in record:
        return record
    path = _path(root, record)
    if path.is_relative_to(output):
        raise publication.refuse("record", Unfit("the record would be published", record, hint="keep it elsewhere"))
    return str(path)


def _web(table: Table, environment: Mapping[str, str], root: Path) -> Web:
    host, port = table.get(schema.BIND)
    secret_file = _path(root, table.get(schema.SECRET_FILE))
    token_file = table.get(schema.METRICS_TOKEN_FILE)
    return Web(
        host=host,
        port=port,
        secret_file=secret_file,
        secret=environment.get("CNDDIGEST_SECRET") or None,
        connections=table.get(schema.CLIENTS),
        connections_of_one=table.get(schema.CLIENTS_OF_ONE),
        metrics_token=environment.get("CNDDIGEST_METRICS_TOKEN") or None,
        metrics_token_file=_path(root, token_file) if token_file else None,
        admin_writes=table.get(schema.ADMIN) == "write",
        admin_password_file=_path(root, table.get(schema.ADMIN_PASSWORD_FILE)),
        hubs=table.get(schema.HUBS),
        is_hub=table.get(schema.HUB),
        hub_private=table.get(schema.HUB_PRIVATE),
        webhooks=tuple(_webhooks(table, environment, root)),
    )


def _webhooks(web: Table, environment: Mapping[str, str], root: Path) -> Iterator[Webhook]:
    named: set[str] = set()
    for table in web.listed(schema.WEBHOOKS):
        provider, file, topic = table.get(schema.PROVIDER), table.get(schema.HOOK_FILE), table.get(schema.TOPIC)
        variable = f"{WEBHOOK_VARIABLE}{provider.upper()}"
        secret = environment.get(variable) or None
        if provider in named:
            hint = "one is enough: its file may hold several secrets, one on each line"
            raise table.refuse("provider", Unfit("named twice", provider, hint=hint))
        if not file and not secret:
            raise table.refuse("secret_file", Unfit("nothing shows who posts", provider, hint=f"or set {variable}"))
        if (provider == SES) != bool(topic):
            problem = "belongs to ses alone" if topic else "missing, and anybody can have one at SNS"
            raise table.refuse("topic", Unfit(problem, topic or provider))
        named.add(provider)
        yield Webhook(
            provider=provider, secret_file=_path(root, file) if file else None, secret=secret, topic=topic or ""
        )


def _mail(document: Table, environment: Mapping[str, str], root: Path, output: Path) -> Mail:
    table = document.inner(schema.MAIL)
    transport = table.get(schema.TRANSPORT)
    smtp = table.inner(schema.SMTP)
    if transport == "smtp" and not smtp.data:
        raise table.refuse("transport", Unfit("no relay", transport, hint="add [mail.smtp] with its host"))
    sender = _sender(document, table)
    return Mail(
        transport=transport,
        outbox=_outbox(document, root, output),
        sender=sender,
        reply_to=table.get(schema.REPLY_TO),
        bounces=table.get(schema.BOUNCES) or sender.rpartition("<")[2].removesuffix(">"),
        in_doubt=table.get(schema.IN_DOUBT),
        lease=table.get(schema.LEASE),
        retry_for=table.get(schema.RETRY_FOR),
        is_set=bool(table.data),
        smtp=_smtp(smtp, environment, root) if smtp.data else None,
        dkim=tuple(_dkim(key, root) for key in table.listed(schema.DKIM)),
    )


def _sender(document: Table, table: Table) -> str:
    """Return who sends, with a name; a folder takes mail of anybody, so that a first look needs no setting."""
    publication = document.inner(schema.PUBLICATION)
    publisher = publication.inner(schema.PUBLISHER)
    title = publication.get(schema.TITLE)
    if sender := table.get(schema.FROM):
        return sender if "<" in sender else mailbox(title, sender)
    if email := publisher.get(schema.EMAIL):
        return mailbox(publisher.get(schema.NAME) or title, email)
    if table.get(schema.TRANSPORT) == "smtp":
        unfit = Unfit("no sender for a relay", "smtp", hint='add from = "Recaps <recaps@example.org>" under [mail]')
        raise table.refuse("transport", unfit)
    return mailbox(title, f"{DIGEST}@{urlsplit(publication.get(schema.BASE_URL)).hostname}")


def _outbox(document: Table, root: Path, output: Path) -> Path:
    outbox = root / OUTBOX
    if outbox.is_relative_to(output):
        unfit = Unfit("the output holds the outbox", output, hint="name a folder of its own")
        raise document.inner(schema.PUBLICATION).refuse("output", unfit)
    return outbox


def _smtp(table: Table, environment: Mapping[str, str], root: Path) -> Smtp:
    host, security = table.get(schema.HOST), table.get(schema.SECURITY)
    if security == "none" and not host.startswith(LOOPBACK):
        hint = 'choose "starttls" or "tls" for every other machine than this one'
        raise table.refuse("security", Unfit("mail would travel in the open", security, hint=hint))
    password_file = table.get(schema.PASSWORD_FILE)
    return Smtp(
        host=host,
        port=table.get(schema.PORT),
        security=security,
        username=table.get(schema.USERNAME),
        password=environment.get("CNDDIGEST_SMTP_PASSWORD") or None,
        password_file=_path(root, password_file) if password_file else None,
        connections=table.get(schema.CONNECTIONS),
        rate=table.get(schema.RATE),
        per_domain=table.get(schema.PER_DOMAIN),
    )


def _dkim(table: Table, root: Path) -> Dkim:
    return Dkim(
        domain=table.get(schema.DOMAIN),
        selector=table.get(schema.SELECTOR),
        key_file=_path(root, table.get(schema.KEY_FILE)),
    )


def _path(root: Path, name: str) -> Path:
    """Return a path of the file as an absolute one, without `..`; symbolic links stay as they are."""
    return Path(os.path.normpath(root / name))


def _override(environment: Mapping[str, str], name: str, kind: Kind[T]) -> T | None:
    """Return the checked value of a variable, None where it is not set."""
    if not environment.get(name):
        return None
    try:
        return kind.read(environment[name])
    except Unfit as unfit:
        raise BadConfiguration(
            f"{unfit.problem} in the environment, {name}: {shown(environment[name])}", hint=unfit.hint
        ) from unfit
