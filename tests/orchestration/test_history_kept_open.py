"""Dagster's history in files that stay open: the same files that stock Dagster writes and reads."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from queue import Queue

import dagster as dg
import pytest

from pipelines.orchestration import storage

pytestmark = pytest.mark.slow
shipped = Path(__file__).parent.parent.parent / "dagster_home"


@dg.asset(check_specs=[dg.AssetCheckSpec("counted", asset="thing")])
def thing():
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def profile():
    return "dagster"


@pytest.fixture
def ours(profile, tmp_path, monkeypatch):
    """Dagster as we ship it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copy(shipped / f"{profile}.yaml", tmp_path / "dagster.yaml")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield instance


@pytest.fixture
def stock(tmp_path, ours):
    """Stock Dagster beside it, in the same folder."""
    with dg.DagsterInstance.from_config(str(tmp_path), config_filename="none.yaml") as instance:
        yield instance


def graph():
    return dg.Definitions(assets=[thing]).resolve_asset_graph()


def runs_on(instance):
    done = dg.materialize([thing], instance=instance)
    assert done.success
    return done.run_id


def told_by(instance, run_id):
    events = [(each.timestamp, each.dagster_event.event_type) for each in instance.all_logs(run_id)]
    return instance.get_run_by_id(run_id).status, events


@pytest.mark.parametrize("profile", ["dagster", "fast"])
def test_the_settings_that_we_ship_keep_files_open_and_all_others_do_not(ours, stock):
    assert isinstance(ours.event_log_storage, storage.EventLog)
    assert isinstance(ours.run_storage, storage.Runs)
    assert not isinstance(stock.event_log_storage, storage.EventLog)


def schema_of(instance, run_id):
    with closing(sqlite3.connect(instance.event_log_storage.path_for_shard(run_id))) as file:
        tables = file.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        return tables, *file.execute("SELECT * FROM alembic_version"), *file.execute("PRAGMA journal_mode")


def test_the_file_of_a_run_is_as_stock_dagster_would_make_it(ours, stock):
    assert schema_of(ours, runs_on(ours)) == schema_of(stock, runs_on(stock))


def test_several_that_begin_the_file_of_a_run_at_once_all_write_to_it(ours):
    event = ours.all_logs(runs_on(ours))[0]._replace(run_id="new", dagster_event=None)
    folder = Path(ours.event_log_storage.path_for_shard("new")).parent
    logs = [storage.EventLog(str(folder)) for _ in range(8)]

    with ThreadPoolExecutor(len(logs)) as pool:
        list(pool.map(lambda log: log.store_event(event), logs))

    assert len(ours.all_logs("new")) == len(logs)
    assert not [each for each in folder.iterdir() if ".db" not in each.name]
    for log in logs:
        log.dispose()


def test_stock_dagster_reads_our_runs_at_once_and_we_read_its(ours, stock):
    for writer, reader in ((ours, stock), (stock, ours)):
        run_id = runs_on(writer)
        assert told_by(reader, run_id) == told_by(writer, run_id)
        assert reader.get_latest_materialization_event(dg.AssetKey("thing")).run_id == run_id


def test_who_watches_a_run_hears_of_each_event_while_its_file_is_open(ours, tmp_path):
    run, heard = ours.create_run_for_job(dg.define_asset_job("one").resolve(asset_graph=graph())), Queue()
    with dg.DagsterInstance.from_config(str(tmp_path)) as page:
        page.watch_event_logs(run.run_id, None, lambda entry, _: heard.put(entry.message))
        for word in ("first", "second"):
            ours.report_engine_event(word, run)
            while word not in heard.get(timeout=30):
                pass


def failures_that_retries_read(instance):
    read = instance.event_log_storage.get_logs_for_all_runs_by_log_id
    return [each.run_id for each in read(dagster_event_type={dg.DagsterEventType.RUN_FAILURE}).values()]


def test_retries_hear_of_a_failure_once_its_run_is_failed_and_not_in_the_moment_before(ours):
    job = dg.define_asset_job("one").resolve(asset_graph=graph())
    first, dies, last = [ours.create_run_for_job(job) for _ in range(3)]
    ours.report_run_failed(first)
    event = ours.all_logs(first.run_id)[-1]._replace(run_id=dies.run_id)

    ours.event_log_storage.store_event(event)
    ours.report_run_failed(last)
    assert failures_that_retries_read(ours) == [first.run_id]  # none behind it either: their cursor only goes up

    ours.run_storage.handle_run_event(dies.run_id, event.dagster_event)
    assert failures_that_retries_read(ours) == [first.run_id, dies.run_id, last.run_id]


def test_a_failure_whose_run_was_deleted_holds_back_nothing(ours):
    job = dg.define_asset_job("one").resolve(asset_graph=graph())
    gone, failed = [ours.create_run_for_job(job) for _ in range(2)]
    ours.report_run_failed(gone)
    ours.run_storage.delete_run(gone.run_id)
    ours.report_run_failed(failed)
    assert failures_that_retries_read(ours) == [gone.run_id, failed.run_id]


def test_an_older_run_is_there_after_its_file_was_closed_for_others(ours, monkeypatch):
    monkeypatch.setattr(storage, "_most_open", 2)
    first, *_ = [runs_on(ours) for _ in range(4)]

    status, events = told_by(ours, first)

    assert status is dg.DagsterRunStatus.SUCCESS
    assert len(events) > 10


def test_a_closed_history_goes_on_in_the_next_process(ours, tmp_path):
    run_id = runs_on(ours)
    before = told_by(ours, run_id)
    ours.dispose()

    with dg.DagsterInstance.from_config(str(tmp_path)) as again:
        assert told_by(again, run_id) == before
        assert runs_on(again) != run_id
