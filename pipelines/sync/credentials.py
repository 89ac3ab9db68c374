"""From settings to the way we log in to Salesforce."""

from pathlib import Path

from pydantic import SecretStr

from pipelines.errors import FixAccess
from pipelines.salesforce.login import ClientCredentials, Credentials, JwtBearer
from pipelines.salesforce.refreshing import RefreshToken
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.store.vault import EnvironmentVault, StoreVault, Vault


def credentials_of(settings: SalesforceSettings) -> Credentials:
    """The credentials of the login that is named, or for which everything is set; FixAccess when none is."""
    kind = kind_of(settings)
    if kind == "web":
        return _web(settings)
    if kind == "jwt":
        return _jwt(settings)
    if kind == "client_credentials":
        secret = _needed(_text(settings.client_secret), "SALESFORCE_CLIENT_SECRET", kind)
        return ClientCredentials(str(settings.url), settings.client_id, secret)
    raise FixAccess("environment: no way to log in to Salesforce; run co2sf connect salesforce, or set "
                    "SALESFORCE_CLIENT_SECRET (client credentials) or SALESFORCE_USERNAME and "
                    "SALESFORCE_PRIVATE_KEY_FILE (JWT bearer)")  # fmt: skip


def kind_of(settings: SalesforceSettings) -> str:
    """``web``, ``jwt`` or ``client_credentials``: as named, else what is complete; empty when nothing is."""
    if settings.login:
        return settings.login
    if settings.refresh_token is not None:
        return "web"
    if settings.client_secret is not None:
        return "client_credentials"
    return "jwt" if settings.username and settings.private_key_file else ""


def _web(settings: SalesforceSettings) -> RefreshToken:
    url, written = str(settings.login_url or settings.url), _text(settings.refresh_token)
    store = read_settings(ProjectSettings).store
    vault: Vault = EnvironmentVault(written) if written else StoreVault(store, settings.client_id, url)
    return RefreshToken(url, settings.client_id, _text(settings.client_secret) or None, vault)


def _jwt(settings: SalesforceSettings) -> JwtBearer:
    username = _needed(settings.username, "SALESFORCE_USERNAME", "jwt")
    path = _needed(settings.private_key_file, "SALESFORCE_PRIVATE_KEY_FILE", "jwt")
    return JwtBearer(str(settings.url), settings.client_id, username, key_in(Path(path)), settings.audience)


def key_in(path: Path) -> str:
    """The text of a private key's file; FixAccess when it cannot be read."""
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as unreadable:
        why = getattr(unreadable, "strerror", None) or "it is no text"
        raise FixAccess(f"environment: SALESFORCE_PRIVATE_KEY_FILE {str(path)!r} cannot be read: {why}") from None


def _needed(value: str | Path | None, variable: str, kind: str) -> str:
    if not value:
        raise FixAccess(f"environment: not set: {variable}, which SALESFORCE_LOGIN={kind} needs; run co2sf connect "
                        "salesforce, or set it")  # fmt: skip
    return str(value)


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
