"""Resync: which run reads all records again that some mappings load, and sends what differs."""

from collections.abc import Sequence, Set

import dagster as dg

from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.jobs import quiet, resync_mapping


def resync_request(
    shelf: Shelf, mappings: Sequence[Mapping], why: str, loaded: Set[dg.AssetKey] | None = None
) -> dg.RunRequest:
    """The run of the job ``resync_mapping`` for these mappings, over no more assets than it takes, of those ``loaded``.

    Their brothers, which read the same objects, come along: what is read counts as seen for all of them."""
    keys = {key for each in mappings for key in specs.keys_of(shelf, each.object, loaded)}
    return dg.RunRequest(
        job_name=resync_mapping.name,
        asset_selection=sorted(keys),
        run_config=resync_config(mappings),
        tags={"why": why},
    )


def resync_config(mappings: Sequence[Mapping]) -> dict[str, object]:
    """The configuration of such a run."""
    extract = {"paced": True, "mappings": [each.name for each in mappings]}
    return quiet | {"ops": {"extract": {"config": extract}}}
