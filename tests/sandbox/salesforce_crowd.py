"""Several clients of the Salesforce sandbox at once, none of which has to be quick."""

import time
from concurrent.futures import Future, ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter
from salesforce_desk import Desk

PATIENCE_SECONDS = 10
FOR_EVER = 3600


class Impatient(HTTPAdapter):
    """Gives up on an answer that does not come, so that what waits for ever fails instead."""

    def send(self, request, **more):
        return super().send(request, **{**more, "timeout": PATIENCE_SECONDS})


class Crowd:
    """Calls in threads of their own; a call that lasts for ever ends when the crowd is told to hurry."""

    def __init__(self, desk: Desk, org) -> None:
        self.desk = desk
        self.org = org
        self._patient = desk.http.get_adapter(desk.url)
        self._threads = ThreadPoolExecutor(8)
        self._clients = []

    def __enter__(self):
        self.desk.http.mount("http://", Impatient())
        return self

    def __exit__(self, *_) -> None:
        self.hurry()
        self._threads.shutdown()
        for client in self._clients:
            client.close()
        self.desk.http.get_adapter(self.desk.url).close()
        self.desk.http.mount("http://", self._patient)

    def settings(self, **times) -> dict:
        """Sets times over the admin path."""
        return self.desk.admin("POST", "settings", times)

    def hurry(self) -> None:
        """Lets everything end that is under way."""
        self.settings(latency_seconds=0, row_seconds=0, bulk_job_seconds=0, bulk_row_seconds=0)

    def start(self, call, *args, **more) -> Future:
        """Starts a call of another client: a method of the desk by its name, and its arguments."""
        client = requests.Session()
        client.trust_env = False
        client.mount("http://", Impatient())
        self._clients.append(client)
        return self._threads.submit(getattr(Desk(self.desk.url, client), call), *args, **more)

    def hold(self, call, *args, **more) -> Future:
        """Starts a write that lasts until the crowd is told to hurry, and returns once it is under way."""
        before = len(self.org.running)
        self.settings(row_seconds=FOR_EVER)
        held = self.start(call, *args, **more)
        self.until(lambda: len(self.org.running) > before)
        return held

    def until(self, happens) -> None:
        """Returns when something is so."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not happens():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.002)
