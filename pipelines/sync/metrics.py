"""Metrics: the state of the sync in numbers, read from the ledger each time that somebody asks."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import Ledger
from pipelines.settings import SalesforceSettings
from pipelines.sync.allowance import BACKFILL, LIVE, read_allowance
from pipelines.sync.reasons import class_of

Values = Mapping[Any, float]
"""By the values of the labels."""


class Metrics(Collector):
    """What Prometheus is told; labels are names of objects, sObjects, verdicts, lanes and signals, never a value.

    ``salesforce`` is None where there are no settings of the org: its calls are then left out."""

    def __init__(
        self, ledger: Ledger, chargeover: str, salesforce: SalesforceSettings | None, now: Callable[[], datetime]
    ) -> None:
        self._ledger, self._chargeover, self._salesforce, self._now = ledger, chargeover, salesforce, now

    def describe(self) -> list[Metric]:
        """Nothing is asked when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All of them; only that the ledger is down when it does not answer."""
        try:
            found = [*self._backlog(), *self._progress(), *self._calls()]
        except Co2sfError:
            found = []
        yield _gauge("ledger_up", "Whether the ledger answers.", (), {(): float(bool(found))})
        yield from found

    def _backlog(self) -> Iterator[Metric]:
        waiting, owed = self._ledger.waiting(), Counter[tuple[str, ...]]()
        for each in self._ledger.owed_by_code():
            owed[each.sobject, each.verdict, class_of(each.verdict, each.code)] += each.rows
        hints = {(each.object,): float(each.hints) for each in waiting}
        oldest = min((each.since for each in waiting), default=self._now())
        yield _gauge("inbox_hints", "Hints that no run has followed yet.", ("object",), hints)
        yield _gauge("inbox_oldest_seconds", "Age of the oldest of them; 0 without any.", (), {(): self._age(oldest)})
        yield _gauge("owed_rows", "Rows that have not landed.", ("sobject", "verdict", "class"), owed)

    def _progress(self) -> Iterator[Metric]:
        marks = self._ledger.watermarks()
        ages = {(_object(each.mapping_fingerprint), to): self._age(each.end_at) for to, each in marks.items()}
        last = {(each.sobject, each.verdict): float(each.rows) for each in self._ledger.last_run()}
        yield _gauge("watermark_age_seconds", "Time since up to which all is synced.", ("object", "sobject"), ages)
        yield _gauge("last_run_rows", "What the last run that did something did.", ("sobject", "verdict"), last)

    def _calls(self) -> Iterator[Metric]:
        asked = self._ledger.calls_of_last_minute(self._chargeover, self._now())
        by_signal = {(signal,): float(number) for signal, number in asked.items()}
        yield _gauge("chargeover_calls_last_minute", "Calls in the last whole minute.", ("signal",), by_signal)
        if self._salesforce is not None:
            allowance = read_allowance(self._ledger, self._salesforce, self._now())
            made = {(lane,): float(number) for lane, number in allowance.made.items()}
            left = {
                (lane,): float(number) for lane in (LIVE, BACKFILL) if (number := allowance.left_for(lane)) is not None
            }
            yield _gauge("salesforce_calls_24h", "Calls within 24 hours.", ("lane",), made)
            yield _gauge("salesforce_calls_left", "Calls that a lane may still make.", ("lane",), left)

    def _age(self, moment: datetime) -> float:
        return max(0.0, (self._now() - moment).total_seconds())


def _gauge(name: str, text: str, labels: tuple[str, ...], values: Values) -> Metric:
    gauge = GaugeMetricFamily(f"co2sf_{name}", text, labels=labels)
    for told, value in values.items():
        gauge.add_metric(told, value)
    return gauge


def _object(said: str) -> str:
    """The object of a mapping that a watermark names by its source and fingerprint."""
    source, blank, _ = said.partition(" ")
    return source.partition(".")[0] if blank else ""
