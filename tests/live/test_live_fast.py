"""The profile fast as processes of their own: what ChargeOver changes lands by itself, whatever dies meanwhile."""

import os
import signal
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.slow

reload_code = 'mutation { reloadRepositoryLocation(repositoryLocationName: "co2sf") { __typename } }'
cancel = "mutation($id: String!) { terminateRun(runId: $id) { __typename } }"


def kill(process):
    os.kill(process, signal.SIGKILL)


def test_a_change_is_noticed_by_webhook_and_the_run_says_so(fast):
    """A contact has no cursor: without a webhook it would be looked at after ten minutes."""
    watch, _ = fast
    contact = next(iter(watch.rows("Contact")))

    watch.call("PUT", f"user/{contact}", {"last_name": "Announced"})

    watch.wait(lambda: watch.rows("Contact")[contact]["LastName"] == "Announced", "the contact")
    run_id = next(run_id for _, why, run_id in watch.runs() if why == "webhook: user")
    assert "PIPELINE_ENQUEUED" not in watch.events(run_id), "a live run waits in no queue"


def test_while_the_receiver_is_down_polling_finds_the_change(fast):
    watch, stack = fast
    stack.stop("receiver")

    watch.rename(1, "Polled")

    watch.lands(1, "Polled")
    assert "cursor: customer" in {why for _, why, _ in watch.runs()}
    stack.start("receiver")


@contextmanager
def edited(watch, stack):
    """Customers are named by their id, and transactions have a mapping, until the block ends."""
    customers, added = watch.folder / "customers.yaml", watch.folder / "added.yaml"
    text, names = customers.read_text(), "[company, superuser_name, superuser_email, customer_id]"
    assert text.count(names) == 1
    customers.write_text(text.replace(names, "[customer_id, company]"))
    added.write_text(
        "from: transaction\nto: ChargeOver_Transaction__c\nexternal_id: ChargeOver_Id__c\n"
        "fields: {ChargeOver_Id__c: transaction_id, Name: {value: Added}}\n"
    )
    stack.ask(reload_code)
    try:
        yield
    finally:
        customers.write_text(text)
        added.unlink()
        stack.ask(reload_code)


def test_a_run_on_a_warm_worker_uses_the_mapping_as_edited_and_one_that_was_added(fast):
    watch, stack = fast
    watch.rest()

    with edited(watch, stack):
        watch.rename(1, "Whatever")
        watch.call(
            "POST", "transaction", {"customer_id": 1, "amount": 5, "transaction_type": "pay", "gateway_status": 1}
        )
        watch.lands(1, "1")
        watch.wait(
            lambda: "Added" in {row["Name"] for row in watch.rows("ChargeOver_Transaction__c").values()}, "added"
        )

    watch.rename(1, "As before")
    watch.lands(1, "As before")


def test_a_run_that_is_cancelled_ends_as_cancelled_and_its_change_lands_later(fast):
    watch, stack = fast
    run_id, _ = watch.slow_run(2, "Cancelled")

    stack.ask(cancel, id=run_id)

    watch.wait(lambda: watch.status(run_id) == "CANCELED", "the run is cancelled")
    watch.lands(2, "Cancelled")


def test_a_run_whose_worker_is_killed_is_started_again_by_itself(fast):
    watch, _ = fast
    run_id, process = watch.slow_run(2, "Killed")

    kill(process)

    watch.wait(lambda: watch.status(run_id) == "FAILURE", "the run is reported as failed")
    watch.lands(2, "Killed")
    watch.wait(
        lambda: run_id in {watch.tags(each).get("dagster/parent_run_id") for *_, each in watch.runs()}, "a retry"
    )


def test_a_reload_of_the_code_while_a_run_is_under_way_harms_neither(fast):
    watch, stack = fast
    run_id, _ = watch.slow_run(3, "Reloaded", seconds=10)

    assert stack.ask(reload_code)["reloadRepositoryLocation"]["__typename"] == "WorkspaceLocationEntry"
    watch.rename(3, "Reloaded again")

    watch.lands(3, "Reloaded again")
    assert watch.status(run_id) == "SUCCESS"


def test_a_daemon_that_is_killed_goes_on_where_it_was_once_it_is_started_again(fast):
    watch, stack = fast
    kill(stack.processes["daemon"].pid)
    watch.rename(3, "Meanwhile")

    stack.start("daemon")

    watch.lands(3, "Meanwhile")


def test_two_hundred_changes_in_bursts_land_in_order_with_few_runs(fast):
    watch, _ = fast
    watch.rest()
    before = len(watch.runs())

    for number in range(200):
        watch.rename(1 + number % 4, f"Burst {number}")

    for customer in range(1, 5):
        watch.lands(customer, f"Burst {195 + customer}")
    watch.rest()
    assert [watch.rows("Account")[str(each)]["Name"] for each in range(1, 5)] == [
        f"Burst {each}" for each in range(196, 200)
    ]
    assert len(watch.runs()) - before <= 10
