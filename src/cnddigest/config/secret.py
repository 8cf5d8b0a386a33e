"""What nobody else may know, from the environment or a file: what links are signed with, and the relay's password."""

import os
from contextlib import suppress
from pathlib import Path

from cnddigest import regular
from cnddigest.audience.bounces.providers.names import PUBLIC
from cnddigest.config.model import WEBHOOK_VARIABLE, Smtp, Web, Webhook
from cnddigest.errors import BadConfiguration, OutputFailed, reason

SIZE = 32  # octets: as strong as the SHA-256 it keys
SHORTEST = 16  # characters of a secret somebody chose; a shorter one can be guessed
LARGEST = 64 * 1024  # octets of the file: more is none of ours
RESTORE = "restore it from the backup; if it is lost for good: `cnddigest doctor --secret-is-lost`"


def secrets(web: Web, *, make: bool = True) -> tuple[bytes, ...]:
    """Return the secrets, newest first: the first signs, every one is believed.

    The file holds one on each line, so that an old one can stay below a new one until the links it signed are gone.
    Makes the file where there is none, unless it must be there; raises BadConfiguration for one that can't be used.
    """
    if web.secret:
        return _parsed(web.secret, "CNDDIGEST_SECRET")
    if make:
        _make(web.secret_file)
    text = _read(web.secret_file, "secret_file of [web]", hint=None if make else RESTORE)
    return _parsed(text, str(web.secret_file))


def password(smtp: Smtp) -> str | None:
    """Return what the relay wants to hear: from the environment, else the first line of its file; None without one."""
    if smtp.password or not smtp.password_file:
        return smtp.password
    first = _read(smtp.password_file, "password_file of [mail.smtp]").partition("\n")[0].rstrip("\r")
    if not first:
        raise BadConfiguration(f"password_file of [mail.smtp] is empty: {smtp.password_file}")
    return first


def metrics_token(web: Web) -> str | None:
    """Return what lets others read the metrics: from the environment, else the first line of its file; None without."""
    found = web.metrics_token
    if not found and web.metrics_token_file:
        found = _read(web.metrics_token_file, "metrics_token_file of [web]").partition("\n")[0].strip()
    elif not found:
        return None
    if len(found) < SHORTEST:
        hint = f"it needs {SHORTEST} characters or more"
        raise BadConfiguration(
            f"metrics token is empty or too short: {web.metrics_token_file or 'environment'}", hint=hint
        )
    return found


def proof(webhook: Webhook) -> tuple[bytes, ...]:
    """Return what shows that a request is a Provider's: a PEM file as it is, else each line that says something.

    Raises BadConfiguration for a file that can't be read, or holds nothing.
    """
    place = f"secret_file of [[web.webhooks]] {webhook.provider}"
    if webhook.secret:
        said, place = webhook.secret.encode(), f"{WEBHOOK_VARIABLE}{webhook.provider.upper()}"
    elif webhook.secret_file:
        said = octets(webhook.secret_file, place)
    else:
        said = b""
    found = (said,) if b"-----BEGIN" in said else tuple(line.strip() for line in said.splitlines() if line.strip())
    if not found:
        raise BadConfiguration(f"secret of a webhook is empty: {place}")
    if webhook.provider not in PUBLIC and min(map(len, found)) < SHORTEST:
        raise BadConfiguration(f"secret of a webhook is too short: {place}", hint=f"{SHORTEST} characters or more")
    return found


def admin_password(web: Web) -> str | None:
    """Return what a password is held against, the first line of its file; None where nobody set one."""
    file = web.admin_password_file
    if file is None or not file.exists():
        return None
    return _read(file, "admin_password_file of [web]").partition("\n")[0].strip()


def keep_admin_password(web: Web, line: str) -> Path:
    """Write that file anew, for nobody else to read; raises OutputFailed."""
    file = web.admin_password_file
    if file is None:
        raise ValueError("no place for it")
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as opened:
            opened.write(f"{line}\n")
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError as error:
        raise OutputFailed(f"can't write admin_password_file of [web], {reason(error)}: {file}") from error
    finally:
        beside.unlink(missing_ok=True)
    return file


def _parsed(text: str, place: str) -> tuple[bytes, ...]:
    found = tuple(line.strip().encode() for line in text.splitlines() if line.strip())
    if not found or min(map(len, found)) < SHORTEST:
        hint = f"it needs {SHORTEST} characters or more; without the file, a good one is made"
        raise BadConfiguration(f"secret is empty or too short: {place}", hint=hint)
    return found


def _read(file: Path, setting: str, *, hint: str | None = None) -> str:
    try:
        return octets(file, setting, hint=hint).decode()
    except UnicodeDecodeError:
        raise BadConfiguration(f"{setting} is not text: {file}") from None


def octets(file: Path, setting: str, *, hint: str | None = None) -> bytes:
    """Return a file that holds a secret, as much of it as a secret can be.

    Raises BadConfiguration, which names the setting that led here: `key_file of [[mail.dkim]]`.
    """
    try:
        with regular.opened(file) as opened:
            return opened.read(LARGEST)
    except OSError as error:
        raise BadConfiguration(f"can't read {setting}, {reason(error)}: {file}", hint=hint) from error


def _make(file: Path) -> None:
    """Put a new secret in place, whole: another process may look for it at this moment."""
    if file.exists():
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(os.urandom(SIZE).hex().encode() + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(beside, file)
    except OSError as error:
        raise OutputFailed(
            f"can't write secret_file of [web], {reason(error)}: {file}", hint="or set CNDDIGEST_SECRET"
        ) from error
    finally:
        beside.unlink(missing_ok=True)
