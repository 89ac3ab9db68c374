"""co2sf webhooks: which webhooks ChargeOver sends, and to whom."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

import click

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.events import EVENTS
from pipelines.chargeover.hooks import Hook, Hooks
from pipelines.cli.printing import as_json, show
from pipelines.errors import EditFile, FixAccess
from pipelines.settings import ChargeOverSettings, read_settings


@click.group()
def webhooks() -> None:
    """List, register and remove the webhooks that ChargeOver sends.

    What takes them is `co2sf listen`. Webhooks only make changes noticed sooner.
    """


@webhooks.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List all webhooks, those for other receivers too."""
    found = _hooks().all()
    if not found and not as_json:
        click.echo("No webhooks are registered.")
    show([{"id": each.id, "event": each.event, "url": each.target_url} for each in found], as_json=as_json)


@webhooks.command()
@click.option("--url", required=True, help="The public https address that leads to `co2sf listen`.")
@click.option(
    "--event", "events", multiple=True, help="Register this event, say customer.insert, instead of all known ones."
)
@click.option("--insecure", is_flag=True, help="Take any http address as well, as a sandbox does.")
@as_json
def register(*, url: str, events: tuple[str, ...], insecure: bool, as_json: bool) -> None:
    """Have ChargeOver send webhooks to an address.

    What is registered already stays as it is. An event that the account refuses is told and left out.
    """
    hooks = _hooks()
    _check_address(url, insecure=insecure)
    there = {each.event: each for each in hooks.all() if each.target_url == url}
    told = []
    for event in dict.fromkeys(events or EVENTS):
        told.append(_registered(hooks, there.get(event), url, event))
        if not as_json:
            click.echo(f"{event}: {told[-1]['result']}")
    if as_json:
        show(told, as_json=True)
    if all(each["id"] is None for each in told):
        raise FixAccess(f"webhooks: ChargeOver refused every event for {url!r}; check the address and the API key")


@webhooks.command()
@click.option("--url", help="Remove all webhooks that go to this address.")
@click.option("--id", "hook_id", type=click.IntRange(min=1), help="Remove the webhook with this id.")
@as_json
def remove(*, url: str | None, hook_id: int | None, as_json: bool) -> None:
    """Have ChargeOver no longer send webhooks.

    Give the address or the id of those to remove. The changes are still noticed, only later.
    """
    if (url is None) == (hook_id is None):
        raise EditFile("webhooks remove: give either --url or --id; co2sf webhooks list shows both")
    hooks = _hooks()
    found = [each for each in hooks.all() if url in (None, each.target_url) and hook_id in (None, each.id)]
    if not found:
        wanted = f"--url {url!r}" if hook_id is None else f"--id {hook_id}"
        raise EditFile(f"webhooks remove: no webhook has {wanted}; co2sf webhooks list shows those that are registered")
    for each in found:
        hooks.remove(each.id)
    show(_removed(found), as_json=as_json)


def _hooks() -> Hooks:
    settings = read_settings(ChargeOverSettings)
    return Hooks(str(settings.url), settings.public_key, settings.private_key.get_secret_value())


def _registered(hooks: Hooks, there: Hook | None, url: str, event: str) -> dict[str, object]:
    if there:
        return {"event": event, "id": there.id, "result": f"was registered before (id {there.id})"}
    try:
        hook = hooks.register(url, event)
    except QuestionRefused as refused:
        return {"event": event, "id": None, "result": f"refused by {refused}"}
    return {"event": event, "id": hook.id, "result": f"registered (id {hook.id})"}


def _removed(hooks: Iterable[Hook]) -> list[dict[str, object]]:
    return [{"removed": each.id, "event": each.event, "url": each.target_url} for each in hooks]


def _check_address(url: str, *, insecure: bool) -> None:
    """ChargeOver takes https addresses with a public host name on the ports 80 and 443 only (docs: webhooks)."""
    schemes, what = (("http", "https"), "an http or https address") if insecure else (("https",), "an https address")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        port, host = None, ""
    if not host or parts.scheme not in schemes:
        raise EditFile(f"--url {url!r}: ChargeOver needs {what}; give the public one that leads to co2sf listen")
    if not insecure and (port not in {None, 80, 443} or _is_number(host)):
        raise EditFile(f"--url {url!r}: ChargeOver sends only to a host name on port 443 or 80; "
                       "put a reverse proxy there (see docs/webhooks.md)")  # fmt: skip


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
