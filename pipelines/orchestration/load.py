"""The load layer: one step that sends payloads to Salesforce, rows of several sObjects packed into one request."""

from collections.abc import Iterable, Iterator

import dagster as dg
from upath import UPath

from pipelines.chargeover.catalog import CATALOG
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs, staged
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.jobs import lane_of
from pipelines.orchestration.progress import announce
from pipelines.orchestration.summary import tell
from pipelines.orchestration.told import load_result, unloaded_result
from pipelines.sync.load import Loaded
from pipelines.sync.loading import loader_of
from pipelines.sync.planning.applying import check_rows
from pipelines.sync.settle import settle
from pipelines.sync.staged import Staged
from pipelines.sync.staging import Dataset, Manifest


class LoadConfig(dg.Config):
    """How much to send."""

    resend: bool = False
    """Send rows even if Salesforce has accepted the same payload before: for an org that was changed by others."""


def load_assets(shelf: Shelf) -> dg.AssetsDefinition:
    """One subsettable step over all sObjects."""
    assets = specs.load_specs(shelf)
    checks = specs.check_specs(assets)

    @dg.multi_asset(name="load", specs=assets, check_specs=checks, can_subset=True)
    def load_step(
        context: dg.AssetExecutionContext, config: LoadConfig, connections: Connections
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        with explained(), connections.ledger() as ledger:
            yield from _in_graph_order(context, _load(context, config, connections, ledger))

    return load_step


def _in_graph_order(
    context: dg.AssetExecutionContext,
    results: Iterable[dg.MaterializeResult],  # type: ignore[type-arg]
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Each result once those that it depends on are out: Dagster fails a step that yields a child before its parent,
    and a parent that was stopped is done at another time than one that was loaded."""
    wanted = context.selected_asset_keys
    ahead = {spec.key: {dep.asset_key for dep in spec.deps} & wanted for spec in context.assets_def.specs}
    waiting: dict[dg.AssetKey, dg.MaterializeResult] = {}  # type: ignore[type-arg]
    for result in results:
        assert result.asset_key is not None
        waiting[result.asset_key] = result
        while ready := next((key for key in waiting if not ahead[key] & wanted), None):
            wanted = wanted - {ready}
            yield waiting.pop(ready)


def _load(
    context: dg.AssetExecutionContext, config: LoadConfig, connections: Connections, ledger: Ledger
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    shelf, hours = connections.shelf(), connections.project.owed_too_long_hours
    known = {dep.asset_key for spec in context.assets_def.specs for dep in spec.deps}
    # a file that was renamed since has no mapped asset yet
    usable = {specs.load_key(each): each for each in shelf.mappings if specs.map_key(each) in known}
    for key in sorted(context.selected_asset_keys - usable.keys()):
        yield unloaded_result(key, ledger, hours)
    wanted = [each for key, each in usable.items() if key in context.selected_asset_keys]
    work = [_staged(context, connections, each) for each in wanted]
    if not work:
        return
    check_rows(work, shelf, ledger)
    budget = connections.budget(ledger, lane_of(context.run))
    loader = loader_of(connections.org(budget), budget, ledger, shelf, context.run.run_id)
    loader.resend, loader.progress = config.resend, lambda mapping, rows: announce(mapping.to, rows)
    read = {each.mapping.to: each.manifest for each in work}
    done: list[tuple[Loaded, Manifest]] = []
    for loaded in loader.load(work):
        log_counts(context, loaded)
        done.append((loaded, read[loaded.mapping.to]))
        yield load_result(loaded, read[loaded.mapping.to], loader.org, budget.allowance, ledger, hours)
    settle(ledger, shelf, work)
    tell(context, done, loader.org.usage.calls_made, ledger)


def _staged(context: dg.AssetExecutionContext, connections: Connections, mapping: Mapping) -> Staged:
    payloads = staged.find(context, connections.staging(), specs.map_key(mapping))
    return Staged(mapping, CATALOG[mapping.object], payloads, Dataset(UPath(payloads.manifest().records)))


def log_counts(context: dg.AssetExecutionContext, loaded: Loaded) -> None:
    """Tell the log of a run what became of the rows of one mapping."""
    counts = ", ".join(f"{count} {name}" for name, count in loaded.tally.as_numbers().items() if count)
    context.log.info(f"salesforce/{loaded.mapping.to}: {counts or 'nothing to do'}")
    for drift in loaded.drift:
        context.log.warning(f"salesforce/{loaded.mapping.to}: the org has changed: {drift}")
