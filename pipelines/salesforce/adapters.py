"""How a session reaches hosts: never without a time limit, and without encryption only on this machine."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from pipelines.errors import FixAccess


def is_this_machine(host: str | None) -> bool:
    """Whether the name or address of a host is one of the loopback."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def allow_plain(url: str) -> None:
    """Nothing for an https address or this machine; FixAccess for a plain http address elsewhere."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname)):
        return
    raise FixAccess(f"Salesforce {url!r}: plain http is only for this machine; write an address with https://")


class Timed(HTTPAdapter):
    """Sends with a time limit for connecting and for each wait for data, in seconds."""

    def __init__(self, timeout_seconds: tuple[float, float]) -> None:
        self._timeout_seconds = timeout_seconds
        super().__init__(pool_connections=4, pool_maxsize=32)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:  # noqa: ANN401
        """Send, with the time limit unless the call names its own."""
        if options.get("timeout") is None:
            options["timeout"] = self._timeout_seconds
        return super().send(request, *args, **options)


class Plain(Timed):
    """Sends to this machine over http, also what simple-salesforce addresses to https (measured)."""

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:  # noqa: ANN401
        """Send without encryption and past any proxy; FixAccess when the host is another machine."""
        url = "http://" + str(request.url).partition("://")[2]
        allow_plain(url)
        request.url = url
        options["proxies"] = {}
        return super().send(request, *args, **options)
