"""The check that nothing has drifted, once a day: a part of the rows of each sObject, the next part the day after."""

from collections.abc import Iterator, Set
from typing import Any

import dagster as dg

from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import quiet
from pipelines.orchestration.standing import Standing, not_drifted, result, standing_checks
from pipelines.orchestration.table import table
from pipelines.sync.drift.found import Compared, Drifted
from pipelines.sync.drift.start import drifting

_described = "Salesforce holds what it has accepted: nobody else has changed these fields, or deleted a row."
_most_rows = 10

drift = dg.define_asset_job(
    "drift",
    selection=Standing(not_drifted),
    description="Look for what others have changed in Salesforce, and take back what the mappings say.",
    config=quiet,
)
drift_schedule = dg.ScheduleDefinition(
    "drift_daily",
    job=drift,
    cron_schedule="15 4 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def drift_checks(shelf: Shelf) -> list[dg.AssetChecksDefinition]:
    """One step over all sObjects."""
    return standing_checks(not_drifted, _described, [specs.load_key(each) for each in shelf.mappings], _results)


def _results(wanted: Set[dg.AssetKey], connections: Connections) -> Iterator[dg.AssetCheckResult]:
    shelf = connections.shelf()
    mappings = {specs.load_key(each): each for each in shelf.mappings}
    for key in sorted(wanted - mappings.keys()):
        yield result(not_drifted, key, "Nothing was compared: the mapping file is broken or gone.", passed=False)
    with connections.ledger() as ledger, drifting(ledger, shelf) as ready:
        chosen = {key: each for key, each in mappings.items() if key in wanted}
        found = list(ready.looking.at(chosen.values()))
        if any(each.drifted for each in found):
            run_id = dg.AssetCheckExecutionContext.get().run.run_id
            found = ready.taking(run_id).take_back(found, everything=False)
    compared = {each.mapping.to: each for each in found}
    for key, mapping in chosen.items():
        yield drift_result(key, compared.get(mapping.to, Compared(mapping, part="none")))


def drift_result(key: dg.AssetKey, found: Compared) -> dg.AssetCheckResult:
    """The check of one sObject: rows and fields are named in it, values are not."""
    calls = {"chargeover calls": found.calls.chargeover, "salesforce calls": found.calls.salesforce}
    if found.trouble:
        return result(not_drifted, key, f"Nothing is known: {found.trouble}", passed=False, metadata=calls)
    told: dict[str, Any] = {
        "rows": found.of,
        "rows compared": found.rows,
        "part": found.part,
        "rows drifted": len(found.drifted),
        "rows taken back": found.taken_back,
        "rows not certain": found.uncertain,
        "rows not known": found.unknown,
        **calls,
    }
    if found.drifted:
        told["drift"] = table([_row(each) for each in found.drifted[:_most_rows]])
        told["all of it"] = f"co2sf drift {found.mapping.name} --whole"
    return result(not_drifted, key, _told(found), passed=found.agrees, metadata=told)


def _told(found: Compared) -> str:
    sobject = found.mapping.to
    if found.part == "none":
        return f"{sobject}: the mapping says drift: leave, so nothing is looked at."
    if not found.drifted:
        return f"{sobject}: {found.rows:,} of {found.of:,} rows are as they were accepted (part {found.part})."
    back = f", {found.taken_back:,} of them taken back" if found.taken_back else ""
    left = "" if found.agrees else f" Take them back: co2sf drift {found.mapping.name} --whole --take-back"
    return f"{sobject}: {len(found.drifted):,} of {found.rows:,} rows were changed or deleted by others{back}.{left}"


def _row(row: Drifted) -> dict[str, str]:
    """People are named by their id: their names stay out of Dagster's history."""
    held = row.held
    return {
        "record": row.record,
        "row": row.external_id,
        "Salesforce id": row.salesforce_id,
        "what": str(row.what),
        "fields": ", ".join(row.names),
        "row last changed by": held.changed_by_id if held else "",
        "at": held.changed_at.isoformat() if held and held.changed_at else "",
    }
