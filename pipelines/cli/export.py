"""The record-level log as a table for the warehouse: CSV or Parquet, a part at a time, there whole or not at all."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from upath import UPath

from pipelines.errors import EditFile, FixAccess
from pipelines.ledger.log import LogEntry

PART = 20_000
"""Lines at a time: so many are in memory."""

_moment = pa.timestamp("us", "UTC")
COLUMNS = {
    "line": pa.int64(),
    "at": _moment,
    "run_id": pa.string(),
    "sobject": pa.string(),
    "external_id": pa.string(),
    "object": pa.string(),
    "record_id": pa.int64(),
    "verdict": pa.string(),
    "observed_at": _moment,
    "salesforce_id": pa.string(),
    "code": pa.string(),
    "field": pa.string(),
}
"""Name to type; docs/sync-log.md says what each means. The message comes only when it is asked for: it may quote a
customer's value."""


class _Writer(Protocol):
    def write_table(self, table: pa.Table) -> None: ...
    def close(self) -> None: ...


def export(parts: Iterable[list[LogEntry]], target: str, *, messages: bool) -> int:
    """Write all lines to a path, an object store address, or ``-`` for CSV on stdout; how many there are."""
    columns = COLUMNS | ({"message": pa.string()} if messages else {})
    schema, count = pa.schema(columns.items()), 0
    kind = "csv" if target == "-" else _kind(target)
    with _opened(target) as file, _writer(kind, file, schema) as writer:
        for part in parts:
            writer.write_table(
                pa.Table.from_pydict({name: [getattr(each, name) for each in part] for name in columns}, schema)
            )
            count += len(part)
    return count


def _kind(target: str) -> str:
    kind = target.rpartition(".")[2].lower()
    if kind not in {"csv", "parquet"}:
        raise EditFile(f"--export {target!r}: the name must end with .csv or .parquet, or be - for CSV on stdout")
    return kind


@contextmanager
def _writer(kind: str, file: IO[bytes], schema: pa.Schema) -> Iterator[_Writer]:
    if kind == "parquet":
        with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as parquet:
            yield parquet
    else:
        with pyarrow.csv.CSVWriter(file, schema) as csv:
            yield csv


@contextmanager
def _opened(target: str) -> Iterator[IO[bytes]]:
    """A file beside the target, which takes its place once all is written; an export that is cut off leaves the old."""
    if target == "-":
        yield sys.stdout.buffer
        return
    path = UPath(target)
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            yield file
        path.fs.mv(beside.path, path.path)
    except OSError as error:
        raise FixAccess(
            f"--export {target}: it cannot be written ({error.strerror or type(error).__name__})"
        ) from error
    finally:
        if beside.exists():
            beside.unlink()
