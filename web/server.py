"""Serving the app with uvicorn, and stopping it promptly though event streams are open."""

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from web.context import WebContext

GRACE = 5
"""Seconds that answers under way get when the process stops."""


class Server(uvicorn.Server):
    """A server that tells the open event streams when it is asked to stop, and leaves signals alone."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._context: WebContext = app.state.context
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for whoever runs the server."""
        yield

    def stop(self) -> None:
        """Answers under way are finished, and open streams end; safe to call from the server's own loop."""
        self._context.stopping.set()
        self.should_exit = True
