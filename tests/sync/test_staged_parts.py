"""What one layer hands to the next: parts keep their types, and only finished datasets count."""

from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from pipelines.errors import EditFile
from pipelines.mapping.frame import ABSENT, OBSERVED_AT, PROBLEMS, frame_of, values_of
from pipelines.sync.staging import Manifest, Staging

at = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
types = {"id": "int", "amount": "decimal", "open": "bool", "name": "text", "made": "datetime", "extra": "json"}
records = [
    {
        "id": 2**62 + 1,
        "amount": Decimal("42.1"),
        "open": True,
        "name": "Zoë 🧾\n",
        "made": "2026-03-01",
        "extra": {"a": [1]},
    },
    {"id": None, "amount": None, "open": None, "name": None, "made": None, "extra": None},
    {"id": -1, "amount": Decimal("-99999999999999999999999999.999999999999"), "open": False, "name": ""},
    {"id": "x", "amount": "NaN", "open": "maybe", "name": "99", "made": "0000-00-00", "extra": []},
]


@pytest.fixture
def staging(tmp_path):
    return Staging(str(tmp_path / "staging"))


def test_a_part_comes_back_with_its_types_and_every_value(staging):
    dataset, frame = staging.dataset("1", "chargeover", "invoice").open(), frame_of(records, types, at)
    dataset.write(0, "invoice", frame)

    back = dataset.read(0, "invoice")

    assert list(back.columns) == list(frame.columns)
    assert list(back.dtypes) == list(frame.dtypes)
    assert all(values_of(back, name) == values_of(frame, name) for name in frame.columns)
    assert back["id"].dtype == pd.ArrowDtype(pa.int64())
    assert back["amount"].dtype == pd.ArrowDtype(pa.decimal128(38, 12))
    assert values_of(back, OBSERVED_AT) == [at] * 4


def test_only_the_columns_asked_for_are_read_and_those_it_lacks_are_no_error(staging):
    dataset = staging.dataset("1", "chargeover", "invoice").open()
    dataset.write(0, "invoice", frame_of(records, types, at))

    assert list(dataset.read(0, "invoice", ["amount", "id", "no such column"]).columns) == ["id", "amount"]


def test_an_empty_frame_keeps_its_columns(staging):
    dataset = staging.dataset("1", "chargeover", "invoice.line_items").open()
    dataset.write(0, "invoice.line_items", frame_of([], types, at))

    back = dataset.read(0, "invoice.line_items")

    assert len(back) == 0
    assert {OBSERVED_AT, ABSENT, PROBLEMS} <= set(back.columns)


def test_a_dataset_without_parts_is_a_finished_one(staging):
    dataset = staging.dataset("1", "chargeover", "quote").open()
    dataset.close(Manifest(parts=0, rows={}, end_at=at))

    assert staging.find(["1"], "chargeover", "quote").manifest().end_at == at
    assert list(dataset.parts()) == []


def test_a_dataset_that_was_cut_off_is_not_found(staging):
    staging.dataset("1", "chargeover", "quote").open().write(0, "quote", frame_of(records, types, at))

    with pytest.raises(EditFile, match="chargeover/quote: nothing is staged; select the layers before it too"):
        staging.find(["1"], "chargeover", "quote")


def test_the_first_run_that_has_finished_it_is_taken(staging):
    staging.dataset("3", "chargeover", "quote").open()
    for run_id, rows in (("2", 2), ("1", 1)):
        staging.dataset(run_id, "chargeover", "quote").open().close(Manifest(parts=0, rows={"quote": rows}, end_at=at))

    assert staging.find(["3", "2", "1"], "chargeover", "quote").manifest().rows == {"quote": 2}


def test_a_second_try_begins_with_an_empty_folder(staging):
    dataset = staging.dataset("1", "chargeover", "quote").open()
    dataset.write(7, "quote", frame_of(records, types, at))
    dataset.close(Manifest(parts=8, rows={}, end_at=at))

    dataset.open()

    assert not dataset.is_closed
    assert list(dataset.folder.iterdir()) == []


def test_a_manifest_comes_back_whole(staging):
    manifest = Manifest(parts=2, rows={"a": 1}, end_at=at, start_at=at, gone=(4, 5), signals={"hint": 2},
                        fingerprint="abc", records="/somewhere")  # fmt: skip
    dataset = staging.dataset("1", "mapped", "quotes").open()
    dataset.close(manifest)

    assert dataset.manifest() == manifest


def test_runs_are_listed_from_the_oldest_and_can_be_removed(staging):
    assert staging.runs() == []
    for run_id in ("b", "a"):
        staging.dataset(run_id, "chargeover", "quote").open()

    assert sorted(staging.runs()) == ["a", "b"]
    staging.remove("b")
    assert staging.runs() == ["a"]
