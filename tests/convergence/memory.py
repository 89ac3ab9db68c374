"""Staged parts in memory: what lies between Arrow and a Parquet file is tested elsewhere, and costs half a history."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import pandas as pd

from pipelines.sync.staging import Dataset, Manifest, Staging


class Frames(Dataset):
    """The parts of one object or mapping in one run."""

    def __init__(self, name: PurePath) -> None:
        super().__init__(name)  # type: ignore[arg-type]
        self._frames: dict[tuple[int, str], pd.DataFrame] = {}
        self._manifest: Manifest | None = None

    def write(self, part: int, kind: str, frame: pd.DataFrame) -> None:
        """Keep one frame."""
        others = [name for name, dtype in frame.dtypes.items() if not isinstance(dtype, pd.ArrowDtype)]
        assert not others, f"a file would bring these columns back as something else: {others}"
        self._frames[part, kind] = frame.reset_index(drop=True)

    def read(self, part: int, kind: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
        """One frame; of ``columns`` those that the part has."""
        frame = self._frames[part, kind]
        wanted = frame.columns if columns is None else [name for name in frame.columns if name in set(columns)]
        return frame[list(wanted)]

    def open(self) -> "Frames":
        """Nothing is kept any more."""
        self._frames.clear()
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
        self._datasets: dict[tuple[str, ...], Frames] = {}

    def dataset(self, *name: Any) -> Frames:
        """The dataset of one run, layer and name."""
        return self._datasets.setdefault(name, Frames(PurePath(*name)))
