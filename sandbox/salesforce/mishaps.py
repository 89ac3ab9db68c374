"""Lets the faults on order happen: instead of the answer, to the answer, or after the work is done."""

import asyncio
import json
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.salesforce.faults import INSIDE, Fault
from sandbox.salesforce.org import Org
from sandbox.salesforce.routes import kind_of

JSON_TYPE: Final = "application/json;charset=UTF-8"
HTML: Final = b"<html><head><title>Maintenance</title></head><body><h1>We are down for maintenance.</h1></body></html>"

# 502 and maintenance pages come from the edge as HTML, the rest as the REST array (verified shapes).
STATUS: Final = {
    "429": 429,
    "429_retry_after": 429,
    "500": 500,
    "502": 502,
    "503": 503,
    "503_after_commit": 503,
    "html": 503,
    "limit_exceeded": 403,
    "long_limit_exceeded": 403,
}
ERRORS: Final = {
    403: ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    429: ("REQUEST_LIMIT_EXCEEDED", "Too many requests"),
    500: ("UNKNOWN_EXCEPTION", INSIDE),
    503: ("SERVER_UNAVAILABLE", "Server Unavailable"),
}
LONG_LIMIT: Final = ("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")
AFTER_THE_WORK: Final = frozenset({"lost_answer", "503_after_commit", "late_answer", "cut_json"})


class Mishaps:
    """Stands before the application and takes one fault per call from the org's queue."""

    def __init__(self, inner: ASGIApp, org: Org) -> None:
        self.inner = inner
        self.org = org

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with the fault that is due, or passes the call on."""
        if scope["type"] != "http" or not self.org.faults.calls or scope["path"].startswith("/_admin"):
            await self.inner(scope, receive, send)
            return
        fault = self.org.faults.take(scope["method"], _address(scope))
        if fault is None:
            await self.inner(scope, receive, send)
        elif fault.kind == "slow":
            await self._slow(fault, scope, receive, send)
        elif fault.kind == "expired_session":
            self.org.sessions.expire()
            await self.inner(scope, receive, send)
        elif fault.kind in AFTER_THE_WORK:
            await self._after(fault, scope, receive, send)
        else:
            await _read_all(receive)
            segments = [part for part in scope["path"].split("/")[4:] if part]
            self.org.requests.note(scope["method"], scope["path"], kind_of(segments), STATUS.get(fault.kind, 0), 0)
            await _instead(fault, scope, send)

    async def _slow(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """A call that has arrived is done, also when who sent it does not wait for the answer (inferred: nothing says
        that Salesforce would notice)."""
        arrived = await _read_all(receive)
        await asyncio.sleep(fault.seconds)

        async def again() -> Message:
            return arrived.pop(0) if arrived else await receive()

        await self.inner(scope, again, send)

    async def _after(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.inner(scope, receive, keep)
        if fault.kind == "cut_json":
            body = b"".join(message.get("body", b"") for message in messages)
            await _send(send, messages[0]["status"], body[: max(1, len(body) // 2)], JSON_TYPE)
        elif fault.kind == "503_after_commit":
            await _instead(fault, scope, send)
        elif fault.kind == "late_answer":
            await _wait_while_listened(receive, fault.seconds)
            for message in messages:
                await send(message)
        else:
            await _drop(scope, send)


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


async def _read_all(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    return messages


async def _wait_while_listened(receive: Receive, seconds: float) -> None:
    """Returns after the seconds, or when the client has given up: what it asked for is done all the same."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass


async def _instead(fault: Fault, scope: Scope, send: Send) -> None:
    if fault.kind == "drop":
        await _drop(scope, send)
        return
    status = STATUS[fault.kind]
    if fault.kind in {"html", "502"}:
        await _send(send, status, HTML, "text/html")
        return
    code, message = ERRORS[status] if fault.kind != "long_limit_exceeded" else LONG_LIMIT
    body = json.dumps([{"message": message, "errorCode": code}]).encode()
    headers = {"retry-after": f"{fault.seconds:g}"} if fault.kind == "429_retry_after" else {}
    await _send(send, status, body, JSON_TYPE, headers)


async def _send(send: Send, status: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
    headers = {"content-type": kind, "content-length": str(len(body)), **(more or {})}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _drop(scope: Scope, send: Send) -> None:
    """Closes the connection without an answer; a server that cannot hang up breaks off inside the body instead."""
    hang_up = scope.get("extensions", {}).get("sandbox.hang_up")
    if hang_up is not None:
        hang_up["now"]()
        await asyncio.sleep(0.01)  # the server has to notice, or it reports an application that did not answer
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
    await send({"type": "http.response.body", "body": b"["})
