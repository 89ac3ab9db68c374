"""Webhook subscriptions through the REST-hook endpoint ``_resthook`` (docs: subscribing)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

from pipelines.chargeover.answer import Busy, read_answer
from pipelines.chargeover.budget import Budget, Unlimited
from pipelines.chargeover.line import Line
from pipelines.chargeover.pages import largest_page
from pipelines.chargeover.session import Patience, session_of
from pipelines.errors import FixAccess, TryLater

_tries = 3
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Hook:
    """One subscription: ChargeOver posts to ``target_url`` whenever ``event`` happens."""

    id: int
    event: str
    target_url: str


class Hooks:
    """The subscriptions of one account. A call that writes is repeated only after a look at what the first one did."""

    def __init__(
        self,
        url: str,
        public_key: str,
        private_key: str,
        *,
        timeout_seconds: tuple[float, float] = (5, 60),
        patience: Patience | None = None,
        budget: Budget | None = None,
    ) -> None:
        base = f"{url.rstrip('/')}/api/v3"
        self._url, self._timeout_seconds = f"{base}/_resthook", timeout_seconds
        self._patience, self._budget = patience or Patience(), budget or Unlimited()
        self._session = session_of(public_key, private_key)
        self._line = Line(base, self._session, timeout_seconds, self._patience, self._budget, None)

    def all(self) -> list[Hook]:
        """All subscriptions, those of other receivers too, by ascending id; the list cannot be filtered."""
        found: dict[int, Hook] = {}
        page = self._page_from(0)
        while any(each.id not in found for each in page):  # also ends where a server does not know offsets
            found |= {each.id: each for each in page}
            page = self._page_from(len(found))
        return [found[hook_id] for hook_id in sorted(found)]

    def register(self, target_url: str, event: str) -> Hook:
        """Subscribe to an event; raises QuestionRefused when the account does not know it."""

        def ask() -> Hook:
            made = self._write("POST", self._url, {"target_url": target_url, "event": event})
            return Hook(_id_of(made), event, target_url)

        def look() -> Hook | None:
            return next((each for each in self.all() if (each.target_url, each.event) == (target_url, event)), None)

        return self._carefully(ask, look)

    def remove(self, hook_id: int) -> bool:
        """End a subscription; False when there is none with this id."""

        def ask() -> bool:
            return self._write("DELETE", f"{self._url}/{hook_id}") is not None

        def look() -> bool | None:
            return None if hook_id in {each.id for each in self.all()} else True

        return self._carefully(ask, look)

    def _carefully(self, ask: Callable[[], Done], look: Callable[[], Done | None]) -> Done:
        """Ask; after a lost answer look whether it was done all the same, since a repeated POST doubles a hook."""
        for tries in range(1, _tries + 1):
            try:
                return ask()
            except TryLater as trouble:
                if isinstance(trouble, Busy) and trouble.wait_seconds:
                    self._budget.pause(trouble.wait_seconds)
                done = look()
                if done is not None:
                    return done
                if tries == _tries:
                    raise
            self._patience.wait(tries)
        raise AssertionError("unreachable: the last try returns or raises")

    def _page_from(self, offset: int) -> list[Hook]:
        rows, _ = self._line.ask("_resthook", {"limit": str(largest_page), "offset": str(offset)}, "webhook")
        if not isinstance(rows, list):
            raise FixAccess("ChargeOver _resthook: the answer holds no list; check CHARGEOVER_URL")
        return [Hook(_id_of(row), str(row.get("event")), str(row.get("target_url"))) for row in rows]

    def _write(self, method: str, url: str, body: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        self._budget.take("webhook")
        try:
            answer = self._session.request(method, url, json=body, timeout=self._timeout_seconds)
        except requests.exceptions.RequestException as broken:
            raise TryLater(f"ChargeOver {method} _resthook: no answer ({type(broken).__name__}); check CHARGEOVER_URL "
                           "and the network, then try again") from None  # fmt: skip
        return read_answer(answer)


def _id_of(row: object) -> int:
    """The documentation shows ``{"id": 1234}``; numbers elsewhere come as text too."""
    given = str(row.get("id")) if isinstance(row, dict) else ""
    if not (given.isascii() and given.isdecimal()):
        raise FixAccess("ChargeOver _resthook: a subscription without an id; check CHARGEOVER_URL")
    return int(given)
