"""The check that money agrees, once a day for all sObjects with amounts: too dear for every load, and a load that went
well cannot notice what others change in Salesforce."""

from collections.abc import Iterator, Set
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import quiet
from pipelines.orchestration.standing import Standing, money_agrees, result, standing_checks
from pipelines.orchestration.table import table
from pipelines.sync.money.compared import Compared, Line
from pipelines.sync.money.judge import UNEXPLAINED, Difference, Why
from pipelines.sync.money.measure import measures_of
from pipelines.sync.money.repair import remind
from pipelines.sync.money.start import looking

_described = (
    "By currency and month, ChargeOver and Salesforce hold the same sums, but for rows that differ with a reason."
)
_most_sums, _most_records = 100, 10

money = dg.define_asset_job(
    "money",
    selection=Standing(money_agrees),
    description="Compare all amounts in ChargeOver with Salesforce, to the cent.",
    config=quiet,
)
money_schedule = dg.ScheduleDefinition(
    "money_daily",
    job=money,
    cron_schedule="30 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def money_checks(shelf: Shelf) -> list[dg.AssetChecksDefinition]:
    """One step over all sObjects with amounts; none when no mapping loads any."""
    keys = [specs.load_key(each.mapping) for each in measures_of(shelf.mappings)]
    return standing_checks(money_agrees, _described, keys, _results)


def _results(wanted: Set[dg.AssetKey], connections: Connections) -> Iterator[dg.AssetCheckResult]:
    measures = {specs.load_key(each.mapping): each for each in measures_of(connections.shelf().mappings)}
    for key in sorted(wanted - measures.keys()):
        text = "Nothing was compared: the mapping file is broken, gone, or loads no amounts any more."
        yield result(money_agrees, key, text, passed=False)
    with connections.ledger() as ledger, looking(ledger) as looks:
        for found in looks.at(each for key, each in measures.items() if key in wanted):
            remind(ledger, [found], datetime.now(UTC))
            yield money_result(found)


def money_result(found: Compared) -> dg.AssetCheckResult:
    """The check of one sObject; sums are in it, amounts of single records are not."""
    key = specs.load_key(found.measure.mapping)
    if found.trouble:
        return result(money_agrees, key, f"Nothing is known: {found.trouble}", passed=False, metadata=_calls(found))
    text = _told(found)
    severity = dg.AssetCheckSeverity.WARN if found.agrees else dg.AssetCheckSeverity.ERROR
    return result(money_agrees, key, text, passed=found.agrees, severity=severity, metadata=_metadata(found))


def _told(found: Compared) -> str:
    rows, sobject = sum(part.rows for part in found.parts), found.measure.mapping.to
    if found.agrees:
        explained = len(found.differences)
        but = f"; {explained:,} that differ have a reason" if explained else ""
        return f"{sobject}: {rows:,} rows in {len(found.parts)} months and currencies agree with ChargeOver{but}."
    command = f"co2sf money --object {sobject}"
    return (f"{sobject}: nothing explains why {len(found.unexplained):,} of {rows:,} rows differ from ChargeOver. "
            f"See them: {command} --records. Put them right: {command} --repair")  # fmt: skip


def _metadata(found: Compared) -> dict[str, Any]:
    sobject = found.measure.mapping.to
    reasons, sums = [each.why for each in found.differences], [_sums(each) for each in _chosen(found)]
    told = {
        "rows compared": sum(part.rows for part in found.parts),
        "records in ChargeOver": sum(part.records for part in found.parts),
        "rows unexplained": len(found.unexplained),
        **{f"rows {why}": reasons.count(why) for why in Why if why in reasons},
        **_calls(found),
        **({"sums": table(sums)} if sums else {}),
    }
    if not found.differences:
        return told
    unexplained_first = sorted(found.differences, key=lambda each: each.why not in UNEXPLAINED)
    return {
        **told,
        "records that differ": table([_record(each) for each in unexplained_first[:_most_records]]),
        "all of them": f"co2sf money --object {sobject} --records",
        "repair": f"co2sf money --object {sobject} --repair",
    }


def _calls(found: Compared) -> dict[str, int]:
    return {"chargeover calls": found.calls.chargeover, "salesforce calls": found.calls.salesforce}


def _chosen(found: Compared) -> list[Line]:
    """Those that nothing explains first, then those that differ, then the newest."""
    lines = sorted(found.lines(), key=lambda line: (not line.unexplained, not line.difference))
    return lines[:_most_sums]


def _sums(line: Line) -> dict[str, str]:
    return {
        "month": line.group.month,
        "currency": line.group.currency,
        "field": line.field,
        "ChargeOver": str(line.chargeover),
        "Salesforce": str(line.salesforce),
        "difference": str(line.difference),
        "unexplained": str(line.unexplained),
    }


def _record(found: Difference) -> dict[str, str]:
    record = f"{found.object}:{found.record_id}" if found.record_id is not None else ""
    return {"record": record, "row": found.external_id, "why": str(found.why), "fields": ", ".join(found.fields)}
