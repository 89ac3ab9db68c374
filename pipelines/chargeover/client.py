"""The only place that calls ChargeOver: list a page, get one record, both with time-outs, retries and a count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import sleep
from typing import Any

import requests

from pipelines.chargeover.answer import CutAnswer, read_answer
from pipelines.chargeover.clock import ServerClock
from pipelines.chargeover.session import Patience, session_of
from pipelines.errors import FixAccess, TryLater

page_limit = 500  # the largest page ChargeOver gives
_most_ticks, _between_ticks_seconds = 12, 0.1


@dataclass(frozen=True, slots=True)
class Seen:
    """What one call showed, and when: ``observed_at`` is the start of the request on ChargeOver's clock."""

    rows: list[dict[str, Any]]
    observed_at: datetime


class ChargeOver:
    """One ChargeOver account over its REST API v3 (HTTP Basic); safe to share between threads."""

    def __init__(
        self,
        url: str,
        public_key: str,
        private_key: str,
        *,
        timeout_seconds: tuple[float, float] = (5, 60),
        patience: Patience | None = None,
    ) -> None:
        self._base = f"{url.rstrip('/')}/api/v3"
        self._timeout_seconds = timeout_seconds
        self._session = session_of(public_key, private_key, patience or Patience())
        self.clock = ServerClock()
        self.calls = 0

    def page(self, name: str, where: Iterable[str], *, expand: Iterable[str] = (), order: str = "") -> Seen:
        """One page of at most 500 records of an object, ordered ascending by one field."""
        asked = {"where": ",".join(where), "expand": ",".join(expand), "order": f"{order}:ASC" if order else ""}
        parameters = {key: value for key, value in asked.items() if value} | {"limit": str(page_limit)}
        response, observed_at = self._ask(name, parameters)
        return Seen(_rows(name, response), observed_at)

    def get(self, name: str, record_id: int) -> Seen:
        """One record with its children; no row when ChargeOver does not have it (HTTP 404)."""
        response, observed_at = self._ask(f"{name}/{record_id}", {})
        return Seen([] if response is None else _rows(name, [response]), observed_at)

    def count(self, name: str, where: Iterable[str]) -> int:
        """How many records of an object fit."""
        response, _ = self._ask(f"{name}/_count", {"where": ",".join(where)})
        return int(response or 0)

    def now(self) -> datetime:
        """ChargeOver's time, asked for by the smallest call there is when no answer has told it yet."""
        if not self.clock.is_set:
            read_answer(self._send("customer", {"limit": "1"}))
            for _ in range(_most_ticks):
                if self.clock.is_vague:  # listen for the next tick of its second hand
                    sleep(_between_ticks_seconds)
                    self._send("customer", {"limit": "1"})
        return self.clock.now()

    def _ask(self, path: str, parameters: dict[str, str]) -> tuple[Any, datetime]:
        for tries_left in (2, 1, 0):
            observed_at = self.now()
            try:
                return read_answer(self._send(path, parameters)), observed_at
            except CutAnswer:
                if not tries_left:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _send(self, path: str, parameters: dict[str, str]) -> requests.Response:
        self.calls += 1
        sent_at = datetime.now(UTC)
        try:
            answer = self._session.get(f"{self._base}/{path}", params=parameters, timeout=self._timeout_seconds)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as wrong:
            raise FixAccess(f"ChargeOver: {wrong}; check CHARGEOVER_URL") from None
        except requests.exceptions.ChunkedEncodingError:
            raise CutAnswer(f"ChargeOver GET {path}: the connection broke inside the answer; try again later") from None
        except requests.exceptions.RequestException as broken:
            raise TryLater(f"ChargeOver at {self._base} cannot be reached: {_reason(broken)}; "
                           "check CHARGEOVER_URL and the network, then try again") from None  # fmt: skip
        self.clock.heard(answer.headers.get("Date"), sent_at, datetime.now(UTC))
        return answer


def _rows(name: str, rows: object) -> list[dict[str, Any]]:
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise FixAccess(f"ChargeOver {name}: the answer holds no list of records; check CHARGEOVER_URL")


def _reason(broken: Exception) -> str:
    cause = getattr(broken.args[0], "reason", None) if broken.args else None
    text = str(cause or broken)
    return text.rpartition("] ")[2].rstrip(")")
