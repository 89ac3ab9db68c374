"""Runs that have ended since the last look, each once, in the order in which they ended; indexed queries only."""

from datetime import datetime, timedelta

import dagster as dg
from dagster import RunRecord
from pydantic import BaseModel, ConfigDict

from pipelines.orchestration.live_runs import finished

_at_once = 100  # a tick has 60 s, and each run is a SQLite file of its own
_overlap = timedelta(minutes=1)  # a run is stamped before others can see it
_longest_back = timedelta(hours=6)
_longest_pause = timedelta(minutes=5)


class Reading(BaseModel):
    """How far the history has been read: the cursor of the sensor."""

    model_config = ConfigDict(frozen=True)
    after: datetime
    """Runs that changed later are read next."""
    seen: tuple[str, ...] = ()
    """Runs that changed later, and were read."""
    looked_at: datetime
    watching_since: datetime
    """Since when looks have followed one another without a pause."""
    behind: bool = False
    """Whether there is more to read at once."""

    @classmethod
    def of(cls, cursor: str | None, now: datetime) -> "Reading":
        """From the cursor; at first, and after a long pause, the last hours are read."""
        if not cursor:
            return cls(after=now - _longest_back, looked_at=now, watching_since=now)
        last = cls.model_validate_json(cursor)
        if now - last.looked_at <= _longest_pause:
            return last.model_copy(update={"looked_at": now})
        after = max(last.after, now - _longest_back)
        return last.model_copy(update={"after": after, "looked_at": now, "watching_since": now})


def read_ended(instance: dg.DagsterInstance, reading: Reading) -> tuple[list[RunRecord], Reading]:
    """The runs that ended, and how far that is; many of them are read in several looks."""
    filters = dg.RunsFilter(statuses=finished, updated_after=reading.after)
    found = instance.get_run_records(filters, limit=_at_once, order_by="update_timestamp", ascending=True)
    behind = len(found) == _at_once
    back = timedelta(milliseconds=1) if behind else _overlap
    after = max([reading.after, *(each.update_timestamp - back for each in found[-1:])])
    seen = tuple(each.dagster_run.run_id for each in found if each.update_timestamp > after)
    fresh = [each for each in found if each.dagster_run.run_id not in reading.seen and _ended(each) > reading.after]
    return sorted(fresh, key=_ended), reading.model_copy(update={"after": after, "seen": seen, "behind": behind})


def _ended(record: RunRecord) -> datetime:
    """When it ended: a tag that it is given later changes it, but is no news."""
    return record.update_timestamp if record.end_time is None else _moment(record.end_time, record)


def _moment(seconds: float, record: RunRecord) -> datetime:
    return datetime.fromtimestamp(seconds, record.update_timestamp.tzinfo)
