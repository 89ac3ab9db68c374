"""Files on their way: a sheet goes up once whatever is lost on the way, a result comes down whole before it is read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from simple_salesforce.api import Salesforce

from pipelines.errors import TryLater
from pipelines.salesforce.bulk.sheet import Sheet
from pipelines.salesforce.connection import Connection, Faulty
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.session import BUSY, LOST, Patience

PIECE_BYTES = 65_536
Headers = Mapping[str, str]


class Transfer:
    """Carries the files of jobs; faults are raised as by the connection."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience

    def up(self, path: str, sheet: Sheet) -> None:
        """Upload a sheet; a repeat after a lost answer learns from a refusal that the first try came through.

        On the first try that refusal is a fault: the file that is there may be another one.
        """
        for tried in range(1, self._patience.tries + 1):
            last = tried == self._patience.tries
            try:
                return self._connection.call(lambda client: self._put(client, path, sheet))
            except Faulty as fault:
                # a job takes one upload (Bulk API guide); the words are published, their code is inferred
                if tried > 1 and "Found multiple contents" in fault.reply.message:
                    return None
                if last or not _passes(fault):
                    raise
            except TryLater:
                if last:
                    raise
            self._patience.wait(tried)
        return None

    @contextmanager
    def down(self, path: str) -> Iterator[tuple[IO[bytes], Headers]]:
        """A result on this machine's disk, and its headers: whoever reads it may take as long as it likes."""
        with TemporaryFile() as file:
            headers = self._connection.call(lambda client: self._get(client, path, file))
            file.seek(0)
            yield file, headers

    def _put(self, client: Salesforce, path: str, sheet: Sheet) -> None:
        headers = {"Content-Type": "text/csv"}
        self._connection.send(client, "PUT", path, data=sheet.open(), headers=headers)

    def _get(self, client: Salesforce, path: str, file: IO[bytes]) -> Headers:
        for tried in range(1, self._patience.tries + 1):
            file.seek(0)
            file.truncate()
            with self._connection.send(client, "GET", path, stream=True, headers={"Accept": "text/csv"}) as answer:
                try:
                    if "csv" in answer.headers.get("Content-Type", ""):
                        file.writelines(answer.iter_content(PIECE_BYTES))
                        return answer.headers
                except LOST:
                    if tried == self._patience.tries:
                        raise
            self._patience.wait(tried)
        raise TryLater("Salesforce: answered with something that is not CSV; a page stands between: run it again later")


def _passes(fault: Faulty) -> bool:
    return fault.status in BUSY or fault.reply.handling.kind is Kind.RETRY
