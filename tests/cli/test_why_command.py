"""co2sf why: a value explained from all sides; co2sf drift: what others have changed, taken back by one option."""

import json

import pytest

pytestmark = pytest.mark.slow
INVOICE = "ChargeOver_Invoice__c"


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def synced(co2sf, world, live):
    """A company that has landed, with fewer mappings than there are; an invoice of it with a total."""
    for path in live.iterdir():
        if path.stem not in {"customers", "invoices", "products", "subscriptions", "credit_cards", "bank_accounts"}:
            path.unlink()
    assert co2sf("sync").code == 0
    return next(row for row in world.rows(INVOICE).values() if row["Total__c"])


def edit(world, row, **fields):
    world.salesforce("people", {"by": "Jane Doe", "sobject": INVOICE, "id": row["Id"], "fields": fields})


def told(answer):
    """The paragraphs as they are read, without the ends of lines."""
    return " ".join(answer.out.split())


def standings(co2sf, which, *fields):
    (row,) = json.loads(co2sf("why", which, *fields, "--json").out)
    return {each["field"]: each["conclusion"].partition(":")[0].partition(";")[0] for each in row["fields"]}


def test_a_value_is_explained_from_its_line_in_the_mapping_to_what_salesforce_holds(co2sf, world, synced, monkeypatch):
    monkeypatch.setenv("CO2SF_UI_URL", "https://dagster.example.com")
    key = synced["ChargeOver_Id__c"]

    answer = co2sf("why", f"{INVOICE}/{key}", "status__c", "Account__c")

    assert answer.code == 0
    said = told(answer)
    assert f"{INVOICE}/{key} from invoice:{key}, Salesforce id {synced['Id']}" in said
    assert "Last read " in said
    assert "Last created by run " in said
    assert "https://dagster.example.com/runs/" in said
    assert "Status__c: agrees." in said
    assert "invoices.yaml:12:3 Status__c: from: invoice_status_str as: picklist choices:" in said
    assert f"which becomes {synced['Status__c']} (picklist: from invoice_status_str as picklist)" in said
    assert f"Salesforce holds {synced['Status__c']}" in said
    assert "Account__c: agrees." in said
    assert "(lookup: Account by customer_id)" in said
    assert "Total__c" not in said

    by_id = json.loads(co2sf("why", synced["Id"], "--json").out)
    by_record = json.loads(co2sf("why", f"invoice:{key}", "--json").out)
    assert by_id == by_record
    assert len(by_id[0]["fields"]) > 20
    assert (by_id[0]["signal"], by_id[0]["run_verdict"]) == ("everything", "created")


def test_drift_a_pending_change_and_what_is_owed_are_told_apart(co2sf, world, synced):
    key = synced["ChargeOver_Id__c"]
    edit(world, synced, Total__c=99)
    world.call("PUT", f"invoice/{key}", {"memo": "new"})

    seen = standings(co2sf, f"invoice:{key}")

    assert next(iter(seen.items())) == ("Total__c", "drift")
    assert seen["Memo__c"] == "will be updated by the next sync"
    assert set(list(seen.values())[2:]) <= {"agrees", "not sent"}
    said = told(co2sf("why", f"invoice:{key}"))
    assert "the row was last changed by Jane Doe on " in said
    assert "co2sf drift invoices --whole --take-back" in said

    rule = {"sobject": INVOICE, "field": "Memo__c", "value": "new", "message": "no"}
    world.salesforce("rules", {"kind": "validation", **rule})
    co2sf("sync")
    seen = standings(co2sf, f"{INVOICE}/{key}")
    assert (seen["Total__c"], seen["Memo__c"]) == ("drift", "owed")
    assert "refused since" in told(co2sf("why", f"{INVOICE}/{key}", "Memo__c"))


def test_it_says_what_it_can_when_a_side_cannot_be_reached(co2sf, world, synced, monkeypatch):
    key = synced["ChargeOver_Id__c"]
    with monkeypatch.context() as without:
        without.setenv("SALESFORCE_CLIENT_SECRET", "wrong")
        answer = co2sf("why", f"invoice:{key}", "Total__c")
        assert answer.code == 0
        assert "what Salesforce holds is not known; it has accepted what ChargeOver has now" in told(answer)
        assert "invalid client credentials" in told(answer)
    with monkeypatch.context() as without:
        without.setenv("CHARGEOVER_PRIVATE_KEY", "wrong")
        assert standings(co2sf, f"invoice:{key}", "Total__c") == {"Total__c": "agrees with what was accepted last"}
        without.setenv("SALESFORCE_CLIENT_SECRET", "wrong")
        assert co2sf("why", f"invoice:{key}").code == 2


def test_what_names_no_row_is_said_in_a_line(co2sf, world, synced):
    assert "names no row" in co2sf("why", "10041").err
    assert 'did you mean "Status__c"?' in co2sf("why", f"{INVOICE}/1", "Statu__c").err
    assert "no mapping is called 'Invoices__c'" in co2sf("why", "Invoices__c/1").err
    assert "knows no row with the Salesforce id" in co2sf("why", "a01000000000001").err
    never = co2sf("why", f"{INVOICE}/999999")
    assert (never.code, "ChargeOver no longer has invoice 999999" in told(never)) == (0, True)


def test_card_data_beyond_the_allow_list_is_never_shown(co2sf, world, synced):
    customer = world.create("customer", company="Carded")
    card = {"customer_id": customer, "number": "4111111111111111", "expdate": "2031-05-01", "name": "Ann"}
    key = world.call("POST", "creditcard", card)["id"]
    answer = co2sf("why", f"creditcard:{key}", "--json")
    assert "mask_number" in answer.out
    assert "token" not in answer.out
    assert "4111" not in answer.out


def test_drift_is_listed_with_who_and_when_and_taken_back_by_an_option(co2sf, world, synced):
    key = synced["ChargeOver_Id__c"]
    assert co2sf("drift").lines[-1] == "Nothing has drifted."
    edit(world, synced, Total__c=99)

    found = co2sf("drift", "invoices", "--whole", "--json")
    assert found.code == 1
    ((line,),) = [each["drift"] for each in json.loads(found.out)]
    assert (line["record"], line["what"], float(line["sent"]), float(line["Salesforce holds"])) == (
        f"invoice:{key}", "Total__c", synced["Total__c"], 99,
    )  # fmt: skip
    assert (line["last changed by"], line["drift"]) == ("Jane Doe", "alert")

    back = co2sf("drift", "invoices", "--whole", "--take-back")
    assert (back.code, back.lines[-1]) == (0, "1 of 1 rows were taken back.")
    assert world.rows(INVOICE)[key]["Total__c"] == synced["Total__c"]
    assert "updated" in [
        line["verdict"] for line in json.loads(co2sf("log", "--record", f"invoice:{key}", "--json").out)
    ]
    assert co2sf("drift", "nothing").err.startswith("co2sf: no mapping is called")
