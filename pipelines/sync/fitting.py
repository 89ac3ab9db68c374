"""Fitting: do the mappings of a run fit the org as it is now, and how does it differ from what it was."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.shapes import Look
from pipelines.mapping.create_only import create_only
from pipelines.mapping.drift import Drift, drift
from pipelines.mapping.fit import Misfit, fit
from pipelines.mapping.model import Mapping
from pipelines.mapping.shape import SObjectShape
from pipelines.salesforce.org import Org

_WHOLE_EVERY = timedelta(days=1)  # whether a change of rights moves Last-Modified is not documented
_DRIFT_SHOWN = timedelta(days=1)  # a live sync would else name it for seconds only
_at_once = 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """What an org says to one mapping; ``shape`` is None when it shows no such sObject."""

    mapping: Mapping
    shape: SObjectShape | None
    misfits: tuple[Misfit, ...]
    drift: tuple[Drift, ...]
    """How the sObject changed within the last day, the oldest first."""

    @property
    def is_stopped(self) -> bool:
        """Whether nothing can be sent."""
        return _is_stopped(self.misfits)

    @property
    def create_only(self) -> frozenset[str]:
        """The fields and lookups that an update must leave out."""
        return create_only(self.mapping, self.shape) if self.shape else frozenset()


def fit_org(
    org: Org, ledger: Ledger, mappings: Sequence[Mapping], now: datetime, every: timedelta
) -> dict[str, Fitted]:
    """How the mappings of a run fit, by sObject; the ledger must have been claimed for this org.

    What was asked within ``every`` is not asked again; later the org is asked only whether it has changed. What stops
    a mapping is always asked again, and whole, so that a run sees at once that somebody has put it right."""
    before = ledger.looks(each.to for each in mappings)

    def look(mapping: Mapping) -> Look:
        last = before.get(mapping.to)
        if last is None or _is_stopped(fit(mapping, last.shape)) or now - last.read_at >= _WHOLE_EVERY:
            return _asked(org, mapping, last, now)
        if timedelta(0) <= now - last.checked_at < every:
            return last
        return _asked(org, mapping, last, now, since=last.last_modified)

    looks = _each(look, mappings)
    ledger.keep_looks({sobject: each for sobject, each in looks.items() if each is not before.get(sobject)})
    return {each.to: _fitted(each, looks[each.to], now) for each in mappings}


def examine(org: Org, ledger: Ledger, mappings: Sequence[Mapping], now: datetime) -> dict[str, Fitted]:
    """How the mappings fit the org as it is at this moment, and how it differs from what the last run saw; keeps
    nothing, and the ledger may be of another org."""
    is_ours = ledger.is_of("Salesforce org", org.org_id())
    before = ledger.looks(each.to for each in mappings) if is_ours else {}
    looks = _each(lambda each: _asked(org, each, before.get(each.to), now), mappings)
    return {each.to: _fitted(each, looks[each.to], now) for each in mappings}


def forget(ledger: Ledger, sobject: str) -> None:
    """Let the next run see the sObject as it is, and still tell how it differs from what it was."""
    ledger.doubt_look(sobject)


def _asked(org: Org, mapping: Mapping, last: Look | None, now: datetime, since: str = "") -> Look:
    found = org.describe(mapping.to, since)
    if found is None:
        assert last is not None
        return replace(last, checked_at=now)
    if last is None:
        return Look(found.shape, found.last_modified, now, now)
    recent = [each for each in last.drift if now - each.noticed_at < _DRIFT_SHOWN]
    return Look(found.shape, found.last_modified, now, now, (*recent, *drift(mapping, last.shape, found.shape, now)))


def _each(look: Callable[[Mapping], Look], mappings: Sequence[Mapping]) -> dict[str, Look]:
    with ThreadPoolExecutor(_at_once) as pool:
        tasks = {each.to: pool.submit(copy_context().run, look, each) for each in mappings}
    return {sobject: task.result() for sobject, task in tasks.items()}


def _fitted(mapping: Mapping, look: Look, now: datetime) -> Fitted:
    recent = tuple(each for each in look.drift if now - each.noticed_at < _DRIFT_SHOWN)
    return Fitted(mapping, look.shape, fit(mapping, look.shape), recent)


def _is_stopped(misfits: Sequence[Misfit]) -> bool:
    return any(misfit.severity == "error" for misfit in misfits)
