"""Owed rows that become more: so many that came to be owed in an hour, or in a day, and still are."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipelines.alerts.problem import WARNING, Problem
from pipelines.ledger.ledger import Ledger
from pipelines.settings import AlertSettings

KEY = "owed"
_named = 4


def owed_grows(ledger: Ledger, settings: AlertSettings, at: datetime) -> Iterator[Problem]:
    """At most one problem: the hour's if both are exceeded."""
    limits = (("hour", timedelta(hours=1), settings.owed_per_hour), ("day", timedelta(days=1), settings.owed_per_day))
    for name, window, limit in limits:
        new = ledger.owed_since(at - window) if limit else []
        rows = sum(each.rows for each in new)
        if limit and rows >= limit:
            kinds = [f"{each.rows} {each.sobject} {each.code}".rstrip() for each in new]
            more = [f"{len(kinds) - _named} more reasons"] if len(kinds) > _named else []
            yield Problem(
                KEY,
                "Owed rows become more",
                f"{rows} rows have come to be owed within the last {name} and still are: "
                f"{', '.join([*kinds[:_named], *more])}",
                "co2sf owed says why, and what each code asks for; with a mapping edited lately, look there first.",
                WARNING,
            )
            return
