"""What Providers post, asked in this process: a signature is believed once."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import hooks
from cnddigest.audience.bounces.providers.model import Posted
from hooks import REQUESTS, SECRET, Told
from visitors import HARU, Visitors, a_publication, visiting

NATSU = "natsu@example.net"
MORE = '\n[[web.webhooks]]\nprovider = "mailgun"\nsecret_file = "mailgun.key"\n'


@pytest.fixture
def visitors(tmp_path: Path) -> Iterator[Visitors]:
    disk = a_publication(tmp_path / "publication")
    (disk.folder / "mailgun.key").write_bytes(SECRET)
    with disk.configuration.open("a", encoding="utf-8") as file:
        file.write(MORE)
    with visiting(disk) as found:
        found.enrol(HARU)
        found.enrol(NATSU)
        yield found


def post(visitors: Visitors, request: Posted) -> httpx.Response:
    return visitors.ask("POST", "/bounces", body=request.body, headers=dict(request.fields))


def test_who_saw_a_signature_tells_of_nobody_else_with_it(visitors: Visitors) -> None:
    told = REQUESTS["mailgun"](Told(at=visitors.now, address=HARU))

    answers = [post(visitors, request) for request in (told, hooks.altered(told))]

    assert [answer.json() for answer in answers] == [{"read": 1, "suppressed": 1}, {"read": 0, "suppressed": 0}]
    assert [each.key for each in visitors.audience.suppressions()] == [HARU]


def test_another_process_knows_of_it(visitors: Visitors) -> None:
    told = REQUESTS["mailgun"](Told(at=visitors.now, address=HARU))
    post(visitors, told)
    another = Visitors(visitors.settings)
    another.now = visitors.now

    answer = post(another, hooks.altered(told))
    another.close()

    assert answer.json() == {"read": 0, "suppressed": 0}


def test_what_is_signed_anew_is_read(visitors: Visitors) -> None:
    told = REQUESTS["mailgun"](Told(at=visitors.now, address=HARU))
    post(visitors, told)
    anew = REQUESTS["mailgun"](Told(at=visitors.now, address=NATSU, event="e-2"))

    answer = post(visitors, anew)

    assert answer.json() == {"read": 1, "suppressed": 1}
