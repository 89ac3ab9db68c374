"""The extract layer: one step that reads several ChargeOver objects side by side."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import dagster as dg

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.progress import announce
from pipelines.orchestration.staged import prune
from pipelines.sync.extract import Source, extract
from pipelines.sync.staging import Manifest

_at_once = 4


class ExtractConfig(dg.Config):
    """How much to read."""

    whole: bool = False
    """Read all records, not only what changed; a row whose payload is as Salesforce has it is still not sent again."""


def extract_assets(shelf: Shelf) -> dg.AssetsDefinition:
    """One subsettable step over all objects that the mappings need."""

    @dg.multi_asset(name="extract", specs=specs.extract_specs(shelf), can_subset=True)
    def extract_step(
        context: dg.AssetExecutionContext, config: ExtractConfig, connections: Connections
    ) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        with explained():
            prune(context.instance, connections.staging())
            for kind, manifest, calls in _read_all(context, config, connections):
                announce(f"read {kind.name}", manifest.rows.get(kind.name, 0))
                context.log.info(
                    f"chargeover/{kind.name}: {manifest.rows.get(kind.name, 0)} records, {manifest.signals}"
                )
                yield dg.MaterializeResult(
                    asset_key=specs.extract_key(kind.name), metadata=_metadata(kind, manifest, calls)
                )

    return extract_step


def _read_all(
    context: dg.AssetExecutionContext, config: ExtractConfig, connections: Connections
) -> Iterator[tuple[Object, Manifest, int]]:
    """Objects that touch each other one after another, all others beside them."""
    shelf, source = connections.shelf(), connections.source()
    wanted = [CATALOG[key.path[-1]] for key in context.selected_asset_keys]
    with ThreadPoolExecutor(_at_once) as pool:
        tasks = [pool.submit(_read, context, config, connections, source, shelf, kinds) for kinds in _lanes(wanted)]
        for task in as_completed(tasks):
            yield from task.result()


def _read(
    context: dg.AssetExecutionContext,
    config: ExtractConfig,
    connections: Connections,
    source: Source,
    shelf: Shelf,
    kinds: Sequence[Object],
) -> list[tuple[Object, Manifest, int]]:
    done = []
    with connections.ledger() as ledger:
        for kind in kinds:
            calls_before = source.chargeover.calls
            mappings = [each for each in shelf.mappings if each.object == kind.name]
            dataset = connections.staging().dataset(context.run.run_id, "chargeover", kind.name)
            manifest = extract(source, kind, mappings, ledger, dataset, whole=config.whole)
            done.append((kind, manifest, source.chargeover.calls - calls_before))
    return done


def _lanes(wanted: Sequence[Object]) -> list[list[Object]]:
    ordered = sorted(wanted, key=specs.touching, reverse=True)
    touched = {name for kind in CATALOG.values() for name in kind.touches}
    chain = [kind for kind in ordered if kind.touches or kind.name in touched]
    return [lane for lane in (chain, *([kind] for kind in ordered if kind not in chain)) if lane]


def _metadata(kind: Object, manifest: Manifest, calls: int) -> dict[str, Any]:
    children = {f"rows {name}": count for name, count in manifest.rows.items() if name != kind.name}
    signals = {f"by {signal}": count for signal, count in manifest.signals.items()}
    return {
        "dagster/row_count": manifest.rows.get(kind.name, 0),
        **children,
        **signals,
        "gone": len(manifest.gone),
        "chargeover calls": calls,
        "window start": dg.MetadataValue.text(manifest.start_at.isoformat() if manifest.start_at else "everything"),
        "window end": dg.MetadataValue.timestamp(manifest.end_at),
    }
