"""cnddigest replays a conference recap as a day-by-day feed and newsletter."""

__version__ = "0.1.0"
