"""co2sf connect salesforce: log in once in the browser, or by what a server has, checked and kept."""

from dataclasses import dataclass
from pathlib import Path

import click

from pipelines.cli.connecting.asking import Asking
from pipelines.cli.connecting.keeping import keep
from pipelines.cli.connecting.signing_in import Browser, signed_in
from pipelines.errors import FixAccess
from pipelines.salesforce.identity import Identity
from pipelines.salesforce.login import ClientCredentials, Credentials, JwtBearer
from pipelines.salesforce.login_url import DEFAULT, login_url_of
from pipelines.salesforce.org import Org
from pipelines.salesforce.refreshing import RefreshToken
from pipelines.salesforce.token import Token
from pipelines.salesforce.web_flow import Granted
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.store.entry import Entry
from pipelines.store.nowhere import Nowhere
from pipelines.store.store import Store
from pipelines.store.vault import StoreVault, Tokens, moment, tokens_dict
from pipelines.sync.credentials import key_in


@dataclass(frozen=True, slots=True)
class Options:
    """What was given on the command line."""

    login_url: str | None
    client_id: str | None
    port: int
    no_browser: bool
    paste: bool
    wait_seconds: int
    jwt: bool
    client_credentials: bool
    username: str | None
    private_key_file: Path | None

    @property
    def browser(self) -> Browser:
        """How the person gets to Salesforce's page and back."""
        return Browser(self.port, opens=not (self.no_browser or self.paste), pastes=self.paste,
                       wait_seconds=self.wait_seconds)  # fmt: skip


@click.command()
@click.option("--login-url", help="production, sandbox, or your My Domain address.")
@click.option("--client-id", help="The consumer key of the app.")
@click.option("--port", default=1717, show_default=True, type=click.IntRange(1, 65535), help="Of the callback URL.")
@click.option("--no-browser", is_flag=True, help="Print the link only, as for a machine without a screen.")
@click.option("--paste", is_flag=True, help="Your browser is on another machine: paste the address that it ends at.")
@click.option("--wait", "wait_seconds", default=300, show_default=True, help="How many seconds to wait for the answer.")
@click.option("--jwt", is_flag=True, help="For servers: log in as a user with a signed assertion (JWT bearer).")
@click.option("--client-credentials", is_flag=True, help="For servers: the app logs in as itself.")
@click.option("--username", help="With --jwt: the user to log in as.")
@click.option("--private-key-file", type=click.Path(path_type=Path), help="With --jwt: a PEM file.")
def salesforce(**given: object) -> None:
    """Log in to Salesforce and keep the login.

    Identity, API access and API version are checked first. The consumer secret is asked for, or taken from
    SALESFORCE_CLIENT_SECRET; it is never an argument.
    docs/connect.md walks through Salesforce's Setup.
    """
    options = Options(**given)  # type: ignore[arg-type]
    if options.jwt and options.client_credentials:
        raise click.UsageError("write either --jwt or --client-credentials")
    store, asking = read_settings(ProjectSettings).store, Asking.about(SalesforceSettings)
    store.read("salesforce")
    if options.jwt:
        _by_jwt(options, store, asking)
    elif options.client_credentials:
        _by_client_credentials(options, store, asking)
    else:
        _in_the_browser(options, store, asking)


def _in_the_browser(options: Options, store: Store, asking: Asking) -> None:
    if isinstance(store, Nowhere):
        raise FixAccess("connect: a refresh token must be kept somewhere, and CO2SF_CONNECTIONS is environment; set "
                        "it to file or keyring, or connect with --jwt or --client-credentials")  # fmt: skip
    options.browser.show_setup()
    url = _login_url(options, asking)
    client_id = asking.ask("client_id", "Consumer key", options.client_id)
    secret = asking.ask_secret("client_secret", "Consumer secret", needed=False)
    granted = signed_in(options.browser, url, client_id, secret or None)
    credentials = RefreshToken(url, client_id, secret or None, StoreVault(store, client_id, url))
    _check(credentials, asking, granted.token)
    settings = {"login": "web", "url": granted.token.instance_url, "login_url": url, "client_id": client_id}
    keep(store, asking, Entry(settings | ({"client_secret": secret} if secret else {}), _tokens(granted)))


def _by_jwt(options: Options, store: Store, asking: Asking) -> None:
    url = _login_url(options, asking)
    client_id = asking.ask("client_id", "Consumer key", options.client_id)
    username = asking.ask("username", "Username", options.username)
    written = str(options.private_key_file) if options.private_key_file else None
    path = Path(asking.ask("private_key_file", "File of the private key (PEM)", written)).expanduser().resolve()
    bearer = JwtBearer(url, client_id, username, key_in(path))
    _check(bearer, asking)
    named = {"username": username, "private_key_file": str(path), "audience": bearer.usual_audience()}
    keep(store, asking, Entry({"login": "jwt", "url": url, "client_id": client_id, **named}))


def _by_client_credentials(options: Options, store: Store, asking: Asking) -> None:
    url = login_url_of(asking.ask("url", "My Domain address", options.login_url), own_domain=True)
    client_id = asking.ask("client_id", "Consumer key", options.client_id)
    secret = asking.ask_secret("client_secret", "Consumer secret")
    _check(ClientCredentials(url, client_id, secret), asking)
    kept = {"login": "client_credentials", "url": url, "client_id": client_id, "client_secret": secret}
    keep(store, asking, Entry(kept))


def _login_url(options: Options, asking: Asking) -> str:
    name = "login_url" if "login_url" in asking.told else "url"
    question = "Where do you log in? production, sandbox, or your My Domain address"
    return login_url_of(asking.ask(name, question, options.login_url, DEFAULT))


def _tokens(granted: Granted) -> dict[str, str]:
    token = granted.token
    return tokens_dict(Tokens(granted.refresh_token, token.access_token, token.instance_url, moment()))


def _check(credentials: Credentials, asking: Asking, token: Token | None = None) -> None:
    """API access, API version and identity; FixAccess says which is missing."""
    told = asking.told.get("api_version")
    version = told.value if told else str(SalesforceSettings.model_fields["api_version"].default)
    with Org(credentials, version, logins={credentials: token} if token else None) as org:
        check_version(version, org.versions())
        org.limits()
        found = org.identity()
    click.echo(f"Connected to {credentials.url} as {named(found)}, org {found.org_id}, API {version}.")


def check_version(version: str, there: list[str]) -> None:
    """FixAccess when the org does not speak this version."""
    if version not in there:
        newest = there[-1] if there else "unknown"
        raise FixAccess(f"Salesforce: the org has no API {version}, its newest is {newest}; set "
                        f"SALESFORCE_API_VERSION={newest}")  # fmt: skip


def named(who: Identity) -> str:
    """The user as people know it."""
    return f"{who.username} ({who.name})" if who.username else "a user that the app's scopes do not let us name"
