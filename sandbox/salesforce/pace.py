"""How long things take: settings of the admin path, all without time until a test or a bench asks for some."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from sandbox.salesforce.jsonvalue import Json

GLANCE_SECONDS: Final = 0.01  # how often what waits looks at the settings again


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, and how much goes on at once.

    Calls and waits for locks go by real time, jobs by the org's clock. What one vendor's org takes is unknown: every
    time is 0 unless it is set.
    """

    latency_seconds: float = 0.0  # of each REST call
    row_seconds: float = 0.0  # of each row that a REST call writes, on top
    bulk_job_seconds: float = 0.0  # that a job waits as UploadComplete
    bulk_row_seconds: float = 0.0  # of each row of a job
    bulk_batches_at_once: int = 2  # of one job; how many is unknown, two can already lock each other out
    bulk_lock_retries: int = 0  # of rows of a job that were locked; the automatic retry is only a pilot (verified)
    deploy_seconds: float = 0.0  # that a deployment of metadata takes
    lock_wait_seconds: float = 10.0  # published: a transaction waits for a lock 10 seconds at most
    lookups_lock: str = "uncleared"  # or "every", see `locks`
    long_request_seconds: float = 20.0  # from when on a call is a long one (verified)
    long_requests: int = 25  # that may be under way at once (verified; 5 in developer and trial orgs)


class Pace:
    """The times of an org, changed over the admin path."""

    def __init__(self) -> None:
        self.times = Times()

    def change(self, asked: Mapping[str, Json]) -> None:
        """Sets the times that a JSON object names; ValueError says which of them cannot be, and none is set."""
        unknown = set(asked) - _NAMES
        if unknown:
            raise ValueError(
                f"no setting is called {', '.join(sorted(unknown))}; there are {', '.join(sorted(_NAMES))}"
            )
        for name, value in asked.items():
            _check(name, value)
        self.times = replace(self.times, **asked)

    def shown(self) -> dict[str, Json]:
        """All settings as JSON values."""
        return asdict(self.times)

    @property
    def calls_take_time(self) -> bool:
        """Whether a REST call lasts, so that others can come in between."""
        return bool(self.times.latency_seconds or self.times.row_seconds)

    async def last(self, rows: int, begun: float) -> None:
        """Returns when a REST call that writes this many rows has taken its time, counted from its beginning (monotonic
        seconds), so that our own work is part of it; calls under way obey a change."""
        while (left := begun + self._of_call(rows) - time.monotonic()) > 0:  # noqa: ASYNC110 -- settings may change
            await asyncio.sleep(min(left, GLANCE_SECONDS))

    def _of_call(self, rows: int) -> float:
        return self.times.latency_seconds + rows * self.times.row_seconds


def _check(name: str, value: Json) -> None:
    if name == "lookups_lock":
        fits, allowed = value in {"uncleared", "every"}, "uncleared or every"
    elif name == "bulk_lock_retries":
        fits, allowed = _is_count(value, 0), "a whole number from 0"
    elif name in {"bulk_batches_at_once", "long_requests"}:
        fits, allowed = _is_count(value, 1), "a whole number from 1"
    else:
        fits, allowed = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0, "seconds from 0"
    if not fits:
        raise ValueError(f"{name}: {value!r} is not {allowed}")


def _is_count(value: Any, least: int) -> bool:  # noqa: ANN401 -- any JSON value
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


_NAMES = frozenset(each.name for each in fields(Times))
