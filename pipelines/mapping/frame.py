"""The only place where API records become a frame: explicit types, exact money, and what could not be read kept."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from pipelines.mapping.scalars import number_in, plain, quoted, rounded, sound, text_of, truth_in, whole_in

OBSERVED_AT, ABSENT, PROBLEMS = "_observed_at", "_absent", "_problems"
DECIMALS = 12
_ARROW = {"int": pa.int64(), "decimal": pa.decimal128(38, DECIMALS), "bool": pa.bool_()}
_LARGEST = Decimal(10) ** 26
_NOTHING = type(None)
# Python types that Arrow takes as they are; anything else in a column goes value by value through its reader.
_READY: dict[str, set[type]] = {
    "int": {int, _NOTHING},
    "decimal": {int, Decimal, _NOTHING},
    "bool": {bool, _NOTHING},
    "text": {str, _NOTHING},
}

Records = Sequence[Mapping[str, Any]]


class _UnreadableError(ValueError):
    """Its text says what a raw value is not."""


def frame_of(records: Records, types: Mapping[str, str], observed_at: datetime) -> pd.DataFrame:
    """One row per record: the columns of ``types`` that occur, ``_observed_at`` (UTC, microseconds), ``_absent`` (names
    missing in that record) and ``_problems`` (JSON: field to what is wrong); a float anywhere is a TypeError."""
    present: set[str] = set().union(*records)
    columns: dict[str, pa.Array] = {}
    problems: dict[int, dict[str, str]] = {}
    for name, kind in types.items():
        if name in present:
            columns[name] = _column([record.get(name) for record in records], kind, name, problems)
    columns[OBSERVED_AT] = pa.repeat(pa.scalar(observed_at.astimezone(UTC), pa.timestamp("us", "UTC")), len(records))
    columns[ABSENT] = pa.array(_absences(records, present & types.keys()), pa.string())
    columns[PROBLEMS] = pa.array(_notes(problems, len(records)), pa.string())
    frame: pd.DataFrame = pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def values_of(frame: pd.DataFrame, name: str) -> list[Any]:
    """A column as Python values with None for what is absent: int, Decimal, bool or str."""
    return pa.array(frame[name]).to_pylist() if name in frame else [None] * len(frame)


def _column(values: list[Any], kind: str, name: str, problems: dict[int, dict[str, str]]) -> pa.Array:
    arrow = _ARROW.get(kind, pa.string())
    kinds = set(map(type, values))
    if float in kinds:
        raise TypeError(f"{name}: a float must not reach a frame; read JSON numbers as Decimal")
    if kinds <= _READY.get(kind, _READY["text"]) and (kind != "json" or kinds == {_NOTHING}):
        try:
            return pa.array(values, arrow)
        except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
            pass  # some value does not fit: find out which, below
    read, found = _READERS.get(kind, _text), []
    for row, raw in enumerate(values):
        try:
            found.append(None if raw is None else read(raw))
        except _UnreadableError as problem:
            found.append(None)
            problems.setdefault(row, {})[name] = f"{quoted(raw)} {problem}"
    return pa.array(found, arrow)


def _whole(raw: object) -> int | None:
    if _blank(raw):
        return None
    number = whole_in(raw)
    if number is None:
        raise _UnreadableError("is not a whole number")
    if not -(2**63) <= number < 2**63:
        raise _UnreadableError("has too many digits")
    return number


def _decimal(raw: object) -> Decimal | None:
    if _blank(raw):
        return None
    number = None if isinstance(raw, bool) else number_in(raw)
    if number is None:
        raise _UnreadableError("is not a number")
    if abs(number) >= _LARGEST:
        raise _UnreadableError("has too many digits")
    return rounded(number, DECIMALS)  # more decimals than these are the noise of a float on the way


def _truth(raw: object) -> bool | None:
    if _blank(raw):
        return None
    truth = truth_in(raw)
    if truth is None:
        raise _UnreadableError("is neither true nor false")
    return truth


def _text(raw: object) -> str:
    if isinstance(raw, str):
        return sound(raw)
    if isinstance(raw, bool) or (isinstance(raw, (int, Decimal)) and number_in(raw) is not None):
        return text_of(raw)
    raise _UnreadableError("is not a number" if isinstance(raw, (int, Decimal)) else "is not text")


def _structure(raw: object) -> str:
    try:
        return sound(json_text(raw))
    except RecursionError:
        raise _UnreadableError("is nested too deeply") from None
    except ValueError:
        raise _UnreadableError("is not JSON") from None


def json_text(raw: object) -> str:
    """JSON text of anything that came from JSON, numbers exact and plain; a float is a TypeError."""
    if isinstance(raw, dict):
        inside = (f"{json.dumps(str(key), ensure_ascii=False)}:{json_text(value)}" for key, value in raw.items())
        return "{" + ",".join(inside) + "}"
    if isinstance(raw, (list, tuple)):
        return "[" + ",".join(map(json_text, raw)) + "]"
    if raw is None or isinstance(raw, (bool, str)):
        return json.dumps(raw, ensure_ascii=False)
    number = number_in(raw)
    if number is None:
        raise ValueError
    return plain(number)


def _blank(raw: object) -> bool:
    return isinstance(raw, str) and not raw.strip()


def _absences(records: Records, names: set[str]) -> list[str | None]:
    whole = [names <= record.keys() for record in records]
    return [
        None if complete else " ".join(sorted(names - record.keys()))
        for complete, record in zip(whole, records, strict=True)
    ]


def _notes(problems: dict[int, dict[str, str]], rows: int) -> list[str | None]:
    return [json.dumps(problems[row], ensure_ascii=False) if row in problems else None for row in range(rows)]


_READERS: dict[str, Callable[[object], object]] = {
    "int": _whole,
    "decimal": _decimal,
    "bool": _truth,
    "text": _text,
    "json": _structure,
}
