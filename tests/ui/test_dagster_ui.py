"""The Dagster UI as a person sees and uses it, in a browser without a window."""

import re
import time

import pytest
from playwright.sync_api import expect

from sandbox.browser import look

pytestmark = pytest.mark.slow
account, invoice = "/assets/salesforce/Account", "/assets/salesforce/ChargeOver_Invoice__c"


def last_run(stack, job, status="SUCCESS"):
    """The last run of a job, once it has ended so."""
    query = """query Runs($job: String!) { runsOrError(filter: {pipelineName: $job}, limit: 1)
               { ... on Runs { results { runId status tags { key value } } } } }"""
    for _ in range(180):
        found = stack.ask(query, job=job)["runsOrError"]["results"]
        if found and found[0]["status"] in {"SUCCESS", "FAILURE", "CANCELED"}:
            assert found[0]["status"] == status, found
            return found[0]["runId"], {tag["key"]: tag["value"] for tag in found[0]["tags"]}
        time.sleep(0.5)
    raise AssertionError(f"no run of {job} has ended")


def drawn(page, *names):
    """How far to the right each of these stands in a graph."""
    labels = [page.locator("svg").get_by_text(name, exact=True).first for name in names]
    for each in labels:
        each.wait_for()
    return [each.bounding_box()["x"] for each in labels]


def stands_in_order(places):
    return places == sorted(places) and len(set(places)) == len(places)


def test_the_lineage_is_folded_into_its_layers(page):
    look(page, "/asset-groups", "extract", "map", "load", "backfill")

    assert stands_in_order(drawn(page, "extract", "map", "load"))


def test_parents_stand_before_their_children(page):
    look(page, "/assets/salesforce/ChargeOver_Invoice__c?view=lineage", "Nearest Neighbors")

    names = ("Account", "ChargeOver_Subscription__c", "ChargeOver_Invoice__c", "ChargeOver_Invoice_Line__c")
    assert stands_in_order(drawn(page, *names))


def test_an_asset_page_tells_columns_mapping_and_plots(page):
    look(page, invoice, "ChargeOver_Invoice__c rows in Salesforce", "from total as currency", "in editor")

    expect(page.get_by_text("co2sf owed --sobject ChargeOver_Invoice__c").first).to_be_visible()
    page.get_by_text("Show Markdown").first.click()
    page.get_by_text("external_id: ChargeOver_Id__c").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Plots", exact=True).first.click()
    for name in ("created", "updated", "owed", "chargeover calls"):
        page.get_by_text(name, exact=True).first.wait_for()


def test_a_load_tells_what_is_owed_and_what_to_do(page):
    look(page, f"{account}?view=events", "Materialized in run", "what to do", "FIELD_CUSTOM_VALIDATION_EXCEPTION")

    expect(page.get_by_text("a validation rule of the org does not let it in").first).to_be_visible()
    expect(page.get_by_text("Blocked Trading")).to_have_count(0)


def test_a_broken_mapping_shows_file_line_and_column_in_its_check(page):
    look(page, "/assets/mapped/quotes?view=checks&checkDetail=mapping_valid", "Failed")

    page.get_by_text(re.compile(r"quotes\.yaml:3:7")).first.wait_for()


def test_a_run_ends_with_a_sentence_and_the_list_of_runs_says_why_and_what(stack, page):
    run_id, tags = last_run(stack, "sync")
    look(page, f"/runs/{run_id}", "RUN_SUCCESS")

    page.get_by_text(re.compile(r"\d+ records? .*: .*; \d+ ChargeOver and \d+ Salesforce calls")).first.wait_for()
    look(page, "/runs", "why: co2sf sync", f"did: {tags['did']}"[:20])
    expect(page.get_by_text("co2sf-process")).to_have_count(0)


def test_a_person_launches_a_report(stack, page):
    launch(page, "report", "ops: {lines: {config: {record: 'customer:1'}}}")

    last_run(stack, "report")
    page.get_by_text("RUN_SUCCESS").first.wait_for()
    page.get_by_text("Show Markdown").first.click()
    page.get_by_text("customer:1").first.wait_for()


def test_a_person_has_a_record_read_again(stack, page):
    launch(page, "resync_records", "ops: {extract: {config: {records: ['customer:1']}}}")

    _, tags = last_run(stack, "resync_records")
    assert tags["did"]


def test_a_person_launches_a_backfill_of_a_month(stack, page):
    look(page, "/assets/backfill/customer", "Never materialized")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_text("Latest", exact=True).first.click()
    page.get_by_role("button", name="Launch").last.click()

    _, tags = last_run(stack, "__ASSET_JOB")
    assert re.fullmatch(r"\d{4}-\d\d", tags["dagster/partition"])


def launch(page, job, config):
    """Write a configuration into the launchpad of a job and launch it."""
    look(page, f"/locations/co2sf/jobs/{job}/playground", "Launch Run")
    page.locator(".CodeMirror").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(config)
    button = page.get_by_role("button", name="Launch Run")
    expect(button).to_be_enabled(timeout=30_000)
    button.click()
    page.wait_for_url(re.compile("/runs/"), timeout=30_000)
