"""Resync: which run reads all records again that some mappings load, and sends what differs."""

from collections.abc import Iterable, Sequence, Set

import dagster as dg

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.touching import reached
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import quiet, resync_mapping
from pipelines.orchestration.request import request
from pipelines.sync.resynced import Gone


def resync_request(
    shelf: Shelf, mappings: Sequence[Mapping], why: str, loaded: Set[dg.AssetKey] | None = None
) -> dg.RunRequest:
    """The run of the job ``resync_mapping`` for these mappings, over no more assets than it takes, of those ``loaded``.

    Their brothers, which read the same objects, come along: what is read counts as seen for all of them."""
    keys = {key for each in mappings for key in specs.keys_of(shelf, each.object, loaded)}
    return request(resync_mapping.name, keys, resync_config(mappings), why)


def records_config(words: Sequence[str], *, resend: bool) -> dict[str, object]:
    """The configuration of a run of ``resync_records`` for these records."""
    return _config({"records": list(words)}, resend=resend)


def resync_config(mappings: Sequence[Mapping], *, resend: bool = False) -> dict[str, object]:
    """The configuration of such a run; ``resend`` also sends rows that Salesforce has accepted as they are."""
    return _config({"mappings": [each.name for each in mappings]}, resend=resend)


def reached_by(shelf: Shelf, objects: Iterable[str]) -> set[dg.AssetKey]:
    """The assets of these objects, and of those that their records touch."""
    names = {name for each in objects for name in reached(CATALOG[each])}
    return {key for name in names for key in specs.keys_of(shelf, name)}


def _config(extract: dict[str, object], *, resend: bool) -> dict[str, object]:
    steps = {"extract": {"config": {"paced": True, **extract}}, "load": {"config": {"resend": resend}}}
    return quiet | {"ops": steps}


def gone_of(run_id: str, objects: Iterable[str]) -> dict[str, Gone]:
    """What a run that has just ended found to be gone."""
    staging = Connections().staging()
    read = {name: staging.dataset(run_id, "chargeover", name) for name in objects}
    ended = {name: dataset.manifest() for name, dataset in read.items() if dataset.is_closed}
    return {name: Gone(manifest.gone, manifest.braked) for name, manifest in ended.items()}
