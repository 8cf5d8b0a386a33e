"""The server: a socket, and uvicorn on it until a signal comes."""

import datetime as dt
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cnddigest.config import Settings
from cnddigest.errors import WorkFailed, reason

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Config, Server

    from cnddigest.web.shortcut import AtHand

BACKLOG = 2048
CONNECTIONS = 200  # of a server that says nothing of them
SPARE = 200  # files that are open beside connections: the record's, those being read, and some over
GRACE = 5  # seconds for what is in flight when a signal comes: an open connection must not hold the end up


def listen(host: str, port: int) -> socket.socket:
    """Return a socket on which connections already wait; raises WorkFailed. Port 0 is any free one."""
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        said = reason(error) if isinstance(error, OSError) else "not a name of a machine"
        raise WorkFailed(f"cannot listen, {said}: {shown}") from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise WorkFailed(
            f"cannot listen, {reason(error)}: {shown}", hint="choose another address with --bind"
        ) from error
    return opened


def address(listening: socket.socket) -> str:
    """Return where it can be reached: `http://127.0.0.1:8000/`."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(  # noqa: PLR0913  what a server works with
    settings: Settings,
    listening: socket.socket,
    *,
    clock: Callable[[], dt.datetime],
    stop: threading.Event,
    nudge: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until `stop` is set; what is in flight is finished, for some seconds.

    `nudge` tells whoever delivers that somebody waits for a message, `tell` takes a line for the operator. Raises
    BadConfiguration where what shows who may post can't be read.
    """
    from cnddigest.web.app import site

    with site(settings, clock=clock, nudge=nudge, tell=tell) as application:
        run(
            application,
            listening,
            stop=stop,
            connections=settings.web.connections,
            of_one_house=settings.web.connections_of_one,
            at_hand=application.ready,
        )


def run(  # noqa: PLR0913  what a server works with
    application: "ASGIApp",
    listening: socket.socket,
    *,
    stop: threading.Event,
    connections: int = CONNECTIONS,
    of_one_house: int = CONNECTIONS,
    at_hand: "AtHand" = lambda *_: None,
) -> None:
    """Answer with an application until `stop` is set, and close the socket; what is `at_hand` is asked before."""
    from uvicorn import Config

    from cnddigest.web.gate import gate
    from cnddigest.web.limits import Limits
    from cnddigest.web.shortcut import Shortcut

    limits = Limits(connections=_room_for(connections), of_one_house=of_one_house)
    config = Config(
        application,
        access_log=False,  # a token stands in an address
        lifespan="off",
        log_config=None,
        log_level="error",  # a fault of ours; what strangers send is only a warning, and nothing to talk about
        server_header=False,
        proxy_headers=False,
        http=gate(limits, Shortcut(at_hand)),
        backlog=BACKLOG,
        timeout_keep_alive=limits.idle,
        timeout_graceful_shutdown=GRACE,
        ws="none",
    )
    with listening:
        _server(config, stop).run([listening])


def _server(config: "Config", stop: threading.Event) -> "Server":
    from uvicorn import Server

    class Stoppable(Server):
        """Leaves signals to whoever started it: one that comes before it runs must count too."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def on_tick(self, counter: int) -> bool:
            return await super().on_tick(counter) or stop.is_set()

    return Stoppable(config)


def _room_for(connections: int) -> int:
    """Let this process have as many files open as it needs, and return how many connections there may be then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + SPARE
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(soft - SPARE, 1)
    return connections
