"""The process that keeps workers warm: each has all modules loaded, does some runs, and is replaced.

A worker makes the definitions when a run starts, from the mapping files as they are then, so none is ever old; what is
kept from run to run is code, compiled statements, and what was made of files that say the same.
"""

import os
from collections.abc import Callable
from pathlib import Path

from celery import Celery
from celery.signals import worker_process_init
from dagster_celery.tasks import create_execute_job_task, create_resume_job_task

from pipelines.errors import FixAccess
from pipelines.orchestration.history import open_history
from pipelines.orchestration.warm.launcher import WarmRunLauncher
from pipelines.settings import ProjectSettings, read_settings

_runs_of_a_worker = 32  # so that what a run may leave behind does not pile up


def work(at_once: int, queue: str, warm_up: Callable[[], object]) -> None:
    """Take runs from the queue until told to end, so many at once; FixAccess when Dagster launches them otherwise.

    Each process calls ``warm_up`` while it waits for its first run, which may come much later: it must keep nothing
    that can become old."""
    home = read_settings(ProjectSettings).home.resolve()
    os.environ["DAGSTER_HOME"] = str(home)  # where each worker looks for Dagster's settings
    app = _app(home)
    for ready in (warm_up, app.backend.cleanup):
        worker_process_init.connect(lambda ready=ready, **_: ready(), weak=False)
    quietly = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
    so_much = [f"--concurrency={at_once}", f"--max-tasks-per-child={_runs_of_a_worker}"]
    app.worker_main(["worker", "-Q", queue, "-n", f"{queue}@%h", *so_much, *quietly])


def _app(home: Path) -> Celery:
    """The Celery app as the launcher in ``dagster.yaml`` is set."""
    with open_history() as instance:
        launcher = instance.run_launcher
    if not isinstance(launcher, WarmRunLauncher):
        raise FixAccess(f"{home / 'dagster.yaml'}: its run_launcher is not WarmRunLauncher, so workers would wait in "
                        "vain; take the profile fast (see docs/profiles.md)")  # fmt: skip
    app = launcher.celery
    app.conf.update(worker_hijack_root_logger=False, worker_redirect_stdouts=False)
    create_execute_job_task(app)
    create_resume_job_task(app)
    return app
