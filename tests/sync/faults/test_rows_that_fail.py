"""Rows that Salesforce does not take: each is named once with its reason, what hangs on it waits, all others land."""

import json

import pytest

ACCOUNT, INVOICE = "Account", "ChargeOver_Invoice__c"
LONG = 10_000
CARELESS = '''
from pipelines.mapping.conversions import conversion


@conversion(into="date")
def careless(value):
    """The date as ChargeOver wrote it."""
    return str(value)
'''


def keys(case, sobject):
    """The rows of an sObject, those with most rows below them first."""
    parents = [value for row in case.truth.values() for value in row.values() if isinstance(value, tuple)]
    return sorted((key for key in case.truth if key[0] == sobject), key=lambda key: (-parents.count(key), key))


def forbid(case, *forbidden):
    """The administrator makes a validation rule for each of these rows."""
    for sobject, external_id in forbidden:
        case.rule(sobject=sobject, field="ChargeOver_Id__c", value=external_id, message=f"Not {external_id}, please.")
    return {key: f"FIELD_CUSTOM_VALIDATION_EXCEPTION Not {key[1]}, please." for key in forbidden}


def check_failed(case, failed):
    """The run names them; after the repair they land when it is their turn again."""
    assert case.breaches(case.load(), failed) == []

    case.repair()
    case.later(minutes=5)
    assert case.breaches(case.load()) == []


def test_a_parent_that_is_always_refused_holds_its_children_and_no_others(case):
    """And runs that read only what is due name the same rows, until the org has been repaired."""
    failed = forbid(case, keys(case, ACCOUNT)[0])
    assert case.breaches(case.load(), failed) == []
    case.later(minutes=5)
    assert case.breaches(case.read_anew(), failed) == []

    case.repair()
    case.later(minutes=10)
    assert case.breaches(case.read_anew()) == []


def test_every_7th_invoice_is_refused_by_a_validation_rule(case):
    check_failed(case, forbid(case, *keys(case, INVOICE)[::7]))


def test_a_customer_whom_a_duplicate_rule_takes_for_another_is_refused(case):
    key = keys(case, ACCOUNT)[0]
    case.make_by_hand(ACCOUNT, Name=case.truth[key]["Name"])
    case.rule(kind="duplicate", sobject=ACCOUNT, field="Name")

    check_failed(case, {key: "DUPLICATES_DETECTED Use one of these records?"})


@pytest.mark.parametrize(
    ("wrapped", "reason"),
    [(False, "UNABLE_TO_LOCK_ROW unable to obtain exclusive access"),
     (True, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY AccountTrigger: execution of AfterUpdate")],
    ids=["bare", "inside a trigger error"],
)  # fmt: skip
def test_a_row_that_is_locked_for_ever_is_refused_alone(case, wrapped, reason):
    key = keys(case, ACCOUNT)[0]
    case.order("lock", field="ChargeOver_Id__c", value=key[1], sobject=ACCOUNT, count=LONG, wrapped=wrapped)

    check_failed(case, {key: reason})


def test_a_row_on_which_salesforce_always_fails_inside_is_refused_alone(case):
    key = keys(case, INVOICE)[0]
    case.order("refusal", field="ChargeOver_Id__c", value=key[1], sobject=INVOICE, count=LONG,
               code="UNKNOWN_EXCEPTION", message="An unexpected error occurred.")  # fmt: skip

    check_failed(case, {key: "UNKNOWN_EXCEPTION An unexpected error occurred."})


@pytest.mark.parametrize("whole_call", [False, True], ids=["with its collection", "with the whole call"])
def test_a_row_with_which_others_fail_is_found_and_refused_alone(case, whole_call):
    key = keys(case, INVOICE)[0]
    case.order("crash", field="ChargeOver_Id__c", value=key[1], sobject=INVOICE, count=LONG, whole_call=whole_call)

    check_failed(case, {key: "UNKNOWN_EXCEPTION An unexpected error occurred."})


def test_one_date_that_cannot_be_read_is_found_among_all_rows_and_refused_alone(case, files, between):
    """A conversion of the user's lets it through, and over REST its whole call fails with JSON_PARSER_ERROR."""
    (files.folder / "conversions.py").write_text(CARELESS)
    files.edit("invoices", "{from: due_date,      as: date}", "{from: due_date, as: careless}")
    key = keys(case, INVOICE)[0]
    between.edit = lambda path, body: with_due_date(body, int(key[1]), "6/15/19") if "/invoice" in path else body

    loaded = case.read_anew()

    reason = {"REST": "JSON_PARSER_ERROR ", "Bulk": "INVALID_FIELD Failed to deserialize"}[case.way]
    assert case.breaches(loaded, {key: reason}) == []


def with_due_date(body, invoice_id, date):
    """An answer of ChargeOver in which one invoice is due then."""
    answer = json.loads(body)
    invoices = answer["response"] if isinstance(answer["response"], list) else [answer["response"]]
    for invoice in invoices:
        if isinstance(invoice, dict) and invoice.get("invoice_id") == invoice_id:
            invoice["due_date"] = date
    return json.dumps(answer).encode()
