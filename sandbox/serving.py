"""Servers of ASGI apps in threads of this process, on ports of 127.0.0.1."""

import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_START_SECONDS = 20


class _HangUp(HttpToolsProtocol):
    """Lets an app close its connection without answering: ``scope["extensions"]["sandbox.hang_up"]["now"]()``."""

    def on_message_begin(self) -> None:
        """Offer the extension to the request that begins."""
        super().on_message_begin()
        extensions: dict[str, Any] = {"sandbox.hang_up": {"now": self.transport.abort}}
        self.scope["extensions"] = extensions


class _Dated:
    """Adds a Date header to answers that have none; an app with a clock of its own writes its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if not any(name.lower() == b"date" for name, _ in headers):
                    headers.append((b"date", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()).encode()))
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, dated)


class Running:
    """A server that answers at ``url`` until it is left or stopped."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        try:
            self._socket = socket.create_server(("127.0.0.1", port))
        except OSError as problem:
            raise OSError(
                f"port {port} of 127.0.0.1: {problem.strerror}; end what listens there or choose another"
            ) from None
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            _Dated(app), http=_HangUp, log_level="warning", access_log=False, date_header=False, server_header=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        end = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > end:
                raise RuntimeError(f"{self.url}: the server did not start; its log says why")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server and wait until it is gone."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def serve(app: ASGIApp, port: int = 0) -> Running:
    """A context manager that serves ``app`` on ``port`` (0: any free one) of 127.0.0.1; OSError when it is taken."""
    return Running(app, port)
