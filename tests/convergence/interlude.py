"""What stands before ChargeOver: each call takes a while, and something may happen between two of them."""

from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from virtual_time import VirtualTime

_refusal = b'{"code":401,"status":"Error","message":"Not now.","details":{},"response":false}'


class Interlude:
    """An ASGI app before another one, which can be exchanged."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.time: VirtualTime | None = None
        self.latency_seconds = 0.05
        self.calls = 0
        self.left: int | None = None
        """How many calls are still answered; then the run dies of a refusal. None: all."""
        self.happens: dict[int, Callable[[], Any]] = {}
        """What happens before a call that is still to come, by its number counted from 1."""

    def begin(self, app: ASGIApp, time: VirtualTime, latency_seconds: float) -> None:
        """Stand before a new company."""
        self.app, self.time, self.latency_seconds = app, time, latency_seconds
        self.calls, self.left, self.happens = 0, None, {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _lifespan(receive, send)
            return
        assert self.app is not None
        assert self.time is not None
        self.calls += 1
        self.time.advance(self.latency_seconds)
        happens = self.happens.pop(self.calls, None)
        if happens:
            happens()
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                await _refuse(send)
                return
        await self.app(scope, receive, send)
        self.time.advance(self.latency_seconds)


async def _lifespan(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_refusal)).encode())]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": _refusal})
