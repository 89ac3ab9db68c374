"""The lookout: looks for news again and again while a tick of the sensor lasts, and no longer than it must."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from threading import enumerate as all_threads
from time import monotonic, sleep, time

import dagster as dg

from pipelines.chargeover.session import Patience
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.reading import Shelf
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.live_runs import failed_in_a_row, is_one_in_flight
from pipelines.orchestration.waiting import Waits
from pipelines.settings import ChargeOverSettings, SalesforceSettings, read_settings
from pipelines.sync.allowance import read_allowance
from pipelines.sync.source import Source
from pipelines.sync.turn import objects_with_news

tick_seconds = 19.3
_turn_seconds = 5  # of Dagster's loop: it begins a tick at none but its turns
_look_every_seconds, _while_busy_seconds = 0.1, 0.25
_under_way, _quiet = "a sync is under way", "ChargeOver shows no change"


class Lookout:
    """One tick: it sees a new hint within a tenth of a second, and asks ChargeOver as often as the settings allow."""

    def __init__(self, context: dg.SensorEvaluationContext, connections: Connections, ledger: Ledger) -> None:
        self._context, self._connections, self._ledger = context, connections, ledger
        self._end = monotonic() + tick_seconds - _seconds_into_turn(context)
        self._poll_seconds = read_settings(ChargeOverSettings).poll_seconds
        self._seen: int | None = None
        self._must_look = True

    @cached_property
    def shelf(self) -> Shelf:
        """The mappings as they stand at the first look."""
        return self._connections.shelf()

    def news(self) -> dict[str, str]:
        """The objects that a run should read now, each with its signal; raises Waits when none should start."""
        is_wanted, reason = _while_served(), _quiet
        while True:
            if self._stirs():
                found, reason = self._look()
                if found:
                    return found
            if monotonic() >= self._end or not is_wanted():
                raise Waits(reason)
            sleep(_while_busy_seconds if self._must_look else _look_every_seconds)

    def _stirs(self) -> bool:
        """Whether to look closer: one indexed row of the ledger says so, and the time."""
        return self._must_look or self._ledger.last_hint() != self._seen or self._is_time_to_poll()

    def _look(self) -> tuple[dict[str, str], str]:
        """What is new, or why nothing is; while a run is in flight changes wait for its end, and go together."""
        self._must_look = is_one_in_flight(self._context.instance)
        if self._must_look:
            return {}, _under_way
        failed = failed_in_a_row(self._context.instance)
        if reason := read_allowance(self._ledger, read_settings(SalesforceSettings), datetime.now(UTC)).why_no_run():
            raise Waits(reason)
        self._seen, polls = self._ledger.last_hint(), self._is_time_to_poll()
        if polls:
            self._context.update_cursor(str(time()))
        return objects_with_news(self._source, self._ledger, self.shelf, polls=polls, again=failed > 0), _quiet

    @cached_property
    def _source(self) -> Source:
        return self._connections.source(self._ledger, _patience)

    def _is_time_to_poll(self) -> bool:
        """The cursor holds when ChargeOver was asked last."""
        return time() - float(self._context.cursor or 0) >= self._poll_seconds


_patience = Patience(repeats=1)  # Dagster gives a tick 60 s, and the next one asks again


def _seconds_into_turn(context: dg.SensorEvaluationContext) -> float:
    """How late this tick is: one that ends just before a turn loses least until the next, one just after it 5 s."""
    return (time() - (context.last_sensor_start_time or time())) % _turn_seconds


def _while_served() -> Callable[[], bool]:
    """Whether the code server that this tick runs in goes on: at its end it waits for the tick.

    It says so only by a thread of its own, which ends first; elsewhere there is none, and a tick just lasts."""
    own = [each for each in all_threads() if each.name == "grpc-server-cleanup"]
    return lambda: all(each.is_alive() for each in own)
