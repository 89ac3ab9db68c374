"""The course of an alert: told when it begins, again while it lasts, and once more when it is over. Pure.

A problem that comes back within the time of calm has never been away: what flutters is one alert, not a storm."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pipelines.alerts.problem import Problem, Seen
from pipelines.ledger.alerts import LONGEST_KEY, Alert


class Word(StrEnum):
    """What is said of an alert."""

    BEGAN = "new"
    LASTS = "still there"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said now of one alert."""

    word: Word
    alert: Alert


@dataclass(frozen=True, slots=True)
class Pace:
    """How long until it is said again that a problem lasts, and how long it is away before it is over."""

    remind_after: timedelta
    calm: timedelta


def observed(alerts: Iterable[Alert], seen: Seen, at: datetime) -> list[Alert]:
    """The alerts after a look; those of which nothing was seen stay as they are."""
    known = {each.key: each for each in alerts}
    for problem in seen.problems.values():
        key = problem.key[:LONGEST_KEY]
        known[key] = _again(known[key], problem) if key in known else _new(key, problem, at)
    over = {key[:LONGEST_KEY] for key in seen.over}
    return [replace(one, gone_at=one.gone_at or at) if key in over else one for key, one in known.items()]


def due(alerts: Iterable[Alert], at: datetime, pace: Pace) -> list[Notice]:
    """What is to be said now. Of a problem that was over before anybody could be told, only that."""
    return [Notice(word, each) for each in alerts if (word := _word(each, at, pace))]


def told(notices: Collection[Notice], at: datetime) -> tuple[list[Alert], list[str]]:
    """After the notices have arrived: the alerts that go on, and the keys of those that are closed."""
    goes_on = [replace(each.alert, told_at=at) for each in notices if each.word is not Word.OVER]
    return goes_on, [each.alert.key for each in notices if each.word is Word.OVER]


def _new(key: str, problem: Problem, at: datetime) -> Alert:
    return Alert(
        key, problem.severity, problem.title, problem.reason, problem.to_do, problem.link, problem.run_id,
        problem.times, begun_at=at, told_at=None, gone_at=None,
    )  # fmt: skip


def _again(before: Alert, problem: Problem) -> Alert:
    now = _new(before.key, problem, before.begun_at)
    return replace(now, times=before.times + problem.times, told_at=before.told_at)


def _word(alert: Alert, at: datetime, pace: Pace) -> Word | None:
    if alert.gone_at is not None:
        return Word.OVER if at - alert.gone_at >= pace.calm else None
    if alert.told_at is None:
        return Word.BEGAN
    return Word.LASTS if at - alert.told_at >= pace.remind_after else None
