"""The preview's server, beside the thread that builds."""

import socket
import threading

from cnddigest.web import server
from cnddigest.web.preview.app import application
from cnddigest.web.preview.live import Live
from cnddigest.web.preview.watching import follow
from cnddigest.wiring.preview import Stage


def serve(stage: Stage, listening: socket.socket, *, stop: threading.Event) -> None:
    """Serve until `stop` is set."""
    live = Live()
    builder = threading.Thread(target=follow, args=(stage, live, stop), name="preview", daemon=True)
    builder.start()
    try:
        server.run(application(stage, live), listening, stop=stop)
    finally:
        stop.set()
        builder.join()
