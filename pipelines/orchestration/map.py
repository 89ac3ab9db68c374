"""The map layer: staged records become staged payloads; materializing only this far is the dry run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg

from pipelines.chargeover.catalog import CATALOG
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import Broken, Shelf
from pipelines.orchestration import specs, staged
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.preview import Preview
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.map import map_records
from pipelines.sync.staged import Staged
from pipelines.sync.staging import Manifest


def map_assets(shelf: Shelf) -> dg.AssetsDefinition:
    """One subsettable step over all mapping files; a broken file stops only itself."""
    assets = specs.map_specs(shelf)

    @dg.multi_asset(name="map", specs=assets, check_specs=specs.check_specs(assets), can_subset=True)
    def map_step(context: dg.AssetExecutionContext, connections: Connections) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
        with explained(), _previewing(context, connections) as preview:
            by_key = {specs.map_key(each): each for each in specs.files(connections.shelf())}
            selected = context.selected_asset_keys
            # parents first, so that a child is expected to land with its parent
            for key in [*(each for each in by_key if each in selected), *sorted(selected - by_key.keys())]:
                yield _map(context, connections, preview, key, by_key.get(key))

    return map_step


@contextmanager
def _previewing(context: dg.AssetExecutionContext, connections: Connections) -> Iterator[Preview | None]:
    """Only where nothing of the run is loaded: what is loaded is told by the load itself, a moment later."""
    selected = context.run.asset_selection or set()
    if not selected or any(key.path[0] == specs.LOAD for key in selected):
        yield None
        return
    with connections.ledger() as ledger:
        yield Preview(ledger)


def _map(
    context: dg.AssetExecutionContext,
    connections: Connections,
    preview: Preview | None,
    key: dg.AssetKey,
    mapping: Mapping | Broken | None,
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    if not isinstance(mapping, Mapping):
        text = "\n\n".join(map(str, mapping.problems)) if mapping else f"{key.path[-1]}.yaml is no longer there"
        context.log.error(f"{key.to_user_string()} is not mapped: {text}")
        return _result(key, {"dagster/row_count": 0}, text)
    records = staged.find(context, connections.staging(), specs.extract_key(mapping.object))
    payloads = connections.staging().dataset(context.run.run_id, *key.path)
    zone = read_settings(ChargeOverSettings).zone
    manifest = map_records(mapping, CATALOG[mapping.object], records, payloads, zone)
    told = _metadata(mapping, manifest)
    if preview:
        told |= preview.of(Staged(mapping, CATALOG[mapping.object], payloads, records))
    return _result(key, told, "")


def _result(key: dg.AssetKey, metadata: dict[str, Any], problems: str) -> dg.MaterializeResult:  # type: ignore[type-arg]
    check = dg.AssetCheckResult(
        asset_key=key,
        check_name=specs.mapping_valid,
        passed=not problems,
        description=problems or "The mapping file is in order.",
    )
    version = dg.DataVersion(str(metadata.get("mapping fingerprint", "broken")))
    return dg.MaterializeResult(asset_key=key, data_version=version, metadata=metadata, check_results=[check])


def _metadata(mapping: Mapping, manifest: Manifest) -> dict[str, Any]:
    return {
        "dagster/row_count": manifest.rows["payloads"],
        "rejected": manifest.rows["rejections"],
        "outside": manifest.rows["outside"],
        "mapping fingerprint": mapping.fingerprint,
    }
