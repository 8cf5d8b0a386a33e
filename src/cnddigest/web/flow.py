"""The flow of a connection: nothing more is read while requests wait, or they would pile up."""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """Reads on only when nothing waits: uvicorn would go on after each answer."""

    def __init__(self, transport: asyncio.Transport, waits: Callable[[], bool]) -> None:
        """Ask `waits` whether something does."""
        super().__init__(transport)
        self._waits = waits

    def resume_reading(self) -> None:
        """Go on, if there is nothing that waits."""
        if self.read_paused and not self._waits():
            super().resume_reading()
