"""A request lands in one call, and what cannot land is found without holding up the rest."""

import pytest

from pipelines.salesforce.fault import Kind

pytestmark = pytest.mark.slow

INVOICE = "ChargeOver_Invoice__c"
LINE = "ChargeOver_Invoice_Line__c"


def account(number: int, **more: object) -> dict[str, object]:
    return {"ChargeOver_Id__c": str(number), "Name": f"Account {number}", **more}


def invoice(number: int, account_number: int | None = None, **more: object) -> dict[str, object]:
    parent = {} if account_number is None else {"Account__r": {"ChargeOver_Id__c": str(account_number)}}
    return {"ChargeOver_Id__c": str(number), "Name": f"I-{number}", **parent, **more}


def test_a_customer_with_invoices_lines_and_text_of_every_kind_lands_in_one_call(vendor, org, rows, send):
    line = {"ChargeOver_Id__c": "1", "Invoice__r": {"ChargeOver_Id__c": "7"}}

    replies = send(
        rows("Account", account(44, Name='Zoë "Ö" \\ & Söhne 😀\n')), rows(INVOICE, invoice(7, 44)), rows(LINE, line)
    )

    assert [[reply.success and reply.created for reply in some] for some in replies] == [[True]] * 3
    assert vendor.calls() == ["POST composite"]
    (landed,) = vendor.rows("Account")
    assert landed["Name"] == 'Zoë "Ö" \\ & Söhne 😀\n'.strip() or landed["Name"] == 'Zoë "Ö" \\ & Söhne 😀\n'
    assert replies[0][0].id == landed["Id"]
    assert vendor.rows(INVOICE)[0]["Account__c"] == landed["Id"]
    assert (org.usage.calls_made, org.usage.write_calls_made) == (1, 1)


def test_the_same_request_again_updates_and_doubles_nothing(vendor, rows, send):
    both = rows("Account", account(1), account(2))
    first = send(both)
    second = send(both)

    assert [reply.created for reply in first[0] + second[0]] == [True, True, False, False]
    assert [reply.id for reply in first[0]] == [reply.id for reply in second[0]]
    assert len(vendor.rows("Account")) == 2


def test_replies_stand_in_the_order_of_a_thousand_rows(vendor, rows, send):
    collections = [rows("Account", *(account(n) for n in range(start, start + 200))) for start in range(0, 1000, 200)]

    replies = send(*collections)

    ids = {row["ChargeOver_Id__c"]: row["Id"] for row in vendor.rows("Account")}
    assert [reply.id for some in replies for reply in some] == [ids[str(n)] for n in range(1000)]
    assert vendor.calls() == ["POST composite"]


def test_a_bad_row_is_refused_alone_with_its_field(rows, send):
    replies = send(rows(INVOICE, invoice(1), invoice(2, Status__c="Sleeping"), invoice(3)))[0]

    assert [reply.success for reply in replies] == [True, False, True]
    assert (replies[1].code, replies[1].fields) == ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ("Status__c",))
    assert replies[1].handling.kind is Kind.REFUSE


def test_a_child_whose_parent_is_not_there_is_held(rows, send):
    replies = send(rows(INVOICE, invoice(1, 99), invoice(2)))[0]

    assert [reply.held for reply in replies] == [True, False]


def test_values_that_spoil_the_whole_call_are_found_and_all_other_rows_land(vendor, rows, send):
    many = [invoice(n, Invoice_Date__c="2026-02-30" if n in {0, 77, 199} else "2026-02-28") for n in range(200)]

    replies = send(rows("Account", account(1)), rows(INVOICE, *many), rows("Account", account(2)))

    assert [n for n, reply in enumerate(replies[1]) if not reply.success] == [0, 77, 199]
    assert {replies[1][n].code for n in (0, 77, 199)} == {"JSON_PARSER_ERROR"}
    assert replies[0][0].success
    assert replies[2][0].success
    assert len(vendor.rows(INVOICE)) == 197
    assert len(vendor.calls()) < 15


def test_children_of_a_collection_that_had_to_be_cut_land_in_the_same_request(vendor, rows, send):
    accounts = [account(n, ChargeOver_Created__c="today" if n == 3 else "2026-01-01T00:00:00Z") for n in range(10)]

    replies = send(rows("Account", *accounts), rows(INVOICE, *(invoice(n, n) for n in range(10))))

    assert [n for n, reply in enumerate(replies[0]) if not reply.success] == [3]
    assert [n for n, reply in enumerate(replies[1]) if reply.held] == [3]
    assert sum(reply.success for reply in replies[1]) == 9


def test_a_field_that_the_org_does_not_have_stops_its_sobject_and_no_other(vendor, rows, send):
    wrong = [invoice(n, No_Such_Field__c=1) for n in range(50)]

    replies = send(
        rows("Account", account(1)), rows(INVOICE, *wrong), rows("Contact", {"ChargeOver_Id__c": "5", "LastName": "Li"})
    )

    assert {reply.handling.kind for reply in replies[1]} == {Kind.SOBJECT_STOP}
    assert all(reply.stops for reply in replies[1])
    assert replies[0][0].success
    assert replies[2][0].success
    assert vendor.calls() == ["POST composite"]


def test_an_sobject_that_the_org_does_not_have_stops_alone(rows, send):
    replies = send(rows("Nothing__c", account(1), account(2)), rows("Account", account(1)))

    assert [reply.handling.kind for reply in replies[0]] == [Kind.SOBJECT_STOP] * 2
    assert replies[1][0].success


def test_locked_rows_are_sent_again_alone_until_they_land(vendor, rows, send, waits):
    send(rows("Account", *(account(n) for n in range(5))))
    vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="3", count=2)
    vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="4", wrapped=True)

    replies = send(rows("Account", *(account(n, Name="new") for n in range(5))))

    assert all(reply.success for reply in replies[0])
    assert {row["Name"] for row in vendor.rows("Account")} == {"new"}
    assert len(vendor.calls()) == 4
    assert len(waits) == 2
    assert waits[0] < waits[1] * 2


def test_a_child_of_a_row_that_was_locked_lands_in_the_same_request(vendor, rows, send):
    vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="1")

    replies = send(rows("Account", account(1)), rows(INVOICE, invoice(7, 1), invoice(8, 99)))

    assert replies[0][0].success
    assert [(reply.success, reply.held) for reply in replies[1]] == [(True, False), (False, True)]


def test_a_row_that_stays_locked_is_refused_after_five_tries(vendor, rows, send, waits):
    send(rows("Account", account(1)))
    vendor.fault("lock", sobject="Account", count=100)

    (reply,) = send(
        rows(
            "Account",
            account(1),
        )
    )[0]

    assert (reply.success, reply.code, reply.held, reply.stops) == (False, "UNABLE_TO_LOCK_ROW", False, False)
    assert len(vendor.calls()) == 1 + 5
    assert len(waits) == 4


def test_a_rule_of_the_administrator_refuses_with_the_administrators_words(vendor, rows, send):
    vendor.rule(sobject="Account", field="Name", value="Account 2", message="Not this one!")

    replies = send(rows("Account", account(1), account(2)))[0]

    assert [reply.success for reply in replies] == [True, False]
    assert (replies[1].code, replies[1].message) == ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not this one!")


def test_a_text_that_looks_like_a_reference_arrives_as_it_is(vendor, rows, send):
    replies = send(
        rows("Account", account(1)),
        rows(INVOICE, invoice(7, 1, Memo__c="@{c0_0.id} @{x}")),
        rows(LINE, {"ChargeOver_Id__c": "1", "Invoice__r": {"ChargeOver_Id__c": "7"}}),
    )

    assert all(reply.success for some in replies for reply in some)
    assert vendor.rows(INVOICE)[0]["Memo__c"] == "@{c0_0.id} @{x}"


def test_two_rows_with_the_same_key_are_both_refused_and_say_why(rows, send):
    replies = send(rows("Account", account(1), account(1), account(2)))[0]

    assert [reply.code for reply in replies] == ["DUPLICATE_VALUE", "DUPLICATE_VALUE", ""]
