"""Backfills: ``backfill/<object>`` reads and loads again what ChargeOver created in some months, in one run."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from pipelines.chargeover.object import Object
from pipelines.errors import EditFile
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.abandoned import sign
from pipelines.orchestration.backfilled import backfill_metadata, stopped
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.jobs import lane_tag, quiet
from pipelines.orchestration.launch import Finished, run_here
from pipelines.orchestration.load import log_counts
from pipelines.orchestration.months import months_of, span_of
from pipelines.orchestration.progress import Teller
from pipelines.orchestration.staged import prune
from pipelines.settings import AccountClock, ChargeOverSettings, read_settings
from pipelines.sync.allowance import BACKFILL
from pipelines.sync.backfill import ReadBack, read_back
from pipelines.sync.extract import supported
from pipelines.sync.load import Loaded
from pipelines.sync.loading import loader_of
from pipelines.sync.map import map_records
from pipelines.sync.staged import Staged
from pipelines.sync.staging import Dataset
from pipelines.sync.wanted import Wanted

pool = "backfill"
"""Runs with a backfill in them take turns, as dagster.yaml limits this pool."""


class BackfillConfig(dg.Config):
    """How much to send."""

    resend: bool = False
    """Send rows even if Salesforce has accepted the same payload before: for an org that was changed by others."""


def backfill_assets(shelf: Shelf, clock: AccountClock) -> list[dg.AssetsDefinition]:
    """One asset for each object that a mapping needs."""
    return [_asset(kind, months_of(kind, clock)) for kind in specs.objects(shelf)]


def _asset(kind: Object, months: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    @dg.asset(
        key=specs.backfill_key(kind.name),
        group_name="backfill",
        kinds={"rest", "salesforce"},
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=pool,
        description=_description(kind),
    )
    def backfill_step(
        context: dg.AssetExecutionContext, config: BackfillConfig, connections: Connections
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        with explained(), connections.ledger() as ledger:
            sign(context)
            prune(context.instance, connections.staging())
            return _Backfill(context, config, connections, ledger, kind).run()

    return backfill_step


def _description(kind: Object) -> str:
    months = "by the month in which ChargeOver created them" if kind.created else "all of them"
    return (f"ChargeOver {kind.name} records read and loaded again, {months}, whatever changed since.\n\n"
            "A row that Salesforce has accepted as it is is not sent again; live syncs go on meanwhile.")  # fmt: skip


class _Backfill:
    """One object in one run."""

    def __init__(
        self,
        context: dg.AssetExecutionContext,
        config: BackfillConfig,
        connections: Connections,
        ledger: Ledger,
        kind: Object,
    ) -> None:
        self._context, self._config, self._connections, self._ledger = context, config, connections, ledger
        self._kind, self._shelf = kind, connections.shelf()
        self._span = span_of(context.partition_keys, context.assets_def.partitions_def)
        self._teller = Teller(context.log)
        self._budget = connections.budget(ledger, BACKFILL)
        self._org = connections.org(self._budget)

    def run(self) -> dg.MaterializeResult:  # type: ignore[type-arg]
        """Read, map and load the months of this run; what a mapping could not load fails them in the end."""
        mappings = [each for each in self._shelf.mappings if each.object == self._kind.name]
        found = self._read(mappings)
        loaded = list(self._load([self._mapped(each) for each in mappings]))
        troubles = [*self._broken(), *stopped(loaded)]
        if troubles:
            raise EditFile("\n".join(troubles))
        self._tell_months(found)
        return dg.MaterializeResult(
            metadata=backfill_metadata(self._kind, str(self._span), found.manifest, loaded, self._org)
        )

    def _read(self, mappings: list[Mapping]) -> ReadBack:
        source = self._connections.source(self._ledger)
        wanted = supported(source, Wanted(self._kind, mappings, self._dataset("chargeover", self._kind.name)))
        name = f"read {self._kind.name}"
        return read_back(source, wanted, self._ledger, self._span, lambda rows: self._teller.add(name, rows))

    def _mapped(self, mapping: Mapping) -> Staged:
        records = self._dataset("chargeover", self._kind.name)
        payloads = self._dataset("mapped", mapping.name)
        map_records(mapping, self._kind, records, payloads, read_settings(ChargeOverSettings).zone)
        return Staged(mapping, self._kind, payloads, records)

    def _load(self, work: list[Staged]) -> Iterator[Loaded]:
        loader = loader_of(self._org, self._budget, self._ledger, self._shelf, self._context.run.run_id)
        loader.resend, loader.moves_watermarks = self._config.resend, False
        loader.progress = lambda mapping, rows: self._teller.add(mapping.to, rows)
        for loaded in loader.load(work) if work else ():
            log_counts(self._context, loaded)
            yield loaded

    def _dataset(self, layer: str, name: str) -> Dataset:
        return self._connections.staging().dataset(self._context.run.run_id, layer, name)

    def _tell_months(self, found: ReadBack) -> None:
        """How many records each month had; what is older than the first counts there."""
        first, *_ = keys = self._context.partition_keys
        for key in keys:
            records = sum(count for month, count in found.months.items() if month == key or month < key == first)
            self._context.add_asset_metadata({"records": records}, partition_key=key)

    def _broken(self) -> list[str]:
        own = [each for each in self._shelf.broken if each.object == self._kind.name]
        return [str(problem) for each in own for problem in each.problems]


def backfill_run(definitions: dg.Definitions, name: str, first: str, last: str, *, resend: bool) -> Finished:
    """Run the backfill of an object over these months in this process, to its end."""
    key = specs.backfill_key(name)
    job = definitions.resolve_implicit_global_asset_job_def()
    config = quiet | {"ops": {key.to_python_identifier(): {"config": {"resend": resend}}}}
    tags = {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last, lane_tag: BACKFILL}
    return run_here(job, config, {"why": "co2sf backfill", **tags}, [key])
