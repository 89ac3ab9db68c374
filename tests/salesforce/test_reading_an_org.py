"""What an org says about itself and its rows: describe, query, limits; and how rows are taken out."""

import pytest

from pipelines.errors import FixAccess
from pipelines.salesforce.describe import Description

pytestmark = pytest.mark.slow

INVOICE = "ChargeOver_Invoice__c"
CARD = "ChargeOver_Credit_Card__c"


def test_describe_says_what_each_field_takes(org):
    shape = org.describe(INVOICE).shape

    assert (shape.name, shape.createable, shape.updateable) == (INVOICE, True, True)
    key, status, date = (shape.fields[name] for name in ("ChargeOver_Id__c", "Status__c", "Invoice_Date__c"))
    assert (key.type, key.external_id, key.unique, key.length, key.createable) == ("string", True, True, 40, True)
    assert (status.type, status.restricted) == ("picklist", True)
    assert status.values == ("Unpaid", "Overdue", "Collections", "Paid", "Void")
    assert date.type == "date"
    parent = shape.fields["Account__c"]
    assert (parent.type, parent.reference_to, parent.relationship_name) == ("reference", ("Account",), "Account__r")
    total = shape.fields["Total__c"]
    assert total.type == "currency"
    assert total.precision - total.scale > 0


def test_an_sobject_that_is_not_there_has_no_shape(org):
    assert org.describe("Nothing__c") == Description(None)


def test_describe_is_told_apart_from_what_it_was_by_its_last_modified(org, vendor):
    first = org.describe(INVOICE)
    assert org.describe(INVOICE, since=first.last_modified) is None

    vendor.schema(sobject=INVOICE, field="Total__c", visible=False)

    again = org.describe(INVOICE, since=first.last_modified)
    assert again.last_modified != first.last_modified
    assert first.shape.fields.keys() - again.shape.fields.keys() == {"Total__c"}
    assert org.describe("Nothing__c", since=first.last_modified) == Description(None)


def test_a_description_is_asked_again_with_its_condition_after_a_new_login(org, vendor):
    first = org.describe(INVOICE)
    vendor.fault("expired_session")

    assert org.describe(INVOICE, since=first.last_modified) is None  # else the condition is lost, and all comes again
    assert vendor.calls() == ["GET describe"] * 3


def test_a_query_gives_all_pages_without_what_only_the_protocol_needs(org, rows, send):
    for start in range(0, 2400, 800):
        send(
            *(
                rows("Account", *({"ChargeOver_Id__c": str(n), "Name": "A"} for n in range(begin, begin + 200)))
                for begin in range(start, start + 800, 200)
            )
        )

    found = list(org.query("SELECT ChargeOver_Id__c, Name FROM Account"))

    assert len(found) == 2400
    assert found[0].keys() == {"ChargeOver_Id__c", "Name"}
    assert {one["ChargeOver_Id__c"] for one in found} == {str(n) for n in range(2400)}


def test_a_login_that_expires_between_two_pages_does_not_end_the_query(org, vendor, rows, send):
    for start in range(0, 2200, 200):
        send(rows("Account", *({"ChargeOver_Id__c": str(n), "Name": "A"} for n in range(start, start + 200))))
    query = org.query("SELECT Id FROM Account")

    first = next(query)
    vendor.fault("expired_session")

    assert len({first["Id"], *(one["Id"] for one in query)}) == 2200


def test_a_query_that_is_wrong_says_so(org):
    with pytest.raises(FixAccess, match="No such column 'Nope'"):
        list(org.query("SELECT Nope FROM Account"))


def test_usage_counts_our_calls_and_tells_the_orgs(org, rows, send):
    assert (org.usage.used, org.usage.allowed, org.usage.calls_made) == (None, None, 0)

    org.limits()
    send(rows("Account", {"ChargeOver_Id__c": "1", "Name": "A"}))

    assert (org.usage.used, org.usage.allowed) == (2, 100_000)
    assert (org.usage.calls_made, org.usage.write_calls_made) == (2, 1)


def test_rows_are_deleted_twenty_five_in_a_call_and_gone_ones_count_as_done(org, vendor, rows, send):
    replies = send(rows(CARD, *({"ChargeOver_Id__c": str(n)} for n in range(60))))[0]
    ids = [reply.id for reply in replies]

    assert all(reply.success for reply in org.delete(CARD, ids))
    assert vendor.rows(CARD) == []
    assert all(reply.success for reply in org.delete(CARD, ids[:3]))
    assert vendor.calls() == ["POST composite"] * 5


@pytest.mark.parametrize("settings", [{"field_level_security": False}])
def test_a_row_that_others_need_is_not_deleted_and_the_others_are(org, rows, send):
    accounts = rows("Account", *({"ChargeOver_Id__c": str(n), "Name": "A"} for n in range(2)))
    ids = [reply.id for reply in send(accounts)[0]]
    send(rows(INVOICE, {"ChargeOver_Id__c": "7", "Account__r": {"ChargeOver_Id__c": "1"}}))

    replies = org.delete("Account", ids)

    assert [(reply.success, reply.code, reply.stops) for reply in replies] == [
        (True, "", False),
        (False, "DELETE_FAILED", False),
    ]


def test_a_row_that_the_user_may_not_delete_is_refused_with_the_reason(org, rows, send):
    (landed,) = send(rows("Account", {"ChargeOver_Id__c": "1", "Name": "A"}))[0]

    (reply,) = org.delete("Account", [landed.id])

    assert (reply.success, reply.code) == (False, "INSUFFICIENT_ACCESS_OR_READONLY")


def test_a_deletion_whose_answer_is_lost_is_repeated(org, vendor, rows, send, waits):
    (reply,) = send(rows(CARD, {"ChargeOver_Id__c": "1"}))[0]
    vendor.fault("lost_answer")

    assert [one.success for one in org.delete(CARD, [reply.id])] == [True]
    assert len(waits) == 1


def test_deleting_nothing_asks_nothing(org, vendor):
    assert org.delete("Account", []) == []
    assert vendor.calls() == []
