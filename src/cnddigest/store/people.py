"""People as the record keeps them: rows of plain values, a person's own run as JSON."""

import json
from dataclasses import asdict

from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Ended, Subscriber, Subscription, SubscriptionStatus, Suppression
from cnddigest.audience.replay import Replay, Turn
from cnddigest.serial.replay import Course
from cnddigest.store.codec import Row, instant, microseconds


def values(subscription: Subscription) -> dict[str, object]:
    """Return a Subscription as its statements take it."""
    consent, course = subscription.consent, subscription.course
    return {
        "subscriber": subscription.subscriber,
        "serial": subscription.serial,
        "run": subscription.run,
        "status": subscription.status.value,
        "reason": subscription.reason.value if subscription.reason else "",
        "position": subscription.position,
        "replay": settings_text(subscription.replay) if subscription.replay else "",
        "consent_at": microseconds(consent.at) if consent else None,
        "consent_source": consent.source if consent else "",
        "consent_text": consent.text if consent else "",
        "asked_at": microseconds(subscription.asked_at),
        "course": course_text(course) if course else "",
        "next_at": microseconds(subscription.next_at) if subscription.next_at else None,
    }


def subscriber(row: Row) -> Subscriber:
    """Return the person in a row."""
    number, address, key, name, language, created_at = row
    return Subscriber(
        number=number, address=address, key=key, name=name, language=language, created_at=instant(created_at)
    )


def subscription(row: Row) -> Subscription:
    """Return the Subscription in a row."""
    number, person, serial, run, status, reason, position, replay, at, source, text, asked_at, course, next_at = row
    return Subscription(
        number=number,
        subscriber=person,
        serial=serial,
        run=run,
        status=SubscriptionStatus(status),
        reason=Ended(reason) if reason else None,
        position=position,
        replay=settings(replay) if replay else None,
        consent=Consent(at=instant(at), source=source, text=text) if at is not None else None,
        asked_at=instant(asked_at),
        course=read_course(course) if course else None,
        next_at=instant(next_at) if next_at is not None else None,
    )


def listener(row: Row) -> Listener:
    """Return a person and one Subscription of theirs."""
    return Listener(subscriber=subscriber(row[:6]), subscription=subscription(row[6:-1]), suppressed=row[-1])


def suppression(row: Row) -> Suppression:
    """Return the standing order in a row."""
    key, reason, at = row
    return Suppression(key=key, reason=reason, at=instant(at))


def turn(row: Row) -> Turn:
    """Return a run that is to be looked at."""
    number, serial, run, replay, course, next_at, address = row
    return Turn(
        subscription=number,
        serial=serial,
        run=run,
        settings=settings(replay),
        course=read_course(course),
        next_at=instant(next_at),
        address=address,
    )


def settings_text(replay: Replay) -> str:
    """Return a Replay's settings, as JSON: the same text for the same settings."""
    return json.dumps(asdict(replay))


def settings(text: str) -> Replay:
    """Return what `settings_text` wrote."""
    return Replay(**json.loads(text))


def course_text(course: Course) -> str:
    """Return how far a run has come, as JSON."""
    return json.dumps(
        {
            "began_at": microseconds(course.began_at),
            "moments": [None if moment is None else microseconds(moment) for moment in course.moments],
            "step_at": None if course.step_at is None else microseconds(course.step_at),
            "in_step": course.in_step,
            "since": None if course.since is None else microseconds(course.since),
        },
        separators=(",", ":"),
    )


def read_course(text: str) -> Course:
    """Return what `course_text` wrote."""
    kept = json.loads(text)
    return Course(
        began_at=instant(kept["began_at"]),
        moments=tuple([None if moment is None else instant(moment) for moment in kept["moments"]]),
        step_at=None if kept["step_at"] is None else instant(kept["step_at"]),
        in_step=kept["in_step"],
        since=None if kept["since"] is None else instant(kept["since"]),
    )
