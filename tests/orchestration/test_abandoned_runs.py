"""A run whose command was killed does not keep the sensor waiting."""

import subprocess
import sys

import dagster as dg
import pytest

from pipelines.orchestration.abandoned import process_tag, report_abandoned, this_process

pytestmark = pytest.mark.slow


def started(instance, process):
    tags = {process_tag: process} if process else {}
    return instance.create_run_for_job(_job, tags=tags, status=dg.DagsterRunStatus.STARTED).run_id


@dg.job
def _job():
    pass


def test_only_the_run_of_a_dead_process_of_this_machine_is_reported_as_failed():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    mine = this_process()
    host = mine.rpartition(":")[0]
    with dg.instance_for_test() as instance:
        runs = [started(instance, process) for process in (mine, f"{host}:{dead.pid}", f"elsewhere:{dead.pid}", None)]

        report_abandoned(instance)

        statuses = [instance.get_run_by_id(run_id).status for run_id in runs]
    assert [each.value for each in statuses] == [
        "STARTED", "FAILURE", "STARTED", "STARTED",
    ]  # fmt: skip
