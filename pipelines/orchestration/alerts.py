"""The ``alerts`` sensor: one look at what has happened and how things stand, and at most one message."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import dagster as dg

from pipelines.alerts.course import Notice, Pace, due, observed, told
from pipelines.alerts.message import message
from pipelines.alerts.owing import KEY as OWED
from pipelines.alerts.owing import owed_grows
from pipelines.alerts.problem import Seen
from pipelines.alerts.quota import KEY as QUOTA
from pipelines.alerts.quota import quota_ends
from pipelines.alerts.webhook import post
from pipelines.errors import Co2sfError
from pipelines.ledger.alerts import Alert
from pipelines.ledger.ledger import Ledger
from pipelines.orchestration.blindness import NEWS, SENSOR, news_waits, sensor_is_blind
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.ended_runs import Reading, read_ended
from pipelines.orchestration.run_problems import CHECK, OF_ASSETS, RUN, check_key, look_at
from pipelines.settings import AlertSettings, SalesforceSettings, read_settings

NOBODY = "CO2SF_ALERT_WEBHOOK_URL is not set: nobody is told of problems"


@dg.sensor(
    minimum_interval_seconds=29,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Posts problems to CO2SF_ALERT_WEBHOOK_URL when they begin, while they last and when they are over: "
    "failed runs and checks, a sensor that cannot look, owed rows that become more, calls that run out.",
)
def alerts(context: dg.SensorEvaluationContext, connections: Connections) -> dg.SkipReason:
    """Look, keep what was seen, and tell it; whatever goes wrong here keeps no sync waiting."""
    try:
        settings = read_settings(AlertSettings)
        if settings.webhook_url is None:
            return dg.SkipReason(NOBODY)
        with connections.ledger() as ledger:
            return dg.SkipReason(look(context, ledger, settings, datetime.now(UTC)))
    except Co2sfError as error:
        return dg.SkipReason(str(error))


def look(context: dg.SensorEvaluationContext, ledger: Ledger, settings: AlertSettings, now: datetime) -> str:
    """What was done, in a sentence; raises when the webhook does not take a message, which then is kept."""
    instance, standing = context.instance, ledger.alerts()
    ended, reading = read_ended(instance, Reading.of(context.cursor, now))
    seen = Seen()
    for record in ended:
        look_at(instance, record, seen, settings.ui_url)
    seen.right(*_gone(standing, context.repository_def))
    _look_at_states(instance, ledger, settings, seen, reading.watching_since, now)
    ledger.keep_alerts(kept := observed(standing, seen, now))
    context.update_cursor(reading.model_dump_json())
    if reading.behind:
        return f"{len(ended)} runs read, more to come"
    return _tell(ledger, settings, kept, now)


def _look_at_states(
    instance: dg.DagsterInstance, ledger: Ledger, settings: AlertSettings, seen: Seen, since: datetime, now: datetime
) -> None:
    seen.state([OWED], owed_grows(ledger, settings, now))
    seen.state([SENSOR], sensor_is_blind(instance, settings, since, now))
    seen.state([NEWS], news_waits(instance, ledger, settings, since, now))
    try:
        seen.state([QUOTA], quota_ends(ledger, read_settings(SalesforceSettings), now))
    except Co2sfError:  # without these settings the sensor ``changes`` is blind, and says so
        return


def _tell(ledger: Ledger, settings: AlertSettings, kept: list[Alert], now: datetime) -> str:
    pace = Pace(timedelta(hours=settings.remind_hours), timedelta(minutes=settings.calm_minutes))
    notices = due(kept, now, pace)
    if notices and settings.webhook_url is not None:
        post(settings.webhook_url, message(notices))
        ledger.keep_alerts(*told(notices, now))
    return _summary(notices, [each for each in kept if each.gone_at is None])


def _summary(notices: list[Notice], standing: list[Alert]) -> str:
    said = f"Told of {len(notices)}" if notices else "Nothing new"
    return f"{said}; problems that stand: {len(standing)}"


def _gone(standing: Iterable[Alert], repository: dg.RepositoryDefinition | None) -> list[str]:
    """Alerts of jobs and checks that there are no more."""
    if repository is None:
        return []
    checks = {check_key(key) for key in repository.asset_graph.asset_check_keys}
    kinds = {each.key: each.key.split(":") for each in standing}
    lost_checks = [key for key, parts in kinds.items() if parts[0] == CHECK and key not in checks]
    jobs = {*repository.job_names, OF_ASSETS}
    return lost_checks + [key for key, parts in kinds.items() if parts[0] == RUN and parts[1] not in jobs]
