"""A sync without Dagster: the three layers called one after another, as the assets call them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from between import Between

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.extract import extract
from pipelines.sync.load import Loaded, Loader
from pipelines.sync.map import map_records
from pipelines.sync.run import Run
from pipelines.sync.settle import settle
from pipelines.sync.source import source_of
from pipelines.sync.staged import Staged
from pipelines.sync.staging import Manifest, Staging
from pipelines.sync.wanted import Extent, Wanted


@lru_cache(maxsize=50)
def _shelf(folder: Path, _written: frozenset[tuple[str, bytes]]) -> Shelf:
    return read_mappings(folder, vocabulary())


order = ("transaction", "invoice", "package", "user", "creditcard", "ach", "customer", "item", "quote")


@dataclass
class Syncing:
    """Runs that follow one another on one ledger; every run is numbered."""

    ledger: Ledger
    staging: Staging
    runs: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    read: dict[str, Manifest] = field(default_factory=dict)
    later: timedelta = timedelta(0)
    """How far the loader's clock is ahead."""
    partial: bool = True
    bulk_from: int = 50_000
    calls_left: int | None = None
    org: Callable[[], Org] = lambda: org_of(read_settings(SalesforceSettings))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def shelf(self) -> Shelf:
        folder = read_settings(ProjectSettings).mappings
        return _shelf(folder, frozenset((file.name, file.read_bytes()) for file in folder.iterdir() if file.is_file()))

    def extract(
        self,
        *,
        whole: bool = False,
        objects: tuple[str, ...] = order,
        paced: bool = False,
        accept_deletes: bool = False,
    ) -> None:
        """Stage what changed of these objects as the next run."""
        self.runs += 1
        source, shelf = source_of(read_settings(ChargeOverSettings), self.ledger), self.shelf()
        mapped = {each.object for each in shelf.mappings}
        wanted = [
            Wanted(
                CATALOG[name],
                [each for each in shelf.mappings if each.object == name],
                self.staging.dataset(str(self.runs), "chargeover", name),
            )
            for name in objects
            if name in mapped
        ]
        extent = Extent(paced=paced, whole=whole, accept_deletes=accept_deletes)
        self.read = {kind.name: manifest for kind, manifest in extract(source, wanted, self.ledger, mapped, extent)}
        self.calls = source.chargeover.calls_by_signal

    def map(self) -> list[Staged]:
        """Stage the payloads of all that the run has extracted."""
        zone, work = read_settings(ChargeOverSettings).zone, []
        for mapping in self.shelf().mappings:
            records = self.staging.dataset(str(self.runs), "chargeover", mapping.object)
            if records.is_closed:
                payloads = self.staging.dataset(str(self.runs), "mapped", mapping.name)
                map_records(mapping, CATALOG[mapping.object], records, payloads, zone)
                work.append(Staged(mapping, CATALOG[mapping.object], payloads, records))
        return work

    def load(self, work: list[Staged], *, resend: bool = False) -> dict[str, Loaded]:
        """Load them; what was loaded, by sObject."""
        shelf = self.shelf()
        run = Run(str(self.runs), self.now, {each.to: each.fingerprint for each in shelf.mappings})
        keys = {each.to: each.external_id for each in shelf.mappings}
        how = {"resend": resend, "partial": self.partial, "bulk_from": self.bulk_from, "calls_left": self.calls_left}
        loader = Loader(self.org(), self.ledger, run, keys, **how)
        done = {loaded.mapping.to: loaded for loaded in loader.load(work)}
        settle(self.ledger, shelf, work)
        return done

    def __call__(
        self, *, resend: bool = False, objects: tuple[str, ...] = order, **extent: bool
    ) -> dict[str, dict[str, int]]:
        """One whole run; the counts that are not zero, by sObject."""
        self.extract(objects=objects, **extent)
        counts = {name: loaded.tally.as_numbers() for name, loaded in self.load(self.map(), resend=resend).items()}
        return {
            name: {verdict: n for verdict, n in each.items() if n}
            for name, each in counts.items()
            if any(each.values())
        }


@pytest.fixture
def customers() -> int:
    """Tests make the records that they need."""
    return 0


@pytest.fixture
def ledger(world: object) -> Iterator[Ledger]:
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        yield ledger


@pytest.fixture
def sync(ledger: Ledger) -> Syncing:
    return Syncing(ledger, Staging(read_settings(ProjectSettings).staging_url))


class Files:
    """Mapping files of a test's own: copies of those shipped, to be edited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, *names: str) -> None:
        """Remove all mappings but these."""
        for file in self.folder.glob("*.yaml"):
            if file.stem not in names:
                file.unlink()

    def write(self, name: str, text: str) -> None:
        (self.folder / f"{name}.yaml").write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.folder / f"{name}.yaml"
        assert old in file.read_text(), f"{name}.yaml has no {old!r}"
        file.write_text(file.read_text().replace(old, new))

    def add(self, name: str) -> None:
        """Bring a shipped mapping back."""
        shutil.copy(Path(__file__).parents[2] / "mappings" / f"{name}.yaml", self.folder)


@pytest.fixture
def files(world: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    folder = tmp_path / "mappings"
    shutil.copytree(world.mappings, folder, ignore=shutil.ignore_patterns("*.json", "*.md", "examples"))
    monkeypatch.setenv("CO2SF_MAPPINGS", str(folder))
    return Files(folder)


@pytest.fixture
def between(world: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """What stands between the sync and ChargeOver: it counts, edits, breaks off."""
    with Between(world.chargeover_url) as between:
        monkeypatch.setenv("CHARGEOVER_URL", between.url)
        yield between
