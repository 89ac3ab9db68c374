"""What Dagster shows as unsynced: edited mappings, and nothing else."""

import dagster as dg
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContextForTest

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 2


def unsynced(live):
    graph = live.definitions().resolve_asset_graph()
    resolver = CachingStaleStatusResolver(live.instance, graph, LoadingContextForTest(live.instance))
    keys = [key for key in graph.get_all_asset_keys() if live.instance.get_latest_materialization_event(key)]
    return {key.to_user_string() for key in keys if resolver.get_status(key) is StaleStatus.STALE}


def test_a_parent_that_is_loaded_alone_leaves_its_children_synced_and_an_edited_mapping_is_not(world, live):
    live.run()
    world.create("customer", company="Acme")
    live.run("chargeover/customer", "mapped/customers", "salesforce/Account")
    assert unsynced(live) == set()

    live.edit("invoices", "{from: subtotal,    as: currency}", "{from: total, as: currency}")
    assert unsynced(live) == {"mapped/invoices"}
    live.run("mapped/invoices")
    assert unsynced(live) == {"salesforce/ChargeOver_Invoice__c"}


def test_an_asset_links_to_its_mapping_on_the_web(desk, monkeypatch):
    monkeypatch.setenv("CO2SF_CODE_URL", "https://git.example.com/us/co2sf/blob/main/")
    monkeypatch.setenv("CO2SF_MAPPINGS", "mappings")

    _, web = desk.spec("mapped/invoices").metadata["dagster/code_references"].code_references

    assert (web.url, web.label) == (
        "https://git.example.com/us/co2sf/blob/main/mappings/invoices.yaml",
        "invoices.yaml",
    )
    assert isinstance(desk.spec("mapped/invoices").metadata["mapping"], dg.MarkdownMetadataValue)
