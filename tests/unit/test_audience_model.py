"""Subscriptions and consent: which moves there are, and how often a person is asked."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON
from cnddigest.audience import replay as replays
from cnddigest.audience.consent import CONFIRM_WITHIN, Consent, expires_at, has_expired, may_ask
from cnddigest.audience.model import (
    LANGUAGES,
    SUBSCRIPTION_MOVES,
    Ended,
    Subscription,
    SubscriptionStatus,
    asked,
    confirmed,
    ended,
    may_move,
    spoken,
)
from cnddigest.audience.replay import Replay
from cnddigest.values import from_json, to_json
from conftest import ROOT
from hostile import hostile

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
WORD = Consent(at=NOON, source="a form", text="Write to me.")

subscriptions = st.builds(
    Subscription,
    number=st.just(1),
    subscriber=st.just(1),
    serial=st.just("harbour"),
    status=st.sampled_from(SubscriptionStatus),
    asked_at=st.just(NOON),
).map(lambda found: replace(found, reason=Ended.EXPIRED if found.status is SubscriptionStatus.ENDED else None))


def test_every_status_has_its_moves():
    assert set(SUBSCRIPTION_MOVES) == set(SubscriptionStatus)


@given(subscriptions, st.lists(st.sampled_from(["ask", "confirm", "end"]), max_size=6))
def test_whatever_happens_only_moves_of_the_table_are_made(subscription, events):
    for event in events:
        before = subscription.status
        match event:
            case "ask":
                subscription = asked(subscription, at=NOON + DAY)
            case "confirm":
                subscription = confirmed(subscription, WORD)
            case "end":
                subscription = ended(subscription, Ended.UNSUBSCRIBED)

        assert subscription.status is before or may_move(before, subscription.status)
        assert (subscription.reason is not None) == (subscription.status is SubscriptionStatus.ENDED)
        assert event != "confirm" or subscription.consent == WORD


def test_the_first_word_and_the_first_reason_stay():
    first = Subscription(number=1, subscriber=1, serial="harbour", asked_at=NOON)
    active = confirmed(first, WORD)
    gone = ended(active, Ended.COMPLAINT)

    assert confirmed(active, replace(WORD, source="another form")).consent == WORD
    assert asked(active, at=NOON + DAY) == active
    assert ended(gone, Ended.EXPIRED).reason is Ended.COMPLAINT


def test_an_address_is_asked_three_times_in_a_day_and_not_a_fourth():
    moments = [NOON - DAY, NOON - DAY + MINUTE, NOON - MINUTE]

    assert may_ask([], NOON)
    assert may_ask(moments, NOON)
    assert not may_ask([*moments, NOON], NOON)
    assert may_ask([*moments, NOON], NOON + 2 * MINUTE) is True


def test_a_clock_that_was_set_back_asks_no_oftener():
    assert not may_ask([NOON + DAY] * 3, NOON)


def test_what_is_not_confirmed_within_thirty_days_expires():
    assert not has_expired(NOON, NOON + CONFIRM_WITHIN - MINUTE)
    assert has_expired(NOON, expires_at(NOON))


# Replay settings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"start": "now"}, Replay()),
        ({"start": " ＮＯＷ "}, Replay()),
        ({"start": "2026-12-01", "every": "FRI, mon,fri"}, Replay(start="2026-12-01", every="mon,fri")),
        ({"start": "now", "every": "1h30m", "per": "２"}, Replay(every="1h30m", per=2)),
        ({"start": "now", "every": "weekday", "at": "８：００"}, Replay(every="weekday", at="08:00")),
        ({"start": "now", "timezone": "Asia/Tokyo", "paused": "true"}, Replay(timezone="Asia/Tokyo", paused=True)),
    ],
)
def test_settings_have_one_spelling(written, read):
    assert replays.read(**written) == read


@given(
    st.fixed_dictionaries(
        {
            "start": st.sampled_from(["now", "2026-12-01", "1999-02-28"]),
            "every": st.sampled_from(["", "day", "original", "tue", "mon,sun", "90m", "2d"]),
            "at": st.sampled_from(["", "0:00", "23:59"]),
            "per": st.sampled_from(["", "1", "1000"]),
            "timezone": st.sampled_from(["", "Asia/Tokyo", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+9"]),
            "paused": st.sampled_from(["", "true"]),
        }
    )
)
def test_settings_survive_text_and_json(written):
    replay = replays.read(**written)

    again = replays.read(
        start=replay.start,
        every=replay.every,
        at=replay.at,
        per=str(replay.per),
        timezone=replay.timezone,
        paused="true" if replay.paused else "",
    )

    assert again == replay == from_json(to_json(replay), Replay)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(("start", value) for value in ("tomorrow", "2026-02-30", "0001-01-01", "1" * 100_000)),
        *(
            ("every", value)
            for value in ("fortnight", "mon,foo", "0m", "99999d", "30s", ",", "[]", "9" * 100_000 + "d")
        ),
        *(("at", value) for value in ("24:00", "8", "08:60", "\x00")),
        *(("per", value) for value in ("0", "-1", "1001", "½", "٣", "1" * 100_000)),
        *(
            ("timezone", value)
            for value in ("JST+9:00", "Asia", "../etc/passwd", "/etc/passwd", "Factory", "posixrules", "A\x00b")
        ),
    ],
)
def test_senseless_settings_are_refused_in_one_short_line(setting, value):
    with pytest.raises(ValueError, match=": ") as caught:
        replays.read(**{"start": "now", setting: value})

    assert len(str(caught.value)) < 120


@given(hostile, st.sampled_from(["start", "every", "at", "per", "timezone"]))
def test_no_text_breaks_the_reading_of_settings(text, setting):
    try:
        replays.read(**{"start": "now", setting: text})
    except ValueError as error:
        assert type(error) is ValueError  # noqa: PT017  what is claimed is that no other kind is raised


def test_there_are_texts_in_every_language_that_is_spoken_and_in_no_other():
    assert {path.stem for path in (ROOT / "src" / "cnddigest" / "locale").glob("*.po")} == set(LANGUAGES)


@pytest.mark.parametrize(("tag", "language"), [("ja", "ja"), ("EN-gb", "en"), ("ja_JP", "ja"), ("jav", ""), ("", "")])
def test_a_tag_is_read_by_its_first_part(tag, language):
    assert spoken(tag) == language
