"""Runs whose process is gone: nobody else would ever say that they ended."""

import os
import socket

import dagster as dg

process_tag = ".dagster/co2sf-process"
"""A tag that begins so is not shown in the UI."""
_unfinished = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


def this_process() -> str:
    """The machine and process that a run belongs to, as its tag says it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def sign(context: dg.AssetExecutionContext) -> None:
    """Tag a run with the process that works on it, whoever started it."""
    context.instance.add_run_tags(context.run.run_id, {process_tag: this_process()})


def report_abandoned(instance: dg.DagsterInstance) -> None:
    """Report runs as failed that a killed command has left behind on this machine."""
    for run in instance.get_runs(dg.RunsFilter(statuses=_unfinished)):
        host, _, process = run.tags.get(process_tag, "").rpartition(":")
        if host == socket.gethostname() and not _lives(int(process)):
            instance.report_run_failed(run, "its process was killed; the next sync finishes what is left")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
