"""Records become payloads: every row of a frame is sent, rejected with its problem, or outside the mapping."""

from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import compress
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from pipelines.mapping.becoming import becoming, constant_of, printed
from pipelines.mapping.choosing import outside
from pipelines.mapping.conversions import Unfit
from pipelines.mapping.frame import OBSERVED_AT, values_of
from pipelines.mapping.model import VERSION, Lookup, Mapping, Rule
from pipelines.mapping.rows import Rows, is_empty
from pipelines.mapping.scalars import Value, quoted, text_of
from pipelines.mapping.slots import slots_of
from pipelines.mapping.twins import doubled

Fragments = list[str | None]


@dataclass(frozen=True, slots=True)
class Identity:
    """The columns that hold the id of the top-level record and of its customer."""

    record_id: str
    customer_id: str | None


@dataclass(frozen=True, slots=True)
class Translation:
    """What became of each row of a frame; the three frames together have as many rows as it had."""

    payloads: pd.DataFrame
    """record_id, customer_id, external_id, observed_at, payload, lookups (both JSON text), fingerprint, slots."""
    rejections: pd.DataFrame
    """record_id, customer_id, external_id, observed_at, field, message."""
    outside: pd.DataFrame
    """record_id, customer_id, external_id, observed_at: rows that ``only`` excludes."""


@dataclass(slots=True)
class _Work:
    """One translation under way: text by field and row, and the problems by row."""

    mapping: Mapping
    rows: Rows
    zone: ZoneInfo
    problems: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def reject(self, row: int, name: str, text: str) -> None:
        self.problems.setdefault(row, []).append((name, f"{name}: {text}" if name else text))


def translate(frame: pd.DataFrame, mapping: Mapping, identity: Identity, zone: ZoneInfo) -> Translation:
    """The rows of a frame as payloads of the mapping's sObject, in the order of the frame; ``zone`` is the time zone
    of the ChargeOver account. Nothing raises for a bad value."""
    work = _Work(mapping, Rows(frame), zone)
    keys = _external_ids(work)
    ids = values_of(frame, identity.record_id)
    fields = {name: _field(work, name, rule) for name, rule in mapping.fields.items()}
    references = {name: _lookup(work, name, each) for name, each in mapping.lookups.items()}
    payloads, lookups = _texts(work, fields), _texts(work, references)
    excluded, undecided = outside(mapping, work.rows)
    for row, text in undecided.items():
        work.reject(row, "", f"only cannot be checked: {text}")
    for row in (row for row, value in enumerate(ids) if value is None):
        work.reject(row, "", f"the record has no {identity.record_id}; ChargeOver gives every record one")
    sent = [row not in work.problems and row not in excluded for row in range(work.rows.size)]
    _stop_twins(work, frame, keys, ids, sent)
    told = {row: problems for row, problems in work.problems.items() if row not in excluded}
    base = _base(frame, identity, keys)
    written = {
        "payload": payloads,
        "lookups": lookups,
        "fingerprint": list(map(_fingerprint, payloads, lookups)),
        "slots": slots_of(fields | references, work.rows.size),
    }
    first = {
        "field": [told[row][0][0] for row in sorted(told)],
        "message": [_message(told[row]) for row in sorted(told)],
    }
    return Translation(
        payloads=_part(base, sent, {name: list(compress(texts, sent)) for name, texts in written.items()}),
        rejections=_part(base, [row in told for row in range(work.rows.size)], first),
        outside=_part(base, [row in excluded for row in range(work.rows.size)], {}),
    )


def _base(frame: pd.DataFrame, identity: Identity, keys: list[str | None]) -> pa.Table:
    def ids(name: str | None) -> pa.Array:
        return pa.array(values_of(frame, name) if name else [None] * len(frame), pa.int64())

    observed = pa.array(frame[OBSERVED_AT], pa.timestamp("us", "UTC"))
    columns = [ids(identity.record_id), ids(identity.customer_id), pa.array(keys, pa.string()), observed]
    return pa.table(columns, ["record_id", "customer_id", "external_id", "observed_at"])


def _part(base: pa.Table, mask: list[bool], texts: dict[str, list[str]]) -> pd.DataFrame:
    table = base.filter(pa.array(mask, pa.bool_()))
    for name, column in texts.items():
        table = table.append_column(name, pa.array(column, pa.string()))
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _fingerprint(payload: str, lookups: str) -> str:
    return blake2b(f"{VERSION}\n{payload}\n{lookups}".encode(), digest_size=16).hexdigest()


def _message(problems: list[tuple[str, str]]) -> str:
    others = len(problems) - 1
    return problems[0][1] + (f" (and {others} more)" if others else "")


def _stop_twins(
    work: _Work, frame: pd.DataFrame, keys: list[str | None], ids: list[int | None], sent: list[bool]
) -> None:
    """Rows of one read that claim the same external id stop: Salesforce fails each of them (DUPLICATE_VALUE), and in
    two requests one would silently replace the other. The same record read twice is no twin of itself."""
    for group in doubled(keys, sent):
        observed = pa.array(frame[OBSERVED_AT])
        reads = {(ids[row], observed[row].as_py()) for row in group}
        records = {ids[row] for row in group}
        if len(records) > 1 or (work.mapping.children and len(reads) < len(group)):
            for row in group:
                text = f"{quoted(keys[row])} is the external id of several records; make it tell them apart"
                work.reject(row, work.mapping.external_id, text)
                sent[row] = False


def _external_ids(work: _Work) -> list[str | None]:
    """The external id of each row as text, None where it cannot be made."""
    rule = work.mapping.fields[work.mapping.external_id]
    lacking = work.rows.lacking(rule.sources)
    for row in sorted(lacking - work.rows.unreadable(rule.sources).keys()):
        empty = " and ".join(name for name in rule.sources if is_empty(work.rows.values(name)[row]))
        work.reject(row, work.mapping.external_id, f"{empty} is empty, and every record needs its external id")
    become = becoming(rule, work.zone)
    raw = work.rows.of(rule)
    made = {value: become(value) for value in set(raw)}
    found: list[str | None] = []
    for row, value in enumerate(raw):
        key = made[value]
        good = row not in lacking and key is not None and not isinstance(key, Unfit)
        found.append(text_of(key) if good and not isinstance(key, Unfit) else None)
        if row not in lacking and key is None:
            work.reject(row, work.mapping.external_id, f"{quoted(value)} leaves no external id")
    return found


def _field(work: _Work, name: str, rule: Rule) -> Fragments:
    """The field's part of each row's JSON; None where the field is left out."""
    if not rule.sources:
        return _constant(work, name, rule)
    become = becoming(rule, work.zone)
    raw = work.rows.of(rule)
    made: dict[Value, str | None] = {}
    unfit: dict[Value, str] = {}
    for value in set(raw):
        result = become(value)
        made[value] = None if isinstance(result, Unfit) else _fragment(work, name, result)
        if isinstance(result, Unfit):
            unfit[value] = f"{quoted(value)} {result.text}"
    unreadable = work.rows.unreadable(rule.sources)
    found = [made[value] for value in raw]
    for row in work.rows.without(rule.sources) - unreadable.keys():
        found[row] = None
    for row, value in enumerate(raw) if unfit else ():
        if value in unfit and row not in unreadable:
            work.reject(row, name, unfit[value])
    for row, text in unreadable.items():
        work.reject(row, name, text)
    return found


def _constant(work: _Work, name: str, rule: Rule) -> Fragments:
    value = constant_of(rule, work.zone)
    assert not isinstance(value, Unfit), "reading a mapping refuses constants that their conversion does not take"
    return [_fragment(work, name, value)] * work.rows.size


def _fragment(work: _Work, name: str, value: Value) -> str | None:
    return None if value is None and work.mapping.nulls == "leave" else f'"{name}":{printed(value)}'


def _lookup(work: _Work, name: str, lookup: Lookup) -> Fragments:
    """The external id of the parent for each row; an id of 0, ChargeOver's word for none, is null."""
    raw = work.rows.glued(lookup.from_, lookup.join)
    unreadable = work.rows.unreadable(lookup.from_)
    empty = work.rows.lacking(lookup.from_) | {
        row for row, value in enumerate(raw) if type(value) is int and value == 0
    }
    made = {value: _fragment(work, name, text_of(value)) for value in set(raw)}
    null, left_out = _fragment(work, name, None), work.rows.without(lookup.from_)
    for row, text in unreadable.items():
        work.reject(row, name, text)
    if not empty and not left_out:
        return [made[value] for value in raw]
    return [None if row in left_out else null if row in empty else made[value] for row, value in enumerate(raw)]


def _texts(work: _Work, columns: dict[str, Fragments]) -> list[str]:
    """Each row as a JSON object, keys sorted."""
    if not columns:
        return ["{}"] * work.rows.size
    rows = zip(*(columns[name] for name in sorted(columns)), strict=True)
    return ["{" + ",".join(part for part in row if part is not None) + "}" for row in rows]
