"""What `doctor` looks at for WebSub: hubs that answer, and a hub of our own that others can reach."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnddigest.cli.check import Check, Seen, told
from cnddigest.config import Settings

if TYPE_CHECKING:
    from cnddigest.servers import Servers
    from cnddigest.wiring.herald import Herald

NOT_ALLOWED = 405  # a hub is written to, not read: RFC 9110, 15.5.6


def hubs(settings: Settings) -> Iterator[Check]:
    """Ask each hub for its page, whatever it answers; nothing is announced."""
    if settings.web.hubs or settings.web.is_hub:
        from cnddigest.servers import Servers
        from cnddigest.wiring.herald import Herald

        herald = Herald(settings)
        for hub in herald.hubs:
            yield from told("hub", _hub, hub, Servers())
        if settings.web.is_hub:
            yield from told("own hub", _own, herald, Servers())


def _hub(hub: str, servers: "Servers") -> Seen:
    from cnddigest.hub.model import Call

    (answer,) = servers.call([Call(url=hub, method="GET", is_private=True)])
    if answer.problem:
        return "look", f"{answer.problem}: {hub}", "look for a mistake in its address; it is told later all the same"
    return "ok", f"{hub} is there", None


def _own(herald: "Herald", servers: "Servers") -> Seen:
    from cnddigest.hub.model import Call

    (answer,) = servers.call([Call(url=herald.own, method="GET", is_private=True)])
    if answer.status == NOT_ALLOWED:
        return "ok", f"{herald.own} is there", None
    hint = "let `cnddigest serve` run, and the proxy before it pass this address on"
    return "look", f"{answer.words if answer.problem else 'it is no hub'}: {herald.own}", hint
