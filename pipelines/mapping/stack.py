"""Several frames of the same kind become one, and a child frame gets the fields of its parents."""

import json
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from pipelines.mapping.frame import ABSENT, PROBLEMS, values_of


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows of the frames, in order; a column that only some of them have counts as absent in the others."""
    columns = dict.fromkeys(name for frame in frames for name in frame.columns)
    return pd.concat([_widened(frame, columns) for frame in frames], ignore_index=True)


def inherit(child: pd.DataFrame, parent: pd.DataFrame, on: str, key: str, prefix: str) -> pd.DataFrame:
    """The child rows with their parent's columns as ``prefix.column``, matched by ``child[on] == parent[key]``; what
    is absent or unreadable in the parent is so in the child."""
    own = values_of(child, on)
    place = {value: row for row, value in enumerate(values_of(parent, key))}
    parents = parent.take([place[value] for value in own]).reset_index(drop=True)
    kept = parents.drop(columns=[name for name in parents.columns if name.startswith("_")])
    joined = pd.concat([child.reset_index(drop=True), kept.add_prefix(f"{prefix}.")], axis=1)
    joined[ABSENT] = _joined(joined[ABSENT], parents[ABSENT], prefix)
    joined[PROBLEMS] = _merged(joined[PROBLEMS], parents[PROBLEMS], prefix)
    return joined


def _widened(frame: pd.DataFrame, columns: dict[str, None]) -> pd.DataFrame:
    missing = " ".join(sorted(name for name in columns if name not in frame))
    if not missing:
        return frame
    absent = [f"{names} {missing}" if names else missing for names in values_of(frame, ABSENT)]
    return frame.assign(**{ABSENT: _text(absent)})


def _joined(own: pd.Series, parents: pd.Series, prefix: str) -> pd.Series:
    """Names absent in the child, and those absent in its parent under the parent's prefix."""
    prefixed = {names: " ".join(f"{prefix}.{name}" for name in names.split()) for names in parents.dropna().unique()}
    pairs = zip(own, parents.map(prefixed.get, na_action="ignore"), strict=True)
    return _text([" ".join(names for names in pair if isinstance(names, str)) or None for pair in pairs])


def _merged(own: pd.Series, parents: pd.Series, prefix: str) -> pd.Series:
    if parents.isna().all():
        return own
    return _text([_both(child, parent, prefix) for child, parent in zip(own, parents, strict=True)])


def _both(child: object, parent: object, prefix: str) -> str | None:
    problems = json.loads(child) if isinstance(child, str) else {}
    if isinstance(parent, str):
        problems |= {f"{prefix}.{name}": problem for name, problem in json.loads(parent).items()}
    return json.dumps(problems, ensure_ascii=False) if problems else None


def _text(values: Sequence[str | None]) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(values, pa.string())))
