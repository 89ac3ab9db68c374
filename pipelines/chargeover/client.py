"""One ChargeOver account as it is asked: list a page, get one record, count, for whoever wants to know."""

from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from typing import Any, Self

from pipelines.chargeover.answer import TooSlow
from pipelines.chargeover.budget import Budget, Unlimited
from pipelines.chargeover.clock import ServerClock
from pipelines.chargeover.datetimes import Datetimes
from pipelines.chargeover.line import Line
from pipelines.chargeover.pages import Pages, largest_page
from pipelines.chargeover.session import Patience, session_of
from pipelines.errors import FixAccess

_most_ticks, _between_ticks_seconds = 12, 0.1


@dataclass(frozen=True, slots=True)
class Seen:
    """What one call showed, and when: ``observed_at`` is the start of the request on ChargeOver's clock."""

    rows: list[dict[str, Any]]
    observed_at: datetime
    is_last: bool = True
    """Of a page: whether it ends its list."""


class ChargeOver:
    """One ChargeOver account over its REST API v3 (HTTP Basic); safe to share between threads."""

    def __init__(  # noqa: PLR0913 - an account has that many sides
        self,
        url: str,
        public_key: str,
        private_key: str,
        *,
        timeout_seconds: tuple[float, float] = (5, 60),
        patience: Patience | None = None,
        budget: Budget | None = None,
        page_limit: int = largest_page,
        clock_tolerance: timedelta | None = None,
        datetime_format: str = "",
    ) -> None:
        """``clock_tolerance``: how far ChargeOver's clock may be from this machine's before FixAccess says so (None:
        not checked). ``datetime_format``: how the account writes datetimes (strptime), if not as ISO 8601."""
        self._line = Line(
            f"{url.rstrip('/')}/api/v3", session_of(public_key, private_key), timeout_seconds,
            patience or Patience(), budget or Unlimited(), clock_tolerance,
        )  # fmt: skip
        self._pages = Pages(page_limit)
        self._datetimes = Datetimes(datetime_format)
        self.signal = "probe"

    def on_behalf_of(self, signal: str) -> Self:
        """The same account (session, clock, counts, budget, page lengths shared), its calls taken for this signal."""
        view = copy(self)
        view.signal = signal
        return view

    @property
    def clock(self) -> ServerClock:
        """ChargeOver's clock, as told by all answers so far."""
        return self._line.clock

    @property
    def calls(self) -> int:
        """How many calls were made so far, by all views, repeats included."""
        return self._line.calls.total()

    @property
    def calls_by_signal(self) -> dict[str, int]:
        """How many calls were made so far for each signal, repeats included."""
        found: Counter[str] = Counter()
        for (_, signal), calls in self._line.calls.items():
            found[signal] += calls
        return dict(found)

    def own_calls(self, name: str) -> int:
        """How many calls about one object were made so far for the signal of this view, repeats included."""
        return self._line.calls[name, self.signal]

    def calls_about(self, name: str) -> dict[str, int]:
        """How many calls about one object were made so far for each signal, repeats included."""
        return {signal: calls for (about, signal), calls in self._line.calls.items() if about == name}

    def page_limit(self, name: str) -> int:
        """How many records of an object a page is asked for: fewer once a page took too long."""
        return self._pages.limit(name)

    def cap_pages(self, limit: int) -> None:
        """Ask for at most so many records a page from now on, in all views: this account refuses more."""
        self._pages.cap(limit)

    def page(
        self,
        name: str,
        where: Iterable[str],
        *,
        expand: Iterable[str] = (),
        order: str = "",
        offset: int = 0,
        limit: int = largest_page,
    ) -> Seen:
        """One page of an object's records, ascending by one field; half as long once the answer takes too long."""
        asked = {"where": ",".join(where), "expand": ",".join(expand), "order": f"{order}:ASC" if order else ""}
        asked = {key: value for key, value in asked.items() if value} | ({"offset": str(offset)} if offset else {})
        while True:
            length = min(limit, self._pages.limit(name))
            try:
                return self._page(name, asked, length)
            except TooSlow:
                if not self._pages.can_shrink(length):
                    raise
                self._pages.shrink(name, length)

    def _page(self, name: str, asked: dict[str, str], length: int) -> Seen:
        can_shrink = self._pages.can_shrink(length)
        response, observed_at = self._ask(name, asked | {"limit": str(length)}, once_if_slow=can_shrink)
        rows = self._rows(name, response)
        return Seen(rows, observed_at, self._pages.is_last(name, asked.get("expand", ""), length, len(rows)))

    def get(self, name: str, record_id: int) -> Seen:
        """One record with its children; no row when ChargeOver does not have it (HTTP 404)."""
        response, observed_at = self._ask(f"{name}/{record_id}", {})
        return Seen([] if response is None else self._rows(name, [response]), observed_at)

    def count(self, name: str, where: Iterable[str]) -> int:
        """How many records of an object fit."""
        response, _ = self._ask(f"{name}/_count", {"where": ",".join(where)})
        return int(response or 0)

    @property
    def ahead(self) -> timedelta:
        """How far ChargeOver's clock is ahead of ours."""
        return self.clock.skew

    def aggregate(self, name: str, fields: Iterable[str], where: Iterable[str], group: Iterable[str]) -> Any:  # noqa: ANN401
        """Sums and counts made by ChargeOver itself (PHP SDK, Aggregate.php); how it answers is published nowhere."""
        asked = {"object": name, "fields": [*fields], "where": [*where], "group": [*group]}
        response, _ = self._ask("_aggregate", {}, body=asked)
        return response

    def now(self) -> datetime:
        """ChargeOver's time, asked for by the smallest call there is when no answer has told it yet."""
        if not self.clock.is_set:
            self._tick()
            for _ in range(_most_ticks):
                if self.clock.is_vague:  # listen for the next tick of its second hand
                    sleep(_between_ticks_seconds)
                    self._tick()
        return self.clock.now()

    def _tick(self) -> None:
        self._line.ask("customer", {"limit": "1"}, self.signal)

    def _ask(
        self,
        path: str,
        parameters: dict[str, str],
        *,
        body: dict[str, Any] | None = None,
        once_if_slow: bool = False,
    ) -> tuple[Any, datetime]:
        self.now()
        return self._line.ask(path, parameters, self.signal, body=body, once_if_slow=once_if_slow)

    def _rows(self, name: str, rows: object) -> list[dict[str, Any]]:
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return self._datetimes.normalised(name, rows)
        raise FixAccess(f"ChargeOver {name}: the answer holds no list of records; check CHARGEOVER_URL")
