"""What a load tells Dagster's history: counts by verdict, calls, lag, the watermark, and a few problems in words."""

from typing import Any

import dagster as dg

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome
from pipelines.orchestration import specs
from pipelines.orchestration.owing import owed_check
from pipelines.salesforce.org import Org
from pipelines.sync.allowance import Allowance
from pipelines.sync.load import Loaded


def load_result(loaded: Loaded, org: Org, allowance: Allowance, ledger: Ledger, hours: int) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The materialization of one sObject with its checks; what is owed for more than so many ``hours`` is told."""
    key = specs.load_key(loaded.mapping)
    return dg.MaterializeResult(
        asset_key=key,
        metadata={**_metadata(loaded, ledger), **_calls(org, allowance)},
        check_results=[_sum_check(loaded), _fit_check(loaded), owed_check(key, loaded.mapping.to, ledger, hours)],
    )


def unloaded_result(key: dg.AssetKey, ledger: Ledger, hours: int) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What stands in the history for an sObject whose mapping file is broken or gone: nothing was sent."""
    text = "Nothing was sent: the mapping file is broken or gone, see the check on its mapped asset."
    return dg.MaterializeResult(
        asset_key=key,
        metadata={"read": 0},
        check_results=[
            dg.AssetCheckResult(asset_key=key, check_name=specs.counts_add_up, passed=True, description=text),
            dg.AssetCheckResult(asset_key=key, check_name=specs.fits_the_org, passed=False, description=text),
            owed_check(key, key.path[-1], ledger, hours),
        ],
    )


def _metadata(loaded: Loaded, ledger: Ledger) -> dict[str, Any]:
    mapping, tally = loaded.mapping, loaded.tally
    lag = {"lag seconds": tally.longest_lag.total_seconds()} if tally.longest_lag is not None else {}
    return {
        **tally.as_numbers(),
        **lag,
        "dagster/row_count": ledger.counts(mapping.to),
        "owed": sum(ledger.owed_counts().get(mapping.to, {}).values()),
        "watermark": dg.MetadataValue.timestamp(loaded.end_at),
        "mapping fingerprint": mapping.fingerprint,
        **_problems(tally.problems, mapping.to),
    }


def _problems(problems: list[Outcome], sobject: str) -> dict[str, Any]:
    """At most ten problems without customer values: those stand in the ledger only."""
    if not problems:
        return {}
    columns = ("record", "row", "verdict", "code", "field")
    table = dg.MetadataValue.table(
        [dg.TableRecord(dict(zip(columns, _line(each), strict=True))) for each in problems],
        schema=dg.TableSchema([dg.TableColumn(name) for name in columns]),
    )
    return {"problems": table, "all problems": dg.MetadataValue.text(f"co2sf owed --sobject {sobject}")}


def _line(outcome: Outcome) -> tuple[str, ...]:
    record = f"{outcome.object}:{outcome.record_id}"
    return record, outcome.external_id, str(outcome.verdict), outcome.code, outcome.field


def _sum_check(loaded: Loaded) -> dg.AssetCheckResult:
    numbers = loaded.tally.as_numbers()
    text = f"read {numbers.pop('read')} = " + " + ".join(f"{count} {name}" for name, count in numbers.items())
    key = specs.load_key(loaded.mapping)
    return dg.AssetCheckResult(
        asset_key=key, check_name=specs.counts_add_up, passed=loaded.tally.adds_up, description=text
    )


def _fit_check(loaded: Loaded) -> dg.AssetCheckResult:
    misfits = [str(misfit) for misfit in loaded.misfits] or ["Every field of the mapping fits the org."]
    text = "\n\n".join([*misfits, *(f"The org has changed: {drift}" for drift in loaded.drift)])
    severity = dg.AssetCheckSeverity.ERROR if loaded.is_stopped else dg.AssetCheckSeverity.WARN
    key = specs.load_key(loaded.mapping)
    return dg.AssetCheckResult(
        asset_key=key, check_name=specs.fits_the_org, passed=not loaded.misfits, severity=severity, description=text
    )


def _calls(org: Org, allowance: Allowance) -> dict[str, int | float]:
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
