"""Applying a plan: the records that it names are read again, and their rows are held to it before any is sent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.shelf import Shelf
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.asked import ASKED
from pipelines.sync.named import read_named
from pipelines.sync.planning.document import read_plan
from pipelines.sync.planning.moved import check_account, check_mappings, hold_to
from pipelines.sync.planning.planned import Plan
from pipelines.sync.planning.planner import rehearsing
from pipelines.sync.source import Source
from pipelines.sync.staged import Staged
from pipelines.sync.staging import Manifest
from pipelines.sync.wanted import Wanted

PLANNED = "planned"
"""The signal of records that a plan names."""


def read_planned(source: Source, wanted: Wanted, path: str) -> Manifest:
    """Stage the records of an object that the plan names, as they were read for it."""
    plan = read_plan(Path(path))
    signal = ASKED if plan.scope == "ids" else PLANNED
    return read_named(source, wanted, records_in(plan).get(wanted.kind.name, ()), signal, plan.renewed, path)


def records_in(plan: Plan) -> dict[str, set[int]]:
    """The records with rows in a plan, by object."""
    found: dict[str, set[int]] = defaultdict(set)
    for row in plan.rows:
        found[row.object].add(row.record_id)
    return found


def check_plan(path: str, shelf: Shelf) -> Plan:
    """The plan; EditFile when the mappings have moved."""
    plan = read_plan(Path(path))
    check_mappings(plan, shelf, path)
    return plan


def check_rows(work: Sequence[Staged], shelf: Shelf, ledger: Ledger) -> None:
    """Raise EditFile unless what is staged for a plan would become what it says; what was read otherwise may pass."""
    for path in {each.manifest.plan for each in work} - {""}:
        plan = check_plan(path, shelf)
        with rehearsing(shelf, ledger) as rehearsal:
            check_account(plan, str(read_settings(ChargeOverSettings).url), rehearsal.org.org_id(), path)
            hold_to(plan, rehearsal.run(work, datetime.now(UTC)), path)
