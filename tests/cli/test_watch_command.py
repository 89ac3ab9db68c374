"""co2sf watch beside a real Dagster UI: what a saved file leads to, as the UI's GraphQL address and the log tell it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

import sandbox.chargeover
import sandbox.salesforce
from sandbox.chargeover.generator import generate
from sandbox.companions import free_ports
from sandbox.serving import serve

pytestmark = pytest.mark.slow

root = Path(__file__).parent.parent.parent
ASSETS = """query { assetNodes(pipeline: null) { assetKey { path } description staleStatus
  staleCauses { reason } assetChecksOrError { ... on AssetChecks { checks { name
  executionForLatestMaterialization { status evaluation { description } } } } } } }"""
LOCATION = """query { workspaceOrError { ... on Workspace { locationEntries { name
  locationOrLoadError { __typename ... on PythonError { message } } } } } }"""
tax = "ChargeOver_Tax_Id__c:               tax_ident"
cut = "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3, too_long: cut}"


@contextmanager
def process(words, environment, log):
    with log.open("ab") as out:
        running = subprocess.Popen(
            [sys.executable, *words], env=environment, cwd=root, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
            # a runner that ignores SIGINT hands that down, and Dagster would then ignore SIGTERM too
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )  # fmt: skip
        try:
            yield running
        finally:
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=3)
            with suppress(ProcessLookupError):  # the UI waits for its code server
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def co2sf(*words):
    return ["-c", f"import sys; sys.argv = {['co2sf', *words]!r}; from pipelines.cli import main; main()"]


def environment():
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def eventually(find, seconds=180):
    end = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
    return found


class Stack:
    """A UI, a watcher, both vendors, and a folder of mappings."""

    def __init__(self, folder, url, log, company):
        self.folder, self.url, self.log, self.company = folder, url, log, company

    def edit(self, name, old, new):
        path = self.folder / name
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    @contextmanager
    def reloaded(self):
        """What the watcher says of the edits made inside."""
        told, before = {}, len(self.lines())
        yield told
        told |= eventually(
            lambda: next((each for each in self.lines()[before:] if "reloaded: " in each["message"]), None)
        )

    def ask(self, query):
        answer = requests.post(f"{self.url}/graphql", json={"query": query}, timeout=60).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def assets(self):
        return {"/".join(each["assetKey"]["path"]): each for each in self.ask(ASSETS)["assetNodes"]}

    def loads(self):
        (entry,) = self.ask(LOCATION)["workspaceOrError"]["locationEntries"]
        return entry["locationOrLoadError"]["__typename"] == "RepositoryLocation"

    def create(self, kind, **fields):
        """A new record in ChargeOver."""
        auth = ("sandbox-public-key", "sandbox-private-key")
        requests.post(f"{self.company}/api/v3/{kind}", json=fields, auth=auth, timeout=30).raise_for_status()

    def sync(self):
        from pipelines.definitions import definitions
        from pipelines.orchestration.launch import Asked, run_sync

        return run_sync(definitions().resolve_job_def("sync"), Asked())


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """The watcher is there before the UI: an edit made meanwhile is told once, and reloaded once the UI answers."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files") / "shelf"
    folder.mkdir()
    for name in ("customers", "products", "quotes", "quote_lines"):
        shutil.copy(root / "mappings" / f"{name}.yaml", folder)
    shutil.copy(root / "dagster_home" / "dagster.yaml", home)
    company = generate(3, 4, seed=7, until=datetime.now(UTC))
    org = sandbox.salesforce.Org.from_metadata(root / "schema" / "force-app" / "main" / "default")
    with (
        serve(sandbox.chargeover.app(company, admin=True)) as chargeover,
        serve(sandbox.salesforce.app(org, admin=True)) as salesforce,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {
            "CHARGEOVER_URL": chargeover.url, "CHARGEOVER_PUBLIC_KEY": "sandbox-public-key",
            "CHARGEOVER_PRIVATE_KEY": "sandbox-private-key", "CHARGEOVER_CALLS_PER_MINUTE": "1000000",
            "SALESFORCE_URL": salesforce.url, "SALESFORCE_CLIENT_ID": "sandbox-client-id",
            "SALESFORCE_CLIENT_SECRET": "sandbox-client-secret", "DAGSTER_HOME": str(home),
            "CO2SF_MAPPINGS": str(folder), "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore",
        }.items():  # fmt: skip
            patch.setenv(name, value)
        (port,), log = free_ports(1), home / "watch.log"
        stack = Stack(folder, f"http://127.0.0.1:{port}", log, chargeover.url)
        ui = ["-m", "dagster_webserver", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
        with process(co2sf("watch", "--ui", stack.url), os.environ, log):
            eventually(lambda: log.exists() and "watching" in log.read_text())
            stack.edit("quotes.yaml", "external_id:", "# early\nexternal_id:")
            eventually(lambda: "not reloaded yet" in log.read_text())
            stack.edit("quotes.yaml", "# early", "# earlier")
            with process(ui, os.environ, home / "ui.log"):
                with stack.reloaded():
                    pass
                yield stack


def test_while_the_ui_is_down_that_is_said_once_for_each_edit_and_the_reload_follows(stack):
    told = [each["message"] for each in stack.lines()[:4]]

    assert told[0].startswith("watching ")
    assert told[1].startswith(
        "not reloaded yet: quotes.yaml edited; only comments or layout, nothing follows. Dagster UI"
    )
    assert told[1].endswith("does not answer (ConnectionError); see that it runs, or choose another with --ui; "
                            "it is tried again until it does")  # fmt: skip
    assert told[-1] == "reloaded: quotes.yaml edited; only comments or layout, nothing follows"
    assert len(told) <= 4


def test_an_edited_mapping_is_unsynced_until_a_run_has_used_it_and_comments_do_not_count(stack):
    assert stack.sync().failures == []
    assert stack.assets()["mapped/customers"]["staleStatus"] == "FRESH"
    with stack.reloaded() as told:
        stack.edit("customers.yaml", tax, cut)

    assert told["message"] == ("reloaded: customers.yaml edited; customers is Unsynced, each row follows when its "
                               "record changes (on_change: from_now)")  # fmt: skip
    assert (told["level"], told["files"], told["problems"]) == ("INFO", {"customers.yaml": "edited"}, [])
    assets = stack.assets()
    assert assets["mapped/customers"]["staleStatus"] == "STALE"
    assert [each["reason"] for each in assets["mapped/customers"]["staleCauses"]] == ["has a new code version"]
    assert assets["salesforce/Account"]["staleStatus"] == "FRESH"  # it is one run behind only once mapped anew
    assert assets["mapped/products"]["staleStatus"] == "FRESH"

    assert stack.sync().failures == []
    assets = stack.assets()
    assert {assets[name]["staleStatus"] for name in ("mapped/customers", "salesforce/Account")} == {"FRESH"}

    with stack.reloaded() as told:
        stack.edit("customers.yaml", cut, f"{cut}  # as agreed")
    assert told["message"] == "reloaded: customers.yaml edited; only comments or layout, nothing follows"
    assert stack.assets()["mapped/customers"]["staleStatus"] == "FRESH"


def test_a_broken_file_says_where_in_the_ui_while_all_else_runs_on_and_nothing_is_lost(stack):
    stack.sync()
    with stack.reloaded() as told:
        stack.edit("products.yaml", "from: item\n", "from: itm\n")
    place = f"{stack.folder}/products.yaml:3:7: "
    assert told["message"].startswith("reloaded: products.yaml edited; 1 file is broken, everything else runs on\n  ")
    assert place in told["message"]
    assert told["level"] == "WARNING"
    assert place in stack.assets()["mapped/products"]["description"]

    stack.create("customer", company="New")
    stack.create("item", name="New")
    finished = stack.sync()
    assert finished.by_sobject["Account"]["created"] == 1
    (check,) = stack.assets()["mapped/products"]["assetChecksOrError"]["checks"]
    assert (check["name"], check["executionForLatestMaterialization"]["status"]) == ("mapping_valid", "FAILED")
    assert place in check["executionForLatestMaterialization"]["evaluation"]["description"]

    with stack.reloaded() as told:
        stack.edit("products.yaml", "from: itm\n", "from: item\n")
    assert told["message"] == ("reloaded: products.yaml edited; products is in order, its first sync or what it missed "
                               "follows by itself")  # fmt: skip
    assert stack.sync().by_sobject["Product2"]["created"] == 1


def test_whatever_is_in_the_folder_the_code_location_loads_and_the_other_assets_are_there(stack):
    folder = stack.folder
    with stack.reloaded():
        (folder / "conversions.py").write_text("def broken(:\n")
        shutil.copy(folder / "customers.yaml", folder / "again.yaml")
        stack.edit(
            "products.yaml", "fields:\n", "lookups:\n  Q__c: {from: item_id, to: ChargeOver_Quote__c}\nfields:\n"
        )
        stack.edit("quotes.yaml", "lookups:\n", "lookups:\n  P__c: {from: quote_id, to: Product2}\n")
    assert stack.loads()
    assert {"chargeover/item", "mapped/again", "salesforce/Product2", "salesforce/ChargeOver_Quote__c"} <= set(
        stack.assets()
    )
    with stack.reloaded():
        (folder / "conversions.py").unlink()
        (folder / "again.yaml").unlink()
        (folder / "quotes.yaml").unlink()
        (folder / "customers.yaml").rename(folder / "accounts.yaml")
    assert stack.loads()
    assert {"mapped/accounts", "salesforce/Account"} <= set(stack.assets())
    stack.create("customer", company="Newer")
    assert stack.sync().by_sobject["Account"]["created"] == 1


def test_an_editor_s_many_events_are_one_line(shelf, tmp_path):
    file, draft, log = shelf / "quotes.yaml", shelf / "quotes.yaml.tmp", tmp_path / "watch.log"
    with process(co2sf("watch", "--ui", "http://127.0.0.1:9"), environment(), log):
        eventually(lambda: log.exists() and "watching" in log.read_text())
        for number in range(20):
            draft.write_text(file.read_text() + f"# {number}\n")
            draft.rename(file)
        eventually(lambda: "not reloaded yet" in log.read_text())
        file.write_text(file.read_text() + "# once more\n")
        eventually(lambda: log.read_text().count("\n") > 2)
        time.sleep(1)

    assert log.read_text().count("\n") == 3


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_told_and_says_nothing_more(shelf, tmp_path, by):
    log = tmp_path / "watch.log"
    with process(co2sf("watch"), environment(), log) as running:
        eventually(lambda: log.exists() and "watching" in log.read_text())
        running.send_signal(by)

        assert running.wait(timeout=30) == 0
        assert log.read_text().count("\n") == 1


def test_without_a_folder_of_mappings_it_says_what_to_set(tmp_path, monkeypatch, request):
    monkeypatch.setenv("CO2SF_MAPPINGS", str(tmp_path / "nowhere"))

    told = request.getfixturevalue("co2sf")("watch")

    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "CO2SF_MAPPINGS: there is no folder" in told.err
