"""Writers that need the same row at the same time: who waits for whom, and who is refused."""

import pytest
from salesforce_crowd import FOR_EVER, Crowd
from salesforce_desk import rows_part


@pytest.fixture
def crowd(salesforce, org):
    with Crowd(salesforce, org) as crowd:
        crowd.settings(lock_wait_seconds=0)
        yield crowd


@pytest.fixture
def parents(salesforce):
    """An account, a product, and two invoices of the account that are guarded by the product."""
    ids = {"Account": salesforce.create("Account", Name="A", Ext__c="a")}
    ids["Product2"] = salesforce.create("Product2", Name="P", Ext__c="p")
    for key in ("i", "j"):
        ids[key] = salesforce.create("Invoice__c", Ext__c=key, Account__c=ids["Account"])
    return ids


def line(key, invoice="i", **fields):
    return {"Ext__c": key, "Needed__c": "n", "Invoice__r": {"Ext__c": invoice}, **fields}


def refused(salesforce, *args):
    """The one error of the one row that a collections upsert refuses."""
    (error,) = [error for row in salesforce.upsert(*args) for error in row.get("errors", ())]
    return error["statusCode"], error["message"], error["fields"]


def locked(record_id):
    message = f"unable to obtain exclusive access to this record or 1 records: {record_id}"
    return "UNABLE_TO_LOCK_ROW", message, []


def test_two_writers_of_details_of_one_master_contend(salesforce, crowd, parents):
    first = crowd.hold("upsert", "Line__c", "Ext__c", line("1"))
    assert refused(salesforce, "Line__c", "Ext__c", line("2")) == locked(parents["i"])
    crowd.hurry()
    assert first.result()[0]["success"] is True
    assert salesforce.upsert("Line__c", "Ext__c", line("2"))[0]["success"] is True


def test_writers_of_details_of_different_masters_do_not_meet(salesforce, crowd, parents):
    first = crowd.hold("upsert", "Line__c", "Ext__c", line("1"))
    second = crowd.hold("upsert", "Line__c", "Ext__c", line("2", "j"))
    crowd.hurry()
    assert all(done.result()[0]["success"] for done in (first, second))


def test_only_the_rows_that_need_the_lock_are_refused(crowd, parents):
    crowd.hold("upsert", "Line__c", "Ext__c", line("1"))
    second = crowd.hold("upsert", "Line__c", "Ext__c", line("2"), line("3", "j"))
    crowd.hurry()
    assert [row["success"] for row in second.result()] == [False, True]


def test_who_waits_long_enough_gets_through(salesforce, crowd, parents):
    crowd.settings(lock_wait_seconds=FOR_EVER)
    first = crowd.hold("upsert", "Line__c", "Ext__c", line("1"))
    second = crowd.start("upsert", "Line__c", "Ext__c", line("2"))
    crowd.until(lambda: crowd.org.locks.waiting == 1)
    assert not second.done()
    crowd.hurry()
    assert all(done.result()[0]["success"] for done in (first, second))


def test_a_wait_that_is_over_ends_in_a_refusal(salesforce, crowd, parents):
    crowd.settings(lock_wait_seconds=0.02)
    crowd.hold("upsert", "Line__c", "Ext__c", line("1"))
    assert refused(salesforce, "Line__c", "Ext__c", line("2")) == locked(parents["i"])


def test_a_row_that_is_being_changed_is_locked(salesforce, crowd, parents):
    crowd.hold("upsert", "Account", "Ext__c", {"Ext__c": "a", "Name": "B"})
    row = {"Ext__c": "a", "Name": "C"}
    assert refused(salesforce, "Account", "Ext__c", row) == locked(parents["Account"])
    answer = salesforce.call("PATCH", f"sobjects/Account/{parents['Account']}", json={"Name": "C"})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "UNABLE_TO_LOCK_ROW")


def test_a_change_of_a_detail_locks_its_master_though_it_does_not_name_it(salesforce, crowd, parents):
    salesforce.upsert("Line__c", "Ext__c", line("1"))
    crowd.hold("upsert", "Line__c", "Ext__c", {"Ext__c": "1", "Needed__c": "m"})
    assert refused(salesforce, "Line__c", "Ext__c", line("2")) == locked(parents["i"])


def test_a_detail_that_moves_locks_both_masters(salesforce, crowd, parents):
    salesforce.upsert("Memo__c", "Ext__c", {"Ext__c": "m", "Invoice__r": {"Ext__c": "i"}})
    crowd.hold("upsert", "Memo__c", "Ext__c", {"Ext__c": "m", "Invoice__r": {"Ext__c": "j"}})
    for key in ("i", "j"):
        assert refused(salesforce, "Line__c", "Ext__c", line(key, key)) == locked(parents[key])


def test_a_contact_locks_its_account(salesforce, crowd, parents):
    crowd.hold("create", "Contact", LastName="C", AccountId=parents["Account"])
    row = {"Ext__c": "a", "Name": "B"}
    assert refused(salesforce, "Account", "Ext__c", row) == locked(parents["Account"])


def test_a_lookup_that_forbids_deletes_locks_its_target(salesforce, crowd, parents):
    crowd.hold("create", "Invoice__c", Guard__c=parents["Product2"])
    row = {"Ext__c": "k", "Guard__c": parents["Product2"]}
    assert refused(salesforce, "Invoice__c", "Ext__c", row) == locked(parents["Product2"])


def test_a_lookup_that_is_cleared_locks_nothing_unless_every_lookup_shall(salesforce, crowd, parents):
    first = crowd.hold("create", "Invoice__c", Account__c=parents["Account"])
    second = crowd.hold("upsert", "Invoice__c", "Ext__c", {"Ext__c": "k", "Account__c": parents["Account"]})
    crowd.hurry()
    assert (first.result()[:3], second.result()[0]["success"]) == ("a00", True)
    crowd.settings(lookups_lock="every")
    crowd.hold("create", "Invoice__c", Account__c=parents["Account"])
    row = {"Ext__c": "l", "Account__c": parents["Account"]}
    assert refused(salesforce, "Invoice__c", "Ext__c", row) == locked(parents["Account"])


def test_the_loaders_own_user_is_never_contended(salesforce, crowd, org):
    crowd.settings(lookups_lock="every")
    first = crowd.hold("create", "Account", Name="A", OwnerId=org.user_id)
    second = crowd.hold("create", "Account", Name="B", OwnerId=org.user_id)
    crowd.hurry()
    assert first.result() != second.result()


def test_a_delete_locks_what_goes_along_with_it_and_what_it_empties(salesforce, crowd, parents):
    salesforce.upsert("Line__c", "Ext__c", line("1"))
    crowd.hold("call", "DELETE", f"sobjects/Invoice__c/{parents['i']}")
    assert refused(salesforce, "Line__c", "Ext__c", {"Ext__c": "1", "Needed__c": "m"})[0] == "UNABLE_TO_LOCK_ROW"
    crowd.hurry()
    crowd.until(lambda: not crowd.org.running)
    crowd.hold("call", "DELETE", f"sobjects/Account/{parents['Account']}")
    assert refused(salesforce, "Invoice__c", "Ext__c", {"Ext__c": "j", "Total__c": 1}) == locked(parents["j"])


def test_a_delete_waits_for_a_child_that_is_being_changed_and_then_changes_nothing(salesforce, crowd, parents):
    salesforce.upsert("Memo__c", "Ext__c", {"Ext__c": "m", "Invoice__r": {"Ext__c": "i"}})
    crowd.hold("upsert", "Invoice__c", "Ext__c", {"Ext__c": "j", "Total__c": 1})
    answer = salesforce.call("DELETE", f"sobjects/Account/{parents['Account']}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "UNABLE_TO_LOCK_ROW")
    assert salesforce.read("Invoice__c", parents["i"])["Account__c"] == parents["Account"]


def test_two_writers_of_one_new_external_id_make_one_row(salesforce, crowd):
    crowd.settings(lock_wait_seconds=FOR_EVER)
    first = crowd.hold("upsert", "Account", "Ext__c", {"Ext__c": "New", "Name": "A"})
    second = crowd.start("upsert", "Account", "Ext__c", {"Ext__c": "NEW", "Name": "B"})
    crowd.until(lambda: crowd.org.locks.waiting == 1)
    crowd.hurry()
    assert [done.result()[0]["created"] for done in (first, second)] == [True, False]
    assert salesforce.names("SELECT Name FROM Account") == ["B"]


def test_one_request_does_not_lock_itself_out(salesforce, crowd, parents):
    crowd.settings(row_seconds=0.0001)
    memos = [{"Ext__c": str(number), "Invoice__r": {"Ext__c": "i"}} for number in range(5)]
    parts = [rows_part("Invoice__c", "Ext__c", "up", [{"Ext__c": "i", "Total__c": 1}])]
    parts += [rows_part("Memo__c", "Ext__c", "down", memos), rows_part("Memo__c", "Ext__c", "again", memos)]
    rows = [row for one in salesforce.composite(*parts) for row in one["body"]]
    assert [row["success"] for row in rows] == [True] * 11


def test_who_waits_keeps_what_it_has_so_two_can_block_each_other(salesforce, crowd, parents):
    crowd.settings(lock_wait_seconds=FOR_EVER)
    crowd.hold("upsert", "Line__c", "Ext__c", line("1", "i"))
    waits = crowd.start("upsert", "Line__c", "Ext__c", line("2", "i"), line("3", "j"))
    crowd.until(lambda: crowd.org.locks.waiting == 1)
    crowd.settings(lock_wait_seconds=0)
    assert refused(salesforce, "Line__c", "Ext__c", line("4", "j")) == locked(parents["j"])
    crowd.hurry()
    assert [row["success"] for row in waits.result()] == [True, True]


def test_a_row_that_waits_for_one_of_its_locks_keeps_the_others(salesforce, crowd, parents):
    crowd.settings(lock_wait_seconds=FOR_EVER, lookups_lock="every")
    crowd.hold("upsert", "Product2", "Ext__c", {"Ext__c": "p", "Name": "Q"})
    row = {"Ext__c": "k", "Guard__c": parents["Product2"], "Account__c": parents["Account"]}
    waits = crowd.start("upsert", "Invoice__c", "Ext__c", row)
    crowd.until(lambda: crowd.org.locks.waiting == 1)
    crowd.settings(lock_wait_seconds=0)
    assert refused(salesforce, "Account", "Ext__c", {"Ext__c": "a", "Name": "B"}) == locked(parents["Account"])
    crowd.hurry()
    assert waits.result()[0]["success"] is True


def test_a_lock_on_order_is_not_used_up_by_work_that_is_tried_again(salesforce, crowd, parents):
    crowd.settings(lock_wait_seconds=FOR_EVER)
    first = crowd.hold("upsert", "Line__c", "Ext__c", line("1"))
    salesforce.admin("POST", "faults", [{"kind": "lock", "field": "Ext__c", "value": "3"}])
    second = crowd.start("upsert", "Line__c", "Ext__c", line("2"), line("3", "j"))
    crowd.until(lambda: crowd.org.locks.waiting == 1)
    crowd.hurry()
    assert first.result()[0]["success"] is True
    assert [row["success"] for row in second.result()] == [True, False]


def test_with_no_times_nothing_is_ever_locked(salesforce, org, parents):
    salesforce.upsert("Line__c", "Ext__c", line("1"))
    assert org.locks.holders == {}
