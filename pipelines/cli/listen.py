"""co2sf listen: take ChargeOver's webhooks, so that changes are noticed at once."""

import signal
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import click

from pipelines.errors import FixAccess
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings

_last_answers_seconds = 14  # longer ChargeOver does not wait for one (docs: network errors and timeouts)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address of this machine.")
@click.option("--port", default=8099, show_default=True, type=click.IntRange(0, 65535), help="Listen on this port.")
def listen(*, host: str, port: int) -> None:
    """Take ChargeOver's webhooks until Ctrl-C.

    Each names a record, which the next sync reads again. ChargeOver sends to https only: let a reverse proxy lead
    there.
    """
    secret = _secret(read_settings(ChargeOverSettings))
    import uvicorn

    from pipelines.chargeover.receiver import receiver

    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger, _bound(host, port) as bound, _until_told():

        def note(name: str, record_ids: Collection[int], by: str) -> None:
            ledger.note(name, record_ids, by, datetime.now(UTC))

        config = uvicorn.Config(
            receiver(secret, note), lifespan="off", log_level="warning", access_log=False, server_header=False,
            timeout_graceful_shutdown=_last_answers_seconds,
        )  # fmt: skip
        where = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}/"
        click.echo(f"Listening on {where} until Ctrl-C. ChargeOver sends once its https address is registered: "
                   "co2sf webhooks register --url https://...")  # fmt: skip
        uvicorn.Server(config).run([bound])


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


@contextmanager
def _until_told() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does: deliveries under way are answered, the ledger is closed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
