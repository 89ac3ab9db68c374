"""One row per call: created, updated, several, none, and what may not stand in the body."""


def test_a_new_external_id_creates_with_201(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/A-1", json={"Name": "Ada"})
    assert answer.status_code == 201
    assert answer.json() | {"id": ""} == {"id": "", "success": True, "errors": [], "created": True}
    assert salesforce.read("Account", answer.json()["id"])["Ext__c"] == "A-1"


def test_a_known_external_id_updates_with_200_and_created_false(salesforce):
    made = salesforce.create("Account", Name="Ada", Ext__c="A-1")
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/a-1", json={"Name": "Eve"})
    assert (answer.status_code, answer.json()["created"], answer.json()["id"]) == (200, False, made)
    assert salesforce.read("Account", made)["Name"] == "Eve"


def test_up_to_api_45_an_update_answers_204_without_a_body(salesforce):
    salesforce.create("Account", Name="Ada", Ext__c="A-1")
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/A-1", version="45.0", json={"Name": "Eve"})
    assert (answer.status_code, answer.content) == (204, b"")
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/A-1", version="46.0", json={"Name": "Eve"})
    assert answer.status_code == 200


def test_a_row_whose_key_changes_is_found_by_the_new_one_only(salesforce):
    made = salesforce.create("Account", Name="Ada", Ext__c="old")
    salesforce.call("PATCH", f"sobjects/Account/{made}", json={"Ext__c": "new"})
    assert salesforce.call("GET", "sobjects/Account/Ext__c/new").json()["Id"] == made
    assert salesforce.call("GET", "sobjects/Account/Ext__c/old").status_code == 404


def test_several_matches_answer_300_with_their_paths(salesforce):
    ids = [salesforce.create("Account", Name=name, Loose__c="same") for name in "AB"]
    answer = salesforce.call("PATCH", "sobjects/Account/Loose__c/same", json={"Name": "C"})
    assert answer.status_code == 300
    assert answer.json() == [f"/services/data/v67.0/sobjects/Account/{record_id}" for record_id in ids]


def test_an_unknown_or_plain_key_field_is_404_naming_it(salesforce):
    for field in ("Nope__c", "Phone", "Hidden__c"):
        answer = salesforce.call("PATCH", f"sobjects/Account/{field}/x", json={"Name": "A"})
        assert answer.status_code == 404
        message = f"Provided external ID field does not exist or is not accessible: {field}"
        assert answer.json() == [{"message": message, "errorCode": "NOT_FOUND"}]


def test_an_unknown_object_is_404_without_fields(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Nope__c/Ext__c/1", json={})
    assert answer.status_code == 404
    assert answer.json() == [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]


def test_an_id_in_the_body_is_refused(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/1", json={"Id": "001", "Name": "A"})
    assert answer.status_code == 400
    message = "The Id field should not be specified in the sobject data."
    assert answer.json() == [{"message": message, "errorCode": "INVALID_FIELD", "fields": ["Id"]}]


def test_the_key_in_the_body_as_well_is_refused(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/1", json={"Ext__c": "1", "Name": "A"})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_update_only_never_inserts(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/1?updateOnly=true", json={"Name": "A"})
    assert answer.status_code == 404
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 0
    salesforce.create("Account", Name="A", Ext__c="1")
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/1?updateOnly=true", json={"Name": "B"})
    assert answer.status_code == 200


def test_id_as_the_key_makes_a_row_without_and_changes_one_with_a_value(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Account/Id", json={"Name": "A"})
    assert (answer.status_code, answer.json()["created"]) == (201, True)
    made = answer.json()["id"]
    answer = salesforce.call("PATCH", f"sobjects/Account/Id/{made}", json={"Name": "B"})
    assert (answer.status_code, answer.json()["created"]) == (200, False)


def test_a_key_with_slash_or_blank_is_percent_encoded(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Account/Ext__c/a%2Fb%20c", json={"Name": "A"})
    assert salesforce.read("Account", answer.json()["id"])["Ext__c"] == "a/b c"
    assert salesforce.call("GET", "sobjects/Account/Ext__c/a%2Fb%20c").json()["Name"] == "A"


def test_a_key_that_ends_like_a_known_extension_is_404(salesforce):
    assert salesforce.call("PATCH", "sobjects/Account/Ext__c/Acme.inc", json={"Name": "A"}).status_code == 404


def test_keys_match_without_case_unless_the_field_is_case_sensitive(salesforce):
    made = salesforce.create("Account", Name="A", Ext__c="Key", Code__c="Key")
    assert salesforce.call("GET", "sobjects/Account/Ext__c/KEY").json()["Id"] == made
    assert salesforce.call("GET", "sobjects/Account/Code__c/KEY").status_code == 404
    assert salesforce.call("GET", "sobjects/Account/Code__c/Key").json()["Id"] == made


def test_a_number_key_is_found_by_its_digits(salesforce):
    answer = salesforce.call("PATCH", "sobjects/Invoice__c/Number__c/42", json={"Total__c": 1})
    assert answer.status_code == 201
    answer = salesforce.call("PATCH", "sobjects/Invoice__c/Number__c/42", json={"Total__c": 2})
    assert answer.status_code == 200


def test_contacts_are_upserted_by_email_and_named_in_full(salesforce):
    person = {"FirstName": "Ada", "LastName": "Byron"}
    answer = salesforce.call("PATCH", "sobjects/Contact/Email/ada@example.com", json=person)
    assert answer.status_code == 201
    assert salesforce.read("Contact", answer.json()["id"])["Name"] == "Ada Byron"


def test_create_answers_201_without_created(salesforce):
    answer = salesforce.call("POST", "sobjects/Account", json={"Name": "A"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "success", "errors"}


def test_read_takes_15_characters_and_shows_18_and_the_chosen_fields(salesforce):
    made = salesforce.create("Account", Name="A", Phone="1")
    assert len(made) == 18
    answer = salesforce.call("GET", f"sobjects/Account/{made[:15]}", params={"fields": "Name,Phone"}).json()
    url = f"/services/data/v67.0/sobjects/Account/{made}"
    assert answer == {"attributes": {"type": "Account", "url": url}, "Id": made, "Name": "A", "Phone": "1"}
    answer = salesforce.call("GET", f"sobjects/Account/{made}", params={"fields": "Hidden__c"})
    assert answer.json()[0]["message"] == "No such column 'Hidden__c' on sobject of type Account"


def test_update_by_id_is_204_and_moves_the_modification_dates(salesforce):
    made = salesforce.create("Account", Name="A")
    before = salesforce.read("Account", made)
    salesforce.admin("POST", "clock", {"advance_seconds": 60})
    answer = salesforce.call("PATCH", f"sobjects/Account/{made}", json={"Name": "B"})
    assert (answer.status_code, answer.content) == (204, b"")
    after = salesforce.read("Account", made)
    assert after["CreatedDate"] == before["CreatedDate"]
    assert after["LastModifiedDate"] == after["SystemModstamp"] > before["LastModifiedDate"]
    assert after["CreatedDate"].endswith(".000+0000")


def test_delete_is_204_then_the_row_is_404_entity_is_deleted(salesforce):
    made = salesforce.create("Account", Name="A", Ext__c="1")
    assert salesforce.call("DELETE", f"sobjects/Account/{made}").status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        answer = salesforce.call(method, f"sobjects/Account/{made}", json={})
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")
    assert salesforce.call("GET", "sobjects/Account/Ext__c/1").status_code == 404


def test_a_row_can_be_deleted_by_its_key(salesforce):
    salesforce.create("Account", Name="A", Ext__c="1")
    assert salesforce.call("DELETE", "sobjects/Account/Ext__c/1").status_code == 204
    assert salesforce.call("DELETE", "sobjects/Account/Ext__c/1").status_code == 404


def test_a_refused_row_is_400_with_error_code_and_fields(salesforce):
    answer = salesforce.call("POST", "sobjects/Account", json={"Phone": "1"})
    assert answer.status_code == 400
    message = "Required fields are missing: [Name]"
    assert answer.json() == [{"message": message, "errorCode": "REQUIRED_FIELD_MISSING", "fields": ["Name"]}]


def test_an_unknown_column_is_400_invalid_field(salesforce):
    answer = salesforce.call("POST", "sobjects/Account", json={"Name": "A", "Foo": 1})
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD"
    assert answer.json()[0]["message"] == "No such column 'Foo' on sobject of type Account"


def test_column_names_match_without_case(salesforce):
    made = salesforce.create("account", name="A", ext__C="1")
    assert salesforce.read("Account", made)["Ext__c"] == "1"
