"""The secrets and the record they belong to: what one of them signed or hashed is only understood with the other."""

from collections.abc import Set as AbstractSet
from contextlib import closing, suppress

from cnddigest.audience.tokens import Tokens
from cnddigest.config import Settings
from cnddigest.config.model import Web
from cnddigest.config.secret import RESTORE, secrets
from cnddigest.errors import BadConfiguration, CndDigestError, WrongUse
from cnddigest.ports.audience import Audience


def tokens(web: Web, audience: Audience) -> Tokens:
    """Return what links are signed with, and let the record remember by which secrets.

    The file is made only where the record knows none. Raises BadConfiguration where it knows others.
    """
    known = audience.fingerprints()
    found = vouched(web, known) if known else Tokens(secrets(web))
    _remember(audience, found, known)
    return found


def vouched(web: Web, known: AbstractSet[str]) -> Tokens:
    """Return the same from secrets of which the record knows one; raises BadConfiguration for all others."""
    found = Tokens(secrets(web, make=False))
    if known.isdisjoint(found.fingerprints()):
        place = "CNDDIGEST_SECRET" if web.secret else web.secret_file
        raise BadConfiguration(f"secret is not the one that this record was used with: {place}", hint=RESTORE)
    return found


def signed(web: Web, token: str) -> bool:
    """Say whether one of the secrets that there are now signed a link, whatever it is for and however old."""
    try:
        return Tokens(secrets(web, make=False)).whose(token) is not None
    except BadConfiguration:
        return False


def check(settings: Settings) -> None:
    """Raise BadConfiguration where the record was used with other secrets; one that can't be read tells that itself."""
    if known := _known(settings.record):
        vouched(settings.web, known)


def _known(record: str) -> AbstractSet[str]:
    from cnddigest.store.audience import SqliteAudience

    if "://" not in record:
        with suppress(CndDigestError), closing(SqliteAudience(record, create=False)) as audience:
            return audience.fingerprints()
    return frozenset()


def replace_lost(web: Web, audience: Audience) -> int:
    """Go on with the secrets there are, or a new one; return how many orders about erased persons are lost.

    Raises WrongUse where nothing was lost.
    """
    known = audience.fingerprints()
    if not known:
        raise WrongUse("no secret is lost: the record was never used with one")
    found = Tokens(secrets(web))
    if not known.isdisjoint(found.fingerprints()):
        raise WrongUse("no secret is lost: the record knows the one in use")
    _remember(audience, found, known)
    return len(audience.erased_suppressions())


def _remember(audience: Audience, tokens: Tokens, known: AbstractSet[str]) -> None:
    if new := tokens.fingerprints() - known:
        audience.remember_secrets(new)
