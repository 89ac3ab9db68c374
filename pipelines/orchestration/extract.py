"""The extract layer: one step that reads several ChargeOver objects side by side."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from functools import partial
from typing import Any

import dagster as dg

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.touching import touching
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.abandoned import sign
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.progress import announce
from pipelines.orchestration.retry import Retry
from pipelines.orchestration.staged import prune
from pipelines.sync.asked import ASKED, mappings_of, records_of
from pipelines.sync.extract import extract, supported
from pipelines.sync.planning.applying import read_planned
from pipelines.sync.source import Source
from pipelines.sync.staging import Manifest
from pipelines.sync.wanted import Extent, Wanted

_at_once = 4
Read = Callable[[Sequence[Wanted]], Iterable[tuple[Object, Manifest]]]
READ = dg.DataVersion("read")
"""Always the same: new records make no mapping unsynced."""


class ExtractConfig(dg.Config):
    """How much to read."""

    paced: bool = False
    """Walk over watched lists only when it is their turn, as far as the budget of calls goes: what the sensor asks."""
    whole: bool = False
    """Read all records, not only what changed; a row whose payload is as Salesforce has it is still not sent again."""
    accept_deletes: bool = False
    """Agree that many records are gone from ChargeOver: they are treated as ``on_delete`` says."""
    retry: Retry | None = None
    """Try these owed rows, whatever their turn."""
    records: list[str] | None = None
    """Read these records again, each by object and id, such as invoice:10041."""
    mappings: list[str] | None = None
    """Read all records again that these mappings load, each by the name of its file, such as invoices."""
    plan: str = ""
    """Read the records that this plan file names, and no others: their rows are held to it before any is sent."""


def extract_assets(shelf: Shelf) -> dg.AssetsDefinition:
    """One subsettable step over all objects that the mappings need."""
    assets = specs.extract_specs(shelf)
    checks = specs.check_specs(assets)

    @dg.multi_asset(name="extract", specs=assets, check_specs=checks, can_subset=True)
    def extract_step(
        context: dg.AssetExecutionContext, config: ExtractConfig, connections: Connections
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        with explained():
            sign(context)
            prune(context.instance, connections.staging())
            yield from _read_all(context, config, connections)

    return extract_step


def _read_all(
    context: dg.AssetExecutionContext, config: ExtractConfig, connections: Connections
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Objects that touch each other one after another, all others beside them."""
    shelf = connections.shelf()
    wanted = [CATALOG[key.path[-1]] for key in context.selected_asset_keys]
    with connections.ledger() as ledger, ThreadPoolExecutor(_at_once) as pool:
        source = connections.source(ledger)
        if config.retry is not None:
            rows = ledger.retry(config.retry.choice(), datetime.now(UTC))
            context.log.info(f"owed rows to be tried now: {rows}")
        if config.records is not None:
            _ask(config.records, shelf, ledger)
        read = partial(_read, context, connections, shelf, _how(config, source, ledger, shelf))
        for task in as_completed([pool.submit(read, lane) for lane in _lanes(wanted, _tied(ledger, shelf))]):
            for kind, manifest in task.result():
                records = manifest.rows.get(kind.name, 0)
                announce(f"read {kind.name}", records)
                context.log.info(f"chargeover/{kind.name}: {records} records, {manifest.signals}")
                yield _result(kind, manifest)


def _extent(config: ExtractConfig, shelf: Shelf) -> Extent:
    named = [] if config.mappings is None else mappings_of(config.mappings, shelf)
    whole_of = frozenset(each.object for each in named)
    return Extent(config.paced, config.whole, whole_of, frozenset(each.to for each in named), config.accept_deletes)


def _ask(words: Sequence[str], shelf: Shelf, ledger: Ledger) -> None:
    """Hint at the records that a person names: should this run die, the next one reads them."""
    for name, ids in records_of(words, shelf).items():
        ledger.note(name, ids, ASKED, datetime.now(UTC))


def _how(config: ExtractConfig, source: Source, ledger: Ledger, shelf: Shelf) -> Read:
    """How what is wanted is read: as a plan names it, else as far as the configuration says."""
    extent, mapped = _extent(config, shelf), [each.name for each in specs.objects(shelf)]
    if config.plan:
        return lambda wanted: (
            (each.kind, read_planned(source, supported(source, each), config.plan)) for each in wanted
        )
    return lambda wanted: extract(source, wanted, ledger, mapped, extent)


def _read(
    context: dg.AssetExecutionContext, connections: Connections, shelf: Shelf, read: Read, lane: Sequence[Object]
) -> list[tuple[Object, Manifest]]:
    staging, run_id = connections.staging(), context.run.run_id
    wanted = [
        Wanted(
            kind,
            [each for each in shelf.mappings if each.object == kind.name],
            staging.dataset(run_id, "chargeover", kind.name),
        )
        for kind in lane
    ]
    return list(read(wanted))


def _lanes(wanted: Sequence[Object], tied: Collection[str]) -> list[list[Object]]:
    ordered = sorted(wanted, key=touching, reverse=True)
    touched = {name for kind in CATALOG.values() for name in kind.touches}
    chain = [kind for kind in ordered if kind.touches or kind.name in touched or kind.name in tied]
    return [lane for lane in (chain, *([kind] for kind in ordered if kind not in chain)) if lane]


def _tied(ledger: Ledger, shelf: Shelf) -> set[str]:
    """Objects with rows that wait, and those of the parents that they wait for: read one after another, a child lands
    in the run in which its parent does."""
    awaited = ledger.awaited()
    parents = {each.object for each in shelf.mappings if each.to in awaited}
    return parents.union(*awaited.values())


def _result(kind: Object, manifest: Manifest) -> dg.MaterializeResult:  # type: ignore[type-arg]
    key = specs.extract_key(kind.name)
    check = dg.AssetCheckResult(
        asset_key=key,
        check_name=specs.deletes_believed,
        passed=not manifest.braked,
        description=manifest.braked or "No more records have gone than can be believed.",
    )
    metadata = _metadata(kind, manifest)
    return dg.MaterializeResult(asset_key=key, data_version=READ, metadata=metadata, check_results=[check])


def _metadata(kind: Object, manifest: Manifest) -> dict[str, Any]:
    children = {f"rows {name}": count for name, count in manifest.rows.items() if name != kind.name}
    signals = {f"by {signal}": count for signal, count in manifest.signals.items()}
    return {
        "dagster/row_count": manifest.rows.get(kind.name, 0),
        **children,
        **signals,
        "gone": len(manifest.gone),
        **({"children unread": manifest.unread} if manifest.unread else {}),
        **{f"calls for {signal}": count for signal, count in manifest.calls.items()},
        "chargeover calls": sum(manifest.calls.values()),
        "window start": dg.MetadataValue.text(manifest.start_at.isoformat() if manifest.start_at else "everything"),
        "window end": dg.MetadataValue.timestamp(manifest.end_at),
    }
