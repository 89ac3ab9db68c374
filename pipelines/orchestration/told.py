"""What a load tells Dagster's history: its figures, and whether its checks passed."""

import dagster as dg

from pipelines.ledger.ledger import Ledger
from pipelines.orchestration import specs
from pipelines.orchestration.figures import calls_of, figures_of
from pipelines.orchestration.owing import owed_check
from pipelines.salesforce.org import Org
from pipelines.sync.allowance import Allowance
from pipelines.sync.load import Loaded
from pipelines.sync.staging import Manifest

LANDED = dg.DataVersion("landed")
"""Always the same: with a version for each run, all children of what was loaded would be shown as unsynced. That mark
is kept for edited mappings, whose payloads have the version of their mapping."""


def load_result(
    loaded: Loaded, read: Manifest, org: Org, allowance: Allowance, ledger: Ledger, hours: int
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The materialization of one sObject with its checks; what is owed for more than so many ``hours`` is told."""
    key = specs.load_key(loaded.mapping)
    return dg.MaterializeResult(
        asset_key=key,
        data_version=LANDED,
        metadata=figures_of(loaded, read, ledger) | calls_of(org, allowance),
        check_results=[_sum_check(loaded), _fit_check(loaded), owed_check(key, loaded.mapping.to, ledger, hours)],
    )


def unloaded_result(key: dg.AssetKey, ledger: Ledger, hours: int) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """What stands in the history for an sObject whose mapping file is broken or gone: nothing was sent."""
    text = ("Nothing was sent: the mapping file is broken or gone, see the check on its mapped asset; or it has "
            "another name by now: reload the definitions.")  # fmt: skip
    return dg.MaterializeResult(
        asset_key=key,
        data_version=LANDED,
        metadata={"read": 0},
        check_results=[
            dg.AssetCheckResult(asset_key=key, check_name=specs.counts_add_up, passed=True, description=text),
            dg.AssetCheckResult(asset_key=key, check_name=specs.fits_the_org, passed=False, description=text),
            owed_check(key, key.path[-1], ledger, hours),
        ],
    )


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
