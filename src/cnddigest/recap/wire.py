"""A Recap as JSON: the shape of `outline --json`, schema cnddigest/outline/1."""

from collections.abc import Iterable
from typing import Any

from cnddigest.recap.model import Day, Recap, Session
from cnddigest.recap.why import Decision

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


def judged(path: str, decision: Decision) -> dict[str, Any]:
    """Return how a line of one file was judged, as plain values."""
    return {
        "path": path,
        "line": decision.line,
        "text": decision.text,
        "role": decision.role,
        "reasons": list(decision.reasons),
        "confidence": decision.confidence,
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
        **_more(session),
    }


def _more(session: Session) -> dict[str, Any]:
    """Return what few sessions have; a member is there only where there is something."""
    known: dict[str, Any] = {name: getattr(session, name) for name in ("ends_at", "room", "code", "language", "level")}
    known |= {"tags": list(session.tags), "added": _rows(session.added, "field", "source")}
    return {name: value for name, value in known.items() if value}


def _rows(values: Iterable[object], *names: str) -> list[dict[str, Any]]:
    return [{name: getattr(value, name) for name in names} for value in values]
