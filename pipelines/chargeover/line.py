"""The line to one account: questions, asked again while ChargeOver is busy or out of reach, each from the budget."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError, ProtocolError, ReadTimeoutError

from pipelines.chargeover.answer import Busy, CutAnswer, TooSlow, read_answer
from pipelines.chargeover.budget import Budget, longest_pause_seconds
from pipelines.chargeover.clock import ServerClock
from pipelines.chargeover.session import Patience
from pipelines.errors import FixAccess, TryLater

_few = 2  # repeats of what waiting seldom mends: nobody listens, or the answer is cut each time
_longest_obeyed_seconds = 3600.0  # then it is asked again, however long Retry-After says


class Unreachable(TryLater):
    """No connection came about."""


class Line:
    """How questions reach one account; safe to share between threads."""

    def __init__(
        self,
        base: str,
        session: requests.Session,
        timeout_seconds: tuple[float, float],
        patience: Patience,
        budget: Budget,
        clock_tolerance: timedelta | None,
    ) -> None:
        self._base, self._session, self._timeout_seconds = base, session, timeout_seconds
        self._patience, self._budget, self._clock_tolerance = patience, budget, clock_tolerance
        self.clock = ServerClock()
        self._calls: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    @property
    def calls(self) -> Counter[tuple[str, str]]:
        """Made so far, by object and signal, repeats included."""
        with self._lock:
            return self._calls.copy()

    def ask(
        self,
        path: str,
        parameters: dict[str, str],
        signal: str,
        *,
        body: dict[str, Any] | None = None,
        once_if_slow: bool = False,
    ) -> tuple[Any, datetime]:
        """What the answer holds (None: HTTP 404), and ChargeOver's time when it was asked for; repeats are counted and
        taken from the budget like first calls. ``body``: a question too long for an address; nothing is written by it.
        ``once_if_slow``: raise TooSlow at once, to ask for less instead."""
        troubles = 0
        while True:
            self._budget.take(signal)
            observed_at = self.clock.now()
            try:
                return read_answer(self._send(path, parameters, signal, body)), observed_at
            except TryLater as trouble:
                troubles += 1
                if (once_if_slow and isinstance(trouble, TooSlow)) or not self._wait(trouble, troubles):
                    raise

    def _wait(self, trouble: TryLater, troubles: int) -> bool:
        """Wait as this trouble demands; false when asking again is left to the next run."""
        seconds = trouble.wait_seconds if isinstance(trouble, Busy) else 0
        if seconds:
            self._budget.pause(min(seconds, _longest_obeyed_seconds))
        seldom_mends = isinstance(trouble, Unreachable | CutAnswer)
        most = min(_few, self._patience.repeats) if seldom_mends else self._patience.repeats
        if troubles > most or seconds > longest_pause_seconds:
            return False
        if not seconds:
            self._patience.wait(troubles)
        return True

    def _send(
        self, path: str, parameters: dict[str, str], signal: str, body: dict[str, Any] | None
    ) -> requests.Response:
        with self._lock:
            self._calls[path.partition("/")[0], signal] += 1
        sent_at = datetime.now(UTC)
        with self._named(path):
            answer = self._session.request(
                "GET" if body is None else "POST", f"{self._base}/{path}", params=parameters, json=body,
                timeout=self._timeout_seconds,
            )  # fmt: skip
        self.clock.heard(answer.headers.get("Date"), sent_at, datetime.now(UTC))
        self._check_clock()
        return answer

    @contextmanager
    def _named(self, path: str) -> Iterator[None]:
        try:
            yield
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as wrong:
            raise FixAccess(f"ChargeOver: {wrong}; check CHARGEOVER_URL") from None
        except requests.exceptions.ChunkedEncodingError:
            raise CutAnswer(f"ChargeOver GET {path}: the connection broke inside the answer; try again later") from None
        except requests.exceptions.RequestException as broken:
            raise _class_of(broken)(f"ChargeOver at {self._base} cannot be reached: {_reason(broken)}; "
                                    "check CHARGEOVER_URL and the network, then try again") from None  # fmt: skip

    def _check_clock(self) -> None:
        if self._clock_tolerance is not None and self.clock.least_skew > self._clock_tolerance:
            theirs, ours = self.clock.now(), datetime.now(UTC)
            seconds = self._clock_tolerance.total_seconds()
            raise FixAccess(
                f"ChargeOver at {self._base} says that it is {theirs:%Y-%m-%d %H:%M:%S} UTC, this machine says "
                f"{ours:%Y-%m-%d %H:%M:%S} UTC: more than {seconds:.0f} s apart; set this machine's "
                "clock or, if it is right, raise CHARGEOVER_CLOCK_TOLERANCE_SECONDS"
            )


def _class_of(broken: Exception) -> type[TryLater]:
    cause = _cause(broken)
    if isinstance(broken, requests.exceptions.ReadTimeout) or isinstance(cause, ReadTimeoutError):
        return TooSlow
    is_nobody = isinstance(broken, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError)
    return Unreachable if is_nobody or isinstance(cause, NewConnectionError) else Busy


def _reason(broken: Exception) -> str:
    return str(_cause(broken)).rpartition("] ")[2].rstrip(")")


def _cause(broken: Exception) -> object:
    """What lies innermost in the errors of requests and urllib3, which wrap one another in several ways."""
    outer = broken.args[0] if broken.args else broken
    cause = getattr(outer, "reason", None) or outer
    inner = cause.args[-1] if isinstance(cause, ProtocolError) else cause
    return inner if isinstance(inner, Exception) else cause
