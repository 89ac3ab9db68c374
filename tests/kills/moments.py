"""The moments at which a run may be killed: around each call to a vendor, each commit of the ledger, each staged file.

They are counted by kind, so that a moment has a name that holds in another run: the 17th of the ledger."""

import http.client
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from urllib3.connection import HTTPConnection

from pipelines.sync.staging import Dataset, Manifest

Death = tuple[str, int]
"""A kind of moment and its number, counted from 1: around a call to ``chargeover``, to ``salesforce`` when it writes
nothing, around a ``write``, a write that Salesforce does only when the run is dead (``late``), around a commit of the
``ledger`` and a file of ``staging``."""


class Moments:
    """Counts them, and ends the process at the one that is asked for; ``tell`` hears before that what was going on."""

    def __init__(self, salesforce: str, death: Death | None, late_seconds: float, tell: Callable[[str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._salesforce, self._death, self._late_seconds, self._tell = salesforce, death, late_seconds, tell
        self._lock, self._thread = threading.Lock(), threading.local()

    def hook(self) -> None:
        """From now on every moment is counted."""
        self._hook_calls()
        self._hook_commits()
        self._hook_files()

    def come(self, kind: str, what: str) -> None:
        """A moment is there."""
        if self._is_last(kind):
            self._die(what)

    def _is_last(self, kind: str) -> bool:
        with self._lock:
            self.counts[kind] += 1
            return (kind, self.counts[kind]) == self._death

    def _die(self, what: str) -> NoReturn:
        self._tell(what)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("nobody lives on after this")

    def _kind(self, request: requests.PreparedRequest) -> str:
        if urlsplit(request.url).port != urlsplit(self._salesforce).port:
            return "chargeover"
        return "write" if request.method != "GET" and "/data/" in str(request.url) else "salesforce"

    def _hook_calls(self) -> None:
        send, read = HTTPAdapter.send, HTTPConnection.getresponse

        def sent(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
            kind, call = self._kind(request), f"{request.method} {request.path_url}"
            self.come(kind, f"before {call}")
            self._thread.under_way = kind, call
            self._thread.dies = kind == "write" and self._is_last("late") and self._delay(request)
            answer = send(adapter, request, *args, **options)
            self.come(kind, f"after {call}")
            return answer

        def awaited(connection: HTTPConnection) -> Any:
            kind, call = self._thread.under_way
            if self._thread.dies:
                self._die(f"under way for {self._late_seconds} s more: {call}")
            self.come(kind, f"under way: {call}")
            return read(connection)

        HTTPAdapter.send, HTTPConnection.getresponse = sent, awaited  # type: ignore[method-assign]

    def _delay(self, request: requests.PreparedRequest) -> bool:
        """Have Salesforce do this very write only after we are gone."""
        request.url = f"{request.url}{'&' if '?' in str(request.url) else '?'}late"
        order = {"kind": "slow", "path": "late", "seconds": self._late_seconds}
        with closing(http.client.HTTPConnection(urlsplit(self._salesforce).netloc)) as admin:
            admin.request("POST", "/_admin/faults", json.dumps([order]))
            assert admin.getresponse().status == 200
        return True

    def _hook_commits(self) -> None:
        commit = DefaultDialect.do_commit

        def begun(connection: Connection) -> None:
            self._thread.writes = connection.get_execution_options().get("writes", False)
            if self._thread.writes:
                self.come("ledger", "before a commit")

        def done(dialect: DefaultDialect, connection: Any) -> None:
            commit(dialect, connection)
            if getattr(self._thread, "writes", False):
                self._thread.writes = False
                self.come("ledger", "after a commit")

        event.listen(Engine, "commit", begun)
        DefaultDialect.do_commit = done  # type: ignore[method-assign]

    def _hook_files(self) -> None:
        write, close = Dataset.write, Dataset.close

        def written(dataset: Dataset, part: int, kind: str, frame: Any) -> None:
            self._around(dataset, f"{part:05}.{kind}.parquet", lambda: write(dataset, part, kind, frame))

        def closed(dataset: Dataset, manifest: Manifest) -> Manifest:
            self._around(dataset, "manifest.json", lambda: close(dataset, manifest))
            return manifest

        Dataset.write, Dataset.close = written, closed  # type: ignore[method-assign]

    def _around(self, dataset: Dataset, name: str, write: Callable[[], object]) -> None:
        file = dataset.folder / name
        self.come("staging", f"before {file}")
        write()
        if self._is_last("staging"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
            self._die(f"half of {file}")
        self.come("staging", f"after {file}")
