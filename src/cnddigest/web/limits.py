"""Limits of a connection: for how long it may do what, and how many there may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for a head, for a body, between two requests, and without any progress of an answer; and how many."""

    connections: int
    of_one_house: int = 200
    head: float = 10
    body: float = 30
    idle: int = 15
    stalled: float = 60
