"""Staged parts in memory: what lies between Arrow and a Parquet file is tested elsewhere, and costs half a history."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import pandas as pd
import pyarrow as pa

from pipelines.sync.staging import Dataset, Manifest, Staging


class Tables(Dataset):
    """The parts of one object or mapping in one run."""

    def __init__(self, name: PurePath) -> None:
        super().__init__(name)  # type: ignore[arg-type]
        self._tables: dict[tuple[int, str], pa.Table] = {}
        self._manifest: Manifest | None = None

    def write(self, part: int, kind: str, frame: pd.DataFrame) -> None:
        """Keep one frame."""
        self._tables[part, kind] = pa.Table.from_pandas(frame, preserve_index=False)

    def read(self, part: int, kind: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
        """One frame, Arrow-backed; of ``columns`` those that the part has."""
        table = self._tables[part, kind]
        wanted = (
            table.column_names if columns is None else [name for name in table.column_names if name in set(columns)]
        )
        frame: pd.DataFrame = table.select(wanted).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def open(self) -> "Tables":
        """Nothing is kept any more."""
        self._tables.clear()
        self._manifest = None
        return self

    def close(self, manifest: Manifest) -> Manifest:
        """Finish the dataset."""
        self._manifest = manifest
        return manifest

    @property
    def is_closed(self) -> bool:
        """Whether the dataset was finished."""
        return self._manifest is not None

    def manifest(self) -> Manifest:
        """What the finished dataset holds."""
        assert self._manifest is not None
        return self._manifest


class Memory(Staging):
    """All datasets of one history."""

    def __init__(self) -> None:
        self._datasets: dict[tuple[str, ...], Tables] = {}

    def dataset(self, *name: Any) -> Tables:
        """The dataset of one run, layer and name."""
        return self._datasets.setdefault(name, Tables(PurePath(*name)))
