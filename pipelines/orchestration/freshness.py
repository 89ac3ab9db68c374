"""The check ``fresh``: every change that ChargeOver shows has landed in time. It has a schedule of its own, since a
load that does not happen reports nothing; Dagster's own freshness policies fail where nothing changes."""

from collections.abc import Iterator, Set
from datetime import UTC, datetime, timedelta

import dagster as dg

from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import quiet
from pipelines.orchestration.standing import Standing, fresh, result, standing_checks
from pipelines.sync.fresh import Freshness, freshness_of, told

_described = "Every change that ChargeOver shows has landed within CO2SF_FRESHNESS_MINUTES, and more are looked for."
_fails_after = 4  # times as long as it takes to warn

freshness = dg.define_asset_job(
    "freshness",
    selection=Standing(fresh),
    description="Look for changes that ChargeOver shows and that have not landed in time.",
    config=quiet,
)
freshness_schedule = dg.ScheduleDefinition(
    "freshness_often",
    job=freshness,
    cron_schedule="*/15 * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def freshness_checks(shelf: Shelf) -> list[dg.AssetChecksDefinition]:
    """One step over all mappings; none when no file is in order."""
    keys = [specs.load_key(each) for each in shelf.mappings]
    return standing_checks(fresh, _described, keys, _results)


def _results(wanted: Set[dg.AssetKey], connections: Connections) -> Iterator[dg.AssetCheckResult]:
    mappings = {specs.load_key(each): each for each in connections.shelf().mappings}
    limit = timedelta(minutes=connections.project.freshness_minutes)
    for key in sorted(wanted - mappings.keys()):
        text = "Nothing is loaded: the mapping file is broken or gone."
        yield result(fresh, key, text, passed=False, metadata={"behind seconds": 0})
    with connections.ledger() as ledger:
        source = connections.source(ledger)
        chosen = [each for key, each in mappings.items() if key in wanted]
        for found in freshness_of(source, ledger, chosen, datetime.now(UTC)):
            yield fresh_result(found, limit)


def fresh_result(found: Freshness, limit: timedelta) -> dg.AssetCheckResult:
    """The check of one sObject: it warns after the limit and fails after four times as long."""
    is_error = found.behind > _fails_after * limit
    severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
    passed = found.is_synced and found.behind <= limit
    key, behind = specs.load_key(found.mapping), {"behind seconds": found.behind.total_seconds()}
    return result(fresh, key, told(found, limit), passed=passed, severity=severity, metadata=behind)
