"""The client app through which programs log in: what its owner has set up, changed over the admin path."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from sandbox.salesforce.jsonvalue import Json

SCOPES = frozenset({"api", "refresh_token", "offline_access", "openid", "id", "web", "full"})


@dataclass(frozen=True, slots=True)
class ClientApp:
    """The settings of the app and, where marked so, of the user who approves it; the defaults are those of the demo."""

    callbacks: tuple[str, ...] = ("http://localhost:1717/callback",)
    scopes: tuple[str, ...] = ("api", "refresh_token")
    demands_secret: bool = True  # of the code exchange and of refreshes (verified that it is a choice)
    rotates: bool = False  # whether a refresh gives a new refresh token and ends the old one at once (verified)
    code_seconds: int = 900  # (verified)
    password: str = "sandbox-password"  # noqa: S105 - the user's, published for the demo
    public_key_pem: str = ""  # of the certificate that signs assertions
    user_has_api: bool = True  # the user's right API Enabled
    assertions_by_org_clock: bool = False  # else by the machine's: tests move the org's clock by days

    def changed(self, asked: Mapping[str, Json]) -> "ClientApp":
        """The app with what a JSON object names set anew; ValueError says what of it cannot be."""
        kinds = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        for name, value in asked.items():
            if name not in kinds:
                raise ValueError(f"no setting of the app is called {name!r}; there are {', '.join(sorted(kinds))}")
            _check(name, value, kinds[name])
        chosen: dict[str, Json] = {name: tuple(v) if isinstance(v, list) else v for name, v in asked.items()}
        return replace(self, **chosen)

    def shown(self) -> dict[str, Json]:
        """All settings as JSON values."""
        return asdict(self)


def _check(name: str, value: Json, kind: type) -> None:
    if kind is tuple:
        fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
    else:
        fits = type(value) is kind
    if not fits:
        raise ValueError(f"{name}: {value!r} is not {'a list of texts' if kind is tuple else kind.__name__}")
    if name == "scopes" and (unknown := set(value) - SCOPES):
        raise ValueError(f"scopes: {', '.join(sorted(unknown))} are none; there are {', '.join(sorted(SCOPES))}")
