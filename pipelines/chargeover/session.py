"""The HTTP session under the client: Basic authorization, and no repeats but those of the line."""

from dataclasses import dataclass
from random import random
from time import sleep

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is repeated, and the wait before the second repeat, which doubles each time, in seconds."""

    repeats: int = 5
    first_wait_seconds: float = 0.5

    def wait(self, troubles: int) -> None:
        """Sleep before the next repeat: not at all after the first trouble, then longer each time."""
        if troubles > 1:
            sleep(self.first_wait_seconds * (2.0 ** (troubles - 1) + random()))  # noqa: S311 - spreads clients


def session_of(public_key: str, private_key: str) -> requests.Session:
    """A session that calls with these keys; it repeats nothing, since each repeat is a call of the budget."""
    session = requests.Session()
    session.auth = HTTPBasicAuth(public_key.encode(), private_key.encode())  # as text they must be Latin-1
    session.headers["Accept"] = "application/json"
    adapter = HTTPAdapter(max_retries=0, pool_maxsize=8)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
