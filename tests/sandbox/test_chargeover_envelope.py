"""The frame of every answer: authorization, codes, Location, refusals."""

import base64

import pytest
import requests


def test_a_request_without_authorization_is_401_with_the_documented_body(account):
    answer = requests.get(f"{account.url}/api/v3/customer", timeout=10)
    assert answer.status_code == 401
    message = "Invalid or incorrect authorization [Missing (basic) authorization header.]"
    assert answer.json() == {"code": 401, "status": "Error", "message": message, "details": {}, "response": False}


@pytest.mark.parametrize("header", ["Basic !!", "Bearer abc", "Basic " + base64.b64encode(b"a:b").decode()])
def test_wrong_authorization_is_401(account, header):
    answer = requests.get(f"{account.url}/api/v3/customer", headers={"Authorization": header}, timeout=10)
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("Invalid or incorrect authorization [")


def test_an_unknown_id_is_404_with_a_null_response(account):
    assert account.refused(404, "GET", "customer/99") == "This customer does not exist."
    assert account.refused(404, "GET", "invoice/abc") == "This invoice does not exist."
    assert account.refused(404, "GET", "customer/token:nobody000000") == "This customer does not exist."


def test_an_unsupported_object_type_is_400_not_404(account):
    message = "The object type requested is not supported: list(customers, )"
    assert account.refused(400, "GET", "customers") == message


@pytest.mark.parametrize(
    "path", ["customer", "item", "package", "invoice", "transaction", "quote", "user", "creditcard"]
)
def test_creating_from_nothing_is_400(account, path):
    assert account.refused(400, "POST", path, {}) == "A required parameter was missing: No data."


def test_a_command_an_object_does_not_have_is_400(account):
    package = account.package(account.customer(), account.item())
    message = f"The command requested is not supported: delete(package, {package})"
    assert account.refused(400, "DELETE", f"package/{package}") == message
    assert "explode" in account.refused(400, "POST", f"package/{package}/_action/explode")


@pytest.mark.parametrize("body", [b"{", b"[1", b'{"amount": NaN}', b"\xff\xfe"])
def test_a_body_that_is_not_json_is_400(account, body):
    url = f"{account.url}/api/v3/customer"
    answer = requests.post(url, body, auth=("sandbox-public-key", "sandbox-private-key"), timeout=10)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Missing or invalid parameter."


def test_a_body_of_another_shape_is_400(account):
    assert account.refused(400, "POST", "customer", ["Papertrail"]).startswith("Missing or invalid parameter.")
    assert "company" in account.refused(400, "POST", "customer", {"company": {"name": "Papertrail"}})


def test_slashes_and_non_ascii_are_escaped_and_money_is_a_number(account):
    customer = account.customer(company="Größe 🎉")
    account.pay(customer, "42.50")
    text = account.ask("GET", f"customer/{customer}").text
    assert "https:\\/\\/" in text
    assert "Gr\\u00f6\\u00dfe \\ud83c\\udf89" in text
    assert '"paid":42.5,' in text
    assert '"balance":-42.5,' in text
    assert account.get(f"customer/{customer}")["company"] == "Größe 🎉"


def test_the_date_header_is_the_sandbox_clock(account):
    assert account.ask("GET", "customer").headers["Date"] == "Tue, 10 Mar 2026 18:00:00 GMT"
    account.pass_time(seconds=61)
    assert account.ask("GET", "customer").headers["Date"] == "Tue, 10 Mar 2026 18:01:01 GMT"


def test_a_row_is_found_by_its_token(account):
    customer = account.customer()
    token = account.get(f"customer/{customer}")["token"]
    assert account.get(f"customer/token:{token}")["customer_id"] == customer


def test_bulk_answers_each_request_for_itself(account):
    customer = account.customer()
    asked = [
        {"request_method": "PUT", "uri": f"/api/v3/customer/{customer}", "payload": {"company": "Renamed"}},
        {"request_method": "GET", "uri": "/api/v3/customer/99", "payload": None},
        {"request_method": "GET", "uri": "/api/v3/customer?where=company:EQUALS:Renamed", "payload": None},
    ]
    answers = account.ask("POST", "_bulk", asked).json()["response"]["_bulk"]
    assert [each["code"] for each in answers] == [202, 404, 200]
    assert [row["customer_id"] for row in answers[2]["response"]] == [customer]


def test_aggregates_are_summed_by_group(account):
    first, second = account.customer(), account.customer()
    for customer, total in ((first, "10.10"), (first, "0.20"), (second, "5")):
        account.invoice(customer, total)
    asked = {"object": "invoice", "fields": ["SUM(total)", "COUNT(invoice_id)"], "group": ["customer_id"]}
    assert account.act("_aggregate", **asked) == [
        {"customer_id": first, "SUM(total)": 10.3, "COUNT(invoice_id)": 2},
        {"customer_id": second, "SUM(total)": 5, "COUNT(invoice_id)": 1},
    ]
    asked = {"object": "invoice", "fields": ["SUM(total)"], "where": ["total:GT:5"]}
    assert account.act("_aggregate", **asked) == [{"SUM(total)": 10.1}]
