"""The org is asked now and then whether it has changed; what changed is told, and stops only whom it concerns."""

from datetime import timedelta

import pytest
from deeds import customer

from pipelines.errors import FixAccess
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.fitting import examine, forget

pytestmark = pytest.mark.slow


@pytest.fixture
def two(world, files):
    """Mappings of customers and of products, with a record each."""
    files.keep("customers", "products")
    customer(world, "Acme", superuser_phone="5550100")
    world.call("POST", "item", {"name": "Seat"})
    return files


@pytest.fixture
def run(sync):
    """A whole run; what was loaded by sObject."""

    def make(*, later=timedelta(0)):
        sync.later += later
        sync.extract()
        return sync.load(sync.map())

    return make


@pytest.fixture
def asked(world):
    """The statuses of the describe calls since it was asked last."""
    seen = [0]

    def make():
        calls = world.salesforce("requests")["requests"]
        statuses = [each["status"] for each in calls if each["path"].endswith("/describe")]
        new, seen[0] = statuses[seen[0] :], len(statuses)
        return new

    return make


def hide(world, sobject, field, **more):
    world.salesforce("schema", {"sobject": sobject, "field": field, "visible": False, **more})


def words(drift):
    return [each.text for each in drift]


def test_a_field_that_vanished_stops_only_the_mapping_that_needs_it(world, two, run):
    run()
    hide(world, "Account", "Phone")
    customer(world, "Later")
    world.call("POST", "item", {"name": "Desk"})

    done = run(later=timedelta(minutes=6))

    assert done["Account"].is_stopped
    assert [misfit.field for misfit in done["Account"].misfits] == ["Phone"]
    assert words(done["Account"].drift) == ["field Phone is gone, or hidden from this user"]
    assert done["Product2"].tally.as_numbers()["created"] == 1
    assert (done["Product2"].misfits, done["Product2"].drift) == ((), ())
    assert len(world.rows("Account")) == 1

    world.salesforce("schema", {"sobject": "Account", "field": "Phone", "visible": True})
    done = run()

    assert done["Account"].tally.as_numbers()["created"] == 1
    assert words(done["Account"].drift)[1:] == ["field Phone has appeared"]


def test_an_org_that_was_asked_a_moment_ago_is_not_asked_again_by_any_process(world, two, run, sync, asked):
    run()
    assert asked() == [200, 200]
    run(later=timedelta(minutes=4))
    assert asked() == []
    run(later=timedelta(minutes=2))
    assert asked() == [304, 304]

    with open_ledger(read_settings(ProjectSettings).ledger_url) as other:
        sync.ledger = other
        run(later=timedelta(minutes=1))
        assert asked() == []


def test_an_sobject_that_was_never_seen_has_not_drifted(world, two, run):
    assert [loaded.drift for loaded in run().values()] == [(), ()]


def test_drift_is_shown_for_a_day(world, two, run):
    run()
    world.salesforce("schema", {"sobject": "Account", "field": "BillingCity", "facts": {"length": 50}})

    told = ["BillingCity is 50 characters long, was 40"]
    assert words(run(later=timedelta(minutes=6))["Account"].drift) == told
    assert words(run(later=timedelta(hours=23))["Account"].drift) == told
    assert words(run(later=timedelta(hours=2))["Account"].drift) == []


def test_what_last_modified_does_not_show_is_seen_within_a_day(world, two, run):
    """Whether a change of rights moves Last-Modified is unknown."""
    run()
    hide(world, "Account", "Phone", stamped=False)

    assert not run(later=timedelta(minutes=6))["Account"].is_stopped
    assert run(later=timedelta(hours=24))["Account"].is_stopped


def test_what_was_put_right_is_seen_at_once_whatever_last_modified_says(world, two, run):
    hide(world, "Account", "Phone")
    assert run()["Account"].is_stopped
    world.salesforce("schema", {"sobject": "Account", "field": "Phone", "visible": True, "stamped": False})

    assert not run()["Account"].is_stopped


def test_an_sobject_that_is_forgotten_is_seen_as_it_is_and_its_drift_is_told(world, two, run, sync, asked):
    run()
    hide(world, "Account", "Phone", stamped=False)
    asked()

    forget(sync.ledger, "Account")
    done = run()

    assert asked() == [200]
    assert done["Account"].is_stopped
    assert words(done["Account"].drift) == ["field Phone is gone, or hidden from this user"]


def test_an_sobject_that_goes_and_comes_is_told(world, two, run):
    run()
    world.salesforce("schema", {"sobject": "Product2", "visible": False})
    gone = run(later=timedelta(minutes=6))["Product2"]
    world.salesforce("schema", {"sobject": "Product2", "visible": True})
    back = run()["Product2"]

    assert gone.is_stopped
    assert words(gone.drift) == ["Product2 is gone, or hidden from this user"]
    assert not back.is_stopped
    assert words(back.drift)[1:] == ["Product2 has appeared"]


def test_what_is_written_on_create_only_is_told(world, two, run, sync):
    world.salesforce("schema", {"sobject": "Account", "field": "Phone", "facts": {"updateable": False}})
    run()

    fitted = examine(org_of(read_settings(SalesforceSettings)), sync.ledger, sync.shelf().mappings, sync.now())

    assert (fitted["Account"].create_only, fitted["Account"].is_stopped) == ({"Phone"}, False)
    assert fitted["Product2"].create_only == frozenset()


def test_examining_an_org_keeps_nothing(world, two, run, sync, asked):
    def look():
        return examine(org_of(read_settings(SalesforceSettings)), sync.ledger, sync.shelf().mappings, sync.now())

    assert [fitted.drift for fitted in look().values()] == [(), ()]
    assert sync.ledger.looks(["Account", "Product2"]) == {}
    run()
    hide(world, "Account", "Phone", stamped=False)
    asked()

    for _ in range(2):
        assert words(look()["Account"].drift) == ["field Phone is gone, or hidden from this user"]
    assert asked() == [200] * 4
    assert words(run(later=timedelta(days=1))["Account"].drift) == ["field Phone is gone, or hidden from this user"]


def test_nothing_leaks_from_another_org(world, two, run, sync, tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/other.db") as other:
        ours, sync.ledger = sync.ledger, other
        run()
        other.keep_looks({"Account": other.looks(["Account"])["Account"]})
        kept = other.looks(["Account", "Product2"])
    ours.claim("Salesforce org", "00D000000000001")
    ours.keep_looks(kept)  # how another org looked
    hide(world, "Account", "Phone")
    sync.ledger = ours

    mappings = sync.shelf().mappings
    fitted = examine(org_of(read_settings(SalesforceSettings)), ours, mappings, sync.now())

    assert (fitted["Account"].is_stopped, fitted["Account"].drift) == (True, ())
    with pytest.raises(FixAccess, match="its rows are those of Salesforce org 00D000000000001"):
        run()
    assert ours.looks(["Account", "Product2"]) == kept
