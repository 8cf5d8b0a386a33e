"""What passed through a server since it began, in figures of its own: no record has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What this server did since it began: what Providers told, by their name and its kind, and who waits."""

    returned: Mapping[tuple[str, str], int] = field(default_factory=dict)
    searches_waiting: int = 0
