"""What is said to hubs and callbacks, and what is believed of those who write to ours."""

import datetime as dt
import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_publication, a_serial
from cnddigest.errors import WrongUse
from cnddigest.hub import calls, patience, wish
from cnddigest.hub.model import Announcement, Answer, Callback, Intent
from cnddigest.hub.topics import kind, topics

BASE = "https://recaps.example.org/"
KEY = "鍵"  # what pushes are signed with
TOPIC = f"{BASE}minato/atom.xml"
HUBS = a_publication(hubs=(f"{BASE}hub", "https://hub.example.org/"))
FORM = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://reader.example.net/in?user=7"}
INTENT = Intent(
    mode="subscribe",
    path="minato/atom.xml",
    url="https://reader.example.net/in?user=7",
    host="reader.example.net",
    lease=dt.timedelta(days=10),
)


def refused(**changes: str) -> str:
    with pytest.raises(WrongUse) as caught:
        wish.read(FORM | {f"hub.{name}": value for name, value in changes.items()}, a_publication())
    return caught.value.message


def test_every_public_feed_of_every_serial_can_be_followed_and_nothing_else() -> None:
    found = topics(a_publication(serials=(a_serial("one"), a_serial("two"))))

    assert len(found) == 12
    assert {"one/rss.xml", "two/sessions/feed.json"} <= set(found)


def test_a_wish_is_read_whole() -> None:
    found = wish.read(FORM | {"hub.secret": "鍵", "hub.lease_seconds": "864000"}, a_publication())

    assert (found.mode, found.path, found.url) == ("subscribe", "minato/atom.xml", FORM["hub.callback"])
    assert (found.host, found.secret, found.lease) == ("reader.example.net", "鍵", dt.timedelta(days=10))


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("", dt.timedelta(days=10)),
        ("0", dt.timedelta(hours=1)),
        ("9" * 500, dt.timedelta(days=30)),
        ("86400", dt.timedelta(days=1)),
    ],
)
def test_a_lease_has_bounds(seconds: str, lease: dt.timedelta) -> None:
    assert wish.read(FORM | {"hub.lease_seconds": seconds}, a_publication()).lease == lease


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("mode", "publish", "hub.mode is neither subscribe nor unsubscribe"),
        ("topic", f"{BASE}minato/parts/1.html", "hub.topic is no feed of this hub"),
        ("topic", f"{BASE}replay/abc/rss.xml", "hub.topic is no feed of this hub"),
        ("topic", "minato/atom.xml", "hub.topic is no feed of this hub"),
        ("topic", "https://elsewhere.example/minato/atom.xml", "hub.topic is no feed of this hub"),
        ("secret", "x" * 200, "hub.secret is longer than 199 bytes, or no text"),
        ("secret", "鍵" * 67, "hub.secret is longer than 199 bytes, or no text"),
        ("secret", "a\nb", "hub.secret is longer than 199 bytes, or no text"),
        ("lease_seconds", "-5", "hub.lease_seconds is no whole number"),
        ("lease_seconds", "１", "hub.lease_seconds is no whole number"),
        ("callback", "", "hub.callback is no web address"),
        ("callback", "ftp://reader.example.net/", "hub.callback is no web address"),
        ("callback", "file:///etc/passwd", "hub.callback is no web address"),
        ("callback", "https:///in", "hub.callback is no web address"),
        ("callback", "https://[::1/", "hub.callback is no web address"),
        ("callback", "https://reader.example.net:99999/", "hub.callback is no web address"),
        ("callback", "https://reader.example.net/\r\nHost: x", "hub.callback is no web address"),
        ("callback", "https://reader.example.net/a b", "hub.callback is no web address"),
        ("callback", "https://読者.example/", "hub.callback is no web address"),
        ("callback", f"https://reader.example.net/{'x' * 2000}", "hub.callback is no web address"),
        ("callback", "https://me:secret@reader.example.net/", "hub.callback has a password or a fragment"),
        ("callback", "https://reader.example.net/#here", "hub.callback has a password or a fragment"),
        ("callback", "http://reader.example.net:25/", "hub.callback has a port of another service"),
        ("callback", "http://reader.example.net:22/", "hub.callback has a port of another service"),
    ],
)
def test_a_senseless_wish_is_refused_in_a_sentence(name: str, value: str, sentence: str) -> None:
    assert refused(**{name: value}) == sentence


@given(st.dictionaries(st.sampled_from([*FORM, "hub.secret", "hub.lease_seconds"]), st.text()))
def test_whatever_stands_in_a_form_it_is_a_wish_or_refused(form: dict[str, str]) -> None:
    try:
        found = wish.read(FORM | form, a_publication())
    except WrongUse:
        return

    assert found.url.startswith(("http://", "https://"))
    found.secret.encode()


def test_a_hub_is_told_which_feed_changed() -> None:
    call = calls.announce(Announcement(hub="https://hub.example.org/", path="minato/atom.xml", mark=1), BASE)

    assert (call.method, call.url) == ("POST", "https://hub.example.org/")
    assert dict(parse_qsl(call.body.decode())) == {"hub.mode": "publish", "hub.url": TOPIC, "hub.topic": TOPIC}
    assert dict(call.headers)["content-type"] == "application/x-www-form-urlencoded"


def test_a_callback_is_asked_with_its_own_query_kept() -> None:
    call = calls.verify(INTENT, "chance", BASE, is_private=False)

    assert (call.method, call.is_private) == ("GET", False)
    assert call.url.startswith("https://reader.example.net/in?user=7&")
    assert dict(parse_qsl(urlsplit(call.url).query)) == {
        "user": "7",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.challenge": "chance",
        "hub.lease_seconds": "864000",
    }


@pytest.mark.parametrize(
    ("answer", "confirmed"),
    [
        (Answer(status=200, body=b"chance"), True),
        (Answer(status=204, body=b"chance"), True),
        (Answer(status=200, body=b"chance\n"), False),
        (Answer(status=200, body=b"<p>chance</p>"), False),
        (Answer(status=200), False),
        (Answer(status=404, body=b"chance"), False),
        (Answer(status=302, body=b"chance"), False),
        (Answer(problem="connection refused"), False),
    ],
)
def test_only_the_challenge_itself_confirms(answer: Answer, confirmed: bool) -> None:
    assert calls.confirms(answer, "chance") is confirmed


def test_a_push_is_signed_and_says_where_it_comes_from() -> None:
    callback = Callback(id=1, path="minato/feed.json", url="https://reader.example.net/", secret=KEY, mark=1)

    call = calls.push(callback, b"{}", base_url=BASE, hub=f"{BASE}hub", is_private=False)

    headers = dict(call.headers)
    assert headers["content-type"] == "application/feed+json; charset=utf-8"
    assert headers["link"] == f'<{BASE}hub>; rel="hub", <{BASE}minato/feed.json>; rel="self"'
    assert headers["x-hub-signature"] == f"sha256={hmac.new(KEY.encode(), b'{}', hashlib.sha256).hexdigest()}"


def test_without_a_secret_nothing_is_signed() -> None:
    callback = Callback(id=1, path="minato/rss.xml", url="https://reader.example.net/", mark=1)

    call = calls.push(callback, b"", base_url=BASE, hub=f"{BASE}hub", is_private=False)

    assert "x-hub-signature" not in dict(call.headers)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json", "sessions/rss.xml"])
def test_a_feed_is_pushed_as_it_is_served(name: str) -> None:
    from cnddigest.web.media import media_type

    assert kind(f"minato/{name}") == media_type(name.rpartition("/")[2])[0]


def test_patience_grows_and_ends() -> None:
    pauses = [again - NOON for n in range(1, 20) if (again := patience.again_at(n, NOON))]

    assert pauses == sorted(pauses)
    assert len(pauses) == patience.MOST - 1
    assert dt.timedelta(hours=20) < sum(pauses, dt.timedelta()) < dt.timedelta(days=2)
