"""The HTTP session under the client: Basic authorization, and repeats while ChargeOver is busy or out of reach."""

from dataclasses import dataclass
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import MaxRetryError, ResponseError
from urllib3.util.retry import Retry

_busy = (429, 500, 502, 503, 504)
_longest_wait_seconds = 60.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is repeated, and the wait before the second repeat, which doubles each time, in seconds."""

    repeats: int = 5
    first_wait_seconds: float = 0.5


class _Repeats(Retry):
    """urllib3's repeats; a Retry-After longer than a minute ends them, so that a run says so instead of sleeping."""

    def increment(self, *args: Any, **options: Any) -> Self:  # noqa: ANN401 - as urllib3 declares it
        response = options.get("response")
        if response is not None and (self.get_retry_after(response) or 0) > _longest_wait_seconds:
            raise MaxRetryError(options["_pool"], "", ResponseError("asked to wait too long"))
        return super().increment(*args, **options)


def session_of(public_key: str, private_key: str, patience: Patience) -> requests.Session:
    """A session that calls with these keys and repeats GETs; an answer that stays busy comes back as it is."""
    session = requests.Session()
    session.auth = HTTPBasicAuth(public_key.encode(), private_key.encode())  # as text they must be Latin-1
    session.headers["Accept"] = "application/json"
    repeats = _Repeats(
        total=patience.repeats,
        connect=2,  # nobody listens there: waiting long would only hide it
        backoff_factor=patience.first_wait_seconds,
        backoff_jitter=patience.first_wait_seconds,
        status_forcelist=_busy,
        allowed_methods=("GET",),
        raise_on_status=False,
    )
    adapter = HTTPAdapter(max_retries=repeats, pool_maxsize=8)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
