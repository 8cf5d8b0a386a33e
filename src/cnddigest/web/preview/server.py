"""The preview's server: uvicorn on a socket of this machine, beside the thread that builds."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cnddigest.web.preview.app import application
from cnddigest.web.preview.live import Live
from cnddigest.web.preview.watching import follow
from cnddigest.wiring.preview import Stage

GRACE = 2  # seconds for what is in flight when a signal comes


def serve(stage: Stage, listening: socket.socket, *, stop: threading.Event) -> None:
    """Serve until `stop` is set."""
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves signals to whoever started it."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def on_tick(self, counter: int) -> bool:
            return await super().on_tick(counter) or stop.is_set()

    live = Live()
    builder = threading.Thread(target=follow, args=(stage, live, stop), name="preview", daemon=True)
    builder.start()
    config = uvicorn.Config(
        application(stage, live),
        access_log=False,
        lifespan="off",
        log_config=None,
        log_level="error",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        ws="none",
    )
    try:
        with listening:
            Server(config).run([listening])
    finally:
        stop.set()
        builder.join()
