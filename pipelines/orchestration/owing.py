"""The check that nothing is owed for too long: a warning, since what else changed has landed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from pipelines.ledger.ages import Age
from pipelines.ledger.ledger import Ledger
from pipelines.orchestration import specs


def owed_check(key: dg.AssetKey, sobject: str, ledger: Ledger, hours: int) -> dg.AssetCheckResult:
    """Whether rows of an sObject are owed for longer than so many hours; no customer's value stands in it."""
    ages = ledger.owed_before(sobject, datetime.now(UTC) - timedelta(hours=hours))
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=specs.nothing_owed_long,
        passed=not ages,
        severity=dg.AssetCheckSeverity.WARN,
        description=_told(sobject, ages, hours) if ages else f"Nothing has been owed for longer than {hours} h.",
        metadata={"rows": sum(each.rows for each in ages)},
    )


def _told(sobject: str, ages: Sequence[Age], hours: int) -> str:
    rows, since = sum(each.rows for each in ages), min(each.since for each in ages)
    are = "row has" if rows == 1 else "rows have"
    codes = ", ".join(f"{each.rows} {each.code or 'without a code'}" for each in ages)
    return (f"{rows} {are} been owed for longer than {hours} h, the first since {since:%Y-%m-%d %H:%M} UTC: {codes}. "
            f"See why and what to do: co2sf owed --sobject {sobject}")  # fmt: skip
