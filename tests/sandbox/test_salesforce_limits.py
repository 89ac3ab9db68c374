"""Versions, resources, the call allowance, record counts, and calls that fit nothing."""

from sandbox.salesforce import Org, app


def test_versions_need_no_login_and_carry_season_names(salesforce):
    versions = salesforce.http.get(f"{salesforce.url}/services/data", headers={"Authorization": None}).json()
    labels = {one["version"]: one["label"] for one in versions}
    assert (labels["66.0"], labels["67.0"], labels["68.0"]) == ("Spring '26", "Summer '26", "Winter '27")
    assert (labels["65.0"], labels["64.0"], labels["31.0"]) == ("Winter '26", "Summer '25", "Summer '14")
    assert versions[-1]["url"] == "/services/data/v68.0"


def test_retired_versions_are_410_and_unknown_ones_404(salesforce):
    assert salesforce.call("GET", "sobjects", version="30.0").status_code == 410
    for version in ("99.0", "x", "67.5"):
        assert salesforce.call("GET", "sobjects", version=version).status_code == 404


def test_the_resource_list_names_paths(salesforce):
    resources = salesforce.http.get(f"{salesforce.url}/services/data/v67.0").json()
    assert resources["query"] == "/services/data/v67.0/query"
    assert "sobjects" in resources


def test_every_call_counts_in_the_header_and_in_limits(salesforce):
    first = salesforce.call("GET", "sobjects").headers["Sforce-Limit-Info"]
    answer = salesforce.call("GET", "limits")
    assert (first, answer.headers["Sforce-Limit-Info"]) == ("api-usage=1/100000", "api-usage=2/100000")
    assert answer.json()["DailyApiRequests"] == {"Max": 100000, "Remaining": 99998}
    assert {"DailyBulkV2QueryJobs", "DailyBulkApiBatches", "DataStorageMB"} <= set(answer.json())


def test_a_spent_allowance_is_403_until_24_hours_have_passed(salesforce, stage, schema_folder):
    stage.app = app(Org.from_metadata(schema_folder, daily_api_requests=2), admin=True)
    salesforce.log_in()
    assert [salesforce.call("GET", "limits").status_code for _ in range(3)] == [200, 200, 403]
    answer = salesforce.call("GET", "limits")
    body = [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    assert (answer.json(), answer.headers["Sforce-Limit-Info"]) == (body, "api-usage=2/2")
    salesforce.admin("POST", "clock", {"advance_seconds": 24 * 3600})
    salesforce.log_in()
    assert salesforce.call("GET", "limits").status_code == 200


def test_record_counts_leave_empty_objects_out(salesforce):
    salesforce.create("Account", Name="A")
    answer = salesforce.call("GET", "limits/recordCount", params={"sObjects": "Account,Contact,Nope"})
    assert answer.json() == {"sObjects": [{"count": 1, "name": "Account"}]}


def test_a_wrong_method_is_405_and_an_unknown_path_404(salesforce):
    answer = salesforce.call("PUT", "query")
    assert answer.status_code == 405
    message = "HTTP Method 'PUT' not allowed. Allowed are GET"
    assert answer.json() == [{"message": message, "errorCode": "METHOD_NOT_ALLOWED"}]
    answer = salesforce.call("GET", "jobs/nothing")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_a_long_address_is_414(salesforce):
    answer = salesforce.call("GET", "query", params={"q": "SELECT Id FROM Account WHERE Name = '" + "x" * 17000 + "'"})
    assert answer.status_code == 414


def test_answers_are_json_with_a_charset_and_a_request_id(salesforce):
    answer = salesforce.call("GET", "limits")
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert len(answer.headers["X-Request-Id"]) == 32
