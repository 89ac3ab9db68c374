"""The ``changes`` sensor: starts a sync when ChargeOver shows a change, or when it is time to look for silent ones."""

from collections import defaultdict
from collections.abc import Mapping

import dagster as dg

from pipelines.chargeover.touching import reached
from pipelines.errors import Co2sfError
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.abandoned import report_abandoned
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import paced, sync
from pipelines.orchestration.lookout import Lookout
from pipelines.orchestration.request import loaded_in, request, unloaded
from pipelines.orchestration.waiting import BLIND, Waits

_most_named = 4


# Dagster's loop takes 5 s: an interval of 4 ticks every 5 s, one of 5 every 10 s.
@dg.sensor(
    job=sync,
    minimum_interval_seconds=1,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a sync when ChargeOver shows a change, a webhook or another signal hints at one, or it is time "
    "to compare the lists in which records change without a sign. The run's tag why names the signal.",
)
def changes(context: dg.SensorEvaluationContext, connections: Connections) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over what changed, unless one is in flight; changes that come meanwhile go together after it."""
    return ask(context, connections)


def ask(context: dg.SensorEvaluationContext, connections: Connections) -> dg.RunRequest | dg.SkipReason:
    """What one tick does. ChargeOver is asked for changes since the ledger's watermarks, so a failed run is asked for
    again, after a while."""
    report_abandoned(context.instance)
    try:
        with connections.ledger() as ledger:
            lookout = Lookout(context, connections, ledger)
            return _request(context, lookout.shelf, lookout.news())
    except Waits as reason:
        return dg.SkipReason(str(reason))
    except Co2sfError as error:
        return dg.SkipReason(f"{BLIND}{error}")


def _request(
    context: dg.SensorEvaluationContext, shelf: Shelf, news: Mapping[str, str]
) -> dg.RunRequest | dg.SkipReason:
    """A run over the objects that changed and those that these may touch.

    A file that came after the definitions were loaded has no assets yet."""
    objects = {name for kind in specs.objects(shelf) if kind.name in news for name in reached(kind)}
    loaded = loaded_in(context)
    wanted = {key for name in objects for key in specs.keys_of(shelf, name, loaded)}
    if not wanted:  # Dagster would take an empty selection for all assets
        return unloaded(", ".join(sorted(news)))
    return request(sync.name, wanted, paced, why(news))


def why(news: Mapping[str, str]) -> str:
    """Which signal showed which objects, such as ``webhook: invoice; cursor: customer``."""
    by_signal = defaultdict(list)
    for name, signal in news.items():
        by_signal[signal].append(name)
    return "; ".join(f"{signal}: {_listed(names)}" for signal, names in by_signal.items())


def _listed(names: list[str]) -> str:
    more = len(names) - _most_named
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_most_named])} and {more} more"
