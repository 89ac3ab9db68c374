"""The figures of a load in Dagster's history, under names that stay, so that Dagster plots them; no customer's value
stands among them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines.ledger.ages import Age
from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome
from pipelines.orchestration.table import table
from pipelines.salesforce.org import Org
from pipelines.sync.allowance import Allowance
from pipelines.sync.load import Loaded
from pipelines.sync.reasons import reason_for, reason_of
from pipelines.sync.staging import Manifest

_reasons = _problems_shown = 10


def figures_of(loaded: Loaded, read: Manifest, ledger: Ledger) -> dict[str, Any]:
    """Counts by verdict, what led to the records, how long changes took, what is owed and why, how far it is synced."""
    mapping, tally = loaded.mapping, loaded.tally
    return {
        **tally.as_numbers(),
        **tally.lag.as_numbers(),
        **signals_of(read),
        "chargeover calls": sum(read.calls.values()),
        "dagster/row_count": ledger.counts(mapping.to),
        **_owed(mapping.to, ledger),
        "watermark": dg.MetadataValue.timestamp(loaded.end_at),
        "mapping fingerprint": mapping.fingerprint,
        **problems_of(tally.problems, f"co2sf owed --sobject {mapping.to}"),
    }


def signals_of(read: Manifest) -> dict[str, int]:
    """How many records each signal led to."""
    return {f"by {signal}": count for signal, count in read.signals.items()}


def calls_of(org: Org, allowance: Allowance) -> dict[str, int | float]:
    """The run's calls so far, what is left to all apps and to co2sf, and how few writers were let in at the least."""
    usage, throttle = org.usage, org.throttle
    told: dict[str, int | float] = {"salesforce calls": usage.calls_made}
    if usage.used is not None and usage.allowed is not None:
        told["salesforce calls left today"] = max(0, usage.allowed - usage.used)
    if allowance.share:
        told["percent of our share of calls"] = round(100 * allowance.total / allowance.share, 2)
    if throttle.lowest < throttle.most:
        told |= {"writers at least": throttle.lowest, "writers now": throttle.now}
    return told


def _owed(sobject: str, ledger: Ledger) -> dict[str, Any]:
    """How many rows are owed, and by code since when, why, and what to do."""
    ages = ledger.owed_before(sobject, datetime.now(UTC))
    told: dict[str, Any] = {"owed": sum(each.rows for each in ages)}
    return told | ({"owed, why": table([_why(each, sobject, ledger) for each in ages[:_reasons]])} if ages else {})


def _why(age: Age, sobject: str, ledger: Ledger) -> dict[str, str | int]:
    (one,) = ledger.chosen(Choice(sobject=sobject, code=age.code, limit=1))
    reason = reason_of(one)
    return {
        "code": age.code or "none",
        "rows": age.rows,
        "since": f"{age.since:%Y-%m-%d %H:%M} UTC",
        "cause": reason.cause,
        "what to do": reason.advice,
    }


def problems_of(problems: Sequence[Outcome], command: str) -> dict[str, Any]:
    """The first problems of this run, without customers' values: those stand in the ledger only, which the ``command``
    shows."""
    if not problems:
        return {}
    shown = table([_problem(each) for each in problems[:_problems_shown]])
    return {"problems": shown, "all problems": dg.MetadataValue.text(command)}


def _problem(outcome: Outcome) -> dict[str, str]:
    return {
        "record": f"{outcome.object}:{outcome.record_id}",
        "row": outcome.external_id,
        "verdict": str(outcome.verdict),
        "code": outcome.code,
        "field": outcome.field,
        "cause": reason_for(outcome.code, outcome.message).cause,
    }
