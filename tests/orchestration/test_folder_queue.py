"""The queue that is a folder: many processes put and take at once, and each message is taken once and whole."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
import yaml
from kombu import Connection

from pipelines.orchestration.warm.folder import settings_of
from pipelines.orchestration.warm.launcher import WarmRunLauncher

pytestmark = pytest.mark.slow
root = Path(__file__).parents[2]

putting = """
import sys
from kombu import Connection
from pipelines.orchestration.warm.folder import settings_of
from pathlib import Path
settings = settings_of(Path(sys.argv[1]))
with Connection(settings["broker"], transport_options=settings["config_source"]["broker_transport_options"]) as line:
    queue = line.SimpleQueue("runs")
    for number in range(int(sys.argv[3])):
        queue.put({"number": f"{sys.argv[2]} {number}", "padding": "x" * 20000})
"""
taking = """
import sys, json, time
from queue import Empty
from kombu import Connection
from pipelines.orchestration.warm.folder import settings_of
from pathlib import Path
settings, found = settings_of(Path(sys.argv[1])), []
with Connection(settings["broker"], transport_options=settings["config_source"]["broker_transport_options"]) as line:
    queue = line.SimpleQueue("runs")
    while not (Path(sys.argv[1]) / "done").exists() or len(list((Path(sys.argv[1]) / "messages").glob("*.msg"))):
        try:
            message = queue.get(timeout=0.2)
        except Empty:
            continue
        found.append(message.payload["number"])
        message.ack()
print(json.dumps(found))
"""


def start(script, *words):
    return subprocess.Popen([sys.executable, "-c", script, *map(str, words)], stdout=subprocess.PIPE, cwd=root)


def finish(process):
    """What a process has printed, once it has ended well."""
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return told


def test_what_many_put_at_once_is_taken_once_by_one_of_many(tmp_path):
    takers = [start(taking, tmp_path) for _ in range(3)]
    putters = [start(putting, tmp_path, name, 100) for name in range(3)]

    for each in putters:
        finish(each)
    (tmp_path / "done").touch()
    taken = [number for each in takers for number in json.loads(finish(each))]

    assert sorted(taken) == sorted(f"{name} {number}" for name in range(3) for number in range(100))
    assert list((tmp_path / "messages").iterdir()) == []


def make_known(folder):
    """Make the queue known, as each process does that begins to put or to take."""
    settings = settings_of(folder)
    options = settings["config_source"]["broker_transport_options"]
    with Connection(settings["broker"], transport_options=options) as line:
        line.default_channel._queue_bind("runs", "runs", None, "runs")


def test_many_that_make_the_queue_known_at_once_all_find_it_known(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        for number in range(40):
            list(pool.map(make_known, [tmp_path / str(number)] * 8))
            (known,) = (tmp_path / str(number) / "control").iterdir()
            assert json.loads(known.read_text()) == [["runs", "", "runs"]]


def test_what_one_puts_is_taken_in_that_order(tmp_path):
    finish(start(putting, tmp_path, "a", 20))
    (tmp_path / "done").touch()

    taken = json.loads(finish(start(taking, tmp_path)))

    assert taken == [f"a {number}" for number in range(20)]


def launcher_of(home, settings):
    """The run launcher that a shipped file with settings asks for."""
    _, launcher = (root / settings).read_text().split("\nrun_launcher:")
    (home / "dagster.yaml").write_text(f"run_launcher:{launcher}")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return instance.run_launcher


def test_the_profile_fast_launches_runs_by_a_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    own = settings_of(tmp_path / "queue")

    launcher = launcher_of(tmp_path, "dagster_home/fast.yaml")

    assert isinstance(launcher, WarmRunLauncher)
    assert (launcher.broker, launcher.backend) == (own["broker"], own["backend"])


def test_the_profile_fast_differs_from_the_default_by_its_launcher_alone():
    default, fast = (
        yaml.safe_load((root / "dagster_home" / f"{name}.yaml").read_text()) for name in ("dagster", "fast")
    )

    assert fast.pop("run_launcher")
    assert fast == default


def test_more_than_one_machine_launches_runs_by_redis(tmp_path, monkeypatch):
    redis = ("redis://host:6379/0", "redis://host:6379/1")
    for name, value in zip(("CO2SF_BROKER", "CO2SF_RESULTS"), redis, strict=True):
        monkeypatch.setenv(name, value)

    launcher = launcher_of(tmp_path, "deploy/dagster.yaml")

    assert isinstance(launcher, WarmRunLauncher)
    assert (launcher.broker, launcher.backend) == redis
