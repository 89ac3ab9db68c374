"""Where histories take place: two servers of this process that stay, and a new company, org and ledger for each."""

import pickle
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
from interlude import Interlude
from life import Life
from memory import Memory
from plan import Base, families
from runs import Runs
from sqlalchemy import Engine, event
from virtual_time import VirtualTime

import sandbox.salesforce
from pipelines.chargeover.catalog import vocabulary
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings
from sandbox.serving import serve

root = Path(__file__).parents[2]
schema = root / "schema" / "force-app" / "main" / "default"


def _hurry(connection: Any, _record: object) -> None:
    """No history is worth waiting for the disk."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous=OFF")


class Place:
    """An org behind HTTP that is emptied instead of made anew, and a client that knows it already."""

    def __init__(self) -> None:
        # All that the loader needs may be deleted here.
        self.org = sandbox.salesforce.Org.from_metadata(schema, field_level_security=False)
        self._made = {name: table.made for name, table in self.org.tables.items()}
        self._server = serve(sandbox.salesforce.app(self.org, admin=True))

    def __enter__(self) -> Self:
        self._server.__enter__()
        self.url = self._server.url
        self.client = Org(ClientCredentials(self.url, "sandbox-client-id", "sandbox-client-secret"))
        return self

    def __exit__(self, *error: Any) -> None:
        self.client.close()
        self._server.__exit__(*error)

    def rows(self) -> dict[str, tuple[int, list[dict[str, Any]]]]:
        """What it holds."""
        return {name: (table.made, deepcopy(list(table.rows.values())))
                for name, table in self.org.tables.items() if name != "User"}  # fmt: skip

    def reset(self, rows: dict[str, tuple[int, list[dict[str, Any]]]]) -> None:
        """Hold these rows and no others."""
        for name, table in self.org.tables.items():
            if name == "User":
                continue
            for row_id in list(table.rows):
                table._take(row_id)
            table.deleted.clear()
            table.made, kept = rows.get(name, (self._made[name], []))
            for row in kept:
                table.insert(dict(row))


@dataclass(frozen=True)
class Moment:
    """A company, its org and the ledger between them, kept to go on from more than once."""

    seconds: float
    company: bytes
    rows: dict[str, tuple[int, list[dict[str, Any]]]]
    ledger: Path
    runs: int

    def life(self) -> Life:
        """The company as it was, with a time of its own."""
        found: Life = pickle.loads(self.company)
        return found


class Places:
    """The servers of this process, and what every history needs of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._numbers = iter(range(1_000_000_000))
        self.interlude, self.lived, self.mirror = Interlude(), Place(), Place()
        self._shelves: dict[str, Shelf] = {}
        self._blank = folder / "blank.db"
        with open_ledger(f"sqlite:///{self._blank}"):
            pass

    def __enter__(self) -> Self:
        self._url = self._stack.enter_context(serve(self.interlude)).url
        event.listen(Engine, "connect", _hurry)
        self._stack.callback(event.remove, Engine, "connect", _hurry)
        self._stack.callback(pa.set_cpu_count, pa.cpu_count())
        pa.set_cpu_count(1)  # threads for frames of a few rows cost more than they bring
        for place in (self.lived, self.mirror):
            self._stack.enter_context(place)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def settings(self) -> ChargeOverSettings:
        """Of the account that stands behind the interlude."""
        return ChargeOverSettings(
            _env_file=None, url=self._url, public_key="sandbox-public-key", private_key="sandbox-private-key",
            clock_tolerance_seconds=86_400, calls_per_minute=100_000, watch_calls_per_minute=1_000,
            sweep_calls_per_minute=1_000,
        )  # fmt: skip

    def shelf(self, family: str) -> Shelf:
        """The mappings of a family."""
        if family not in self._shelves:
            self._shelves[family] = shelf_in(self._folder / f"mappings of {family}", families[family])
        return self._shelves[family]

    @contextmanager
    def runs(self, base: Base, time: VirtualTime, moment: Moment | None) -> Iterator[Runs]:
        """Runs that go on from a moment, or begin with nothing."""
        home = self._folder / str(next(self._numbers))
        home.mkdir()
        shutil.copy(moment.ledger if moment else self._blank, home / "ledger.db")
        self.lived.reset(moment.rows if moment else {})
        with open_ledger(f"sqlite:///{home / 'ledger.db'}") as ledger:
            yield Runs(self.settings(), ledger, Memory(), self.shelf(base.family), self.lived.client, time,
                       home / "ledger.db", base.variant.page_limit, moment.runs if moment else 0)  # fmt: skip
        shutil.rmtree(home)

    def keep(self, life: Life, runs: Runs) -> Moment:
        """The moment as it is now; nobody writes to the ledger meanwhile."""
        ledger = self._folder / f"moment {next(self._numbers)}.db"
        with closing(sqlite3.connect(runs.path)) as source, closing(sqlite3.connect(ledger)) as target:
            source.backup(target)
        return Moment(runs.time.seconds, pickle.dumps(life), self.lived.rows(), ledger, runs.runs)


def shelf_in(folder: Path, names: Collection[str]) -> Shelf:
    """The shipped mappings, but deletes count and empty fields are cleared: Salesforce is to be an exact image."""
    folder.mkdir()
    for file in (file for file in (root / "mappings").glob("*.yaml") if not names or file.stem in names):
        text = file.read_text().replace("on_delete: ignore", "on_delete: delete")
        (folder / file.name).write_text(text.replace("nulls: leave", "nulls: clear"))
    return read_mappings(folder, vocabulary())
