"""The session under simple-salesforce: time limits, repeats where a repeat is safe, and how many calls there are."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import local
from typing import Any
from urllib.parse import urlsplit

import requests

from pipelines.salesforce.adapters import Plain, Timed
from pipelines.salesforce.budget import Budget, Unlimited
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.replies import Reply, failure
from pipelines.salesforce.throttle import Throttle
from pipelines.salesforce.usage import Meter

BUSY = frozenset({429, 500, 502, 503, 504})
CROWDED = frozenset({429, 503, 504})
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried, and how long it is waited in between: doubling, with jitter, seconds."""

    tries: int = 5
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def wait(self, tried: int, asked_seconds: float | None = None) -> None:
        """Wait before the next try: as long as the other side asked, else between half and all of the doubled wait."""
        longest = min(self.first_wait_seconds * 2 ** (tried - 1), self.longest_wait_seconds)
        self.sleep(longest * random.uniform(0.5, 1) if asked_seconds is None else asked_seconds)  # noqa: S311 - jitter


class Session(requests.Session):
    """A requests session that repeats GETs, and what a call marks as repeatable, while the other side is busy."""

    def __init__(
        self,
        timeout_seconds: tuple[float, float] = (5, 130),
        patience: Patience | None = None,
        budget: Budget | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        super().__init__()
        self.meter = Meter()
        self.patience = patience or Patience()
        self.throttle = throttle or Throttle(8)
        self._budget = budget or Unlimited()
        self.only_reads = False
        """Whether a call that could write is a bug."""
        self._under_way = local()
        self._timeout_seconds = timeout_seconds
        self.mount("https://", Timed(timeout_seconds))
        self.mount("http://", Plain(timeout_seconds))

    def reach_plainly(self, url: str) -> None:
        """From now on speak plain http with the host of this http address, even when it is called by https."""
        self.mount(f"https://{urlsplit(url).netloc}/", Plain(self._timeout_seconds))

    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        *,
        repeatable: bool = False,
        patient: bool = True,
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        """One answer, after repeats if these are safe; a redirect is an answer too, so that no token follows it.

        Who is not ``patient`` takes status 500 for an answer, and knows how to go on."""
        options.setdefault("allow_redirects", False)
        tries = self.patience.tries if repeatable or method.upper() == "GET" else 1
        for tried in range(1, tries):
            asked_seconds = None
            try:
                response = self._once(method, url, options)
            except LOST as error:
                if is_unknown_host(error):
                    raise
            else:
                asked_seconds = asked_wait_seconds(response)
                if not is_busy(response) or (asked_seconds or 0) > self.patience.longest_wait_seconds:
                    return response
                if response.status_code == 500 and not patient:
                    return response
            self.patience.wait(tried, asked_seconds)
        return self._once(method, url, options)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What this thread begins inside is finished: only its first call can be stopped by the budget."""
        self._under_way.goes_on = False
        try:
            yield
        finally:
            del self._under_way.goes_on

    def _once(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        if "/services/data/" not in url:
            return super().request(method, url, **options)
        writes = method.upper() != "GET"
        assert not (writes and self.only_reads), f"{method} {url}: what is only to be read would be written"
        self._take()
        with self.throttle.slot() if writes else nullcontext():
            self.meter.count(writes=writes)
            response = self._answer(method, url, options)
        told = self.meter.read(response.headers.get("Sforce-Limit-Info"))
        if told:
            self._budget.told(*told)
        if is_out_of_calls(response):
            self._budget.refused()
        return response

    def _take(self) -> None:
        self._budget.take(begins=not getattr(self._under_way, "goes_on", False))
        if hasattr(self._under_way, "goes_on"):
            self._under_way.goes_on = True

    def _answer(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        try:
            response = super().request(method, url, **options)
        except requests.Timeout:
            self.throttle.trouble()
            raise
        if is_crowded(response):
            self.throttle.trouble()
        return response


def is_busy(response: requests.Response) -> bool:
    """Whether the same call may go well in a moment: busy, a fault of the table that passes, or an answer cut short."""
    if response.status_code in BUSY:
        return True
    if not is_json(response):
        return False
    if response.status_code >= 400:
        return errors_in(response).handling.kind is Kind.RETRY
    return response.content.rstrip()[-1:] not in {b"}", b"]"} and response.status_code == 200


def is_crowded(response: requests.Response) -> bool:
    """Whether fewer calls at once may go better: too busy, or a fault of the table that passes, as that of too many
    long calls."""
    if response.status_code in CROWDED:
        return True
    return 400 <= response.status_code < 500 and is_json(response) and errors_in(response).handling.kind is Kind.RETRY


def is_out_of_calls(response: requests.Response) -> bool:
    """Whether the org has no calls left: 403 with "TotalRequests Limit exceeded." (REST API guide)."""
    if response.status_code != 403 or not is_json(response):
        return False
    reply = errors_in(response)
    return reply.code == "REQUEST_LIMIT_EXCEEDED" and reply.stops


def errors_in(response: requests.Response) -> Reply:
    """The reply in the body of an answer that is an error."""
    try:
        return failure(response.json())
    except ValueError:
        return failure([])


def is_json(response: requests.Response) -> bool:
    """Whether the answer says that it is JSON; pages of proxies and of maintenance do not."""
    return "json" in response.headers.get("Content-Type", "")


def is_unknown_host(error: Exception) -> bool:
    """Whether the host's name could not be resolved."""
    return "NameResolutionError" in repr(error) or "Failed to resolve" in str(error)


def asked_wait_seconds(response: requests.Response) -> float | None:
    """The wait of a Retry-After header, in seconds or up to a date counted from the answer's own Date header."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        until, sent = parsedate_to_datetime(asked), parsedate_to_datetime(response.headers["Date"])
    except (ValueError, KeyError):
        return None
    return max((until - sent).total_seconds(), 0.0)
