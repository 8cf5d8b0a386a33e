"""A Recap as JSON: the shape of `outline --json`, schema cnddigest/outline/1."""

from collections.abc import Iterable
from typing import Any

from cnddigest.recap.model import Day, Recap, Session

SCHEMA = "cnddigest/outline/1"


def wire(recap: Recap) -> dict[str, Any]:
    """Return plain values in the order in which the schema names them."""
    return {
        "schema": SCHEMA,
        "title": recap.title,
        "language": recap.language,
        "format": recap.format,
        "source": {"path": recap.source.path, "sha256": recap.source.sha256},
        "introduction": list(recap.introduction.paragraphs),
        "days": [_day(day) for day in recap.days],
        "closing": {"heading": recap.closing.heading, "paragraphs": list(recap.closing.prose.paragraphs)},
        "dropped": _rows(recap.dropped, "line", "text", "reason"),
        "findings": _rows(recap.findings, "rule", "severity", "line", "message"),
    }


def _day(day: Day) -> dict[str, Any]:
    return {
        "number": day.number,
        "label": day.label,
        "date": day.date.isoformat() if day.date else None,
        "introduction": list(day.introduction.paragraphs),
        "sessions": [_session(session) for session in day.sessions],
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "number": session.number,
        "id": session.id,
        "title": session.title,
        "heading": session.heading,
        "kind": session.kind,
        "track": session.track,
        "group": session.group,
        "starts_at": session.starts_at,
        "speakers": list(session.speakers),
        "url": session.url,
        "links": _rows(session.links, "label", "url"),
        "paragraphs": list(session.prose.paragraphs),
    }


def _rows(values: Iterable[object], *names: str) -> list[dict[str, Any]]:
    return [{name: getattr(value, name) for name in names} for value in values]
