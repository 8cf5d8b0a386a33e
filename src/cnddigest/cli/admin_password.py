"""`cnddigest admin-password`: set the password of the pages at /admin/."""

import secrets
import sys

import click

from cnddigest.cli import options, stdin
from cnddigest.errors import WrongUse


@click.command("admin-password", epilog="Example: cnddigest admin-password")
@options.shared(clocked=False)
def command(request: options.Request) -> None:
    """Set the password of the pages at /admin/.

    It is for whoever is not at this machine. Asks for it twice on a terminal, else reads one line from standard
    input. Only a hash is kept, in a file that nobody else can read. Whoever is logged in with another password is
    not any more.
    """
    settings = request.settings()
    from cnddigest.config import secret  # after the configuration: a wrong one is told at once
    from cnddigest.usecases import admission

    password = _asked()
    if not admission.SHORTEST <= len(password) <= admission.LONGEST:
        raise WrongUse(f"password has {len(password)} characters", hint=f"take {admission.SHORTEST} or more")
    file = secret.keep_admin_password(settings.web, admission.hashed(password, secrets.token_bytes(admission.SALT)))
    if request.as_json:
        request.terminal.document({"schema": "cnddigest/admin-password/1", "file": str(file)})
    else:
        request.terminal.report(f"wrote {file}")


def _asked() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    line = stdin.opened().readline(10_000)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongUse("password is not text") from None
