"""Where one layer hands its parts to the next: Parquet files in a folder per run, closed by a manifest."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict
from upath import UPath

from pipelines.errors import EditFile
from pipelines.ledger.walks import Walk


class Manifest(BaseModel):
    """What a finished dataset holds; it is written last, so a dataset without it was cut off."""

    model_config = ConfigDict(frozen=True)
    parts: int
    rows: dict[str, int]
    end_at: datetime
    start_at: datetime | None = None
    hint: int = 0
    """Every hint up to this number was followed."""
    whole: bool = False
    """Whether all records were read."""
    renewing: tuple[str, ...] = ()
    """The sObjects for which a person or an edit asked for these records: also those that did not change follow an
    edited mapping."""
    waiting: tuple[str, ...] = ()
    """The sObjects whose mappings are further behind than what was read."""
    gone: tuple[int, ...] = ()
    sweep: Walk | None = None
    """How far the sweep has come with these records."""
    named: bool = False
    """Whether these records alone were read, by id: nothing is said of what else is new."""
    plan: str = ""
    """The file of the plan that named them, to which their rows are held before anything is sent."""
    braked: str = ""
    """Why records that seem gone are not among those gone."""
    accepted: bool = False
    """Whether a person has agreed that much is gone."""
    unread: int = 0
    """Records that did not show their children: these are left as they are."""
    ahead: timedelta = timedelta(0)
    """How far ChargeOver's clock is ahead of ours."""
    signals: dict[str, int] = {}
    """How many records each signal led to."""
    calls: dict[str, int] = {}
    """How many calls to ChargeOver were made for each signal."""
    fingerprint: str = ""
    """Of the mapping, once mapped."""
    records: str = ""
    """The folder of the records that payloads were mapped from."""


class Dataset:
    """The parts of one object or mapping in one run; a part has one frame per kind (``invoice``, ``payloads``)."""

    def __init__(self, folder: UPath) -> None:
        self.folder = folder

    def write(self, part: int, kind: str, frame: pd.DataFrame) -> None:
        """Write one frame of at most some 10,000 rows."""
        table = pa.Table.from_pandas(frame, preserve_index=False)
        with (self.folder / f"{part:05}.{kind}.parquet").open("wb") as file:
            pq.write_table(table, file, compression="zstd")

    def read(self, part: int, kind: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
        """Read one frame, Arrow-backed; of ``columns`` those that the part has."""
        with (self.folder / f"{part:05}.{kind}.parquet").open("rb") as file:
            parquet = pq.ParquetFile(file)
            wanted = None if columns is None else [name for name in parquet.schema_arrow.names if name in set(columns)]
            frame: pd.DataFrame = parquet.read(columns=wanted).to_pandas(
                types_mapper=pd.ArrowDtype, ignore_metadata=True
            )
        return frame

    def open(self) -> "Dataset":
        """An empty folder to write to; what a cut-off try left there is removed."""
        if self.folder.exists():
            for file in self.folder.iterdir():
                file.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def close(self, manifest: Manifest) -> Manifest:
        """Finish the dataset."""
        (self.folder / "manifest.json").write_text(manifest.model_dump_json(indent=1))
        return manifest

    @property
    def is_closed(self) -> bool:
        """Whether the dataset was finished."""
        return (self.folder / "manifest.json").exists()

    def manifest(self) -> Manifest:
        """What the finished dataset holds."""
        return Manifest.model_validate_json((self.folder / "manifest.json").read_text())

    def parts(self) -> Iterator[int]:
        """The part numbers, in order."""
        return iter(range(self.manifest().parts))


class Staging:
    """All datasets: a folder (or object store address) with a folder per run and layer."""

    def __init__(self, url: str) -> None:
        self._root = UPath(url)

    def dataset(self, run_id: str, layer: str, name: str) -> Dataset:
        """The dataset of one run, to be written."""
        return Dataset(self._root / run_id / layer / name)

    def find(self, run_ids: Iterable[str], layer: str, name: str) -> Dataset:
        """The first finished dataset among these runs; raises EditFile when none of them staged it."""
        for run_id in run_ids:
            dataset = self.dataset(run_id, layer, name)
            if dataset.is_closed:
                return dataset
        raise EditFile(f"{layer}/{name}: nothing is staged; select the layers before it too (upstream), then run again")

    def runs(self) -> list[str]:
        """The runs that have staged something, oldest first."""
        if not self._root.exists():
            return []
        folders = [folder for folder in self._root.iterdir() if folder.is_dir()]
        return [folder.name for folder in sorted(folders, key=lambda each: each.stat().st_mtime)]

    def remove(self, run_id: str) -> None:
        """Remove all that a run has staged."""
        folder = self._root / run_id
        folder.fs.rm(folder.path, recursive=True)
