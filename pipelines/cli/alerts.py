"""co2sf alerts: which problems stand, and whether the webhook works."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from pipelines.alerts.message import trial
from pipelines.alerts.webhook import post
from pipelines.cli.printing import as_json, show
from pipelines.cli.wording import at
from pipelines.errors import EditFile, FixAccess
from pipelines.ledger.alerts import Alert
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import AlertSettings, ProjectSettings, read_settings


@click.command()
@click.option("--test", is_flag=True, help="Post a test message to the webhook, and do nothing else.")
@click.option("--dismiss", metavar="KEY", help="Take a problem as over, say a failed run that nobody will repeat.")
@as_json
@click.pass_context
def alerts(context: click.Context, *, test: bool, dismiss: str | None, as_json: bool) -> None:
    """Show the problems that stand.

    As the sensor alerts has seen them. Ends with 1 when there are some.
    """
    settings = read_settings(AlertSettings)
    if test:
        _test(settings)
        return
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        standing = ledger.alerts()
        if dismiss:
            ledger.keep_alerts([replace(_one(standing, dismiss), gone_at=datetime.now(UTC))])
            click.echo(f"{dismiss} is taken as over, and the all-clear follows, unless it is seen again.")
            return
    show([_line(each) for each in standing], as_json=as_json)
    if not as_json:
        _explain(standing, settings)
    context.exit(1 if any(each.gone_at is None for each in standing) else 0)


def _test(settings: AlertSettings) -> None:
    if settings.webhook_url is None:
        raise FixAccess("environment: CO2SF_ALERT_WEBHOOK_URL is not set; set it to an incoming webhook")
    post(settings.webhook_url, trial())
    click.echo("The webhook took the test message.")


def _one(standing: Sequence[Alert], key: str) -> Alert:
    found = next((each for each in standing if each.key == key), None)
    if found is None:
        raise EditFile(f"--dismiss {key!r}: no such problem stands; co2sf alerts lists the keys")
    return found


def _line(alert: Alert) -> dict[str, Any]:
    return {
        "key": alert.key,
        "severity": alert.severity,
        "since": at(alert.begun_at),
        "times": alert.times or "",
        "told": at(alert.told_at) or "not yet",
        "state": "over, perhaps" if alert.gone_at else "stands",
        "problem": alert.title,
        "why": alert.reason,
        "what to do": alert.to_do,
    }


def _explain(standing: Sequence[Alert], settings: AlertSettings) -> None:
    if not standing:
        click.echo("No problem stands.")
    if settings.webhook_url is None:
        click.echo("CO2SF_ALERT_WEBHOOK_URL is not set: the sensor alerts does not look, and nobody is told.")
