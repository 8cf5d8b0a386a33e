"""A record and the secrets it was used with stay together, or somebody says that they can't."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from builders import NOON
from cnddigest.audience.tokens import Tokens
from cnddigest.config.model import Web
from cnddigest.config.secret import RESTORE
from cnddigest.errors import BadConfiguration, WrongUse
from cnddigest.store.audience import SqliteAudience
from cnddigest.wiring import keyring

FIRST, SECOND = "the first one, long enough", "the second one, long enough"
KEY = "haru@example.net"


@pytest.fixture
def web(tmp_path: Path) -> Web:
    return Web(host="127.0.0.1", port=8000, secret_file=tmp_path / "secret")


@pytest.fixture
def audience(tmp_path: Path) -> Iterator[SqliteAudience]:
    with closing(SqliteAudience(str(tmp_path / "record"))) as opened:
        yield opened


def test_the_first_use_makes_a_secret_and_remembers_it(web, audience):
    found = keyring.tokens(web, audience)

    assert audience.fingerprints() == found.fingerprints()
    assert web.secret_file.exists()


def test_a_record_without_its_secret_makes_no_other_one(web, audience):
    keyring.tokens(web, audience)
    web.secret_file.unlink()

    with pytest.raises(BadConfiguration) as caught:
        keyring.tokens(web, audience)

    assert caught.value.message == f"can't read secret_file of [web], no such file or directory: {web.secret_file}"
    assert caught.value.hint == RESTORE
    assert not web.secret_file.exists()


@pytest.mark.parametrize("environment", [False, True])
def test_another_secret_is_refused_wherever_it_stands(web, audience, environment):
    web.secret_file.write_text(FIRST)
    keyring.tokens(web, audience)
    web.secret_file.write_text(SECOND)
    wrong = Web(host=web.host, port=web.port, secret_file=web.secret_file, secret=SECOND if environment else None)

    with pytest.raises(BadConfiguration) as caught:
        keyring.tokens(wrong, audience)

    place = "CNDDIGEST_SECRET" if environment else web.secret_file
    assert caught.value.message == f"secret is not the one that this record was used with: {place}"
    assert audience.fingerprints() == Tokens([FIRST.encode()]).fingerprints()


def test_a_new_secret_above_the_old_one_takes_its_place(web, audience):
    web.secret_file.write_text(FIRST)
    keyring.tokens(web, audience)
    web.secret_file.write_text(f"{SECOND}\n{FIRST}\n")
    keyring.tokens(web, audience)
    web.secret_file.write_text(SECOND)

    found = keyring.tokens(web, audience)

    assert found.fingerprints() < audience.fingerprints()


def test_a_lost_secret_is_replaced_when_somebody_says_so(web, audience):
    lost = keyring.tokens(web, audience)
    audience.suppress([lost.erased(KEY)], reason="complaint", now=NOON)
    web.secret_file.unlink()

    orders = keyring.replace_lost(web, audience)

    assert orders == 1
    assert keyring.tokens(web, audience).fingerprints().isdisjoint(lost.fingerprints())


def test_a_lost_secret_that_is_found_again_is_believed(web, audience):
    web.secret_file.write_text(FIRST)
    keyring.tokens(web, audience)
    web.secret_file.write_text(SECOND)
    keyring.replace_lost(web, audience)
    web.secret_file.write_text(f"{SECOND}\n{FIRST}\n")

    found = keyring.tokens(web, audience)

    assert Tokens([FIRST.encode()]).erased(KEY) in found.erased_forms(KEY)


def test_a_secret_in_use_is_not_lost(web, audience):
    with pytest.raises(WrongUse):
        keyring.replace_lost(web, audience)
    keyring.tokens(web, audience)

    with pytest.raises(WrongUse):
        keyring.replace_lost(web, audience)


def test_what_is_kept_of_a_secret_does_not_hold_it(web, audience, tmp_path):
    web.secret_file.write_text(FIRST)

    keyring.tokens(web, audience)

    assert all(FIRST.encode() not in file.read_bytes() for file in tmp_path.glob("record*"))


def test_a_link_is_known_by_every_secret_there_is_at_this_moment(web, audience):
    web.secret_file.write_text(FIRST)
    old = keyring.tokens(web, audience).make("unsubscribe", 1)
    web.secret_file.write_text(f"{SECOND}\n{FIRST}")
    new = keyring.tokens(web, audience).make("unsubscribe", 1)

    both = [keyring.signed(web, token) for token in (old, new)]
    web.secret_file.write_text(SECOND)
    one = [keyring.signed(web, token) for token in (old, new)]

    assert (both, one) == ([True, True], [False, True])


def test_without_a_secret_no_link_is_known_and_none_is_made(web):
    found = keyring.signed(web, "A" * 32)

    assert not found
    assert not web.secret_file.exists()
