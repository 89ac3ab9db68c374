"""Ledgers that are copied, so that many runs can begin with the same: files, or databases of a PostgreSQL server."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from pipelines.ledger.ledger import open_ledger

_numbers = count(1)


class Archive:
    """Keeps ledgers in a folder, or on a PostgreSQL server."""

    def __init__(self, folder: Path, server: str = "") -> None:
        self._folder = folder
        self._server = make_url(server).set(drivername="postgresql+psycopg2") if server else None
        self.blank = self.copy("")
        """A ledger that knows nothing."""
        with open_ledger(self.blank):
            pass

    def copy(self, ledger: str) -> str:
        """The address of a copy, of "" of an empty database; nobody may use the ledger meanwhile."""
        name = f"ledger_{next(_numbers)}"
        if self._server is not None:
            return self._new_database(name, f" TEMPLATE {make_url(ledger).database}" if ledger else "")
        if ledger:
            with (
                closing(sqlite3.connect(str(make_url(ledger).database))) as source,
                closing(sqlite3.connect(self._folder / name)) as target,
            ):
                source.backup(target)
        return f"sqlite:///{self._folder / name}"

    def _new_database(self, name: str, template: str) -> str:
        assert self._server is not None
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{template}"))
        engine.dispose()
        return self._server.set(database=name).render_as_string(hide_password=False)
