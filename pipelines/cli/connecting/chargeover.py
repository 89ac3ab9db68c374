"""co2sf connect chargeover: site and keys, checked and kept."""

from urllib.parse import urlsplit

import click
from pydantic import ValidationError

from pipelines.cli.checking.account import Account, examine
from pipelines.cli.checking.supports import lines
from pipelines.cli.checking.troubles import troubles
from pipelines.cli.connecting.asking import Asking
from pipelines.cli.connecting.keeping import keep
from pipelines.errors import FixAccess
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings
from pipelines.store.entry import Entry
from pipelines.sync.accounts import chargeover_of


@click.command()
@click.option("--site", help="The account's subdomain, such as example, or its address.")
@click.option("--public-key", help="Of an API key pair (the username).")
def chargeover(*, site: str | None, public_key: str | None) -> None:
    """Take site and API keys, and keep them.

    They are checked first, and the account is asked what it supports. The private key is asked for, or taken from
    CHARGEOVER_PRIVATE_KEY; it is never an argument.
    """
    store, asking = read_settings(ProjectSettings).store, Asking.about(ChargeOverSettings)
    store.read("chargeover")
    given = {
        "url": address_of(asking.ask("url", "ChargeOver site (subdomain or address)", site)),
        "public_key": asking.ask("public_key", "Public key (the username of the API key pair)", public_key),
        "private_key": asking.ask_secret("private_key", "Private key (the password)"),
    }
    settings = _settings(given)
    customers = chargeover_of(settings).count("customer", [])
    click.echo(f"Connected to {settings.url}: {customers:,} customers.")
    _tell(examine(settings, read_settings(ProjectSettings).ledger_url, (), again=True))
    keep(store, asking, Entry(given))


def address_of(site: str) -> str:
    """The address of a subdomain (https://SITE.chargeover.com), or the one that was given."""
    written = site.strip().rstrip("/")
    if "://" not in written:
        written = f"https://{written}" if "." in written else f"https://{written}.chargeover.com"
    parts = urlsplit(written)
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        raise FixAccess(f"connect: {site!r} is no ChargeOver site; give its subdomain, or https://SITE.chargeover.com")
    return f"{parts.scheme}://{parts.netloc}"


def _settings(given: dict[str, str]) -> ChargeOverSettings:
    try:
        return ChargeOverSettings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        told = "; ".join(f"{each['loc'][0]}: {each['msg'].removeprefix('Value error, ')}" for each in wrong.errors())
        raise FixAccess(f"connect: what was given is wrong: {told}") from None


def _tell(account: Account) -> None:
    for what, answer, so in lines(account):
        click.echo(f"  {what}: {answer}; {so}")
    for severity, text in troubles(account):
        click.echo(text if severity == "error" else f"{text} (warning)")
