"""Materializing as far as mapped/* is the dry run: it tells what is expected, without a customer's value."""

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 2


def told(run, key):
    """The metadata of what a run has materialized."""
    events = [each.materialization for each in run.get_asset_materialization_events()]
    return next(each.metadata for each in events if each.asset_key.to_user_string() == key)


def expected(run, key):
    found = {name.removeprefix("expected "): each.value for name, each in told(run, key).items()
             if name.startswith("expected ")}  # fmt: skip
    return {name: count for name, count in found.items() if count}


def counts(run, key):
    names = ("created", "updated", "unchanged", "held", "rejected", "refused")
    return {name: count for name in names if (count := told(run, key)[name].value)}


def test_a_dry_run_expects_what_the_load_then_does(world, desk):
    desk.keep("customers", "contacts")
    first = desk.run("chargeover/customer", "chargeover/user", "mapped/customers", "mapped/contacts")
    landed = desk.run("salesforce/Account", "salesforce/Contact")
    world.call("PUT", "customer/1", {"company": "Very Secret Company"})
    dry = desk.run("chargeover/customer", "mapped/customers")
    wet = desk.run("salesforce/Account")

    for mapped, loaded in (("mapped/customers", "salesforce/Account"), ("mapped/contacts", "salesforce/Contact")):
        assert expected(first, mapped) == counts(landed, loaded) != {}
    assert expected(dry, "mapped/customers") == counts(wet, "salesforce/Account") == {"updated": 1}
    (line,) = told(dry, "mapped/customers")["preview"].records
    assert line.data == {"record": "customer:1", "row": "1", "verdict": "updated", "fields": "Name"}
    assert "Very Secret Company" not in str(dry.all_events)


def test_a_run_that_loads_too_expects_nothing(world, desk):
    desk.keep("customers")
    assert expected(desk.run(), "mapped/customers") == {}
