"""co2sf log, record by record: what is meant, and the same lines as a file for the warehouse."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from upath import UPath

from pipelines.cli import export as exporting
from pipelines.ledger import Outcome, Verdict, open_ledger
from pipelines.settings import ProjectSettings, read_settings

now = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with open_ledger(read_settings(ProjectSettings).ledger_url) as opened:
        yield opened


def happened(ledger, run, verdict, record_id, ago, sobject="Account", object="customer", **details):  # noqa: A002
    at = now - ago
    ledger.record(
        run,
        [Outcome(sobject, str(record_id), object, record_id, Verdict(verdict), at, fingerprint=f"{at}", **details)],
        at,
    )


@pytest.fixture
def story(ledger):
    happened(ledger, "aaaa-1", "created", 1, timedelta(days=9))
    happened(ledger, "aaaa-1", "created", 2, timedelta(days=9))
    happened(ledger, "bbbb-2", "updated", 1, timedelta(hours=3), salesforce_id="0015g00000AAAAAAAA")
    happened(
        ledger,
        "bbbb-2",
        "refused",
        7,
        timedelta(hours=2),
        "Contact",
        "user",
        code="STRING_TOO_LONG",
        field="Name",
        message="Name: Zanzibar is too long",
    )


def exported(co2sf, tmp_path, *words):
    told = co2sf("log", "--export", tmp_path / "out.parquet", *words)
    assert (told.code, told.out) == (0, ""), told
    return pq.read_table(tmp_path / "out.parquet").to_pylist()


def test_every_line_is_exported_with_its_types_and_without_a_customer_s_value(co2sf, story, tmp_path):
    first, *_, last = exported(co2sf, tmp_path)

    assert (first["line"], first["at"], first["record_id"], first["verdict"]) == (
        1,
        now - timedelta(days=9),
        1,
        "created",
    )
    assert (last["run_id"], last["code"], last["field"], last["salesforce_id"]) == (
        "bbbb-2",
        "STRING_TOO_LONG",
        "Name",
        None,
    )
    assert pq.read_schema(tmp_path / "out.parquet").field("at").type == pa.timestamp("us", "UTC")
    assert "Zanzibar" not in str((first, last))


def test_messages_are_exported_when_they_are_asked_for(co2sf, story, tmp_path):
    assert exported(co2sf, tmp_path, "--messages")[-1]["message"] == "Name: Zanzibar is too long"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("--since", "24h"), [3, 4]),
        (("--until", "1d"), [1, 2]),
        (("--since", "8d", "--until", f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%S}+00:00"), [3]),
        (("--sobject", "Contact"), [4]),
        (("--verdict", "created"), [1, 2]),
        (("--record", "customer:1"), [1, 3]),
        (("--record", "customer:1,2"), [1, 2, 3]),
        (("--run", "bb"), [3, 4]),
        (("--run", "bb", "--verdict", "updated"), [3]),
        (("--sobject", "Product2"), []),
    ],
)
def test_what_is_meant_is_exported(co2sf, story, tmp_path, words, lines):
    assert [each["line"] for each in exported(co2sf, tmp_path, *words)] == lines


def test_stdout_takes_csv_alone(co2sf, story):
    told = co2sf("log", "--export", "-", "--since", "1d")

    first, _ = csv.DictReader(io.StringIO(told.out))
    assert list(first) == list(exporting.COLUMNS)
    assert (first["line"], first["salesforce_id"]) == ("3", "0015g00000AAAAAAAA")
    assert datetime.fromisoformat(first["at"]) == now - timedelta(hours=3)
    assert told.err == "2 lines written.\n"


def test_many_parts_become_one_file_in_order(co2sf, ledger, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.cli.log.PART", 7)
    for number in range(30):
        happened(ledger, "run", "created", number, timedelta(0))

    assert [each["record_id"] for each in exported(co2sf, tmp_path)] == list(range(30))


def test_an_address_of_an_object_store_is_a_path_too(co2sf, story):
    told = co2sf("log", "--export", "memory://bucket/log/lines.csv")

    assert told.code == 0, told.err
    assert UPath("memory://bucket/log/lines.csv").read_text().count("\n") == 5
    assert [each.name for each in UPath("memory://bucket/log").iterdir()] == ["lines.csv"]


def test_an_export_that_is_cut_off_leaves_the_old_file_and_nothing_else(story, tmp_path):
    target = tmp_path / "lines.csv"
    target.write_text("old")

    def cut():
        yield []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exporting.export(cut(), str(target), messages=False)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--export", "lines.xlsx"), "'lines.xlsx': the name must end with .csv or .parquet"),
        (("--export", "-", "--run", "zz"), "no run that changed anything in the log: id begins with 'zz'"),
        (("--record", "invoice"), "write object and id, such as invoice:10041"),
        (("--export", "/proc/no/lines.csv"), "--export /proc/no/lines.csv: it cannot be written"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_line(co2sf, story, words, text):
    told = co2sf("log", *words)

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert text in told.err


def test_a_moment_that_is_none_is_explained(co2sf, story):
    assert (
        "'yesterday' is no moment; write 2026-03-01, 2026-03-01T14:30, or 24h"
        in co2sf("log", "--since", "yesterday").err
    )


def test_lines_of_several_records_are_shown_too(co2sf, story):
    rows = json.loads(co2sf("log", "--verdict", "refused", "--json").out)

    assert [(row["record"], row["row"], row["verdict"]) for row in rows] == [("user:7", "Contact 7", "refused")]


def test_every_column_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "sync-log.md").read_text()

    assert [name for name in (*exporting.COLUMNS, "message") if f"`{name}`" not in page] == []
