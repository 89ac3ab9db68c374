"""The webhook receiver: takes ChargeOver's deliveries and keeps which records they name, nothing else of them."""

import asyncio
import hmac
import logging
from collections.abc import Callable, Collection, Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from pipelines.chargeover.announcement import Announcement, Refused, read_announcement
from pipelines.errors import Co2sfError, FixAccess

MOST_BYTES = 2**20
"""Of a body: the samples have a few thousand."""

_log = logging.getLogger(__name__)


def receiver(
    secret: str,
    note: Callable[[str, Collection[int], str], None],
    *,
    troubles: Callable[[], Sequence[str]] = list,
    metrics: Sequence[Collector] = (),
) -> Starlette:
    """An ASGI app: ``POST /`` takes a delivery and answers 200 once ``note(object, ids, "webhook")`` has returned (400,
    401, 413: not taken; 503: ``note`` failed, ChargeOver repeats it). ``GET /health`` answers 503 while there are
    ``troubles``, ``GET /metrics`` in Prometheus' words; these two need no secret. FixAccess without a secret."""
    if not secret.strip():
        raise FixAccess("webhooks: the secret is empty, so anybody could send them; set CHARGEOVER_WEBHOOK_SECRET")
    desk, registry = _Desk(secret.encode(), note), CollectorRegistry()
    for each in (_Deliveries(desk.counts), *metrics):
        registry.register(each)

    def health(_: Request) -> Response:
        """What is wrong, and how many deliveries there were since the start."""
        reasons = list(troubles())
        told = {"status": "degraded" if reasons else "ok", "reasons": reasons, "deliveries": desk.counts}
        return JSONResponse(told, 503 if reasons else 200)

    def measure(_: Request) -> Response:
        """All metrics."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    # both are plain functions: they run in threads, beside the deliveries
    return Starlette(
        routes=[Route("/", desk.take, methods=["POST"]), Route("/health", health), Route("/metrics", measure)]
    )


class _Deliveries(Collector):
    """How many deliveries were received, refused, about unknown objects, or could not be kept, since the start."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """One counter."""
        family = CounterMetricFamily("co2sf_webhook_deliveries", "Deliveries since the start.", labels=["outcome"])
        for outcome, number in self._counts.items():
            family.add_metric([outcome], number)
        yield family


class _Desk:
    def __init__(self, secret: bytes, note: Callable[[str, Collection[int], str], None]) -> None:
        self._secret = secret
        self._note = note
        # one after the other: many writers at once would only wait for each other inside the database
        self._line = asyncio.Lock()
        self.counts = {"received": 0, "refused": 0, "unknown": 0, "failed": 0}

    async def take(self, request: Request) -> Response:
        """Take one delivery."""
        try:
            key = request.headers.get("x-chargeover-key", "").encode("latin-1")  # the bytes as they were sent
            if not hmac.compare_digest(key, self._secret):
                raise Refused(401, "X-ChargeOver-Key is not the secret")  # noqa: TRY301 - one way to refuse
            announcement = read_announcement(await _body(request), self._secret)
        except Refused as refused:
            return self._refuse(refused, request)
        if announcement is None:
            return self._answer("unknown")  # an error would have it repeated for nothing
        return await self._keep(announcement)

    async def _keep(self, announcement: Announcement) -> Response:
        async with self._line:
            try:
                await asyncio.to_thread(self._note, announcement.object, [announcement.record_id], "webhook")
            except Exception as error:  # noqa: BLE001 - whatever it is, ChargeOver must repeat the delivery
                why = error if isinstance(error, Co2sfError) else type(error).__name__
                _log.warning("webhook not kept, ChargeOver is asked to repeat it: %s", why)
                return self._answer("failed", 503)
        return self._answer("received")

    def _refuse(self, refused: Refused, request: Request) -> Response:
        _log.warning("webhook refused with %s: %s", refused.status, refused.reason)
        answer = self._answer("refused", refused.status, refused.reason)
        if refused.status == 413 or not _is_small(request):
            answer.headers["connection"] = "close"  # otherwise the server goes on reading what nobody takes
        return answer

    def _answer(self, count: str, status: int = 200, text: str = "") -> Response:
        self.counts[count] += 1
        return PlainTextResponse(text or count, status)


async def _body(request: Request) -> bytes:
    """The body as far as it may go; a declared length is believed only when it is too much."""
    body = bytearray()
    if "content-length" in request.headers and not _is_small(request):
        raise Refused(413, "the body is over 1 MiB")
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                raise Refused(413, "the body is over 1 MiB")
    except ClientDisconnect:
        raise Refused(400, "the sender hung up inside the body") from None
    return bytes(body)


def _is_small(request: Request) -> bool:
    declared = request.headers.get("content-length", "")
    return declared.isdecimal() and len(declared) <= len(str(MOST_BYTES)) and int(declared) <= MOST_BYTES
