"""The ``mapping_edits`` sensor: what an edit of a mapping file asks for follows by itself, within seconds."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import full_resync, quiet, resync_mapping, sync
from pipelines.orchestration.live_runs import in_flight, is_one_in_flight
from pipelines.orchestration.request import loaded_in, request, unloaded
from pipelines.orchestration.resync import resync_request
from pipelines.settings import SalesforceSettings, read_settings
from pipelines.sync.allowance import BACKFILL, read_allowance
from pipelines.sync.edits import left_behind, to_resync
from pipelines.sync.reach import said_of

Asked = dg.RunRequest | dg.SkipReason
_nothing = dg.SkipReason("")


# Dagster's loop takes 5 s: an interval of 4 ticks every 5 s, one of 5 every 10 s.
@dg.sensor(
    jobs=[sync, resync_mapping],
    minimum_interval_seconds=4,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="After an edit of a mapping with on_change: resync it has all records read again, once, and the rows "
    "sent that differ. A mapping that is new, or right again, is brought to where the others of its object are.",
)
def mapping_edits(context: dg.SensorEvaluationContext, connections: Connections) -> list[dg.RunRequest] | dg.SkipReason:
    """Ask for at most one run of each kind; the cursor holds the files that were good when it looked last."""
    try:
        shelf = connections.shelf()
        with connections.ledger() as ledger:
            answers = [_resync(context, shelf, ledger), _catch_up(context, shelf, ledger)]
    except Co2sfError as error:
        return dg.SkipReason(str(error))
    requests = [each for each in answers if isinstance(each, dg.RunRequest)]
    reasons = dict.fromkeys(each.skip_message for each in answers if isinstance(each, dg.SkipReason))
    return requests or dg.SkipReason("; ".join(each for each in reasons if each) or "no mapping was edited")


def _resync(context: dg.SensorEvaluationContext, shelf: Shelf, ledger: Ledger) -> Asked:
    """One run over all mappings whose old rows are to follow; none while a full sync is under way."""
    now = datetime.now(UTC)
    edited = to_resync(shelf, ledger, now)
    if not edited:
        return _nothing
    if any(_is_in_flight(context.instance, job) for job in (full_resync.name, resync_mapping.name)):
        return dg.SkipReason("a full sync is under way")
    if reason := read_allowance(ledger, read_settings(SalesforceSettings), now).why_not(BACKFILL):
        return dg.SkipReason(reason)
    loaded = loaded_in(context)
    ready = [each for each in edited if specs.assets_of(each) <= loaded]
    if not ready:
        return unloaded(_names(edited))
    for each in ready:
        ledger.ask_again(each.to, said_of(each), now)
    return resync_request(shelf, ready, f"mapping edited: {_names(ready)}", loaded)


def _catch_up(context: dg.SensorEvaluationContext, shelf: Shelf, ledger: Ledger) -> Asked:
    """One live run over the objects of mappings that are new or right again, as far as others are ahead of them."""
    good = {each.path.name for each in shelf.mappings}
    before = set(json.loads(context.cursor)) if context.cursor else good
    late, loaded = left_behind(shelf, ledger, good - before), loaded_in(context)
    if late and is_one_in_flight(context.instance):
        return dg.SkipReason("a sync is under way")
    if not all(specs.assets_of(each) <= loaded for each in late):
        return unloaded(_names(late))
    context.update_cursor(json.dumps(sorted(good)))
    if not late:
        return _nothing
    keys = {key for each in late for key in specs.keys_of(shelf, each.object, loaded)}
    return request(sync.name, keys, quiet, f"mapping added or right again: {_names(late)}")


def _is_in_flight(instance: dg.DagsterInstance, job_name: str) -> bool:
    return bool(instance.get_run_records(dg.RunsFilter(job_name=job_name, statuses=in_flight), limit=1))


def _names(mappings: Sequence[Mapping]) -> str:
    return ", ".join(sorted(each.name for each in mappings))
