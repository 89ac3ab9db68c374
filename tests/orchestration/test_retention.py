"""What prune removes and what it keeps, on the storages that Dagster has on a disk and on PostgreSQL."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from sqlalchemy import func, select

from pipelines.ledger.alerts import Alert
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.pruning import Pruning
from pipelines.settings import RetentionSettings
from pipelines.sync.staging import Manifest

pytestmark = pytest.mark.slow
root = Path(__file__).parent.parent.parent
months = dg.StaticPartitionsDefinition(["2025-01", "2025-02"])


@dg.asset(key=["salesforce", "Account"], check_specs=[dg.AssetCheckSpec("fresh", asset=["salesforce", "Account"])])
def account(context):
    context.log.info("writes to its output")
    return dg.MaterializeResult(metadata={"read": 7}, check_results=[dg.AssetCheckResult(passed=True)])


@dg.asset(key=["backfill", "invoice"], partitions_def=months)
def invoice():
    pass


definitions = dg.Definitions(
    assets=[account, invoice],
    jobs=[
        dg.define_asset_job("sync", selection=[account]),
        dg.define_asset_job("backfill", selection=[invoice]),
    ],
    executor=dg.in_process_executor,
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copy(root / "dagster_home" / "dagster.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def instance(home):
    with dg.DagsterInstance.from_config(str(home)) as opened:
        yield opened


def run(instance, job="sync", **options):
    return definitions.resolve_job_def(job).execute_in_process(instance=instance, **options).run_id


def prune(instance, days=40, rehearsal=False, **settings):
    """Prune as it would be done so many days from now; none of the newest runs is kept for being new."""
    with Connections().ledger() as ledger:
        kept = RetentionSettings(**{"runs_at_least": 0, **settings})
        pruning = Pruning(instance, ledger, kept, datetime.now(UTC) + timedelta(days=days), rehearsal=rehearsal)
        return pruning.prune(Connections().staging())


def runs(instance):
    return {each.run_id for each in instance.get_runs()}


def files_of(home, run_id):
    return [each for each in home.rglob("*") if run_id in str(each)]


def test_an_old_run_goes_with_its_events_its_checks_and_its_files_and_the_last_one_stays(instance, home):
    first, second, last = (run(instance) for _ in range(3))
    assert files_of(home, first)
    assert (home / "storage" / first).is_dir()

    pruned = prune(instance)

    assert (pruned.runs, pruned.is_all) == (2, True)
    assert pruned.bytes_freed > 100_000
    assert runs(instance) == {last}
    for gone in (first, second):
        assert files_of(home, gone) == []
        with instance.event_log_storage.index_connection() as connection:
            for table in (SqlEventLogStorageTable, AssetCheckExecutionsTable):
                left = select(func.count()).select_from(table).where(table.c.run_id == gone)
                assert connection.scalar(left) == 0
    shown = instance.get_latest_materialization_event(account.key)
    assert (shown.run_id, shown.asset_materialization.metadata["read"].value) == (last, 7)
    assert any(each.get_dagster_event().is_step_success for each in instance.all_logs(last) if each.is_dagster_event)


def test_a_young_run_and_the_newest_ones_stay(instance):
    all_of_them = [run(instance) for _ in range(3)]

    assert prune(instance, days=29).runs == 0
    assert prune(instance, runs_at_least=2).runs == 1
    assert runs(instance) == set(all_of_them[1:])


def test_a_run_that_a_standing_alert_names_stays(instance):
    named, _ = run(instance), run(instance)
    with Connections().ledger() as ledger:
        ledger.keep_alerts([Alert("run:sync", "error", "", "", "", "", named, 1, datetime.now(UTC), None, None)])

    prune(instance)

    assert named in runs(instance)


def test_a_run_that_one_in_flight_repeats_and_the_one_in_flight_stay(instance):
    first, _ = run(instance), run(instance)
    job = definitions.resolve_job_def("sync")
    repeats = instance.create_run_for_job(
        job, status=dg.DagsterRunStatus.STARTED, parent_run_id=first, root_run_id=first
    )

    prune(instance)

    assert {first, repeats.run_id} <= runs(instance)


def test_each_partition_keeps_the_run_that_made_it(instance):
    old, january, february = (run(instance, "backfill", partition_key=f"2025-0{month}") for month in (1, 1, 2))

    prune(instance)

    assert runs(instance) == {january, february}
    assert old not in runs(instance)
    assert instance.get_materialized_partitions(invoice.key) == {"2025-01", "2025-02"}


def test_a_rehearsal_says_what_would_go_and_removes_nothing(instance, home):
    everything = {run(instance) for _ in range(3)}

    would = prune(instance, rehearsal=True)

    assert runs(instance) == everything
    assert all(files_of(home, each) for each in everything)
    did = prune(instance)
    assert (would.runs, would.orphans, would.log_lines) == (did.runs, did.orphans, did.log_lines)


def test_files_that_stayed_when_a_run_was_deleted_in_the_ui_go_too(instance, home):
    deleted, _ = run(instance), run(instance)
    instance.delete_run(deleted)
    assert files_of(home, deleted)

    assert prune(instance, days=2).orphans == 1
    assert files_of(home, deleted) == []


def test_a_pruning_whose_time_is_up_stops_and_says_so(instance):
    for _ in range(3):
        run(instance)
    with Connections().ledger() as ledger:
        settings = RetentionSettings(runs_at_least=0)
        pruning = Pruning(instance, ledger, settings, datetime.now(UTC) + timedelta(days=40))
        pruning._ends = 0
        pruned = pruning.prune(Connections().staging())

    assert (pruned.runs, pruned.is_all) == (0, False)
    assert len(runs(instance)) == 3


def test_parts_that_dead_runs_have_staged_go_and_the_last_few_stay(instance):
    staging, owner = Connections().staging(), run(instance)
    for number in range(12):
        dataset = staging.dataset(f"dead-{number:02}", "chargeover", "customer").open()
        dataset.close(Manifest(parts=0, rows={}, end_at=datetime.now(UTC)))
    staging.dataset(owner, "chargeover", "customer").open()

    assert prune(instance).staged_runs == 3
    assert owner in staging.runs()


def test_on_postgresql_runs_go_too_and_what_is_shown_stays(home, postgres_database):
    config = yaml.safe_load((root / "deploy" / "dagster.yaml").read_text())
    config["storage"] = {"postgres": {"postgres_url": postgres_database}}
    (home / "dagster.yaml").write_text(yaml.safe_dump(config))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        first, last = run(instance), run(instance)

        assert prune(instance).runs == 1

        assert runs(instance) == {last}
        assert list(instance.all_logs(first)) == []
        assert instance.get_latest_materialization_event(account.key).run_id == last


def test_the_job_prune_says_what_went(desk):
    job = desk.definitions().resolve_job_def("prune")

    result = job.execute_in_process(instance=desk.instance)

    (told,) = [each.step_output_data.metadata for each in result.all_events if each.is_successful_output]
    assert {name: each.value for name, each in told.items()} == {
        "runs": 0, "orphans": 0, "log_lines": 0, "staged_runs": 0, "old_jobs": 0, "old_counts": 0, "bytes_freed": 0,
        "is_all": True,
    }  # fmt: skip


def test_prune_runs_every_day_by_itself(desk):
    schedule = desk.definitions().resolve_schedule_def("prune_daily")

    assert (schedule.job_name, schedule.default_status) == ("prune", dg.DefaultScheduleStatus.RUNNING)


def test_the_command_rehearses_and_prunes(home, monkeypatch, capfd):
    from pipelines.cli.prune import prune as command

    with dg.DagsterInstance.from_config(str(home)) as instance:
        run(instance)
    monkeypatch.setenv("CO2SF_MAPPINGS", str(root / "mappings"))

    command.main(["--dry-run"], standalone_mode=False)
    assert capfd.readouterr().out.startswith("Would remove: 0 runs, 0 orphans, 0 log lines")
    command.main(["--json"], standalone_mode=False)
    assert '"runs": 0' in capfd.readouterr().out
