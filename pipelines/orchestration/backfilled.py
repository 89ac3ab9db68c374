"""What a backfill tells Dagster's history: counts by verdict, in sum and by sObject, calls, and a few problems."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import dagster as dg

from pipelines.chargeover.object import Object
from pipelines.orchestration.figures import problems_of
from pipelines.salesforce.org import Org
from pipelines.sync.load import Loaded
from pipelines.sync.staging import Manifest

figures = "figures"
"""The metadata entry with the numbers that the live assets of this object would have told."""


def backfill_metadata(kind: Object, months: str, read: Manifest, loaded: Sequence[Loaded], org: Org) -> dict[str, Any]:
    """The metadata of all partitions of one run: its counts are those of the whole run."""
    total: Counter[str] = Counter()
    for each in loaded:
        total.update(each.tally.as_numbers())
    calls = {"chargeover calls": sum(read.calls.values())}
    made = {"salesforce calls": org.usage.calls_made}
    told = {f"salesforce/{each.mapping.to}": each.tally.as_numbers() | made for each in loaded}
    return {
        **total,
        figures: dg.MetadataValue.json({f"chargeover/{kind.name}": calls, **told}),
        "months of the run": months,
        **calls,
        **made,
        **({"children unread": read.unread} if read.unread else {}),
        **problems_of([problem for each in loaded for problem in each.tally.problems], "co2sf owed"),
    }


def stopped(loaded: Sequence[Loaded]) -> list[str]:
    """Why mappings were not loaded, or not to their end."""
    return [f"{each.mapping.to}: {misfit}" for each in loaded for misfit in each.misfits if misfit.severity == "error"]
