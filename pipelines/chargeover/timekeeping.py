"""How an account writes its times, and whether they are those of the zone that we were told."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.chargeover.trial import Trial, after_all, before_all
from pipelines.chargeover.where import clause, upper

FITS = "fits"
_past = ("write_datetime", "mod_datetime", "transaction_datetime")  # what has been, unlike holduntil_datetime
_tolerance, _second = timedelta(minutes=5), timedelta(seconds=1)


def datetimes(trials: Sequence[Trial]) -> str | None:
    """How datetimes are written: "offset", "zoneless" or "unreadable"; None without any."""
    texts = _texts(trials)
    readable = [found for text in texts if (found := _read(text))]
    if not readable:
        return "unreadable" if texts else None
    return "offset" if all(each.tzinfo for each in readable) else "zoneless"


def fit_of(trials: Sequence[Trial], zone: ZoneInfo, now: datetime) -> str | None:
    """Whether the account's times are those of this zone: "fits", or what speaks against it; None when no time can be
    read. ``now`` is ChargeOver's time.

    Without offsets a zone shows by filters: those that compare local texts find records in the future, those that mind
    offsets do not find a record by its own time."""
    read = [found for text in _texts(trials) if (found := _read(text))]
    if not read:
        return None
    if all(each.tzinfo for each in read):
        return _other_offset(read, zone) or FITS
    soon = datetime.fromisoformat(upper(now + _tolerance, zone))  # behind an hour that a clock change repeats
    if _is_any_after(trials, soon):
        return f"records lie in the future when read in CHARGEOVER_ZONE {zone.key}: ChargeOver's zone is east of it"
    side = _side(trials, zone)
    return f"records are not found by their own time: ChargeOver's zone is {side} of {zone.key}" if side else FITS


def _texts(trials: Sequence[Trial]) -> list[str]:
    """The times of all records that have come to light; of the first ones there are, if none has."""
    if not any(trial.rows for trial in trials):
        any(trial.page() for trial in trials)
    return [str(row[name]) for trial in trials for row in trial.rows for name in _past if row.get(name)]


def _read(text: str) -> datetime | None:
    """The moment that a text writes; None also for a mere date."""
    try:
        return datetime.fromisoformat(text) if len(text) > len("2026-03-10") else None
    except ValueError:
        return None


def _other_offset(read: Sequence[datetime], zone: ZoneInfo) -> str:
    for each in read:
        ours = each.astimezone(zone)
        if ours.utcoffset() != each.utcoffset():
            return f"ChargeOver writes {_offset(each)}, CHARGEOVER_ZONE {zone.key} is {_offset(ours)} then"
    return ""


def _offset(moment: datetime) -> str:
    return moment.isoformat()[-len("-06:00") :]


def _is_any_after(trials: Sequence[Trial], instant: datetime) -> bool:
    """Whether filters that compare local texts find records after an instant."""
    first = [(trial, trial.kind.cursors[0]) for trial in trials if trial.kind.cursors]
    return any(trial.by_time(field, of_all=True) == "yes" and trial.since(field, instant) for trial, field in first)


def _side(trials: Sequence[Trial], zone: ZoneInfo) -> str:
    """Where the account's zone lies, told by a filter that minds offsets: it finds a record from the second on in which
    it was written, and not from the next one on. One that compares local texts always does."""
    for trial, this_one, at in _examples(trials, zone):
        found = [
            trial.since("write_datetime", instant, this_one) for instant in (before_all, at, at + _second, after_all)
        ]
        if found in ([1, 0, 0, 0], [1, 1, 1, 0]):
            return "east" if found[1] == 0 else "west"
        if None not in found:
            return ""
    return ""


def _examples(trials: Sequence[Trial], zone: ZoneInfo) -> Iterator[tuple[Trial, str, datetime]]:
    """A record of each object, by id, with the moment it was written; none from an hour that comes twice."""
    for trial in trials:
        for row in trial.rows:
            at = _read(str(row.get("write_datetime") or ""))
            at = at.replace(tzinfo=zone) if at else None
            if at and at.utcoffset() == at.replace(fold=1).utcoffset():
                yield trial, clause(trial.kind.key, "EQUALS", row[trial.kind.key]), at
                break
