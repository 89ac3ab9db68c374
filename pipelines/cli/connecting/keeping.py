"""What co2sf connect does in the end: keep what has been found to work, and say so."""

import click

from pipelines.cli.connecting.asking import Asking
from pipelines.store.entry import Entry
from pipelines.store.filling import name_of
from pipelines.store.nowhere import Nowhere
from pipelines.store.store import Store

_SECRETS = {
    "private_key": "private key",
    "client_secret": "consumer secret",
    "refresh_token": "refresh token",
    "access_token": "access token",
}


def keep(store: Store, asking: Asking, entry: Entry) -> None:
    """Write the entry, or say which variables to set where nothing is kept."""
    kept = ", ".join(name for each, name in _SECRETS.items() if {**entry.settings, **entry.tokens}.get(each))
    if isinstance(store, Nowhere):
        click.echo("Nothing is kept (CO2SF_CONNECTIONS=environment): what you gave must stand in the environment.")
        return
    with store.locked():
        store.write(name_of(asking.kind), entry)
    click.echo(f"Kept in {store.place}: addresses and keys{', ' if kept else ''}{kept}.")
    if overruling := asking.overruling(entry.settings):
        click.echo(f"But {', '.join(overruling)} of the environment (or .env) says otherwise and wins: unset it.")
