"""co2sf listen: take ChargeOver's webhooks, so that changes are noticed at once."""

import socket
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from pipelines.cli.ending import until_told
from pipelines.cli.logs import log_to_stderr
from pipelines.errors import FixAccess
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, read_settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

_last_answers_seconds = 14  # longer ChargeOver does not wait for one (docs: network errors and timeouts)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address of this machine.")
@click.option("--port", default=8099, show_default=True, type=click.IntRange(0, 65535), help="Listen on this port.")
def listen(*, host: str, port: int) -> None:
    """Take ChargeOver's webhooks until Ctrl-C.

    Each names a record, which the next sync reads again. ChargeOver sends to https only: let a reverse proxy lead
    there.
    """
    settings, project = read_settings(ChargeOverSettings), read_settings(ProjectSettings)
    _secret(settings)
    import uvicorn

    with open_ledger(project.ledger_url) as ledger, _bound(host, port) as bound, until_told():
        log_to_stderr()
        config = uvicorn.Config(
            _app(settings, project, ledger), lifespan="off", log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=_last_answers_seconds,
        )  # fmt: skip
        where = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}/"
        click.echo(f"Listening on {where} until Ctrl-C. ChargeOver sends once its https address is registered: "
                   "co2sf webhooks register --url https://...")  # fmt: skip
        uvicorn.Server(config).run([bound])


def _app(settings: ChargeOverSettings, project: ProjectSettings, ledger: Ledger) -> "Starlette":
    from pipelines.chargeover.receiver import receiver
    from pipelines.sync.health import troubles
    from pipelines.sync.metrics import Metrics

    longest = timedelta(minutes=project.inbox_too_old_minutes)

    def note(name: str, record_ids: Collection[int], by: str) -> None:
        ledger.note(name, record_ids, by, _now())

    metrics = Metrics(ledger, str(settings.url), _salesforce(), _now)
    return receiver(_secret(settings), note, troubles=lambda: troubles(ledger, _now(), longest), metrics=[metrics])


def _salesforce() -> SalesforceSettings | None:
    """The receiver works without an org: only its calls are then not told."""
    try:
        return read_settings(SalesforceSettings)
    except FixAccess:
        return None


def _now() -> datetime:
    return datetime.now(UTC)


def _secret(settings: ChargeOverSettings) -> str:
    secret = settings.webhook_secret.get_secret_value().strip() if settings.webhook_secret else ""
    if not secret:
        raise FixAccess("environment: not set: CHARGEOVER_WEBHOOK_SECRET; set it to the security token that ChargeOver "
                        "sends with its webhooks, or write it into .env (see docs/webhooks.md)")  # fmt: skip
    return secret


def _bound(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        raise FixAccess(f"port {port} of {host}: {problem.strerror or problem}; end what listens there, or choose "
                        "another with --host and --port") from None  # fmt: skip
